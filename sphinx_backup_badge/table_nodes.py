"""A table as docutils nodes, for all builders that don't write HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from docutils import nodes
from sphinx import addnodes

from backup_badge import Table
from backup_badge.render.text import printable
from sphinx_backup_badge.nodes import ancestors

_LATIN = ("cp1252", "cp1250")
_SHORT = 25
_FLOWING = (
    nodes.document,
    nodes.section,
    addnodes.start_of_file,
    addnodes.only,
    nodes.compound,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.block_quote,
)
"""Where LaTeX lets a table go on over pages."""


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


def flows(node: nodes.Node) -> bool:
    """Whether a table can break where a node stands: not in boxes, notes and cells."""
    return all(isinstance(outer, _FLOWING) for outer in ancestors(node))


def latex_tables(table: Table, *, is_latin: bool, may_break: bool) -> list[nodes.Node]:
    """Return a table that LaTeX can print, whatever a backup system answers.

    LaTeX cuts off what goes below a page. A long table goes on over pages, is as wide
    as the text, and its columns are as wide as it is told. Where it cannot, it becomes
    several: Sphinx would make a long one of more than 30 rows, at which LaTeX stops.
    """
    if is_latin:
        table = _with_latin_messages(table)
    if not may_break:
        starts = range(0, len(table.rows) or 1, _SHORT)
        pieces = [table.rows[start : start + _SHORT] for start in starts]
        first, *more = (replace(table, rows=rows, notes=()) for rows in pieces)
        tables = [first, *(replace(piece, caption=None) for piece in more)]
        tables[-1] = replace(tables[-1], notes=table.notes)
        return [node for piece in tables for node in table_nodes(piece)]
    shown = table_nodes(table)
    if len(table.rows) > 10 or "message" in table.columns:
        _let_break(shown[0])
    return shown


def _with_latin_messages(table: Table) -> Table:
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


def _let_break(table: nodes.Node) -> None:
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
