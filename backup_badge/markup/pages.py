"""Finding marks in the source files of pages, without any host.

Reads reStructuredText, MyST, and Markdown with our macros. It is tolerant: what a host
would refuse is passed over, as the build tells of it. Code is not searched.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from warnings import catch_warnings

from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.values.mark import Mark
from backup_badge.values.problem import UsageError

SUFFIXES = (".md", ".rst", ".txt")
"""The endings of the names of files that are pages."""

# What hosts and tools write, beside hidden directories.
_NOT_PAGES = frozenset({"_build", "_sources", "node_modules"})

_MENTION = re.compile(r"backup[-_](?:badge|table)")
_LEAD = r"(?P<lead>[ \t>]*+(?:(?:[-*+]|#\.|\d+[.)])[ \t]+)*+)"
_FENCE = re.compile(_LEAD + r"(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>[^`]*)$")
_LITERAL = re.compile(
    _LEAD + r"(?:\.\. (?:code|code-block|sourcecode|raw|math|doctest)::.*"
    r"|(?!\.\. ).*::\s*)$"
)
# Directives of MyST whose content is no markup.
_CODE = re.compile(r"\{(?:code|literalinclude|sourcecode|raw|math|mermaid)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TICKS_OF_FENCES = re.compile(r"^[ \t>]*`{3,}", re.MULTILINE)
_SPAN = re.compile(
    r"(?<![`\\])(?P<ticks>`+)(?!`)"
    r"(?P<text>(?:[^\n]|\n(?![ \t]*\n))+?)(?<!`)(?P=ticks)(?!`)"
)
_ROLES = (":backup-badge:", "{backup-badge}")
_TITLED = re.compile(r".+<(?P<target>[^<>]+)>", re.DOTALL)
_DIRECTIVE = re.compile(
    _LEAD + r"(?:\.\. (?:\|[^|]+\|[ \t]+)?|(?P<fence>`{3,}|~{3,}|:{3,})\{)"
    r"backup-(?P<kind>badge|table)(?:::|\})(?P<arguments>.*)"
)
_OPTION = re.compile(r"\s*:?(?P<name>[a-z]+):(?:\s+(?P<value>.*?)\s*)?$")
_MACRO = re.compile(
    r"(?<!\\)(?:<<|\{\{)-?\s*backup_(?P<kind>badge|table)\s*\((?P<arguments>"
    r"""(?:[^"'()]|\([^()]*\)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*+)\)"""
)
# What Python's parser says of what is no call with literal arguments; the last two of
# one that is nested too deeply.
_NO_CALL = (SyntaxError, ValueError, IndexError, MemoryError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class Use:
    """A mark, and the page and line (from 1) where it begins."""

    path: Path
    line: int
    mark: Mark


def find_pages(directory: Path) -> list[Path]:
    """Return the files that are pages in a directory and those below it, sorted."""
    found = []
    for parent, directories, names in os.walk(directory):
        directories[:] = [
            name
            for name in directories
            if name not in _NOT_PAGES and not name.startswith(".")
        ]
        found += [Path(parent, name) for name in names if name.endswith(SUFFIXES)]
    return sorted(found)


def find_uses(path: Path) -> list[Use]:
    """Return the marks of one page, in their order. Raises OSError."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not _MENTION.search(text):
        return []
    found = sorted(_marks(text, markdown=path.suffix == ".md"), key=lambda at: at[0])
    return [
        Use(path=path, line=text.count("\n", 0, start) + 1, mark=mark)
        for start, mark in found
    ]


def _marks(text: str, *, markdown: bool) -> Iterator[tuple[int, Mark]]:
    """Yield marks with the offsets at which they begin.

    What was read is blanked, so that it is not read as anything else. Lines behind the
    last mention are at most the body of a directive.
    """
    without_code = _without_fences if markdown else _without_literals
    end = text.find("\n", text.rfind("backup"))
    head, tail = (text[:end], text[end:]) if end >= 0 else (text, "")
    text = _COMMENT.sub(_blank, "\n".join(without_code(head.split("\n"))) + tail)
    yield from _directives(text)
    text = _TICKS_OF_FENCES.sub(_blank, text)
    yield from _roles(text)
    if "backup_" in text:
        for macro in _MACRO.finditer(_SPAN.sub(_blank, text)):
            with suppress(UsageError, *_NO_CALL):
                yield macro.start(), _call(macro["kind"], macro["arguments"])


def _roles(text: str) -> Iterator[tuple[int, Mark]]:
    for start, end in _places(text, "backup-badge", around="\n\n"):
        for span in _SPAN.finditer(text, start, end):
            if text.endswith(_ROLES, 0, span.start()):
                # A role's name stands behind one sign.
                role = text.rindex("backup", 0, span.start()) - 1
                titled = _TITLED.fullmatch(span["text"])
                target = titled["target"] if titled else span["text"]
                with suppress(UsageError):
                    yield role, badge_mark(" ".join(target.split()), {})


def _directives(text: str) -> Iterator[tuple[int, Mark]]:
    for start, end in _places(text, "backup-", around="\n"):
        if found := _DIRECTIVE.fullmatch(text, start, end):
            body = takewhile(partial(_belongs, found), text[end + 1 :].split("\n"))
            with suppress(UsageError):
                yield start, _directive(found["kind"], found["arguments"], body)


def _places(text: str, word: str, *, around: str) -> Iterator[tuple[int, int]]:
    """Return where the lines or the blocks begin and end that have a word in them."""
    position = text.find(word)
    while position >= 0:
        before, end = text.rfind(around, 0, position), text.find(around, position)
        end = len(text) if end < 0 else end
        yield before + len(around) if before >= 0 else 0, end
        position = text.find(word, end)


def _belongs(directive: re.Match[str], line: str) -> bool:
    """Whether a line below a directive is still part of it."""
    if directive["fence"]:
        return not line.strip(" \t>").startswith(directive["fence"])
    indent = len(line) - len(line.lstrip())
    return not line.strip() or indent > len(directive["lead"])


def _directive(kind: str, arguments: str, body: Iterable[str]) -> Mark:
    if kind == "badge":
        return badge_mark(arguments, {})
    targets = arguments.replace(",", " ").split()
    options: dict[str, object] = {}
    for line in body:
        option = _OPTION.match(line)
        if option is None:
            targets.append(line.strip().strip("-"))
        elif option["name"] == "group":
            options["group"] = option["value"]
    return table_mark(targets, options)


def _call(kind: str, arguments: str) -> Mark:
    """Read the call of a macro; it is parsed, never evaluated."""
    with catch_warnings(action="ignore"):
        call = ast.parse(f"macro({arguments}\n)", mode="eval").body
    assert isinstance(call, ast.Call)
    literals = [ast.literal_eval(argument) for argument in call.args]
    if kind == "badge":
        return badge_mark(str(literals[0]), {})
    lists = (item if isinstance(item, list) else [item] for item in literals)
    targets = [str(target) for items in lists for target in items]
    groups = {
        keyword.arg: ast.literal_eval(keyword.value)
        for keyword in call.keywords
        if keyword.arg == "group"
    }
    return table_mark(targets, groups)


def _without_fences(lines: Iterable[str]) -> Iterator[str]:
    """Blank the code in Markdown: what is in fences, unless they are directives."""
    opened: list[tuple[str, bool]] = []
    for line in lines:
        is_code = bool(opened) and opened[-1][1]
        found = _FENCE.match(line)
        fence, info = (found["fence"], found["info"].strip()) if found else ("", "")
        if fence and opened and not info and fence.startswith(opened[-1][0]):
            opened.pop()
        elif fence and not is_code and (fence[0] != ":" or info.startswith("{")):
            is_code = not info.startswith("{") or _CODE.match(info) is not None
            opened.append((fence, is_code))
        yield _blanked(line) if is_code else line


def _without_literals(lines: Iterable[str]) -> Iterator[str]:
    """Blank the code in reStructuredText: literal blocks, and directives of code."""
    code_below: int | None = None
    for line in lines:
        if code_below is not None:
            if not line.strip() or len(line) - len(line.lstrip()) > code_below:
                yield _blanked(line)
                continue
            code_below = None
        if "::" in line and (found := _LITERAL.match(line)):
            code_below = len(found["lead"])
        yield line


def _blank(found: re.Match[str]) -> str:
    return _blanked(found[0])


def _blanked(text: str) -> str:
    """Put a space in the place of each letter: offsets and lines stay."""
    return "\n".join(" " * len(line) for line in text.split("\n"))
