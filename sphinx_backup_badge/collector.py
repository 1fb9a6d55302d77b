"""Gathering the badges of all pages, resolving them at once, telling what is new."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging

from backup_badge import BadgeMark, Site, UsageError
from backup_badge.report import Message, Report
from backup_badge.values.mark import Mark, TableMark
from backup_badge.view.links import links_in
from backup_badge.view.summary import count_known
from sphinx_backup_badge.conditions import conditions_around, shown_uses
from sphinx_backup_badge.configuration import read_settings
from sphinx_backup_badge.headings import find_holders, find_pending
from sphinx_backup_badge.nodes import Fault, ancestors, is_noted
from sphinx_backup_badge.outputs import outdated_pages
from sphinx_backup_badge.page_links import is_dead
from sphinx_backup_badge.record import Record, Use, record_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
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
        page = _start(app.env.doc2path(docname))
        uses = tuple(
            Use(
                mark=node.mark,
                place=_place(node) or page,
                conditions=conditions_around(node),
            )
            for node in find_pending(doctree)
        )
        if uses:
            record_of(app.env).uses[docname] = uses

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Resolve the project and return the pages whose badges look different.

        This is after all reading and before all writing, and in one process: no
        thread of ours is alive when Sphinx forks.
        """
        record = record_of(env)
        record.used = shown_uses(app.builder, record.uses)
        _resolve(Site(read_settings(app)), app, record)
        record.outdated = outdated_pages(app, record)
        return sorted(record.outdated)


def unshare(app: Sphinx, doctree: nodes.document) -> None:
    """Put copies of what holds a badge into the page that was just read.

    Other extensions keep such nodes to show them on other pages too. What is pending
    in theirs stays so when the page's own is replaced.
    """
    if not is_noted(app.env):
        return
    blocks: dict[nodes.Element, None] = {}
    for block in find_holders(doctree):
        while not isinstance(block.parent, (nodes.document, nodes.section)):
            block = block.parent
        blocks[block] = None
    for block in blocks:
        copy = block.deepcopy()
        block.parent[block.parent.index(block)] = copy
        for node in copy.findall(nodes.Element):
            doctree.ids.update(dict.fromkeys(node["ids"], node))


def _resolve(site: Site, app: Sphinx, record: Record) -> None:
    """Note what every mark looks like now, publish, and say once what went wrong."""
    report = Report(site)
    marks: dict[Mark, str] = {}
    for use in record.all_used():
        if isinstance(use.mark, Fault):
            report.fault(UsageError(use.mark.message), use.place)
        else:
            marks.setdefault(use.mark, use.place)
    record.export = site.settings.export if app.builder.name in _SITES else None
    config = _start((*site.settings.files, Path(app.confdir) / "conf.py")[0])
    _ask(site, [*marks, TableMark()] if record.export else list(marks))
    for mark, place in marks.items():
        report.show(mark, partial(str, place))
    if record.export:
        # What is published is judged like what is shown.
        report.show(TableMark(), partial(str, config))
    page = app.config.language
    record.language = site.language(page)
    record.views = {
        mark: site.badge(mark, page=page)
        if isinstance(mark, BadgeMark)
        else site.table(mark, page=page)
        for mark in marks
    }
    for link, place in _dead_links(app.builder, record, marks).items():
        error = UsageError(f"the link {link!r} names no page of this site")
        report.fault(error, place)
    if record.export:
        try:
            _export(site, app, record.export)
        except UsageError as error:
            report.fault(error, config)
    record.failure = report.failure()
    for message in report.messages():
        _warn(message)


def _ask(site: Site, marks: list[Mark]) -> None:
    """Resolve marks, with a line that begins before the waiting, as Sphinx' own do."""
    if marks:
        _logger.info("asking backup systems... ", nonl=True)
        _logger.info("%s", count_known(site.resolve(marks)))


def _dead_links(
    builder: Builder, record: Record, places: Mapping[Mark, str]
) -> dict[str, str]:
    """Return the links to pages that are not there, each with its first place."""
    found: dict[str, str] = {}
    for mark, view in record.views.items():
        for link in links_in(view):
            if is_dead(builder, link):
                found.setdefault(link, places[mark])
    return found


def _warn(message: Message) -> None:
    _logger.warning(
        "%s",
        message.text,
        type="backup_badge",
        subtype=str(message.category),
        location=message.place,
    )


def _export(site: Site, app: Sphinx, folder: str) -> None:
    """Publish the statuses in the built site. Raises UsageError where that cannot be.

    Pages are written later, into the same folders.
    """
    indices = {"html": [f"{folder}/index"], "dirhtml": [folder, f"{folder}/index"]}
    for docname in indices.get(app.builder.name, ()):
        if docname in app.env.found_docs:
            raise UsageError(
                f"'export' names the folder {folder!r}, whose index is the page"
                f" {docname!r}: name another folder"
            )
    site.export(Path(app.outdir) / folder, page=app.config.language)


def _start(path: str | Path) -> str:
    """Return a file's first line as a place: Sphinx takes a bare name for a page."""
    return f"{path}:1"


def _place(node: nodes.Element) -> str | None:
    """Say where a node stands: in the page, or in the file that the page includes.

    What comes from ``<rst_epilog>`` or the like has no file; what holds it here may.
    """
    for inner in (node, *ancestors(node)):
        if inner.source and inner.source[0] != "<" and inner.line:
            line = inner.line + _lines_before(node)
            return f"{Path(inner.source).absolute()}:{line}"
    return None


def _lines_before(node: nodes.Element) -> int:
    """Return on which line of its paragraph, counted from 0, a role stands."""
    text = node.parent.rawsource if node.rawsource else ""
    before, found, _ = text.partition(node.rawsource or "-")
    return before.count("\n") if found else 0
