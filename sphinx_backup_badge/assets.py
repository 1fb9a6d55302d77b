"""The style sheet: on pages with a badge or a table, and on no other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder

from backup_badge.render.html import STYLESHEET_NAME, stylesheet
from sphinx_backup_badge.ledger import ledger
from sphinx_backup_badge.replace import shows_badges

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


def write_stylesheet(app: Sphinx, builder: Builder) -> None:
    """Put the sheet into the output, before pages are written that name its hash."""
    if isinstance(builder, StandaloneHTMLBuilder) and ledger(app.env).uses:
        path = Path(builder.outdir) / "_static" / STYLESHEET_NAME
        content = stylesheet().encode()
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def link_stylesheet(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the sheet from a page that needs it."""
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder) and shows_badges(doctree):
        # Not app.add_css_file: that tells the next build in this process as well,
        # which then links the sheet from every page.
        builder.add_css_file(STYLESHEET_NAME)
