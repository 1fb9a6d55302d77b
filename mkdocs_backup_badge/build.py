"""What the pages of one build share: the answers, and what was said in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from backup_badge import (
    BadgeMark,
    Settings,
    Site,
    Source,
    Status,
    TableMark,
    UsageError,
    badge_mark,
)
from backup_badge.markup.macro import Call
from backup_badge.render.html import render_badge, render_error, render_table
from mkdocs_backup_badge.pages import Page
from mkdocs_backup_badge.plain import Plain
from mkdocs_backup_badge.promises import Promises

Mark = BadgeMark | TableMark

LIFETIME = 60.0
"""Seconds in which a process that goes on building asks nothing again."""


class Build:
    """Turns the macros of a build's pages into HTML, and says once what is wrong.

    ``log`` must be one that the host's strict mode counts. A build may outlive its
    site: see :meth:`start`. ``clock`` tells monotonic seconds. While it ``defers``
    it makes ``promises``, for a host that comes back to its pages to have them kept.
    """

    def __init__(
        self,
        settings: Settings,
        log: logging.Logger,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._log = log
        self._clock = clock
        self._statuses: dict[Source, Status] = {}
        self._started: set[Source]
        self._noted: set[str] = set()
        self._relative: dict[Mark, bool] = {}
        self.begin()
        self._open_site()

    @property
    def age(self) -> float:
        """Seconds since the first of the answers could have been had."""
        return self._clock() - self._opened

    @property
    def is_current(self) -> bool:
        """Whether the answers may be used for another page, or for all pages again."""
        return self.age < LIFETIME and self._versions == self._versions_now()

    def begin(self) -> None:
        """Begin to build the pages anew, from the answers that are there.

        ``failing`` then gathers a sentence for each source that is shown in a state
        that ``fail_on`` names, ``warnings`` counts what is logged, and ``promised``
        are the marks that have a place in a page.
        """
        self.failing: list[str] = []
        self.warnings = 0
        self.promises = Promises()
        self.defers = False
        self._shown: set[Mark | Source] = set()
        self._html: dict[tuple[Mark, bool], str] = {}
        self.promised: set[Mark] = set()
        self._words: dict[Mark, str] = {}
        self.plain = Plain(self)

    def start(self, marks: Iterable[Mark]) -> None:
        """Begin to ask for all that the marks stand for, and return at once.

        All questions of a site share one deadline, which runs from the first of them.
        Sources that turn up late therefore get a site of their own.
        """
        marks = [mark for mark in marks if mark not in self._asked]
        if not marks:
            return
        sources = {source for mark in marks for source in self._site.sources(mark)}
        if sources - self._started and self._is_closed:
            self._site.close()
            self._open_site()
        self._started |= sources
        self._asked.update(marks)
        self._statuses.update(self._site.resolve(marks))

    def show(self, call: Call, page: Page, *, linked: bool = True) -> str:
        """Return a macro as HTML, or what is wrong with it.

        ``linked`` is False where a badge may not be a link: inside another one.
        """
        mark = call.asked
        if isinstance(mark, UsageError):
            return self.show_error(mark, call, page)
        html = self._html.get((mark, linked))
        if html is None:
            self._resolve(mark, call, page)
            html = self._html[mark, linked] = self._render(mark, linked=linked)
        return html

    def promise(self, call: Call, page: Page, *, linked: bool = True) -> str:
        """Return what :meth:`show` does, or what holds its place until all is there.

        A link that is relative to the page is for the host to see at once.
        """
        mark = call.asked
        if not self.defers or self._has_relative_link(mark):
            return self.show(call, page, linked=linked)
        if not isinstance(mark, UsageError):
            self.promised.add(mark)
        tag = "div" if isinstance(mark, TableMark) else "span"
        show = partial(self.show, call, page, linked=linked)
        return self.promises.make(show, tag=tag)

    def promise_plain(self, call: Call, page: Page, store: Callable[[str], str]) -> str:
        """Return what holds the place of a badge in plain text.

        ``store`` returns a place for HTML. A badge with a link that is relative to the
        page stays a macro, for Markdown.
        """
        mark = call.asked
        if isinstance(mark, UsageError) or self._has_relative_link(mark):
            return call.text
        if not self.defers:
            return store(self.show(call, page))
        word = self._words.get(mark)
        if word is None:
            word = self.promises.make_word(partial(self.show, call, page))
            self._words[mark] = word
        return word

    def settle(self) -> None:
        """Wait for the answers to all that was promised, and promise nothing more."""
        self.defers = False
        self.start(self.promised)
        self._statuses.update(self._site.resolve(self.promised))

    def show_text(self, call: Call, page: Page) -> str:
        """Return a badge as plain text, for where no element can be."""
        mark = call.asked
        if isinstance(mark, UsageError):
            self.show_error(mark, call, page)
        if not isinstance(mark, BadgeMark):
            return call.text
        # Imported here: few badges stand where no element can be.
        from backup_badge.render.text import render_badge as render_text

        self._resolve(mark, call, page)
        return render_text(self._site.badge(mark))

    def show_error(self, error: UsageError, call: Call, page: Page) -> str:
        """Return what is wrong with a macro as HTML, and say it in the log."""
        self._warn(page.place(call), str(error))
        return render_error(error, call.text)

    def export(self, site_dir: Path) -> None:
        """Publish the statuses in the built site, where the configuration says so.

        Raises UsageError for what cannot be written.
        """
        if self.settings.export:
            self.start([TableMark()])
            self._site.export(site_dir / self.settings.export, self._statuses)

    def finish(self) -> None:
        """Say what went wrong beside the sources; leave no thread or connection."""
        for notice in self._site.notices:
            if notice not in self._noted:
                self._noted.add(notice)
                self._log.warning("backup-badge: %s", notice)
        self._site.close()
        self._started = set(self._statuses)
        self._asked.clear()
        self._is_closed = True
        # No page is held any more: a preview lives long.
        self.promises, self.plain, self._words = Promises(), Plain(self), {}

    def _versions_now(self) -> list[int]:
        files = self.settings.files
        return [path.stat().st_mtime_ns if path.exists() else 0 for path in files]

    def _open_site(self) -> None:
        self._versions = self._versions_now()
        self._site = Site(self.settings)
        self._opened = self._clock()
        self._started = set()
        self._asked: set[Mark] = set()
        self._is_closed = False

    def _has_relative_link(self, mark: Mark | UsageError) -> bool:
        if isinstance(mark, UsageError):
            return False
        if mark not in self._relative:
            links = [source.link for source in self._site.sources(mark)]
            if isinstance(mark, BadgeMark):
                links.append(mark.link)
            is_relative = (link and not urlsplit(link).scheme for link in links)
            self._relative[mark] = any(is_relative)
        return self._relative[mark]

    def _render(self, mark: Mark, *, linked: bool) -> str:
        if isinstance(mark, TableMark):
            return render_table(self._site.table(mark))
        badge = self._site.badge(mark)
        return render_badge(badge if linked else replace(badge, link=None))

    def _resolve(self, mark: Mark, call: Call, page: Page) -> None:
        if mark in self._shown:
            return
        self._shown.add(mark)
        self.start([mark])
        self._statuses.update(self._site.resolve([mark]))
        for source in self._site.sources(mark):
            if source not in self._shown:
                self._shown.add(source)
                self._judge(source, self._statuses[source], call, page)

    def _judge(self, source: Source, status: Status, call: Call, page: Page) -> None:
        """Note what is wrong with a source where it is shown first."""
        fails = status.state in self.settings.fail_on
        place = page.place(call) if fails or status.problem else ""
        if fails:
            badge = self._site.badge(badge_mark(source.name, {}))
            self.failing.append(f"{badge.title} ({place})" if place else badge.title)
        if status.problem is not None:
            whose = f"{source.name}: " if source.address else ""
            self._warn(place, whose + status.problem.message)

    def _warn(self, place: str, message: str) -> None:
        self.warnings += 1
        where = f"{place}: " if place else ""
        self._log.warning("backup-badge: %s%s", where, message)
