"""Badges and tables as plain text, safe to print on a terminal."""

from __future__ import annotations

import re

from backup_badge.view.badge import Badge
from backup_badge.view.table import Table

_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def render_badge(badge: Badge) -> str:
    """Return a badge in brackets: ``[Orders database: succeeded]``."""
    text = (
        f"{badge.label}{badge.colon}{badge.message}" if badge.label else badge.message
    )
    return printable(f"[{text}]")


def render_table(table: Table) -> str:
    """Return a table with its columns aligned, ending in a line break."""
    rows = [[heading.upper() for heading in table.headings]]
    rows += [[printable(cell.text) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        for row in rows
    ]
    lines += [printable(note) for note in table.notes]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def printable(text: str) -> str:
    """Replace what a terminal would obey by spaces: controls, line ends, overrides.

    What joins letters or keeps them apart belongs to a language, and stays.
    """
    return _OBEYED.sub(" ", text)
