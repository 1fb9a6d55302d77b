"""Asking the backup systems: each address once a build, and all of them at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from backup_badge.ask.answers import Memory
from backup_badge.ask.pool import Crew, Key, Result
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings, system_of
from backup_badge.providers import Session
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Address
from backup_badge.values.status import Status

if TYPE_CHECKING:
    from backup_badge.http.client import Client

OFFLINE = Problem(
    category=Category.OFFLINE,
    message="nothing is asked, because 'offline' is set",
)


class Asking:
    """The questions of one build, within the configured ``deadline``.

    ``clock`` tells monotonic seconds, ``now`` the time in UTC; references are looked
    up in ``environ``. ``watch`` is called again and again while answers are awaited.
    """

    def __init__(
        self,
        settings: Settings,
        memory: Memory,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        environ: Mapping[str, str],
        watch: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._clock = clock
        self._now = now
        self._environ = environ
        self._watch = watch
        self._started: set[Address] = set()
        self._answers: dict[Address, Status | Problem] = {}
        self._crew: Crew[Address, Status] = Crew(size=settings.concurrency, clock=clock)
        self._client: Client | None = None
        self._until: float | None = None
        self._sessions: dict[str, Session] = {}
        self._opening = threading.Lock()

    def start(self, addresses: Iterable[Address]) -> None:
        """Begin to ask, and return at once.

        What is remembered and fresh is not asked for.
        """
        asked = []
        for address in sorted(set(addresses) - self._started, key=str):
            self._started.add(address)
            known = self._memory.recall(address)
            if known is not None and self._memory.is_fresh(known):
                self._answers[address] = known
            elif self._settings.offline:
                self._answers[address] = OFFLINE
            else:
                asked.append(address)
        if asked:
            self._begin()
            self._submit(asked)

    def _begin(self) -> float:
        """Return when the deadline is over; it runs from now, if it did not yet."""
        if self._until is None:
            self._until = self._clock() + self._settings.deadline.total_seconds()
        return self._until

    def _submit(self, addresses: Iterable[Address]) -> None:
        """Have the threads ask."""
        asked: dict[str, list[Address]] = {}
        for address in addresses:
            asked.setdefault(address.provider, []).append(address)
        for name, group in asked.items():
            client = self._open_client()
            provider = provider_settings(name, self._settings.providers)
            system = system_of(name, self._settings.providers)
            system.load()
            sweep = partial(self._sweep, client, name, group)
            one = partial(self._ask, client)
            self._crew.submit(
                group, sweep, instead=one, lane=system.host(provider.options)
            )

    def has_time_for(self, addresses: Iterable[Address]) -> bool:
        """Whether all are answered, or half of the deadline is left at least."""
        is_done = self._is_idle and self._started.issuperset(addresses)
        if self._until is None or is_done:
            return True
        left = self._until - self._clock()
        return left >= self._settings.deadline.total_seconds() / 2

    def collect(self, addresses: Iterable[Address]) -> dict[Address, Status | Problem]:
        """Return the answers to what was started, at the deadline at the latest.

        The connections are closed when all is there.
        """
        addresses = set(addresses)
        asked = addresses - self._answers.keys()
        if asked:
            # Without a client all answers came while earlier ones were waited for.
            if self._client is not None:
                self._wait(self._crew, asked)
            self._answers.update({key: self._crew.result(key) for key in asked})
        if self._crew.is_idle:
            self._close_client()
        return {address: self._answers[address] for address in addresses}

    def fetch(self, key: Key, job: Callable[[Client], Result]) -> Result | Problem:
        """Do one job that needs a client, and wait for it."""
        client = self._open_client()
        crew: Crew[Key, Result] = Crew(size=1, clock=self._clock)
        crew.submit([key], lambda: [(key, job(client))])
        self._wait(crew, [key])
        self.close()
        crew.dismiss(seconds=1)
        return crew.result(key)

    def close(self) -> None:
        """End what is under way, close the connections and see the threads off."""
        self._close_client()

    @property
    def _is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self._crew.is_idle

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
            self._sessions.clear()
            self._crew.dismiss(seconds=1)

    def _open_client(self) -> Client:
        # Imported here: a build that asks for nothing never loads the network library.
        from backup_badge.http.client import Client

        if self._client is None:
            self._client = Client(
                timeout=self._settings.timeout.total_seconds(),
                until=self._begin(),
                concurrency=self._settings.concurrency,
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
        status = replace(status, checked=self._now())
        self._memory.keep(address, status)
        return status

    def _session(self, name: str, client: Client) -> Session:
        with self._opening:
            if name not in self._sessions:
                provider = provider_settings(name, self._settings.providers)
                self._sessions[name] = system_of(name, self._settings.providers).open(
                    provider.options, client, self._environ
                )
            return self._sessions[name]

    def _wait(self, crew: Crew[Key, Any], keys: Iterable[Key]) -> None:
        client = self._client
        assert client is not None and self._until is not None
        seconds = self._settings.deadline.total_seconds()
        late = Problem(
            category=Category.TIMEOUT,
            message=f"there was no answer within the {seconds:g} s that a build may"
            " spend: see which host is slow, or raise 'deadline'",
        )

        def tick() -> None:
            client.abort_overdue()
            self._watch()

        crew.wait(keys, until=self._until, late=late, tick=tick)
