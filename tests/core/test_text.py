"""Badges and tables as plain text, harmless on a terminal."""

from __future__ import annotations

import pytest

from backup_badge.render.text import printable, render_badge, render_table
from backup_badge.values.state import State
from backup_badge.view.badge import Badge
from backup_badge.view.cells import Cell
from backup_badge.view.table import Table


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain ünï cöde …", None),
        ("\N{NO-BREAK SPACE}پشتیبان‌گیری 👩‍💻 Daten\N{SOFT HYPHEN}bank", None),
        ("\x1b[31mred\x1b[0m", " [31mred [0m"),
        ("a\x9b2Jb\x7f\0", "a 2Jb  "),
        ("two\r\nlines\t\x85\u2028", "two  lines   "),
        ("\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe\N{POP DIRECTIONAL ISOLATE}", " gpj.exe "),
        ("\ud800", " "),
    ],
)
def test_printable(text: str, printed: str | None) -> None:
    """What a terminal would obey is a space; what a language needs stays."""
    assert printable(text) == (text if printed is None else printed)
    printable(text).encode()


@pytest.mark.parametrize(
    ("label", "message", "text"),
    [
        ("Orders", "succeeded", "[Orders: succeeded]"),
        ("", "in progress", "[in progress]"),
        ("a\x1b[2J", "b\nc", "[a [2J: b c]"),
    ],
)
def test_badge(label: str, message: str, text: str) -> None:
    """A badge is its label and its message, in brackets."""
    badge = Badge(
        source="s", state=State.FAILED, label=label, message=message, title="t"
    )
    assert render_badge(badge) == text


def test_table() -> None:
    """Columns are aligned, notes stand below, no line ends in a space."""
    rows = (
        (Cell(text="Orders database"), Cell(text="failed"), Cell(text="9")),
        (Cell(text="b\nc"), Cell(text="in progress"), Cell(text="")),
    )
    notes = ("1 of 2 sources gave no usable answer.", "b: it is\x1b slow")
    columns, headings = ("source", "state", "errors"), ("Source", "State", "Errors")
    table = Table(columns=columns, headings=headings, rows=rows, notes=notes)
    assert render_table(table) == (
        "SOURCE           STATE        ERRORS\n"
        "Orders database  failed       9\n"
        "b c              in progress\n"
        "1 of 2 sources gave no usable answer.\n"
        "b: it is  slow\n"
    )


def test_empty_table() -> None:
    """A table without rows has its headings."""
    table = Table(columns=("source", "state"), headings=("Source", "State"), rows=())
    assert render_table(table) == "SOURCE  STATE\n"
