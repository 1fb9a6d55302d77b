"""From pending badges and tables to nodes that a builder knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from docutils import nodes
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform

from backup_badge import Badge, Table, UsageError
from backup_badge.render import html, text
from sphinx_backup_badge.headings import show_pending
from sphinx_backup_badge.nodes import BadgeNode, Fault, Pending, is_noted
from sphinx_backup_badge.record import record_of
from sphinx_backup_badge.tables import latin, let_break, table_nodes

_SHOWS = "backup-badge"
_View = Badge | Table | Fault

_badge_html = lru_cache(maxsize=1024)(html.render_badge)
"""The same badge is on many pages."""


class ReplacePending(SphinxPostTransform):
    """Replaces what is pending by what the builder of a page knows."""

    # Before references are resolved (10): to all others the nodes are standard ones.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every badge and table of a page."""
        book = record_of(self.env)
        if not book.uses and not is_noted(self.env):
            return
        as_nodes = _FORMATS.get(book.format, _as_nodes)
        in_headings = book.format == "html"
        for node in show_pending(self.document, in_headings=in_headings):
            view = book.view(node.mark)
            if isinstance(view, Badge) and _is_in_link(node):
                view = replace(view, link=None)
            node.replace_self(as_nodes(node, view, self.config))
            book.shown.add(self.env.docname)


def shown_in(doctree: nodes.document | None) -> set[str]:
    """Return what of ours a page has, after it was replaced by HTML.

    That is ``badge``, ``table`` and ``error``.
    """
    found = doctree.findall(nodes.raw) if doctree is not None else ()
    return {node[_SHOWS] for node in found if _SHOWS in node}


def _is_in_link(node: nodes.Element) -> bool:
    """Whether a link of its own would stand in another one."""
    parent = node.parent
    while parent is not None:
        # A title with a "refid" leads back to the table of contents.
        if isinstance(parent, nodes.reference) or "refid" in parent:
            return True
        parent = parent.parent
    return False


def _as_html(node: Pending, view: _View, config: Config) -> list[nodes.Node]:
    if isinstance(view, Badge):
        return [_raw(_badge_html(view), "badge")]
    if isinstance(view, Table):
        return [_raw(html.render_table(view) + "\n", "table")]
    error = _raw(html.render_error(UsageError(view.message), view.text), "error")
    return [error] if isinstance(node, BadgeNode) else [nodes.paragraph("", "", error)]


def _raw(markup: str, shows: str) -> nodes.raw:
    return nodes.raw("", markup, format="html", **{_SHOWS: shows})


def _as_latex(node: Pending, view: _View, config: Config) -> list[nodes.Node]:
    """Let long tables break, and keep a backup system's answer from stopping LaTeX."""
    if not isinstance(view, Table):
        return _as_nodes(node, view, config)
    if config.latex_engine == "pdflatex":
        view = latin(view)
    shown = _as_nodes(node, view, config)
    if len(view.rows) > 10 or "message" in view.columns:
        let_break(shown)
    return shown


def _as_man(node: Pending, view: _View, config: Config) -> list[nodes.Node]:
    """Put a caption into a paragraph: man pages take a table's title for their own."""
    if not isinstance(view, Table) or not view.caption:
        return _as_nodes(node, view, config)
    caption = nodes.paragraph("", text.printable(view.caption))
    table = dataclasses.replace(view, caption=None)
    return [caption, *_as_nodes(node, table, config)]


def _as_nodes(node: Pending, view: _View, config: Config) -> list[nodes.Node]:
    """Show it as text and standard tables, which every builder knows."""
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


_FORMATS: dict[str, Callable[[Pending, _View, Config], list[nodes.Node]]] = {
    "html": _as_html,
    "latex": _as_latex,
    "man": _as_man,
}
"""How builders show it whose output is of a format that needs more than the rest."""
