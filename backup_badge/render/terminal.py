"""An overview for a terminal of any width, or for a pipe."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from itertools import compress

from backup_badge.render.text import printable
from backup_badge.values.state import Color, State
from backup_badge.view.summary import Line, format_age

_HEADINGS = ("STATE", "SOURCE", "LABEL", "LAST RUN", "REASON")
_GAP = "  "
_INDENT = "    "
_LEAST = 24
"""Cells that a reason needs to stand beside the rest of its row."""

_PAINTS = {Color.RED: "31", Color.AMBER: "33", Color.GREEN: "32"}


def render_overview(
    lines: Sequence[Line],
    *,
    now: datetime,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """Return a table with a row for each source, ending in a line break.

    Ages count from ``now``. A terminal of ``width`` cells gets reasons that are
    wrapped, or, where it is too narrow for a table, a few lines for each source; a
    pipe (None) gets one line for each. ``colour`` paints the states, by ANSI sequences.
    """
    rows = [_cells(line, now) for line in lines]
    told = [any(column) for column in zip(*rows, strict=True)]
    table = [tuple(compress(row, told)) for row in (_HEADINGS, *rows)]
    widths = [max(map(display_width, column)) for column in zip(*table, strict=True)]
    start = sum(widths[:-1]) + len(_GAP) * len(widths[:-1])
    heading: list[str] = []
    if width is not None and width - start < min(_LEAST, widths[-1]):
        blocks = [_stack(row, width) for row in table[1:]]
    else:
        room = None if width is None else width - start
        heading, *blocks = [_align(row, widths, room) for row in table]
    if colour:
        blocks = [
            _paint(block, line.state) for block, line in zip(blocks, lines, strict=True)
        ]
    text = [*heading, *(part for block in blocks for part in block)]
    return "".join(f"{part.rstrip()}\n" for part in text)


def _cells(line: Line, now: datetime) -> tuple[str, ...]:
    age = format_age(now - line.time) if line.time else ""
    texts = (line.state.message, line.source.name, line.label, age, line.reason)
    return tuple(map(printable, texts))


def _align(row: Sequence[str], widths: Sequence[int], room: int | None) -> list[str]:
    """Return a row's lines: the last cell is wrapped, the others stand in the first."""
    *head, last = row
    first, *others = [last] if room is None else wrap(last, room)
    padded = "".join(
        text + " " * (width - display_width(text)) + _GAP
        for text, width in zip(head, widths, strict=False)
    )
    return [padded + first, *(" " * display_width(padded) + part for part in others)]


def _stack(row: Sequence[str], width: int) -> list[str]:
    """Return a row's lines where there is no room for a table.

    What fits stands beside the state; the rest, and the last cell always, below.
    """
    (first, *others), last = row[:-1], row[-1]
    while others and display_width(_GAP.join((first, others[0]))) <= width:
        first = _GAP.join((first, others.pop(0)))
    room = max(width - len(_INDENT), 1)
    below = (part for text in (*others, last) if text for part in wrap(text, room))
    return [first, *(_INDENT + part for part in below)]


def _paint(block: list[str], state: State) -> list[str]:
    """Paint the state's word, with which a block begins."""
    if state.color not in _PAINTS:
        return block
    end = len(state.message)
    word, rest = block[0][:end], block[0][end:]
    return [f"\x1b[{_PAINTS[state.color]}m{word}\x1b[0m{rest}", *block[1:]]


def wrap(text: str, width: int) -> list[str]:
    """Break a text between its words, and a word that is longer than a line in it."""
    lines = [""]
    for word in text.split():
        if lines[-1] and display_width(f"{lines[-1]} {word}") <= width:
            lines[-1] += " "
        elif lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and display_width(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def display_width(text: str) -> int:
    """Count the cells that a text takes on a terminal."""
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("F", "W") else 1
