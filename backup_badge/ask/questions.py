"""Asking the backup systems: each address once, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from backup_badge.ask.answers import Answers
from backup_badge.ask.contained import contained
from backup_badge.ask.pool import Pool
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings, system_of
from backup_badge.providers import Session
from backup_badge.values.problem import PASSING, Category, Problem
from backup_badge.values.source import Address
from backup_badge.values.status import Status

if TYPE_CHECKING:
    from backup_badge.http.client import Client

Answer = Status | Problem
Result = TypeVar("Result")

OFFLINE = Problem(
    category=Category.OFFLINE,
    message="nothing is asked, because 'offline' is set",
)
_NO_THREAD = Problem(
    category=Category.UNREACHABLE,
    message="nothing could be asked: the system has no thread to spare",
)


class Questions:
    """The questions of one build, and what is known of the hosts that are asked.

    Waiting for the answers takes the configured ``deadline`` in all. ``clock`` tells
    monotonic seconds, ``now`` the time in UTC; references are looked up in
    ``environ``. ``watch`` is called again and again while answers are awaited.
    """

    def __init__(
        self,
        settings: Settings,
        remembered: Answers,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        environ: Mapping[str, str],
        watch: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._remembered = remembered
        self._clock = clock
        self._now = now
        self._environ = environ
        self._watch = watch
        self._left = seconds = settings.deadline.total_seconds()
        self._late = Problem(
            category=Category.TIMEOUT,
            message=f"there was no answer within the {seconds:g} s that a build waits"
            " in all: see which host is slow, or raise 'deadline'",
        )
        self._answers: dict[Address, Answer] = {}
        self._known: dict[Address, Status | None] = {}
        self._sessions: dict[str, Session | Problem] = {}
        self._client: Client | None = None

    def ask(self, addresses: Iterable[Address]) -> dict[Address, Answer]:
        """Return the answers, once all are there or the deadline is over.

        What is remembered and fresh is not asked for.
        """
        addresses = set(addresses)
        asked: dict[str, list[Address]] = {}
        for address in sorted(addresses - self._answers.keys(), key=str):
            known = self._known[address] = self._remembered.recall(address)
            if known is not None and self._remembered.is_fresh(known):
                self._answers[address] = known
            elif self._settings.offline:
                self._answers[address] = OFFLINE
            else:
                asked.setdefault(address.provider, []).append(address)
        jobs = []
        for name, group in asked.items():
            host = contained(partial(self._load, name))
            if isinstance(host, Problem):
                self._give_up(group, host)
            else:
                jobs.append((host, partial(self._sweep, host, name, group)))
        left = [address for group in asked.values() for address in group]
        self._run(jobs, partial(self._give_up, left))
        return {address: self._answers[address] for address in addresses}

    def fetch(self, job: Callable[[Client], Result]) -> Result | Problem:
        """Return what one job that needs a client comes to."""
        done: list[Result | Problem] = []

        def work(pool: Pool, client: Client) -> bool:
            done.append(contained(partial(job, client)))
            return True

        self._run([("", work)], done.append)
        return done[0]

    def _run(
        self,
        jobs: Sequence[tuple[str, Callable[[Pool, Client], bool]]],
        give_up: Callable[[Problem], None],
    ) -> None:
        """Have threads do the jobs of hosts; give up what is not done, and say why."""
        if not jobs or self._left <= 0:
            give_up(self._late)
            return
        client = self._open_client()
        pool = Pool(size=self._settings.concurrency)
        begun = self._clock()

        def tick() -> bool:
            client.abort_overdue()
            self._watch()
            return self._clock() < client.until

        try:
            for host, job in jobs:
                pool.submit(host, [partial(job, pool, client)])
            pool.wait(tick)
            give_up(_NO_THREAD if self._clock() < client.until else self._late)
        finally:
            client.close()
            pool.close(seconds=1)
            self._left -= self._clock() - begun

    def _give_up(self, addresses: Iterable[Address], why: Problem) -> None:
        for address in addresses:
            self._answers.setdefault(address, why)

    def _open_client(self) -> Client:
        # Imported here: a build that asks for nothing never loads the network library.
        from backup_badge.http.client import Client

        until = self._clock() + self._left
        if self._client is None:
            self._client = Client(
                timeout=self._settings.timeout.total_seconds(),
                until=until,
                concurrency=self._settings.concurrency,
                clock=self._clock,
            )
        else:
            self._client.reopen(until)
        return self._client

    def _load(self, name: str) -> str:
        """Import what a provider needs before there are threads; return its host."""
        system = system_of(name, self._settings.providers)
        system.load()
        options = provider_settings(name, self._settings.providers).options
        return str(system.host(options))

    def _sweep(
        self, host: str, name: str, group: list[Address], pool: Pool, client: Client
    ) -> bool:
        """Ask for many sources in few calls; what they do not tell is asked alone."""
        if name not in self._sessions:
            self._sessions[name] = contained(partial(self._open, name, client))
        session = self._sessions[name]
        if isinstance(session, Problem):
            self._give_up(group, session)
            return False
        wanted = {address.segments: address for address in group}

        def sweep() -> None:
            for segments, status in session.sweep(tuple(wanted)):
                self._note(wanted[segments], self._dated(status))

        contained(sweep)
        left = [address for address in group if address not in self._answers]
        pool.submit(host, [partial(self._fetch, session, address) for address in left])
        return len(left) < len(group)

    def _open(self, name: str, client: Client) -> Session:
        system = system_of(name, self._settings.providers)
        provider = provider_settings(name, self._settings.providers)
        return system.open(provider.options, client, self._environ)

    def _fetch(self, session: Session, address: Address) -> bool:
        def fetch() -> None:
            status = session.fetch(address.segments, self._known[address])
            self._note(address, self._dated(status))

        problem = contained(fetch)
        if problem is not None:
            self._note(address, problem)
        return problem is None or problem.category is not Category.TIMEOUT

    def _dated(self, status: Status) -> Status:
        return replace(status, checked=self._now())

    def _note(self, address: Address, answer: Answer) -> None:
        """Take an answer, unless the deadline was over first, and remember what is new.

        An answer that cannot be understood is news too: no older one may hide it.
        """
        if isinstance(answer, Status):
            self._remembered.keep(address, answer)
        elif answer.category not in PASSING:
            self._remembered.forget(address)
        self._answers.setdefault(address, answer)
