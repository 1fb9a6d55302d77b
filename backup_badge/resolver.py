"""Sources in, statuses out, each address asked once a build and all of them at once.

An answer comes from the status file where one is configured, else from the cache while
it is fresh, else from the backup system; a stale answer stands in where that fails.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from backup_badge.catalog import provider_settings
from backup_badge.crew import Crew, Key
from backup_badge.memory import Memory
from backup_badge.problems import PASSING, Category, Problem
from backup_badge.providers import PROVIDERS, Session
from backup_badge.settings import Settings
from backup_badge.sources import Address, Source
from backup_badge.status import Status, judge, unresolved
from backup_badge.status_file import (
    StatusFile,
    fetch_status_file,
    load_status_file,
)

if TYPE_CHECKING:
    from backup_badge.http import Client

_OFFLINE = Problem(
    category=Category.OFFLINE,
    message="nothing is asked, because 'offline' is set",
)


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
        self._clock = clock
        self._watch = watch
        self._environ = os.environ if environ is None else environ
        self._memory = Memory(settings, now=now, environ=self._environ)
        self._started: set[Address] = set()
        self._answers: dict[Address, Status | Problem] = {}
        self._crew: Crew[Address, Status] = Crew(size=settings.concurrency, clock=clock)
        self._file: StatusFile | Problem | None = None
        self._client: Client | None = None
        self._until: float | None = None
        self._sessions: dict[str, Session] = {}
        self._opening = threading.Lock()

    def start(self, sources: Iterable[Source]) -> None:
        """Begin to ask for sources and return at once."""
        if self.settings.status_file is not None:
            return
        asked: dict[str, list[Address]] = {}
        addresses = {source.address for source in sources if source.address}
        for address in sorted(addresses - self._started, key=str):
            self._started.add(address)
            known = self._memory.recall(address)
            if known is not None and self._memory.is_fresh(known):
                self._answers[address] = known
            elif self.settings.offline:
                self._answers[address] = _OFFLINE
            else:
                asked.setdefault(address.provider, []).append(address)
        for name, group in asked.items():
            client = self._open_client()
            sweep = partial(self._sweep, client, name, group)
            one = partial(self._ask, client)
            self._crew.submit(group, sweep, instead=one, lane=name)

    def resolve(self, sources: Iterable[Source]) -> dict[Source, Status]:
        """Return the status of each source, judged. Raises nothing for a source.

        Blocks until the deadline, which runs from the first question on, and a second
        at most.
        """
        sources = list(sources)
        self.start(sources)
        if self.settings.status_file is None:
            self._collect({source.address for source in sources if source.address})
        return {source: self._judged(source) for source in sources}

    def close(self) -> None:
        """End what is under way, close the connections and see the threads off."""
        if self._client is not None:
            self._client.close()
            self._client = None
            self._sessions.clear()
            self._crew.dismiss(seconds=1)

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what went wrong beside the sources."""
        return self._memory.notices

    # Asking

    def _open_client(self) -> Client:
        # Imported here: a build that asks for nothing never loads the network library.
        from backup_badge.http import Client

        if self._until is None:
            self._until = self._clock() + self.settings.deadline.total_seconds()
        if self._client is None:
            self._client = Client(
                timeout=self.settings.timeout.total_seconds(),
                until=self._until,
                concurrency=self.settings.concurrency,
                clock=self._clock,
            )
        return self._client

    def _sweep(
        self, client: Client, name: str, group: list[Address]
    ) -> Iterator[tuple[Address, Status]]:
        """Ask for many sources of one provider in few calls, where it knows how."""
        wanted = {address.segments: address for address in group}
        for segments, status in self._session(name, client).sweep(wanted):
            yield wanted[segments], self._noted(wanted[segments], status)

    def _ask(
        self, client: Client, address: Address
    ) -> Iterator[tuple[Address, Status]]:
        session = self._session(address.provider, client)
        status = session.fetch(address.segments, self._memory.recall(address))
        yield address, self._noted(address, status)

    def _noted(self, address: Address, status: Status) -> Status:
        status = replace(status, checked=self._utc_now())
        self._memory.keep(address, status)
        return status

    def _session(self, name: str, client: Client) -> Session:
        with self._opening:
            if name not in self._sessions:
                provider = provider_settings(name, self.settings.providers)
                self._sessions[name] = PROVIDERS[provider.type].open(
                    provider.options, client, self._environ
                )
            return self._sessions[name]

    def _collect(self, addresses: set[Address]) -> None:
        """Wait for what was asked, and close the connections when all is there."""
        asked = addresses - self._answers.keys()
        if asked:
            # Without a client all answers came while earlier ones were waited for.
            if self._client is not None:
                self._wait(self._crew, asked)
            self._answers.update({key: self._crew.result(key) for key in asked})
        if self._crew.is_idle:
            self.close()

    def _wait(self, crew: Crew[Key, Any], keys: Iterable[Key]) -> None:
        client = self._client
        assert client is not None and self._until is not None
        seconds = self.settings.deadline.total_seconds()
        late = Problem(
            category=Category.TIMEOUT,
            message=f"there was no answer within the {seconds:g} s that a build may"
            " spend: see which host is slow, or raise 'deadline'",
        )

        def tick() -> None:
            client.abort_overdue()
            self._watch()

        crew.wait(keys, until=self._until, late=late, tick=tick)

    def _load_file(self, location: str) -> StatusFile | Problem:
        return load_status_file(
            location,
            partial(self._fetch_file, location),
            settings=self.settings,
            cache=self._memory.cache,
            now=self._utc_now,
        )

    def _fetch_file(
        self, location: str, known: StatusFile | None
    ) -> StatusFile | Problem:
        if self.settings.offline:
            return _OFFLINE
        fetch = partial(fetch_status_file, location, self._open_client(), known)
        crew: Crew[str, StatusFile] = Crew(size=1, clock=self._clock)
        crew.submit([location], lambda: [(location, fetch())])
        self._wait(crew, [location])
        self.close()
        crew.dismiss(seconds=1)
        return crew.result(location)

    # Judging

    def _judged(self, source: Source) -> Status:
        if source.problem is not None or source.address is None:
            problem = source.problem or _OFFLINE
            return unresolved(problem.category, problem.message)
        name = source.address.provider
        provider = PROVIDERS[provider_settings(name, self.settings.providers).type]
        return judge(
            self._answer(source, source.address),
            max_age=source.max_age,
            now=self.now,
            dated=provider.dated,
        )

    def _answer(self, source: Source, address: Address) -> Status:
        if self.settings.status_file is None:
            answer = self._answers[address]
        else:
            if self._file is None:
                self._file = self._load_file(self.settings.status_file)
            if isinstance(self._file, StatusFile):
                return self._file.status(source)
            answer = self._file
        return (
            self._stand_in(address, answer) if isinstance(answer, Problem) else answer
        )

    def _stand_in(self, address: Address, problem: Problem) -> Status:
        """Return the last answer with the problem beside it, if it may still be used.

        A refused credential or a missing backup is news, which no old answer hides.
        """
        if problem.category in PASSING:
            stale = self._memory.recall(address)
            if stale is not None:
                return replace(stale, problem=problem)
        return unresolved(problem.category, problem.message)
