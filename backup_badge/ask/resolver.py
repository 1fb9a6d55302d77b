"""Sources in, statuses out, judged.

An answer comes from the status file where one is configured, else from the cache while
it is fresh, else from the backup system. Where that is silent, a remembered answer
stands in.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from backup_badge.ask.answers import Answers
from backup_badge.ask.build_reach import OFFLINE
from backup_badge.ask.cache import Cache
from backup_badge.ask.discovery import discover
from backup_badge.ask.questions import Answer, Questions
from backup_badge.ask.status_file import StatusFile, fetch_status_file, load_status_file
from backup_badge.ask.waiting import Watch
from backup_badge.config.settings import Settings
from backup_badge.config.systems import system_of
from backup_badge.options.references import expand_location
from backup_badge.values.found import Listing
from backup_badge.values.problem import PASSING, Category, Problem, ProblemError
from backup_badge.values.source import Source
from backup_badge.values.status import CLOCK_SKEW, Status, judge, unresolved
from backup_badge.ways.contained import contained
from backup_badge.ways.reach import Trace


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Resolver:
    """Resolves sources for one build, which waits no longer than ``deadline`` in all.

    ``now`` tells the time in UTC: ages are judged by what it says at the start.
    ``clock`` tells monotonic seconds; references are looked up in ``environ``.
    ``watch`` is told again and again, while answers are awaited, how many of how many
    sources have theirs; ``trace`` is told of each exchange with a backup system.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        environ: Mapping[str, str] | None = None,
        watch: Watch = lambda done, of: None,
        trace: Trace | None = None,
    ) -> None:
        self.settings = settings
        self.now = now()
        self._utc_now = now
        environ = self._environ = os.environ if environ is None else environ
        self._cache = Cache(settings.cache_dir)
        self._remembered = Answers(settings, self._cache, now=now, environ=environ)
        self._questions = Questions(
            settings,
            self._remembered,
            clock=clock,
            now=now,
            environ=environ,
            watch=watch,
            trace=trace,
        )
        self._file: StatusFile | Problem | None = None

    def resolve(self, sources: Iterable[Source]) -> dict[Source, Status]:
        """Return the status of each source, judged. Raises nothing for a source.

        Blocks until all is there or the deadline is over, and a second at most. No
        thread is left then but for one that hangs, which holds nothing up.
        """
        sources = list(sources)
        answers: Mapping[Source, Answer] = {}
        if self.settings.status_file is None:
            answers = self._questions.ask(sources)
        return {source: self._status(source, answers) for source in sources}

    def discover(
        self, names: Iterable[str], within: tuple[str, ...] = ()
    ) -> dict[str, Listing]:
        """Ask the systems of some providers what they hold. Raises nothing."""
        return discover(
            self._questions, self.settings, names, within=within, now=self.now
        )

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what went wrong beside the sources."""
        return tuple(self._cache.notices)

    def _status(self, source: Source, answers: Mapping[Source, Answer]) -> Status:
        if source.problem is not None or source.address is None:
            return unresolved(source.problem or OFFLINE)
        if self.settings.status_file is None:
            answer = answers[source]
        else:
            answer = self._in_file(source, self.settings.status_file)
        if isinstance(answer, Problem):
            answer = self._stand_in(source, answer)
        # A provider may have put anything into its answer.
        judged = contained(partial(self._judged, source, answer))
        if isinstance(judged, Problem):
            return unresolved(judged)
        return judged

    def _judged(self, source: Source, status: Status) -> Status:
        assert source.address is not None
        system = system_of(source.address.provider, self.settings.providers)
        return judge(status, max_age=source.max_age, now=self.now, dated=system.dated)

    def _stand_in(self, source: Source, problem: Problem) -> Status:
        """Return the remembered answer with the problem beside it, if it may be used.

        What was answered is news, whatever it says: no older answer hides it.
        """
        if problem.category in PASSING:
            known = self._remembered.recall(source)
            if known is not None and self._remembered.may_stand_in(known):
                return replace(known, problem=problem, stale=True)
        return unresolved(problem)

    def _in_file(self, source: Source, written: str) -> Status | Problem:
        if self._file is None:
            try:
                location = expand_location(written, self._environ)
            except ProblemError as error:
                self._file = error.problem
                return self._file
            self._file = load_status_file(
                location,
                partial(self._fetch_file, location, written),
                called=written,
                settings=self.settings,
                cache=self._cache,
                now=self._utc_now,
            )
            written_at = getattr(self._file, "generated", None)
            if written_at is not None and written_at > self.now + CLOCK_SKEW:
                self._file = Problem(
                    category=Category.INVALID_RESPONSE,
                    message=f"the status file {written} says that it was written in the"
                    " future: check the clocks",
                )
        if isinstance(self._file, Problem):
            return self._file
        return self._file.status(source)

    def _fetch_file(
        self, location: str, called: str, known: StatusFile | None
    ) -> StatusFile | Problem:
        if self.settings.offline:
            return OFFLINE
        return self._questions.fetch(
            lambda client: fetch_status_file(location, client, known, called=called)
        )
