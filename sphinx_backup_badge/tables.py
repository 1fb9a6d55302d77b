"""A table as docutils nodes, for all builders that don't write HTML."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from backup_badge import Table
from backup_badge.render.text import printable


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
        shown.insert(0, nodes.title("", table.caption))
    notes = [nodes.paragraph("", printable(note)) for note in table.notes]
    return [shown, *notes]


def _row(contents: Iterable[nodes.Node]) -> nodes.row:
    cells = (nodes.entry("", nodes.paragraph("", "", content)) for content in contents)
    return nodes.row("", *cells)


def _content(text: str, link: str | None) -> nodes.Node:
    shown = printable(text)
    return nodes.reference("", shown, refuri=link) if link else nodes.Text(shown)
