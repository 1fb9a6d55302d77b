"""What was written where, and what a build comes to in the end.

What was written is kept in a file for each builder beside the doctrees, not in the
environment: several builders share that, and Sphinx saves it before it writes. A page
that was not written, because the build was for another builder or for some pages only
or because it broke off, must not pass for up to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from backup_badge.files import replace_file
from sphinx_backup_badge.record import Record, record_of

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

_logger = logging.getLogger(__name__)

_HEAD = "export"
_Pages = dict[str, dict[str, str]]
"""What each page showed: for each mark a digest of its look, and what heads name."""


def begin(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Begin the record of a build, which reads these documents."""
    record = record_of(env)
    record.builder = app.builder
    record.reread = set(docnames)
    record.written, record.shown, record.spared = set(), {}, {}
    record.numbers = dict(env.toc_secnumbers)


def outdated_pages(app: Sphinx, record: Record) -> set[str]:
    """Return the pages that look different from what this builder wrote last."""
    before, looks = _written_before(app), _looks(record)
    outdated = {name for name in record.used if name not in before}
    for name, wrote in before.items():
        is_same = wrote.items() <= looks.items() and record.keys(name) <= wrote.keys()
        if name in app.env.found_docs and not is_same:
            outdated.add(name)
    return outdated


def spare_parents(app: Sphinx, builder: Builder) -> None:
    """Keep Sphinx from writing the pages whose toctrees list an outdated page.

    It does so because a title or a section may be new there. Where a page was not read
    and its sections have the numbers they had, only badges are.
    """
    record, parents = record_of(app.env), app.env.files_to_rebuild
    for docname in (record.outdated - record.reread) & parents.keys():
        if record.numbers.get(docname) == app.env.toc_secnumbers.get(docname):
            record.spared[docname] = parents.pop(docname)


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that a page is about to be written."""
    record_of(app.env).written.add(docname)


def remember(app: Sphinx, exception: Exception | None) -> None:
    """Write down what the written pages show, unless the build broke off."""
    record = record_of(app.env)
    app.env.files_to_rebuild.update(record.spared)
    if exception is not None:
        return
    before, looks = _written_before(app), _looks(record)
    pages: _Pages = {}
    for name in sorted(app.env.found_docs):
        if name not in record.written:
            pages[name] = before.get(name, {})
        elif keys := record.keys(name) & looks.keys():
            pages[name] = {key: looks[key] for key in sorted({*keys, _HEAD})}
    pages = {name: wrote for name, wrote in pages.items() if wrote}
    if pages != before:
        content = {"output": str(app.outdir), "pages": pages}
        replace_file(_file(app), json.dumps(content, indent=1).encode())


def fail_on_states(app: Sphinx, exception: Exception | None) -> None:
    """Fail the build, now that it is complete, over the states ``fail_on`` names.

    As Sphinx' own linkcheck does: by the exit status. An exception in this place
    would have Sphinx throw its environment away and read everything again.
    """
    failure = record_of(app.env).failure
    if exception is None and failure:
        app.statuscode = 1
        _logger.error("%s", failure)


def _looks(record: Record) -> dict[str, str]:
    """Return what pages look like: their marks, and what all heads name."""
    return {**record.looks(), _HEAD: record.export or ""}


def _written_before(app: Sphinx) -> _Pages:
    """Return what this builder wrote into this folder."""
    try:
        content = json.loads(_file(app).read_bytes())
        pages: _Pages = content["pages"]
        return dict(pages) if content["output"] == str(app.outdir) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _file(app: Sphinx) -> Path:
    return Path(app.doctreedir) / f"backup-badge-{app.builder.name}.json"
