"""What the pages of one build share: the answers, and what is to be said of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from backup_badge import Report, Settings, Site, TableMark, UsageError
from backup_badge.markup.macro import Call
from backup_badge.render.html import render_badge, render_error, render_table
from backup_badge.render.text import render_badge as render_words
from backup_badge.values.mark import Mark
from backup_badge.view.language import Language
from backup_badge.view.links import with_links
from backup_badge.view.summary import count_known
from mkdocs_backup_badge.page_files import Page

LIFETIME = 60.0
"""Seconds in which a process that builds again asks nothing again."""

LONGEST = 3600.0
"""Seconds in which pages are taken for those of one build, while they follow soon."""


class Build:
    """Turns the macros of a build's pages into HTML, and says once what is wrong.

    ``log`` must be one that the host's strict mode counts. ``last`` is the build
    before: its answers are used again while they are current. ``language`` is that of
    the pages, as far as the host tells it.
    """

    def __init__(
        self, settings: Settings, log: logging.Logger, last: Build | None = None
    ) -> None:
        self.settings = settings
        self._log = log
        self.language: str | None = None
        self.warnings = 0
        self.shown: set[Mark] = set()
        self._lost: set[str] = set()
        self._opened = self._used = time.monotonic()
        self._versions = _versions(settings)
        self.site: Site
        if last is not None and last.settings == settings and last.is_current():
            self.site, self._opened, self._is_new = last.site, last._opened, False
        else:
            self.site, self._is_new = Site(settings), True
        self.report = Report(self.site)

    def is_current(self, *, is_once: bool = False) -> bool:
        """Whether the answers may be used for another page, or for all pages again.

        ``is_once`` says that the host builds once, and waits once, however long it
        takes: its pages follow each other.
        """
        now = time.monotonic()
        is_young = now - self._opened < (LONGEST if is_once else LIFETIME)
        is_used = now - self._used < LIFETIME
        return is_young and is_used and self._versions == _versions(self.settings)

    @property
    def language_of_words(self) -> Language:
        """The language of the words in the pages."""
        return self.site.language(self.language)

    def resolve(self, marks: Iterable[Mark]) -> None:
        """Resolve marks together: those of all pages in advance, or of one page."""
        found = self.site.resolve(list(dict.fromkeys(marks)))
        self._used = time.monotonic()
        if found and self._is_new:
            # Waiting may have taken longer than answers last.
            self._opened, self._is_new = self._used, False
        if found:
            self._log.info("backup-badge: %s", count_known(found))

    def show(
        self, call: Call, page: Page, *, linked: bool = True, as_source: bool = False
    ) -> str:
        """Return a macro as HTML, or what is wrong with it.

        ``linked`` is False where a badge may not be a link: inside another one. With
        ``as_source`` links lead to the source files of pages, for a host to translate.
        """
        mark = call.asked
        if isinstance(mark, UsageError):
            return self.show_error(mark, call, page)
        self.shown.add(mark)
        place = partial(page.place, call.key)
        self.report.show(mark, place)
        locate = partial(self._locate, page, place, as_source)
        if isinstance(mark, TableMark):
            return render_table(
                with_links(self.site.table(mark, page=self.language), locate)
            )
        badge = self.site.badge(mark, page=self.language)
        if not linked:
            badge = replace(badge, link=None)
        elif badge.link and mark.link is None:
            badge = replace(badge, link=locate(badge.link))
        return render_badge(badge)

    def words(self, call: Call, page: Page) -> str:
        """Return a macro as plain text, for where no element can be."""
        mark = call.asked
        if isinstance(mark, UsageError):
            self.show_error(mark, call, page)
            return call.text
        self.shown.add(mark)
        self.report.show(mark, partial(page.place, call.key))
        return self.say(call)

    def say(self, call: Call) -> str:
        """Return a macro that is shown as plain text, and another as it is written."""
        mark = call.asked
        if isinstance(mark, UsageError) or mark not in self.shown:
            return call.text
        if not isinstance(mark, TableMark):
            return render_words(self.site.badge(mark, page=self.language))
        rows = self.site.table(mark, page=self.language).rows
        texts = ([cell.text for cell in row if cell.text] for row in rows)
        return " ".join(f"[{', '.join(row)}]" for row in texts)

    def show_error(self, error: UsageError, call: Call, page: Page) -> str:
        """Return what is wrong with a macro as HTML, and note it for the log."""
        self.report.fault(error, page.place(call.key))
        return render_error(error, call.text)

    def log(self) -> None:
        """Log what there is to say and was not said yet."""
        for message in self.report.messages():
            self.warnings += 1
            where = f"{message.place}: " if message.place else ""
            self._log.warning("backup-badge: %s%s", where, message.text)

    def export(self, site_dir: Path) -> None:
        """Publish the statuses in the built site, where the configuration says so.

        What is published is judged like what is shown. Raises UsageError for what
        cannot be written.
        """
        if self.settings.export:
            self.report.show(TableMark(), str)
            self.site.export(site_dir / self.settings.export, page=self.language)

    def _locate(
        self, page: Page, place: partial[str], as_source: bool, link: str
    ) -> str | None:
        """Return the configuration's link as it leads from a page; None if nowhere."""
        found = page.locate(link, as_source=as_source)
        if found is None and link not in self._lost:
            self._lost.add(link)
            why = f"the link {link!r} of the configuration leads to no page of the site"
            self.report.fault(UsageError(why), place())
        return found


def _versions(settings: Settings) -> list[int]:
    """Return when the files that the configuration came from were written."""
    files = settings.files
    return [path.stat().st_mtime_ns if path.exists() else 0 for path in files]
