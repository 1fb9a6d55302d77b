"""Sources in, statuses out, judged.

An answer comes from the status file where one is configured, else from the cache while
it is fresh, else from the backup system; a stale answer stands in where that fails.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from backup_badge.ask.answers import Memory
from backup_badge.ask.questions import OFFLINE, Asking
from backup_badge.ask.status_file import StatusFile, fetch_status_file, load_status_file
from backup_badge.config.settings import Settings
from backup_badge.config.systems import system_of
from backup_badge.values.problem import PASSING, Problem
from backup_badge.values.source import Address, Source
from backup_badge.values.status import Status, judge, unresolved


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Resolver:
    """Resolves sources for one build, within the configured ``deadline``.

    ``now`` tells the time in UTC: ages are judged by what it says at the start.
    ``clock`` tells monotonic seconds; references are looked up in ``environ``.
    ``watch`` is called again and again while answers are awaited.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        environ: Mapping[str, str] | None = None,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self.settings = settings
        self.now = now()
        self._utc_now = now
        environ = os.environ if environ is None else environ
        self._memory = Memory(settings, now=now, environ=environ)
        self._asking = Asking(
            settings, self._memory, clock=clock, now=now, environ=environ, watch=watch
        )
        self._file: StatusFile | Problem | None = None

    def start(self, sources: Iterable[Source]) -> None:
        """Begin to ask for sources and return at once."""
        if self.settings.status_file is None:
            self._asking.start(source.address for source in sources if source.address)

    def has_time_for(self, sources: Iterable[Source]) -> bool:
        """Whether all are answered, or half of the deadline is left at least."""
        addresses = (source.address for source in sources if source.address)
        return self._asking.has_time_for(addresses)

    def resolve(self, sources: Iterable[Source]) -> dict[Source, Status]:
        """Return the status of each source, judged. Raises nothing for a source.

        Blocks until the deadline, which runs from the first question on, and a second
        at most.
        """
        sources = list(sources)
        self.start(sources)
        answers: Mapping[Address, Status | Problem] = {}
        if self.settings.status_file is None:
            asked = (source.address for source in sources if source.address)
            answers = self._asking.collect(asked)
        return {source: self._judged(source, answers) for source in sources}

    def close(self) -> None:
        """End what is under way, close the connections and see the threads off."""
        self._asking.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what went wrong beside the sources."""
        return self._memory.notices

    def _judged(
        self, source: Source, answers: Mapping[Address, Status | Problem]
    ) -> Status:
        if source.problem is not None or source.address is None:
            problem = source.problem or OFFLINE
            return unresolved(problem.category, problem.message)
        if self.settings.status_file is None:
            answer = answers[source.address]
        else:
            answer = self._in_file(source, self.settings.status_file)
        if isinstance(answer, Problem):
            answer = self._stand_in(source.address, answer)
        system = system_of(source.address.provider, self.settings.providers)
        return judge(answer, max_age=source.max_age, now=self.now, dated=system.dated)

    def _stand_in(self, address: Address, problem: Problem) -> Status:
        """Return the last answer with the problem beside it, if it may still be used.

        A refused credential or a missing backup is news, which no old answer hides.
        """
        if problem.category in PASSING:
            stale = self._memory.recall(address)
            if stale is not None:
                return replace(stale, problem=problem, stale=True)
        return unresolved(problem.category, problem.message)

    def _in_file(self, source: Source, location: str) -> Status | Problem:
        if self._file is None:
            self._file = load_status_file(
                location,
                partial(self._fetch_file, location),
                settings=self.settings,
                cache=self._memory.cache,
                now=self._utc_now,
            )
        if isinstance(self._file, Problem):
            return self._file
        return self._file.status(source)

    def _fetch_file(
        self, location: str, known: StatusFile | None
    ) -> StatusFile | Problem:
        if self.settings.offline:
            return OFFLINE
        return self._asking.fetch(
            location, lambda client: fetch_status_file(location, client, known)
        )
