"""Gathering the badges of all pages, resolving them at once, telling what is new."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging

from backup_badge import BadgeMark, Category, Site, Source, UsageError, badge_mark
from backup_badge.values.mark import Mark
from sphinx_backup_badge.configuration import read_settings
from sphinx_backup_badge.headings import find_pending
from sphinx_backup_badge.nodes import Fault, is_noted
from sphinx_backup_badge.outputs import remembered
from sphinx_backup_badge.record import Record, Use, record_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_logger = logging.getLogger(__name__)

_SITES = ("html", "dirhtml", "singlehtml")
"""The builders whose output is a site, in which statuses can be published."""


class BadgeCollector(EnvironmentCollector):
    """Keeps the record: what each page uses, and what that looks like now."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again or gone."""
        record_of(env).uses.pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: AbstractSet[str],
        other: BuildEnvironment,
    ) -> None:
        """Take over what another process has read."""
        uses = record_of(other).uses
        record_of(env).uses.update(
            (name, uses[name]) for name in docnames & uses.keys()
        )

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Gather the badges and tables of a page that was just read."""
        if not is_noted(app.env):
            return
        docname = app.env.docname
        uses = tuple(
            Use(mark=node.mark, place=_place(node) or str(app.env.doc2path(docname)))
            for node in find_pending(doctree)
        )
        if uses:
            record_of(app.env).uses[docname] = uses

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Resolve the project and return the pages whose badges look different.

        This is after all reading and before all writing, and in one process: no
        thread of ours is alive when Sphinx forks.
        """
        book = record_of(env)
        marks = _marks(book)
        site = Site(read_settings(app))
        try:
            _resolve(site, book, marks)
            _export(site, app)
        finally:
            site.close()
        before = remembered(app)
        book.outdated = {
            docname
            for docname, digest in book.digests().items()
            if before.get(docname) != digest
        }
        return sorted(book.outdated)


def _export(site: Site, app: Sphinx) -> None:
    """Publish the statuses in the built site, where the configuration says so."""
    record_of(app.env).export = site.settings.export
    if site.settings.export and app.builder.name in _SITES:
        try:
            site.export(Path(app.outdir) / site.settings.export)
        except UsageError as error:
            _warn(str(error), Category.USAGE, None)


def _place(node: nodes.Element) -> str | None:
    """Say where a node stands: in the page, or in the file that the page includes.

    What comes from ``<rst_epilog>`` or the like has no file; what holds it here may.
    """
    inner: nodes.Node | None = node
    while inner is not None:
        if inner.source and inner.source[0] != "<" and inner.line:
            line = inner.line + _lines_before(node)
            return f"{Path(inner.source).absolute()}:{line}"
        inner = inner.parent
    return None


def _lines_before(node: nodes.Element) -> int:
    """Return on which line of its paragraph, counted from 0, a role stands."""
    text = node.parent.rawsource if node.rawsource else ""
    before, found, _ = text.partition(node.rawsource or "-")
    return before.count("\n") if found else 0


def _marks(book: Record) -> dict[Mark, str]:
    """Return the marks of all pages, and where each is first; tell of what is none."""
    places: dict[Mark, str] = {}
    for use in book.all_uses():
        if isinstance(use.mark, Fault):
            _warn(use.mark.message, Category.USAGE, use.place)
        else:
            places.setdefault(use.mark, use.place)
    return places


def _resolve(site: Site, book: Record, marks: Mapping[Mark, str]) -> None:
    """Note what every mark looks like now, and say once what went wrong."""
    first: dict[Source, str] = {}
    for mark, place in marks.items():
        for source in site.sources(mark):
            first.setdefault(source, place)
    for source, status in site.resolve(marks).items():
        if status.problem is not None:
            named = f"{source.name}: " if source.address else ""
            message = named + status.problem.message
            _warn(message, status.problem.category, first[source])
    for notice in site.notices:
        _warn(notice, "notice", None)
    book.views = {
        mark: site.badge(mark) if isinstance(mark, BadgeMark) else site.table(mark)
        for mark in marks
    }
    book.failing = [
        f"{site.badge(badge_mark(source.name, {})).title} ({first[source]})"
        for source in site.failing()
    ]


def _warn(message: str, subtype: str, place: str | None) -> None:
    _logger.warning(
        "%s", message, type="backup_badge", subtype=str(subtype), location=place
    )
