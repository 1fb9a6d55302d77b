"""Jobs are done at once, within a set time, and none of them can stop the others."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest

from backup_badge.ask.pool import Crew
from backup_badge.values.problem import Category, Problem, ProblemError

LATE = Problem(category=Category.TIMEOUT, message="late")
REFUSED = ProblemError(Category.UNAUTHORIZED, "refused")


def wait(crew: Crew[str, int], keys: str, seconds: float = 5) -> list[int | Problem]:
    """Wait for keys of one letter each and return their results."""
    until = time.monotonic() + seconds
    crew.wait(keys, until=until, late=LATE, tick=lambda: None)
    return [crew.result(key) for key in keys]


def job(*results: tuple[str, int], error: Exception | None = None) -> Iterator:
    """Yield the results, then raise the error if there is one."""
    yield from results
    if error is not None:
        raise error


@pytest.fixture
def unforeseen(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    """Return what reached the top of a thread, instead of printing it."""
    seen: list[type[BaseException]] = []
    hook = lambda arguments: seen.append(arguments.exc_type)  # noqa: E731
    monkeypatch.setattr(threading, "excepthook", hook)
    return seen


def test_results() -> None:
    """Each key gets its result; for what failed that is the problem."""
    crew: Crew[str, int] = Crew(size=2)
    crew.submit("ab", lambda: job(("a", 1), ("b", 2)))
    crew.submit("c", lambda: job(error=REFUSED))
    assert wait(crew, "abc") == [1, 2, REFUSED.problem]
    assert crew.is_idle


def test_once() -> None:
    """A key is worked on once, however often and by whomever it is asked for."""
    crew: Crew[str, int] = Crew(size=4)
    done: list[int] = []

    def count() -> Iterator[tuple[str, int]]:
        done.append(1)
        time.sleep(0.01)
        yield "a", len(done)

    for _ in range(5):
        crew.submit("a", count)
        assert wait(crew, "a") == [1]


@pytest.mark.parametrize("error", [None, REFUSED])
def test_instead(error: ProblemError | None) -> None:
    """What a job doesn't yield, whether it gave up or not, is worked on one by one."""
    crew: Crew[str, int] = Crew(size=2)
    crew.submit(
        "abc",
        lambda: job(("a", 1), error=error),
        instead=lambda key: job((key, 2)) if key == "b" else job(error=REFUSED),
    )
    assert wait(crew, "abc") == [1, 2, REFUSED.problem]


@pytest.mark.parametrize("size", [1, 2])
def test_bug_in_a_job(size: int, unforeseen: list[type[BaseException]]) -> None:
    """A bug in some jobs costs the others nothing, however few threads there are."""
    crew: Crew[str, int] = Crew(size=size)
    for key in "abc":
        crew.submit(key, lambda: job(error=KeyError("a bug")))
    for key in "defg":
        crew.submit(key, lambda key=key: job((key, 1)))
    begun = time.monotonic()
    results = wait(crew, "abcdefg")
    assert time.monotonic() - begun < 1
    assert results[3:] == [1, 1, 1, 1]
    assert {getattr(r, "category", r) for r in results[:3]} == {
        Category.INVALID_RESPONSE
    }
    assert unforeseen == [KeyError] * 3


def test_bug_in_a_sweep(unforeseen: list[type[BaseException]]) -> None:
    """A bug in a job for many keys leaves them to be worked on one by one."""
    crew: Crew[str, int] = Crew(size=1)
    crew.submit(
        "abc", lambda: job(error=KeyError("a bug")), instead=lambda key: job((key, 1))
    )
    assert wait(crew, "abc", 1) == [1, 1, 1]
    assert unforeseen == [KeyError]


def test_deadline() -> None:
    """When the time is over everything is late, and nothing more is begun."""
    crew: Crew[str, int] = Crew(size=4)
    begun, over = [], threading.Event()

    def hang(key: str) -> Iterator[tuple[str, int]]:
        begun.append(key)
        over.wait(5)
        yield key, 1

    for key in "abcdef":
        crew.submit(key, lambda key=key: hang(key))
    since = time.monotonic()
    assert wait(crew, "abcdef", 0.2) == [LATE] * 6
    assert 0.2 <= time.monotonic() - since < 0.5
    assert crew.is_idle
    over.set()
    crew.dismiss(seconds=2)
    assert sorted(begun) == ["a", "b"]
    assert crew.result("a") is LATE
    assert threading.active_count() == 1


def test_tick() -> None:
    """While it waits, a crew looks again and again at what may have overstayed."""
    crew: Crew[str, int] = Crew(size=1)
    ticks: list[int] = []
    crew.submit("a", lambda: (time.sleep(0.4), iter([("a", 1)]))[1])
    until = time.monotonic() + 5
    crew.wait("a", until=until, late=LATE, tick=lambda: ticks.append(1))
    assert 3 <= len(ticks) <= 12


@pytest.mark.parametrize("size", [1, 3, 16])
def test_size(size: int) -> None:
    """Never more jobs run at once than the crew has members, and all members work."""
    crew: Crew[int, int] = Crew(size=size)
    running, most, lock = 0, 0, threading.Lock()

    def one(key: int) -> Iterator[tuple[int, int]]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        yield key, key

    for key in range(48):
        crew.submit([key], lambda key=key: one(key))
    crew.wait(range(48), until=time.monotonic() + 5, late=LATE, tick=lambda: None)
    assert [crew.result(key) for key in range(48)] == list(range(48))
    assert most == size


def test_no_job_is_forgotten() -> None:
    """A job that comes just when the last thread goes home is done all the same."""
    crew: Crew[int, int] = Crew(size=4)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for key in range(1500):
            crew.submit([key], lambda key=key: job((key, 1)))
            until = time.monotonic() + 1
            crew.wait([key], until=until, late=LATE, tick=lambda: None)
            assert crew.result(key) == 1, f"forgotten in round {key}"
    finally:
        sys.setswitchinterval(interval)
    crew.dismiss(seconds=1)
    assert threading.active_count() == 1


def test_lanes() -> None:
    """A lane whose jobs hang leaves threads to the others."""
    crew: Crew[str, int] = Crew(size=2)
    hang = threading.Event()

    def hanging() -> Iterator[tuple[str, int]]:
        hang.wait(5)
        yield from ()

    try:
        for key in "abc":
            crew.submit(key, hanging, lane="silent")
        for key in "xyz":
            crew.submit(key, lambda key=key: job((key, 1)), lane="living")
        assert wait(crew, "xyz", seconds=2) == [1, 1, 1]
    finally:
        hang.set()
        crew.dismiss(seconds=2)
