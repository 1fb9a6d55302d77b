"""From pending badges and tables to nodes that a builder knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from backup_badge import Badge, Table, UsageError
from backup_badge.render import html, text
from sphinx_backup_badge.headings import show_badges
from sphinx_backup_badge.ledger import ledger
from sphinx_backup_badge.marks import BadgeNode, Fault, TableNode
from sphinx_backup_badge.tables import latin, let_break, table_nodes

_SHOWS = "backup-badge"
_View = Badge | Table | Fault


class ReplaceByHtml(SphinxPostTransform):
    """Replaces what is pending by raw HTML, for builders that write HTML."""

    # Before references are resolved (10): to all others the nodes are standard ones.
    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace every badge and table of a page."""
        show_badges(self.document, in_headings=True)
        for node, view in _pending(self):
            node.replace_self(_as_html(node, view))


class ReplaceByNodes(SphinxPostTransform):
    """Replaces what is still pending by text and standard tables, for all others."""

    default_priority = ReplaceByHtml.default_priority + 2

    def run(self, **kwargs: Any) -> None:
        """Replace every badge and table of a page."""
        show_badges(self.document, in_headings=False)
        for node, view in _pending(self):
            node.replace_self(self.as_nodes(node, view))

    def as_nodes(self, node: BadgeNode | TableNode, view: _View) -> list[nodes.Node]:
        """Return what stands for the pending node."""
        return _as_nodes(node, view)


class ReplaceForLatex(ReplaceByNodes):
    """Does the same for LaTeX, which has pages, and letters it doesn't know."""

    default_priority = ReplaceByNodes.default_priority - 1
    formats = ("latex",)

    def as_nodes(self, node: BadgeNode | TableNode, view: _View) -> list[nodes.Node]:
        """Let long tables break, and keep a backup system's answer from stopping it."""
        if not isinstance(view, Table):
            return super().as_nodes(node, view)
        if self.config.latex_engine == "pdflatex":
            view = latin(view)
        shown = super().as_nodes(node, view)
        if len(view.rows) > 10 or "message" in view.columns:
            let_break(shown)
        return shown


class ReplaceForMan(ReplaceByNodes):
    """Does the same for man pages, which take a table's title for their own."""

    default_priority = ReplaceByNodes.default_priority - 1
    formats = ("man",)

    def as_nodes(self, node: BadgeNode | TableNode, view: _View) -> list[nodes.Node]:
        """Put a table's caption into a paragraph above it."""
        if not isinstance(view, Table) or not view.caption:
            return super().as_nodes(node, view)
        caption = nodes.paragraph("", text.printable(view.caption))
        table = dataclasses.replace(view, caption=None)
        return [caption, *super().as_nodes(node, table)]


def shows_badges(doctree: nodes.document | None) -> bool:
    """Whether a page has anything of ours in it, after it was replaced by HTML."""
    found = doctree.findall(nodes.raw) if doctree is not None else ()
    return any(_SHOWS in node for node in found)


def shows_tables(doctree: nodes.document | None) -> bool:
    """Whether a page has a table of ours, after it was replaced by HTML."""
    found = doctree.findall(nodes.raw) if doctree is not None else ()
    return any(node.get(_SHOWS) == "table" for node in found)


def _pending(
    transform: SphinxPostTransform,
) -> Iterator[tuple[BadgeNode | TableNode, _View]]:
    book = ledger(transform.env)
    found: list[BadgeNode | TableNode] = []
    found += transform.document.findall(BadgeNode)
    found += transform.document.findall(TableNode)
    for node in found:
        view = book.view(node.mark)
        if isinstance(view, Badge) and _is_in_link(node):
            view = view._replace(link=None)
        yield node, view


def _is_in_link(node: nodes.Element) -> bool:
    """Whether a link of its own would stand in another one."""
    parent = node.parent
    while parent is not None:
        # A title with a "refid" leads back to the table of contents.
        if isinstance(parent, nodes.reference) or "refid" in parent:
            return True
        parent = parent.parent
    return False


def _as_html(node: BadgeNode | TableNode, view: _View) -> nodes.Element:
    if isinstance(view, Badge):
        return _raw(html.render_badge(view), "badge")
    if isinstance(view, Table):
        return _raw(html.render_table(view) + "\n", "table")
    error = _raw(html.render_error(UsageError(view.message), view.text), "error")
    return error if isinstance(node, BadgeNode) else nodes.paragraph("", "", error)


def _raw(markup: str, shows: str) -> nodes.raw:
    return nodes.raw("", markup, format="html", **{_SHOWS: shows})


def _as_nodes(node: BadgeNode | TableNode, view: _View) -> list[nodes.Node]:
    if isinstance(view, Badge):
        shown = text.render_badge(view)
        if view.link:
            return [nodes.reference("", shown, refuri=view.link)]
        return [nodes.Text(shown)]
    if isinstance(view, Table):
        return table_nodes(view)
    error = [
        nodes.Text(f"[backup-badge: {view.message}] "),
        nodes.literal(view.text, view.text),
    ]
    return error if isinstance(node, BadgeNode) else [nodes.paragraph("", "", *error)]
