"""One build of one site: from the marks in its pages to badges and tables."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backup_badge.ask.find import find, select
from backup_badge.config.settings import Settings
from backup_badge.config.systems import GROUP
from backup_badge.values.found import Listing
from backup_badge.values.mark import RESTORE_COLUMNS, BadgeMark, Mark, TableMark
from backup_badge.values.problem import UsageError
from backup_badge.values.source import Source
from backup_badge.values.status import Status
from backup_badge.view.badge import Badge, describe
from backup_badge.view.language import Language, find_language
from backup_badge.view.table import Table, tabulate

if TYPE_CHECKING:
    from backup_badge.ask.resolver import Resolver


class Site:
    """What a host needs for one build: which sources a mark stands for, and its view.

    Sources are asked once, whatever the number of their marks.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        resolver: Resolver | None = None,
    ) -> None:
        self.settings = settings
        self._made = resolver
        self._statuses: dict[Source, Status] = {}
        self._found: dict[Mark, tuple[Source, ...]] = {}
        self._badges: dict[tuple[BadgeMark, Language], Badge] = {}

    def sources(self, mark: Mark) -> tuple[Source, ...]:
        """Return the sources that a mark stands for, each once, in their order."""
        if mark not in self._found:
            self._found[mark] = self._find(mark)
        return self._found[mark]

    def shown(self, mark: Mark) -> tuple[Source, ...]:
        """Return the sources of a mark, each before its restore test if that is shown.

        A table shows restore tests in columns, a roll-up counts them.
        """
        sources = self.sources(mark)
        if isinstance(mark, BadgeMark):
            shows_restores = mark.target.startswith(GROUP)
        else:
            shows_restores = not mark.columns or bool(RESTORE_COLUMNS & {*mark.columns})
        if not shows_restores:
            return sources
        both = ((source, source.restore) for source in sources)
        return tuple(dict.fromkeys(one for pair in both for one in pair if one))

    def _find(self, mark: Mark) -> tuple[Source, ...]:
        if isinstance(mark, BadgeMark):
            targets: Iterable[str] = (mark.target,)
        elif mark.targets or mark.groups:
            targets = (*mark.targets, *(GROUP + group for group in mark.groups))
        else:
            return select(self.settings, tuple(self.settings.sources.values()), mark)
        found = (source for text in targets for source in find(self.settings, text))
        sources = tuple(dict.fromkeys(found))
        if isinstance(mark, BadgeMark):
            return sources
        return select(self.settings, sources, mark)

    def resolve(self, marks: Iterable[Mark]) -> dict[Source, Status]:
        """Ask for all that the marks stand for, and return what was not known yet.

        The build's host logs the problems in it, each source once.
        """
        new = [s for s in self._sources_of(marks) if s not in self._statuses]
        resolved = self._resolver.resolve(new) if new else {}
        self._statuses.update(resolved)
        return resolved

    def badge(self, mark: BadgeMark, *, page: str | None = None) -> Badge:
        """Return the badge for a mark; its sources are resolved if they are not yet.

        ``page`` is the language of the page that it stands in, as the host calls it.
        """
        language = self.language(page)
        if (mark, language) not in self._badges:
            group = self.settings.groups.get(mark.target.removeprefix(GROUP).strip())
            self._badges[mark, language] = describe(
                mark,
                self._of(mark),
                group_label=group.label if group else None,
                restores=self._restores_of(mark),
                language=language,
            )
        return self._badges[mark, language]

    def table(self, mark: TableMark, *, page: str | None = None) -> Table:
        """Return the table for a mark; its sources are resolved if they are not yet.

        ``page`` is the language of the page that it stands in, as the host calls it.
        """
        groups = self.settings.groups
        return tabulate(
            mark,
            self._of(mark),
            restores=self._restores_of(mark),
            group_labels={name: group.label or name for name, group in groups.items()},
            language=self.language(page),
        )

    def language(self, page: str | None) -> Language:
        """Return the language of words in a page: what is configured, or its own."""
        return find_language(self.settings.language, page)

    def status(self, source: Source) -> Status:
        """Return the status of a source, which is resolved if it is not yet."""
        if source not in self._statuses:
            self._statuses.update(self._resolver.resolve([source]))
        return self._statuses[source]

    def discover(
        self, names: Iterable[str], within: tuple[str, ...] = ()
    ) -> dict[str, Listing]:
        """Ask the systems of some providers what they hold, watched or not."""
        return self._resolver.discover(names, within)

    def export(self, directory: Path, *, page: str | None = None) -> None:
        """Publish the configured sources, and those that were shown, in a folder.

        ``page`` is the language of the site, as the host calls it. See
        :mod:`backup_badge.export`. Raises UsageError for what cannot be written.
        """
        from backup_badge.export import export_statuses, generation_time

        self.resolve([TableMark()])
        statuses = {
            source: status
            for source, status in self._statuses.items()
            if source.address
        }
        generated = generation_time(self.now, os.environ)
        try:
            export_statuses(
                statuses,
                directory,
                generated=generated,
                language=self.language(page),
            )
        except OSError as error:
            why = f"cannot publish statuses in {directory.name}: {error.strerror}"
            raise UsageError(why) from error

    @property
    def now(self) -> datetime:
        """When the build takes place, in UTC: ages are judged by it."""
        return self._resolver.now

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what went wrong beside the sources, to be logged once."""
        asked = self._made.notices if self._made else ()
        return (*self.settings.notices, *asked)

    @property
    def _resolver(self) -> Resolver:
        if self._made is None:
            # A site without a badge asks nothing: it need not read what asks.
            from backup_badge.ask.resolver import Resolver

            self._made = Resolver(self.settings)
        return self._made

    def _of(self, mark: Mark) -> dict[Source, Status]:
        self.resolve([mark])
        return {source: self._statuses[source] for source in self.sources(mark)}

    def _restores_of(self, mark: Mark) -> dict[Source, Status]:
        """Return the statuses of the restore tests that a mark shows."""
        return {
            source: self._statuses[source]
            for source in self.shown(mark)
            if source.is_restore
        }

    def _sources_of(self, marks: Iterable[Mark]) -> list[Source]:
        found = (source for mark in marks for source in self.shown(mark))
        return list(dict.fromkeys(found))
