"""Where a page in reStructuredText holds code: literal blocks, comments and the like.

As in :mod:`backup_badge.markup.code`, each letter of it becomes a space.
"""

from __future__ import annotations

import re

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
_OPTION = re.compile(r":[^:`]+:(?:\s|\Z)")
_SUBSTITUTION = re.compile(r"\|(?P<name>[^|]+)\|[ \t]+[\w.+:-]+::")
_REFERENCE = re.compile(r"\|(?=(?P<name>\S[^|\n]*)\|)")
# Docutils' signs before and behind inline markup.
BEFORE = r"(?<![^\s'\"(\[{<\-/:\u2018\u201c\xab\u2010-\u2015])"
AFTER = r"(?![^\s'\")\]}>\-/:.,;!?\\\u2019\u201d\xbb\u2010-\u2015])"
_TWO_TICKS = re.compile(
    rf"\n[ \t]*(?=\n)|(?P<start>{BEFORE}``(?=\S))|(?P<end>(?<=\S)``{AFTER})"
)
_END = re.compile(rf"(?<=\S)``{AFTER}")


def visible_rst(text: str) -> str:
    """Return a page in reStructuredText with a space for each letter of code.

    Comments are blanked too, and substitutions that nothing uses.
    """
    lines = text.split("\n")
    used = {
        found["name"].lower()
        for line in lines
        if not ((explicit := _EXPLICIT.match(line)) and _substituted(explicit))
        for found in _REFERENCE.finditer(line)
    }
    reader = _Reader(used)
    behind = [*lines[1:], ""]
    kept = [
        blanked(line) if reader.hides(line, after.strip()) else line
        for line, after in zip(lines, behind, strict=True)
    ]
    return _without_literals("\n".join(kept)).replace(BLANK, " ")


class _Reader:
    """Tells which lines are code, a comment or an option, one after the other.

    ``used`` are the names of the substitutions that the page uses.
    """

    def __init__(self, used: set[str]) -> None:
        self._used = used
        self._hidden: int | None = None  # the column left of a block that is hidden
        self._literal: int | None = None  # of a paragraph that ended in two colons
        self._options: int | None = None  # of a directive whose options may follow
        self._text: int | None = None  # of the paragraph of the line before
        self._quoted = ""

    def hides(self, line: str, after: str) -> bool:
        """Whether the next line is hidden; ``after`` is the one behind it."""
        rest = line.strip()
        indent = len(line.expandtabs()) - len(line.expandtabs().lstrip())
        if not rest:
            self._text, self._options, self._quoted = None, None, ""
            return self._hidden is not None
        if self._hidden is not None and indent > self._hidden:
            return True
        self._hidden = None
        if self._begins_literal(rest, indent) or self._quoted:
            return True
        if self._options is not None and indent > self._options:
            return _OPTION.match(rest) is not None
        self._options = None
        if self._text != indent and (explicit := _EXPLICIT.fullmatch(line)):
            return self._explicit(explicit, after)
        column = len(_ITEMS.match(line)[0].expandtabs())  # type: ignore[index]
        self._text = max(column, indent)
        self._literal = self._text if rest.endswith("::") and not after else None
        return False

    def _begins_literal(self, rest: str, indent: int) -> bool:
        literal, self._literal = self._literal, None
        if literal is not None and indent > literal:
            self._hidden = literal
        elif (literal == indent and not rest[0].isalnum()) or (
            self._text is None and rest.startswith(">>> ")
        ):
            self._quoted = rest[0]
        return self._hidden is not None

    def _explicit(self, found: re.Match[str], after: str) -> bool:
        """Take a line that begins with two dots, and what is below it."""
        rest, column = found["rest"] or "", len(found["lead"].expandtabs())
        kind, name = _KINDS.match(rest), _substituted(found)
        self._text = None
        is_unused = name != "" and name.lower() not in self._used
        if kind is None or is_unused or rest.startswith("_"):
            self._hidden = column if rest or after else None
            return True
        if kind["name"] in CODE_DIRECTIVES:
            self._hidden = column
        elif kind["name"] and not kind["name"].startswith("backup-"):
            self._options = column
        return False


def _substituted(explicit: re.Match[str]) -> str:
    """Return the name of the substitution that a line defines, if it does."""
    found = _SUBSTITUTION.match(explicit["rest"] or "")
    return found["name"] if found else ""


def _without_literals(text: str) -> str:
    """Blank what stands between two backticks and two more in one paragraph."""
    parts, position, opened = [], 0, -1
    for ticks in _TWO_TICKS.finditer(text):
        start = ticks.start()
        if ticks["start"] is None and ticks["end"] is None:
            opened = -1
        elif opened < 0:
            opened = start if ticks["start"] else -1
        elif start > opened + 2 and _END.match(text, start):
            # The backticks stay, as spaces at a line's beginning would indent it.
            parts += [text[position : opened + 2], blanked(text[opened + 2 : start])]
            position, opened = start, -1
    return "".join([*parts, text[position:]])
