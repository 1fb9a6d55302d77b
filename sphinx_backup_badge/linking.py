"""The style sheet and the scripts: on pages with a badge or a table, no others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder

from backup_badge.config.settings import STATUS_FILE_NAME
from backup_badge.files import replace_file
from backup_badge.render.assets import (
    SCRIPT_NAME,
    STYLESHEET_NAME,
    TABLE_SCRIPT_NAME,
    book_stylesheet,
    contents,
    words_name,
)
from sphinx_backup_badge.nodes import ShownTable
from sphinx_backup_badge.record import record_of

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


def write_assets(app: Sphinx, builder: Builder) -> None:
    """Put the files into the output, before pages are written that name their hash."""
    record = record_of(app.env)
    if isinstance(builder, StandaloneHTMLBuilder) and record.uses:
        is_book = builder.name == "epub"
        files = (
            {STYLESHEET_NAME: book_stylesheet()}
            if is_book
            else contents(record.language)
        )
        for name, content in files.items():
            path, data = Path(builder.outdir) / "_static" / name, content.encode()
            if not path.is_file() or path.read_bytes() != data:
                replace_file(path, data)


def link_assets(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link what a page needs, from pages that need it."""
    builder, record = app.builder, record_of(app.env)
    if not isinstance(builder, StandaloneHTMLBuilder) or doctree is None:
        return
    if pagename not in record.shown:
        return
    # Not app.add_css_file: that tells the next build in this process as well, which
    # then links the sheet from every page.
    builder.add_css_file(STYLESHEET_NAME)
    if builder.name == "epub":
        # Readers of books run scripts rarely, and a valid book must declare them.
        return
    if words := words_name(record.language):
        builder.add_js_file(words, defer="")
    if any(doctree.findall(ShownTable)):
        builder.add_js_file(TABLE_SCRIPT_NAME, defer="")
    attributes = {"defer": ""}
    if record.export:
        status_file = f"{record.export}/{STATUS_FILE_NAME}"
        attributes["data-status"] = context["pathto"](status_file, resource=True)
    builder.add_js_file(SCRIPT_NAME, **attributes)
