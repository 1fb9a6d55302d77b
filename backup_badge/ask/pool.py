"""Doing many jobs at once within a set time: the only place with threads.

Threads are daemons, so that nothing a server does can hold the process; one that hangs
in a name look-up is left behind.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Generic, TypeVar

from backup_badge.values.problem import Category, Problem, ProblemError

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")
Job = Callable[[], Iterable[tuple[Key, Result]]]
"""What a thread does: it yields results under their keys, as it has them."""

_GIVEN_UP = Problem(
    category=Category.TIMEOUT, message="the build ended before there was an answer"
)
_TICK = 0.05
"""Seconds between two looks at jobs that may have overstayed."""


class Crew(Generic[Key, Result]):
    """Up to ``size`` threads that come when there is work and go when there is none.

    Jobs wait in lanes, and who is free takes from the lane that fewest work on. A lane
    holds half of the threads at most until one of its jobs has ended in time: one
    whose jobs all hang leaves the rest to others. ``clock`` tells monotonic seconds.
    """

    def __init__(
        self, *, size: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = size
        self._clock = clock
        self._results: dict[Key, Result | Problem] = {}
        self._pending: set[Key] = set()
        self._lanes: dict[Hashable, deque[Callable[[], None]]] = {}
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._staying = 0
        self._busy: Counter[Hashable] = Counter()
        self._proven: set[Hashable] = set()

    def submit(
        self,
        keys: Iterable[Key],
        job: Job[Key, Result],
        *,
        instead: Callable[[Key], Iterable[tuple[Key, Result]]] | None = None,
        lane: Hashable = None,
    ) -> None:
        """Have a job done, in its lane, that is to yield a result for each key.

        A key that it yields none for is then worked on by ``instead(key)``. Where
        that is not given, the key's result is the problem that ended the job.
        """
        with self._changed:
            keys = set(keys) - self._pending - self._results.keys()
            if keys:
                self._pending |= keys
                self._enqueue(partial(self._run, keys, job, instead, lane), lane)

    def wait(
        self,
        keys: Iterable[Key],
        *,
        until: float,
        late: Problem,
        tick: Callable[[], None],
    ) -> None:
        """Block until the keys have their results, or until the clock says ``until``.

        What is not done by then gets the problem ``late``, and nothing more is begun.
        ``tick`` is called again and again in the meantime.
        """
        wanted = list(keys)
        while True:
            with self._changed:
                while wanted and wanted[-1] not in self._pending:
                    wanted.pop()
                if not wanted:
                    return
                self._changed.wait(_TICK)
                if self._clock() >= until:
                    self._lanes.clear()
                    self._results.update(dict.fromkeys(self._pending, late))
                    self._pending.clear()
                    return
            tick()

    def result(self, key: Key) -> Result | Problem:
        """Return what became of a job that was waited for."""
        with self._changed:
            return self._results[key]

    @property
    def is_idle(self) -> bool:
        """Whether everything that was submitted has its result."""
        with self._changed:
            return not self._pending

    def dismiss(self, *, seconds: float) -> None:
        """Give up what is not done and see the threads off, for so long at most."""
        with self._changed:
            self._lanes.clear()
            self._results.update(dict.fromkeys(self._pending, _GIVEN_UP))
            self._pending.clear()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(timeout=max(end - time.monotonic(), 0))

    def _enqueue(self, run: Callable[[], None], lane: Hashable) -> None:
        self._lanes.setdefault(lane, deque()).append(run)
        self._hire()

    def _room(self, lane: Hashable) -> int:
        """How many more threads may work on a lane now."""
        limit = self._size if lane in self._proven else max(self._size // 2, 1)
        return min(limit - self._busy[lane], len(self._lanes[lane]))

    def _hire(self) -> None:
        """Start as many threads as there is work for."""
        work = self._busy.total() + sum(map(self._room, self._lanes))
        for _ in range(min(self._size, work) - self._staying):
            thread = threading.Thread(target=self._work, daemon=True)
            thread.start()
            self._threads = [t for t in self._threads if t.is_alive()] + [thread]
            self._staying += 1

    def _work(self) -> None:
        while True:
            with self._changed:
                lanes = [lane for lane in self._lanes if self._room(lane) > 0]
                if not lanes:
                    # A thread is alive a moment longer than it can be relied on.
                    self._staying -= 1
                    return
                lane = min(lanes, key=self._busy.__getitem__)
                run = self._lanes[lane].popleft()
                if not self._lanes[lane]:
                    del self._lanes[lane]
                self._busy[lane] += 1
            try:
                run()
            except Exception as error:
                # A bug in a job: it shows, and what others asked for is done.
                where = error.__traceback__, threading.current_thread()
                threading.excepthook(
                    threading.ExceptHookArgs((type(error), error, *where))
                )
            finally:
                with self._changed:
                    self._busy[lane] -= 1

    def _run(
        self,
        keys: set[Key],
        job: Job[Key, Result],
        instead: Callable[[Key], Iterable[tuple[Key, Result]]] | None,
        lane: Hashable,
    ) -> None:
        # What a bug in a job leaves behind.
        problem = Problem(
            category=Category.INVALID_RESPONSE,
            message="its provider failed in an unforeseen way: please report it",
        )
        try:
            for key, result in job():
                self._finish(key, result)
                self._prove(lane)
        except ProblemError as error:
            problem = error.problem
            if problem.category is not Category.TIMEOUT:
                self._prove(lane)
        finally:
            for key in keys:
                if instead is None:
                    self._finish(key, problem)
                else:
                    self._retry(key, partial(instead, key), lane)

    def _prove(self, lane: Hashable) -> None:
        if lane not in self._proven:
            with self._changed:
                self._proven.add(lane)
                self._hire()

    def _finish(self, key: Key, result: Result | Problem) -> None:
        with self._changed:
            if key in self._pending:
                self._pending.discard(key)
                self._results[key] = result
                self._changed.notify_all()

    def _retry(self, key: Key, job: Job[Key, Result], lane: Hashable) -> None:
        with self._changed:
            if key in self._pending:
                self._enqueue(partial(self._run, {key}, job, None, lane), lane)
