"""Pages: what they are called, what their files say, and where in them a macro is."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from backup_badge import BadgeMark, TableMark, UsageError
from backup_badge.markup.macro import Call, find_calls

# Patterns begin with a line's end: the one sign that a search can jump to.
_QUOTE = re.compile(r"\n[ \t]*(?:>[ \t]?)+")
_FENCE = re.compile(r"\n[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})([^\n]*)")
_JINJA = re.compile(r"\{\{-?(?=\s*backup_)|-?\}\}")


class Page:
    """A page that is converted: how warnings call it, and how to read its file.

    ``read`` returns the file as its author sees it, front matter included. It is
    called for pages with a fault only.
    """

    def __init__(self, name: str, read: Callable[[], str]) -> None:
        self.name = name
        self.read = read

    def place(self, call: Call) -> str:
        """Return ``docs/index.md:12``, or less where less is known.

        Of several macros that read the same, each has its own line in turn.
        """
        lines = self._lines.get(call.key)
        if not lines:
            return self.name
        line = lines.popleft() if len(lines) > 1 else lines[0]
        return f"{self.name}:{line}" if self.name else f"line {line}"

    @cached_property
    def _lines(self) -> dict[object, deque[int]]:
        try:
            text = visible(as_macros(self.read()))
        except (OSError, ValueError):
            return {}
        lines: dict[object, deque[int]] = {}
        line, position = 1, 0
        for call in find_calls(text):
            line += text.count("\n", position, call.start)
            position = call.start
            lines.setdefault(call.key, deque()).append(line)
        return lines


def visible(text: str) -> str:
    """Return a page's text without its code and comments, every line in its place.

    For what goes ahead of the conversion (asking, and finding lines). It takes code
    for what it looks like; what a macro does not turn into a badge in is Markdown's
    decision alone.
    """
    text = "\n" + text
    # Behind the last macro there is nothing to be found.
    before = text[: text.rfind("<<") + 1]
    if "<!--" in before:
        text = _without_comments(text)
    if _QUOTE.search(before):
        text = _QUOTE.sub("\n", text)
    if "```" in before or "~~~" in before:
        text = _without_fences(text)
    if "`" in before:
        text = _without_spans(text)
    return text[1:]


def find_hidden(text: str) -> set[object]:
    """Return the keys of the macros that stand in code and comments and only there."""
    if "~~~" not in text and "```" not in text:
        return set()
    shown = {call.key for call in find_calls(visible(text))}
    return {call.key for call in find_calls(text)} - shown


def as_macros(text: str) -> str:
    """Return a text with ``{{ backup_badge("x") }}`` written as our own macros are."""
    return _JINJA.sub(lambda match: "<<" if match[0][0] == "{" else ">>", text)


def _without_comments(text: str) -> str:
    parts, position = [], 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end + 3
    return "".join([*parts, text[position:]])


def _without_fences(text: str) -> str:
    parts, position = [], 0
    for start, end in _fences(list(_FENCE.finditer(text))):
        parts += [text[position:start], "\n" * text.count("\n", start, end)]
        position = end
    return "".join([*parts, text[position:]])


def _fences(lines: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Return where fenced code begins and ends, of lines that look like fences."""
    unclosed: dict[str, int] = {}
    end = 0
    for number, line in enumerate(lines):
        fence, sign, length = line[1], line[1][0], len(line[1])
        is_open = line.start() >= end and fence not in line[2]
        if not is_open or length >= unclosed.get(sign, length + 1):
            continue
        later = range(number + 1, len(lines))
        closing = (lines[one].end() for one in later if _closes(lines[one], fence))
        if last := next(closing, 0):
            end = last
            yield line.start(), end
        else:
            unclosed[sign] = length


def _closes(line: re.Match[str], fence: str) -> bool:
    text = line[0].strip()
    return text.startswith(fence) and not text.strip(fence[0])


def _without_spans(text: str) -> str:
    """Leave out the code spans of the lines in which a macro may begin."""
    parts, position = [], 0
    while (macro := text.find("<<", position)) >= 0:
        start = text.rfind("\n", position, macro) + 1 or position
        end = text.find("\n", macro)
        end = len(text) if end < 0 else end
        parts += [text[position:start], _without_code(text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _without_code(line: str) -> str:
    """Leave out the code spans of one line."""
    if "`" not in line:
        return line
    runs = list(re.finditer("`+", line))
    closing: dict[int, int] = {}
    closed_by: dict[int, int] = {}
    for number in reversed(range(len(runs))):
        length = len(runs[number][0])
        closed_by[number] = closing.get(length, 0)
        closing[length] = number
    parts, position, number = [], 0, 0
    while number < len(runs):
        if last := closed_by[number]:
            parts.append(line[position : runs[number].start()])
            position = runs[last].end()
        number = (last or number) + 1
    return "".join([*parts, line[position:]])


def find_marks(text: str, *, templates: bool = False) -> list[BadgeMark | TableMark]:
    """Return what a page's macros ask for, without those in code and comments.

    ``templates`` says that the macros plugin has its own way to write them.
    """
    if "backup_" not in text:
        return []
    text = visible(as_macros(text) if templates else text)
    calls = [call.asked for call in find_calls(text)]
    return [asked for asked in calls if not isinstance(asked, UsageError)]


def read(path: Path) -> str:
    """Return what the file of a page says."""
    return path.read_text(encoding="utf-8-sig")


def page_of(file: Any, directory: Path) -> Page:
    """Return the page in a file of MkDocs; its name is relative to the directory."""
    name, path = file.src_uri, file.abs_src_path
    if path is not None:
        inside = path.startswith(f"{directory}{os.sep}")
        relative = path[len(str(directory)) + 1 :] if inside else None
        name = (relative or os.path.relpath(path, directory)).replace(os.sep, "/")
    return Page(name, lambda: str(file.content_string))
