"""Asking the backup systems: each source once, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from backup_badge.ask.accesses import Accesses
from backup_badge.ask.answers import Answers
from backup_badge.ask.build_reach import OFFLINE, BuildReach
from backup_badge.ask.pool import Job
from backup_badge.ask.waiting import Waiting, Watch
from backup_badge.config.settings import Settings
from backup_badge.documents.fields import Fields
from backup_badge.documents.records import full_record, read_status
from backup_badge.provider import Provider
from backup_badge.values.problem import PASSING, Category, Problem
from backup_badge.values.source import Source
from backup_badge.values.status import Status
from backup_badge.ways.access import Access, Unchanged
from backup_badge.ways.ask import Ask
from backup_badge.ways.contained import contained
from backup_badge.ways.locator import Locator
from backup_badge.ways.reach import Trace
from backup_badge.ways.way import File, Http

if TYPE_CHECKING:
    from backup_badge.http.client import Client

Answer = Status | Problem
Asked = tuple[Source, Access, Locator, Status | None]
Result = TypeVar("Result")


class Questions:
    """The questions of one build, and what is known of the systems that are asked.

    Waiting for the answers takes the configured ``deadline`` in all. ``clock`` tells
    monotonic seconds, ``now`` the time in UTC; references are looked up in
    ``environ``. ``watch`` is told while waiting how much of how much is done, ``trace``
    of each exchange.
    """

    def __init__(
        self,
        settings: Settings,
        remembered: Answers,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        environ: Mapping[str, str],
        watch: Watch,
        trace: Trace | None = None,
    ) -> None:
        self._settings = settings
        self._remembered = remembered
        self._now = now
        self._waiting = waiting = Waiting(settings, clock=clock, watch=watch)
        self._answers: dict[Source, Answer] = {}
        reach = BuildReach(
            settings=settings,
            environ=environ,
            client=waiting.client,
            until=lambda: waiting.until,
            now=now,
            clock=clock,
            trace=trace,
        )
        self.accesses = Accesses(settings, reach, environ)

    def ask(self, sources: Iterable[Source]) -> dict[Source, Answer]:
        """Return the answers, once all are there or the deadline is over.

        What is remembered and fresh is not asked for; a file is read in each build.
        """
        sources = list(dict.fromkeys(sources))
        asked: list[Asked] = []
        for source in sources:
            if source.address is None or source.problem or source in self._answers:
                continue
            found = contained(partial(self.accesses.of_source, source, source.address))
            if isinstance(found, Problem):
                self._answers[source] = found
                continue
            access, locator = found
            is_file = isinstance(access.way, File)
            known = None if is_file else self._remembered.recall(source)
            if known is not None and self._remembered.is_fresh(known):
                self._answers[source] = known
            elif self._settings.offline and not is_file:
                self._answers[source] = OFFLINE
            else:
                asked.append((source, access, locator, known))
        if any(isinstance(access.way, Http) for _, access, _, _ in asked):
            # Not in a thread: it takes long, and others would wait for it.
            import backup_badge.http.client  # noqa: F401
        left = [source for source, *_ in asked]
        answered = len(sources) - len(asked)
        self._waiting.run(
            self._jobs(asked), partial(self._give_up, left), before=answered
        )
        return {
            source: self._answers[source]
            for source in sources
            if source in self._answers
        }

    def _jobs(self, asked: Sequence[Asked]) -> list[tuple[str, Job]]:
        """Return what to do for each source, with its queue."""
        wanted: dict[Access, list[Locator]] = {}
        for _, access, locator, _ in asked:
            wanted.setdefault(access, []).append(locator)
        jobs: list[tuple[str, Job]] = []
        for source, access, locator, known in asked:
            ask = Ask(
                now=self._now(),
                max_age=source.max_age,
                wanted=wanted[access],
                known=known,
                access=access,
            )
            jobs.append((access.queue, partial(self._read, source, locator, ask)))
        return jobs

    def fetch(self, job: Callable[[Client], Result]) -> Result | Problem:
        """Return what one job that needs a client comes to."""
        work = partial(contained, lambda: job(self._waiting.client()))
        return self.each({"": ("", work)})[""]

    def each(
        self, jobs: Mapping[str, tuple[str, Callable[[], Result | Problem]]]
    ) -> dict[str, Result | Problem]:
        """Return what jobs come to, each with its queue, or why they do not."""
        import backup_badge.http.client  # noqa: F401

        done: dict[str, Result | Problem] = {}

        def work(key: str, job: Callable[[], Result | Problem]) -> bool:
            done.setdefault(key, job())
            return True

        def give_up(why: Problem) -> None:
            for key in jobs:
                done.setdefault(key, why)

        queued = [
            (queue, partial(work, key, job)) for key, (queue, job) in jobs.items()
        ]
        self._waiting.run(queued, give_up)
        return {key: done[key] for key in jobs}

    def _give_up(self, sources: Iterable[Source], why: Problem) -> None:
        for source in sources:
            self._answers.setdefault(source, why)

    def _read(self, source: Source, locator: Locator, ask: Ask) -> bool:
        """Have the provider read what is known of a source."""
        provider = ask.access.provider
        assert isinstance(provider, Provider)

        def read() -> Status:
            try:
                status = provider.read(ask, locator)
            except Unchanged:
                assert ask.known is not None
                return ask.known
            # What another package returns may hold anything; no page does.
            record = Fields(document=full_record(status), origin="its provider")
            told = read_status(record)
            return replace(
                status,
                name=told.name,
                details=told.details,
                validator=ask.validator,
            )

        def note() -> Answer:
            status = replace(read(), checked=self._now())
            if not isinstance(ask.access.way, File):
                self._remembered.keep(source, status)
            return status

        answer = contained(note)
        self._note(source, answer)
        is_late = isinstance(answer, Problem) and answer.category is Category.TIMEOUT
        return not is_late

    def _note(self, source: Source, answer: Answer) -> None:
        """Take an answer, unless the deadline was over first.

        One that cannot be understood is news too: no older one may hide it.
        """
        if isinstance(answer, Problem) and answer.category not in PASSING:
            self._remembered.forget(source)
        self._answers.setdefault(source, answer)
