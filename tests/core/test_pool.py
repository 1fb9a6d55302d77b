"""Jobs are done at once, and a host that hangs leaves threads to the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest

from backup_badge.ask.pool import Job, Pool

pytestmark = pytest.mark.slow

PATIENCE = 20.0
"""Seconds within which every job of these tests is long done."""


class Jobs:
    """Jobs that note that they were done, and hang as long as ``hangs`` is set."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.running = self.most = 0
        self.over = threading.Event()
        self._lock = threading.Lock()

    def make(self, name: object, *, seconds: float = 0.0, hangs: bool = False) -> Job:
        """Return a job; one that hangs does until the test is over."""
        return partial(self._do, name, seconds, hangs)

    def _do(self, name: object, seconds: float, hangs: bool) -> bool:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        if hangs:
            self.over.wait(PATIENCE)
        time.sleep(seconds)
        with self._lock:
            self.running -= 1
            self.done.append(name)
        return not hangs


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.over.set()
    for thread in threading.enumerate():
        if thread.name.endswith("(_work)"):
            thread.join(PATIENCE)


def finish(pool: Pool, seconds: float = PATIENCE) -> None:
    """Wait for a pool as a build does, and close it."""
    until = time.monotonic() + seconds
    pool.wait(lambda: time.monotonic() < until)
    pool.close(seconds=0 if seconds < PATIENCE else PATIENCE)


@pytest.mark.parametrize("size", [1, 3, 16])
def test_size(jobs: Jobs, size: int) -> None:
    """All threads work, and never more of them than the pool's size."""
    pool = Pool(size=size)
    for host in "ab":
        pool.submit(host, [jobs.make((host, n), seconds=0.02) for n in range(32)])
    finish(pool)
    assert sorted(jobs.done) == [(host, n) for host in "ab" for n in range(32)]
    assert jobs.most == size
    assert threading.active_count() == 1


def test_jobs_of_jobs(jobs: Jobs) -> None:
    """A job may submit others, and those are waited for too."""
    pool = Pool(size=4)

    def sweep() -> bool:
        pool.submit("a", [jobs.make(n, seconds=0.02) for n in range(12)])
        return False

    pool.submit("a", [sweep])
    finish(pool)
    assert sorted(jobs.done) == list(range(12))


def test_deadline(jobs: Jobs) -> None:
    """When the time is over nothing more is begun; what hangs is left behind."""
    pool = Pool(size=4)
    pool.submit("a", [jobs.make(n, hangs=True) for n in range(8)])
    finish(pool, seconds=0.3)
    assert jobs.done == []
    jobs.over.set()
    pool.close(seconds=PATIENCE)
    assert sorted(jobs.done) == [0, 1]
    assert threading.active_count() == 1


@pytest.mark.parametrize("size", [2, 16])
def test_host_that_hangs(jobs: Jobs, size: int) -> None:
    """A host whose jobs all hang holds half of the threads at most."""
    pool = Pool(size=size)
    pool.submit("silent", [jobs.make("silent", hangs=True) for _ in range(40)])
    pool.submit("living", [jobs.make(n) for n in range(40)])
    until = time.monotonic() + PATIENCE
    pool.wait(lambda: len(jobs.done) < 40 and time.monotonic() < until)
    assert sorted(map(str, jobs.done)) == sorted(map(str, range(40)))
    assert jobs.running == size // 2
    pool.close(seconds=0)


def test_host_that_has_answered(jobs: Jobs) -> None:
    """A host that has answered in time gets all threads; one that has not, does not."""
    for host_hangs, most in ((False, 8), (True, 4)):
        jobs.most = 0
        pool = Pool(size=8)
        first = [jobs.make("first", hangs=host_hangs)]
        rest = [jobs.make(n, seconds=0.1) for n in range(40)]
        if host_hangs:
            rest = [jobs.make(n, hangs=True) for n in range(40)]
        pool.submit("a", first + rest)
        finish(pool, seconds=0.5 if host_hangs else PATIENCE)
        assert jobs.most == most


def test_tick(jobs: Jobs) -> None:
    """While it waits it looks again and again at what may have overstayed."""
    pool = Pool(size=1)
    ticks: list[int] = []
    pool.submit("a", [jobs.make(0, seconds=0.4)])
    pool.wait(lambda: not ticks.append(1))
    assert len(ticks) >= 3
    pool.close(seconds=PATIENCE)


@pytest.mark.parametrize("room", [0, 1, 3])
def test_no_thread_to_be_had(
    jobs: Jobs, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has few threads left those do the work; with none it ends."""
    start, left = threading.Thread.start, [room]

    def limited(thread: threading.Thread) -> None:
        if not left[0]:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    pool = Pool(size=8)
    pool.submit("a", [jobs.make(n, seconds=0.01) for n in range(20)])
    finish(pool)
    assert sorted(jobs.done) == (list(range(20)) if room else [])


def test_a_job_that_raises(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that raises is a bug that shows; the others are done all the same."""
    shown: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda a: shown.append(a.exc_type))
    for size in (1, 4):
        pool = Pool(size=size)
        pool.submit("a", [lambda: bool(1 / 0), *(jobs.make(n) for n in range(9))])
        finish(pool)
    # With its only thread gone a pool ends, and does not wait for nobody.
    assert sorted(jobs.done) == list(range(9))
    assert shown == [ZeroDivisionError] * 2
