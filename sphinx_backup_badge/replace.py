"""From pending badges and tables to nodes that a builder knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.transforms.post_transforms import SphinxPostTransform

from backup_badge import Badge, Table, UsageError
from backup_badge.render import html, text
from backup_badge.render.assets import inline_block
from backup_badge.view.links import with_links
from sphinx_backup_badge.conditions import conditions_around, holds
from sphinx_backup_badge.headings import show_pending
from sphinx_backup_badge.nodes import (
    Fault,
    Pending,
    ShownBadge,
    ShownTable,
    TableNode,
    ancestors,
)
from sphinx_backup_badge.page_links import translate
from sphinx_backup_badge.record import View, record_of
from sphinx_backup_badge.table_nodes import flows, latex_tables, table_nodes


class ReplacePending(SphinxPostTransform):
    """Replaces what is pending by what the builder of a page knows."""

    # Before references are resolved (10): to all others the nodes are standard ones.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Replace every badge and table of a page."""
        builder = record_of(self.env).builder
        if builder is not None:
            _replace(builder, self.document, self.env.docname)


def replace_copies(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace what extensions copied from other pages after the post-transforms."""
    _replace(app.builder, doctree, docname)


def _replace(builder: Builder, doctree: nodes.document, docname: str) -> None:
    record = record_of(builder.env)
    if not record.uses:
        return
    as_nodes = _FORMATS.get(builder.format, _as_nodes)
    is_html = builder.format == "html"
    is_site = is_html and builder.name != "epub"
    for node in show_pending(doctree, in_headings=is_html):
        if not holds(builder, conditions_around(node)):
            # It is taken out later, or not written.
            continue
        view = record.view(node.mark)
        translated = partial(translate, builder, docname)
        if isinstance(view, Table):
            view = with_links(view, translated)
        elif isinstance(view, Badge) and view.link:
            link = None if _is_in_link(node) else translated(view.link)
            view = replace(view, link=link)
        shown = as_nodes(node, view, builder)
        if isinstance(view, Fault) and isinstance(node, TableNode):
            shown = [nodes.paragraph("", "", *shown)]
        is_first = docname not in record.shown
        if is_site and is_first and docname not in builder.env.found_docs:
            # A page that another extension makes of pieces of documents, while a
            # template writes it: its head is written by then.
            shown.insert(0, nodes.raw("", inline_block(record.language), format="html"))
        node.replace_self(shown)
        record.shown.setdefault(docname, set()).add(node.mark)


def _is_in_link(node: nodes.Element) -> bool:
    """Whether a link of its own would stand in another one, or in one to be."""
    links = (nodes.reference, addnodes.pending_xref)
    # A title with a "refid" leads back to the table of contents.
    return any(isinstance(one, links) or "refid" in one for one in ancestors(node))


def _as_html(node: Pending, view: View, builder: Builder) -> list[nodes.Node]:
    if isinstance(view, Badge):
        words = text.render_badge(view)
        return [ShownBadge("", nodes.Text(words), html=html.render_badge(view))]
    if isinstance(view, Table):
        words = text.render_table(view)
        markup = html.render_table(view) + "\n"
        return [ShownTable("", nodes.Text(words), html=markup)]
    markup = html.render_error(UsageError(view.message), view.text)
    return [ShownBadge("", nodes.Text(view.message), html=markup)]


def _as_latex(node: Pending, view: View, builder: Builder) -> list[nodes.Node]:
    """Let long tables break, and keep a backup system's answer from stopping LaTeX."""
    if not isinstance(view, Table):
        return _as_nodes(node, view, builder)
    is_latin = builder.config.latex_engine == "pdflatex"
    return latex_tables(view, is_latin=is_latin, may_break=flows(node))


def _as_man(node: Pending, view: View, builder: Builder) -> list[nodes.Node]:
    """Put a caption into a paragraph: man pages take a table's title for their own."""
    if not isinstance(view, Table) or not view.caption:
        return _as_nodes(node, view, builder)
    caption = nodes.paragraph("", text.printable(view.caption))
    return [caption, *_as_nodes(node, replace(view, caption=None), builder)]


def _as_nodes(node: Pending, view: View, builder: Builder) -> list[nodes.Node]:
    """Show it as text and standard tables, which every builder knows."""
    if isinstance(view, Badge):
        shown = text.render_badge(view)
        if view.link:
            return [nodes.reference("", shown, refuri=view.link)]
        return [nodes.Text(shown)]
    if isinstance(view, Table):
        return table_nodes(view)
    why = nodes.Text(f"[backup-badge: {view.message}] ")
    return [why, nodes.literal(view.text, view.text)]


_FORMATS: dict[str, Callable[[Pending, View, Builder], list[nodes.Node]]] = {
    "html": _as_html,
    "latex": _as_latex,
    "man": _as_man,
}
"""How builders show it whose output is of a format that needs more than the rest."""
