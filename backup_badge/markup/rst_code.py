"""Where a page in reStructuredText holds code: literal blocks, comments and the like.

As in :mod:`backup_badge.markup.code`, each letter of it becomes a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from backup_badge.markup.code import BLANK, blanked

CODE_DIRECTIVES = frozenset(
    {"code", "code-block", "code-cell", "digraph", "doctest", "graph", "graphviz"}
    | {"highlight", "index", "ipython", "literalinclude", "math", "mermaid", "meta"}
    | {"plantuml", "productionlist", "prompt", "raw", "sourcecode", "testcleanup"}
    | {"testcode", "testoutput", "testsetup", "toctree", "uml"}
)
"""The directives whose content is no markup."""

_LEAD = r"[ \t]*+(?:(?:[-*+]|#\.|\w{1,9}[.)]|\(\w{1,9}\))[ \t]+)*+"
_ITEMS = re.compile(_LEAD)
_EXPLICIT = re.compile(
    rf"(?P<lead>{_LEAD})"
    r"\.\.(?:[ \t]+(?P<rest>.*))?"
)
_KINDS = re.compile(
    r"\[[^\]]+\](?:\s|\Z)|_|\|[^|]+\|[ \t]|(?P<name>[\w.+:-]+?)[ \t]?::(?:\s|\Z)"
)
_SUBSTITUTION = re.compile(r"\|(?P<name>[^|]+)\|[ \t]+[\w.+:-]+::")
_REFERENCE = re.compile(r"\|(?=(?P<name>\S[^|\n]*)\|)")
_TWO_TICKS = re.compile(
    r"\n[ \t]*(?=\n)|(?:(?P<start>(?<![\w\\`])``(?=\S))|(?P<end>(?<=\S)``(?![\w`])))"
)
_AFTER_TICKS = re.compile(r"``(?![\w`])")


def visible_rst(text: str) -> str:
    """Return a page in reStructuredText with a space for each letter of code.

    Comments are blanked too, and substitutions that nothing uses.
    """
    lines = text.split("\n")
    kept = (blanked(line) if hide else line for line, hide in _rst_lines(lines))
    return _without_literals("\n".join(kept)).replace(BLANK, " ")


def _rst_lines(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is code or a comment.

    ``column`` is where the block begins whose deeper lines are hidden, ``literal``
    where a paragraph began that ended in two colons.
    """
    used = {
        found["name"].lower()
        for line in lines
        if not ((explicit := _EXPLICIT.match(line)) and _is_substitution(explicit))
        for found in _REFERENCE.finditer(line)
    }
    column = literal = None
    quoted = ""
    for number, line in enumerate(lines):
        rest = line.strip()
        indent = len(line.expandtabs()) - len(line.expandtabs().lstrip())
        after = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if column is not None and (not rest or indent > column):
            yield line, True
            continue
        column = None
        if rest and literal is not None:
            column = literal if indent > literal else None
            is_quoted = indent == literal and not rest[0].isalnum()
            quoted, literal = rest[0] if is_quoted else "", None
        elif rest.startswith(">>> ") and not (number and lines[number - 1].strip()):
            quoted = rest[0]
        quoted = quoted if rest else ""
        if quoted or column is not None:
            yield line, True
            continue
        hide = False
        if explicit := _EXPLICIT.fullmatch(line):
            hide, is_block = _explicit(explicit, used, after)
            column = len(explicit["lead"].expandtabs()) if is_block else None
        elif rest.endswith("::") and not after:
            lead = _ITEMS.match(line)
            literal = len(lead[0].expandtabs()) if lead else indent
        yield line, hide


def _explicit(found: re.Match[str], used: set[str], after: str) -> tuple[bool, bool]:
    """Whether a line that begins with two dots is hidden, and what is below it."""
    rest = found["rest"] or ""
    kind = _KINDS.match(rest)
    if kind is None:
        return True, bool(rest or after)
    if substitution := _SUBSTITUTION.match(rest):
        is_unused = substitution["name"].lower() not in used
        return is_unused, is_unused
    return False, kind["name"] in CODE_DIRECTIVES


def _is_substitution(explicit: re.Match[str]) -> bool:
    return _SUBSTITUTION.match(explicit["rest"] or "") is not None


def _without_literals(text: str) -> str:
    """Blank what stands between two backticks and two more in one paragraph."""
    parts, position, opened = [], 0, -1
    for ticks in _TWO_TICKS.finditer(text):
        start, end = ticks.start(), ticks.end()
        if ticks["start"] is None and ticks["end"] is None:
            opened = -1
        elif opened < 0:
            opened = start if ticks["start"] else -1
        elif start > opened + 2 and _ends_literal(text, start):
            parts += [text[position:opened], blanked(text[opened:end])]
            position, opened = end, -1
    return "".join([*parts, text[position:]])


def _ends_literal(text: str, start: int) -> bool:
    return not text[start - 1].isspace() and _AFTER_TICKS.match(text, start) is not None
