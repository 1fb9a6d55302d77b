"""A page's text without its code: for the look through files, and line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Patterns begin with a line's end: the one sign that a search can jump to.
_QUOTE = re.compile(r"\n[ \t]*(?:>[ \t]?)+")
_FENCE = re.compile(r"\n[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})([^\n]*)")


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
