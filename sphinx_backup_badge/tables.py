"""A table as docutils nodes, for all builders that don't write HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from docutils import nodes

from backup_badge import Table
from backup_badge.render.text import printable

_LATIN = ("cp1252", "cp1250")


def table_nodes(table: Table) -> list[nodes.Node]:
    """Return the table, and a paragraph for each of its notes."""
    widths = [
        max(len(heading), *(len(row[column].text) for row in table.rows))
        if table.rows
        else len(heading)
        for column, heading in enumerate(table.headings)
    ]
    group = nodes.tgroup("", cols=len(widths))
    group += [nodes.colspec("", colwidth=width) for width in widths]
    group += nodes.thead("", _row(nodes.Text(heading) for heading in table.headings))
    group += nodes.tbody(
        "",
        *(_row(_content(cell.text, cell.link) for cell in row) for row in table.rows),
    )
    shown = nodes.table("", group, classes=["backup-table", *table.classes])
    if table.caption:
        shown.insert(0, nodes.title("", printable(table.caption)))
    notes = [nodes.paragraph("", printable(note)) for note in table.notes]
    return [shown, *notes]


def _row(contents: Iterable[nodes.Node]) -> nodes.row:
    cells = (nodes.entry("", nodes.paragraph("", "", content)) for content in contents)
    return nodes.row("", *cells)


def _content(text: str, link: str | None) -> nodes.Node:
    shown = printable(text)
    return nodes.reference("", shown, refuri=link) if link else nodes.Text(shown)


def latin(table: Table) -> Table:
    """Return the table with a backup system's words in letters that pdfLaTeX knows.

    It stops at any other. Labels are an author's own, like the rest of the page.
    """
    rows = (
        tuple(
            replace(cell, text=_latin(cell.text)) if column == "message" else cell
            for column, cell in zip(table.columns, row, strict=True)
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows), notes=tuple(map(_latin, table.notes)))


def let_break(shown: list[nodes.Node]) -> None:
    """Let a table of :func:`table_nodes` go on over pages, where LaTeX would cut it.

    Such a table is as wide as the text, and its columns are as wide as it is told.
    """
    table = shown[0]
    assert isinstance(table, nodes.table)
    table["classes"] += ["longtable", "colwidths-given"]
    for column in table.findall(nodes.colspec):
        column["colwidth"] = min(max(column["colwidth"], 8), 30)


def _latin(text: str) -> str:
    """Put ``?`` for what is neither Western nor Central European."""
    return "".join(
        letter if any(letter.encode(name, "ignore") for name in _LATIN) else "?"
        for letter in printable(text)
    )
