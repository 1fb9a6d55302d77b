"""A thread pool with a queue for each host: the only place with threads.

Its threads are daemons, so that nothing a server does can hold the process: one that
hangs in a name look-up is left behind.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable

Job = Callable[[], bool]
"""What a thread does. It tells whether its host has answered in time."""

_TICK = 0.05
"""Seconds between two looks at what may have overstayed."""


class Pool:
    """Up to ``size`` threads; a free one takes from the host with fewest under way.

    Until a host has answered in time, half of the threads at most wait for it: a host
    that hangs leaves the rest to others.
    """

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._queues: dict[str, deque[Job]] = {}
        self._busy: Counter[str] = Counter()
        self._proven: set[str] = set()
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        self._changed = threading.Condition()

    def submit(self, host: str, jobs: Iterable[Job]) -> None:
        """Put jobs into a host's queue. A job may submit others."""
        with self._changed:
            self._queues.setdefault(host, deque()).extend(jobs)
            self._start_threads()
            self._changed.notify_all()

    def wait(self, tick: Callable[[], bool]) -> None:
        """Block until all jobs are done, or until ``tick`` returns false.

        ``tick`` is called again and again. Without any thread nothing is waited for.
        """
        while tick():
            with self._changed:
                is_idle = not self._busy.total() and not any(self._queues.values())
                if is_idle or not any(map(threading.Thread.is_alive, self._threads)):
                    return
                self._changed.wait(_TICK)

    def close(self, *, seconds: float) -> None:
        """Begin nothing more, and see the threads off for so long at most."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(timeout=max(end - time.monotonic(), 0))

    def _start_threads(self) -> None:
        jobs = self._busy.total() + sum(map(len, self._queues.values()))
        while len(self._threads) < min(self._size, jobs) and not self._is_closed:
            thread = threading.Thread(target=self._work, daemon=True)
            try:
                thread.start()
            except RuntimeError:
                # The system has no thread left: those that are there do all the work.
                return
            self._threads.append(thread)

    def _work(self) -> None:
        while (taken := self._take()) is not None:
            host, job = taken
            has_answered = False
            try:
                has_answered = job()
            finally:
                with self._changed:
                    self._busy[host] -= 1
                    self._proven |= {host} if has_answered else set()
                    self._changed.notify_all()

    def _take(self) -> tuple[str, Job] | None:
        """Wait for a job; None when there will be none."""
        with self._changed:
            while not self._is_closed:
                hosts = [host for host in self._queues if self._has_room(host)]
                if hosts:
                    host = min(hosts, key=self._busy.__getitem__)
                    self._busy[host] += 1
                    return host, self._queues[host].popleft()
                self._changed.wait()
        return None

    def _has_room(self, host: str) -> bool:
        most = self._size if host in self._proven else max(self._size // 2, 1)
        return bool(self._queues[host]) and self._busy[host] < most
