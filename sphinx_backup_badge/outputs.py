"""What was written where, and what a build comes to in the end.

The digests of written pages are kept in a file for each builder beside the doctrees,
not in the environment: several builders share that, and Sphinx saves it before it
writes. A page that was not written, because the build was for another builder or for
some pages only or because it broke off, must not pass for up to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from backup_badge.files import replace_file
from sphinx_backup_badge.record import record_of

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

_logger = logging.getLogger(__name__)


def remembered(app: Sphinx) -> dict[str, str]:
    """Return the digest of each page when this builder last wrote it."""
    try:
        record = json.loads(_file(app).read_bytes())
        return dict(record["pages"]) if record["output"] == str(app.outdir) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Begin the record of a build, which reads these documents."""
    book = record_of(env)
    book.format = app.builder.format
    book.shown = set()
    book.reread = set(docnames)
    book.written = set()


def spare_parents(app: Sphinx, builder: Builder) -> None:
    """Keep Sphinx from writing the pages whose toctrees list an outdated page.

    It does so because a title or a section may be new there. Where nothing was read,
    only badges are.
    """
    book = record_of(app.env)
    if not book.reread:
        parents = app.env.files_to_rebuild
        book.spared = {
            docname: parents.pop(docname) for docname in book.outdated & parents.keys()
        }


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that a page is about to be written."""
    record_of(app.env).written.add(docname)


def remember(app: Sphinx, exception: Exception | None) -> None:
    """Write down what the written pages show, unless the build broke off."""
    book = record_of(app.env)
    app.env.files_to_rebuild.update(book.spared)
    book.spared = {}
    if exception is not None:
        return
    before, pages = remembered(app), {}
    for docname, digest in sorted(book.digests().items()):
        if docname in book.written:
            pages[docname] = digest
        elif docname in before:
            pages[docname] = before[docname]
    if pages != before:
        record = {"output": str(app.outdir), "pages": pages}
        replace_file(_file(app), json.dumps(record, indent=1).encode())


def fail_on_states(app: Sphinx, exception: Exception | None) -> None:
    """Fail the build, now that it is complete, over the states ``fail_on`` names.

    As Sphinx' own linkcheck does: by the exit status. An exception in this place
    would have Sphinx throw its environment away and read everything again.
    """
    failing = record_of(app.env).failing
    if exception is None and failing:
        app.statuscode = 1
        sources = "".join(f"\n- {sentence}" for sentence in failing)
        _logger.error("'fail_on' fails the build over these backups:%s", sources)


def _file(app: Sphinx) -> Path:
    return Path(app.doctreedir) / f"backup-badge-{app.builder.name}.json"
