"""Waiting for backup systems: jobs in one thread pool, under one deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from backup_badge.ask.pool import Job, Pool
from backup_badge.config.settings import Settings
from backup_badge.values.problem import Category, Problem

if TYPE_CHECKING:
    from backup_badge.http.client import Client

Watch = Callable[[int, int], None]
"""Is told again and again how many of how many sources have their answer."""

_NO_THREAD = Problem(
    category=Category.UNREACHABLE,
    message="nothing could be asked: the system has no thread to spare",
)


class Waiting:
    """The time that one build waits, in sum, and the client that keeps to it.

    ``until`` is when it is over, by ``clock``, which tells monotonic seconds.
    ``watch`` is told while waiting how much of how much is done.
    """

    def __init__(
        self, settings: Settings, *, clock: Callable[[], float], watch: Watch
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._watch = watch
        self._left = seconds = settings.deadline.total_seconds()
        self.until = clock() + seconds
        self._late = Problem(
            category=Category.TIMEOUT,
            message=f"there was no answer within the {seconds:g} s that a build waits"
            " in all: see which host is slow, or raise 'deadline'",
        )
        self._client: Client | None = None
        self._opening = threading.Lock()

    def client(self) -> Client:
        """Return the one client of the build, opened when it is first needed."""
        # Imported here: a build that asks for nothing never loads the network library.
        from backup_badge.http.client import Client

        with self._opening:
            if self._client is None:
                self._client = Client(
                    timeout=self._settings.timeout.total_seconds(),
                    until=self.until,
                    concurrency=self._settings.concurrency,
                    clock=self._clock,
                )
            return self._client

    def run(
        self,
        jobs: Sequence[tuple[str, Job]],
        give_up: Callable[[Problem], None],
        *,
        before: int = 0,
    ) -> None:
        """Have threads do the jobs of hosts; give up what is not done, and say why.

        ``before`` is how many were done without a job.
        """
        if not jobs:
            return
        if self._left <= 0:
            give_up(self._late)
            return
        pool = Pool(size=self._settings.concurrency)
        begun = self._clock()
        self.until = begun + self._left
        if self._client is not None:
            self._client.reopen(self.until)
        done: list[Job] = []
        try:
            for host, job in jobs:
                pool.submit(host, [partial(_noted, job, done)])
            pool.wait(lambda: self._goes_on(before + len(done), before + len(jobs)))
            give_up(_NO_THREAD if self._clock() < self.until else self._late)
        finally:
            if self._client is not None:
                self._client.close()
            pool.close(seconds=1)
            self._left -= self._clock() - begun

    def _goes_on(self, done: int, of: int) -> bool:
        """Tell how far it is, end what takes too long, and say whether to wait on."""
        if self._client is not None:
            self._client.abort_overdue()
        self._watch(done, of)
        return self._clock() < self.until


def _noted(job: Job, done: list[Job]) -> bool:
    try:
        return job()
    finally:
        done.append(job)
