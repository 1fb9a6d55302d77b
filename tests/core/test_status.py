"""How a status is judged: green only for a success that is recent enough."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.documents.times import read_time
from backup_badge.values.problem import Category, Problem
from backup_badge.values.state import State
from backup_badge.values.status import (
    CLOCK_SKEW,
    EARLIEST,
    Status,
    format_time,
    judge,
    unresolved,
)

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = timedelta(hours=26)
TIMES = ("started", "finished", "last_success", "checked")
PROBLEM = Problem(category=Category.TIMEOUT, message="it is slow today")


def said(reported: str, **hours: float) -> Status:
    """What a provider says; its times are hours before NOW, below zero after it."""
    times = {name: NOW - timedelta(hours=ago) for name, ago in hours.items()}
    values: dict[str, Any] = {**times, "native": "its word"}
    return Status(reported=State(reported), **values)


@pytest.mark.parametrize(
    ("status", "judged"),
    [
        # A success is as old as its end, or its start where that is all there is.
        (said("succeeded", finished=1), "succeeded"),
        (said("succeeded", finished=26), "succeeded"),
        (said("succeeded", finished=26.01), "overdue"),
        (said("succeeded", started=30, finished=25), "succeeded"),
        (said("succeeded", started=27), "overdue"),
        (said("succeeded", started=1, finished=72, last_success=1), "overdue"),
        # A success that cannot be dated isn't one that is recent enough.
        (said("succeeded"), "unknown"),
        (said("succeeded", last_success=1), "succeeded"),
        (said("succeeded", last_success=27), "overdue"),
        (said("succeeded", checked=1), "unknown"),
        # A clock may be five minutes ahead; more is no time to believe.
        (said("succeeded", finished=-5 / 60), "succeeded"),
        (said("succeeded", finished=-5.1 / 60), "unknown"),
        (said("succeeded", started=1, finished=-9000), "unknown"),
        (said("in_progress", started=-1), "unknown"),
        (said("in_progress", started=1, last_success=-1), "unknown"),
        (said("scheduled", last_success=-1), "unknown"),
        # A run is green until it hangs, or until the last success is too old.
        (said("in_progress"), "in_progress"),
        (said("in_progress", started=25), "in_progress"),
        (said("in_progress", started=27), "overdue"),
        (said("in_progress", started=1, last_success=27), "overdue"),
        (said("in_progress", started=1, last_success=25), "in_progress"),
        (said("in_progress", started=27, last_success=1), "overdue"),
        (said("scheduled"), "scheduled"),
        (said("scheduled", last_success=25), "scheduled"),
        (said("scheduled", last_success=27), "overdue"),
        (said("scheduled", started=27), "overdue"),
        # What an old answer tells of is older still.
        (said("in_progress", checked=25), "in_progress"),
        (said("in_progress", checked=27), "overdue"),
        (said("scheduled", checked=27), "overdue"),
        # Bad news does not become less bad with age, nor unknown news known.
        (said("failed", finished=9000), "failed"),
        (said("failed", finished=-9000), "failed"),
        (said("completed_with_errors", finished=9000), "completed_with_errors"),
        (said("stopped", finished=9000), "stopped"),
        (said("deleted"), "deleted"),
        (said("skipped", finished=9000), "skipped"),
        (said("unknown", finished=1), "unknown"),
        (said("overdue", finished=1), "overdue"),
    ],
)
def test_judge(status: Status, judged: str) -> None:
    """With a max_age of 26 hours, each answer is judged by its times alone."""
    assert judge(status, max_age=DAY, now=NOW).state == judged


@pytest.mark.parametrize(
    ("status", "max_age", "judged"),
    [
        (said("succeeded"), DAY, "unknown"),
        (said("succeeded", checked=25), DAY, "succeeded"),
        (said("succeeded", checked=27), DAY, "overdue"),
        (said("succeeded", checked=9000), None, "succeeded"),
        (said("in_progress", checked=27), DAY, "overdue"),
        (said("failed", checked=27), DAY, "failed"),
    ],
)
def test_undated_provider(
    status: Status, max_age: timedelta | None, judged: str
) -> None:
    """Where answers carry no times, a success is at least as old as its answer."""
    assert judge(status, max_age=max_age, now=NOW, dated=False).state == judged


@pytest.mark.parametrize("reported", list(State))
def test_without_max_age(reported: State) -> None:
    """Without a max_age nothing is too old, however old it is, and nothing undated."""
    for status in (said(reported), said(reported, started=90000, finished=80000)):
        assert judge(status, max_age=None, now=NOW).state is reported


@pytest.mark.parametrize("max_age", [None, DAY])
def test_future_is_told(max_age: timedelta | None) -> None:
    """A time to come is no success, max_age or not, and the time itself is named."""
    status = said("in_progress", started=1, last_success=-48)
    judged = judge(status, max_age=max_age, now=NOW)
    assert judged.state is State.UNKNOWN
    assert judged.problem is not None
    assert judged.problem.category is Category.INVALID_RESPONSE
    message = (
        "the answer 'its word' cannot be relied on:"
        " its time 2026-11-23 04:00 UTC is to come"
    )
    assert (judged.problem.message, judged.problem.public) == (message, message)


def test_distrust_keeps_what_was_known() -> None:
    """The problem of a stale answer is not replaced, and a missing word not quoted."""
    stale = replace(said("succeeded"), problem=PROBLEM)
    assert judge(stale, max_age=DAY, now=NOW).problem == PROBLEM
    wordless = replace(said("succeeded"), native=None)
    problem = judge(wordless, max_age=DAY, now=NOW).problem
    assert problem is not None
    assert "the answer 'succeeded' cannot" in problem.message


ages = st.none() | st.integers(-(10**6), 10**6).map(
    lambda seconds: NOW - timedelta(seconds=seconds)
)


@given(
    reported=st.sampled_from(State),
    times=st.fixed_dictionaries(dict.fromkeys(TIMES, ages)),
    max_age=st.none() | st.integers(0, 10**6).map(lambda s: timedelta(seconds=s)),
    dated=st.booleans(),
    stale=st.booleans(),
)
def test_never_better_than_reported(
    reported: State,
    times: dict[str, Any],
    max_age: timedelta | None,
    dated: bool,
    stale: bool,
) -> None:
    """Judging never improves a state, and judging again never changes the judgement."""
    status = Status(reported=reported, stale=stale, **times)
    judged = judge(status, max_age=max_age, now=NOW, dated=dated)
    assert judge(judged, max_age=max_age, now=NOW, dated=dated) == judged
    assert judged.state in {reported, State.OVERDUE, State.UNKNOWN}
    if judged.state.is_good:
        assert (judged.state, judged.problem) == (reported, None)
        told = [time for time in times.values() if time is not None]
        assert all(EARLIEST <= time <= NOW + CLOCK_SKEW for time in told)
        names = ("finished",) if reported is State.SUCCEEDED else ("started",)
        telling = [times[name] for name in names if times[name] is not None]
        assert all(max_age is None or NOW - time <= max_age for time in telling)
        assert not judged.late
        if stale or (max_age is not None and reported is State.SUCCEEDED and dated):
            assert [time for name, time in times.items() if time and name != "checked"]


@pytest.mark.parametrize(
    ("status", "dated", "judged"),
    [
        (said("succeeded", finished=2, checked=1), True, "succeeded"),
        (said("succeeded", checked=1), False, "unknown"),
        (said("in_progress", started=2, checked=1), True, "in_progress"),
        (said("scheduled", checked=1), False, "unknown"),
        (said("failed", checked=1), False, "failed"),
    ],
)
@pytest.mark.parametrize("max_age", [None, DAY])
def test_remembered(
    status: Status, dated: bool, judged: str, max_age: timedelta | None
) -> None:
    """A remembered answer without the time of a run is never green."""
    stale = replace(status, stale=True, problem=PROBLEM)
    found = judge(stale, max_age=max_age, now=NOW, dated=dated)
    assert (found.state, found.problem) == (judged, PROBLEM)


BROKEN_CLOCKS = {
    "to come": NOW + timedelta(minutes=6),
    "the last year": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    "the first year": datetime(1, 1, 1, tzinfo=UTC),
    "seconds read as milliseconds": datetime.fromtimestamp(1_795_233_600 / 1000, UTC),
}


@pytest.mark.parametrize("clock", BROKEN_CLOCKS.values(), ids=BROKEN_CLOCKS)
@pytest.mark.parametrize("max_age", [None, DAY])
@pytest.mark.parametrize("name", TIMES)
def test_broken_clocks(name: str, max_age: timedelta | None, clock: datetime) -> None:
    """No green rests on a time that cannot be, and bad news stays bad."""
    for state in State:
        status = replace(said(state, started=2, finished=1), **{name: clock})
        judged = judge(status, max_age=max_age, now=NOW)
        assert judged.state is (State.UNKNOWN if state.is_good else state)
        assert (judged.problem is not None) == state.is_good


def test_a_run_after_its_answer() -> None:
    """A run that ended after its answer was given was never seen to end."""
    told = said("succeeded", finished=1, checked=2)
    assert judge(told, max_age=None, now=NOW).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("status", "judged", "late"),
    [
        (said("succeeded", finished=1), "succeeded", False),
        (said("succeeded", finished=27), "overdue", True),
        (said("succeeded", finished=1, expected_by=0.1), "overdue", True),
        (said("succeeded", finished=1, expected_by=-1), "succeeded", False),
        (said("scheduled", last_success=1, expected_by=0.1), "overdue", True),
        (said("failed", finished=1, expected_by=0.1), "failed", True),
        (said("skipped", finished=1, last_success=25), "skipped", False),
        (said("skipped", finished=1, last_success=27), "skipped", True),
        (said("skipped", finished=27, last_success=25), "skipped", False),
        # What ran too long ago, and nothing since.
        (said("stopped", finished=27), "stopped", True),
        (said("stopped", started=27), "stopped", True),
        (said("stopped", finished=25), "stopped", False),
        (said("completed_with_errors", finished=2000), "completed_with_errors", True),
        (said("deleted"), "deleted", True),
        # A success that is yet to come is not known.
        (said("skipped", finished=27, last_success=-48), "skipped", True),
        (said("skipped", finished=25, last_success=-48), "skipped", False),
    ],
)
def test_late(status: Status, judged: str, late: bool) -> None:
    """Whether there was a success in time is another question than what ran last."""
    found = judge(status, max_age=DAY, now=NOW)
    assert (found.state, found.late) == (judged, late)
    if status.expected_by is None:
        assert not judge(status, max_age=None, now=NOW).late


@pytest.mark.parametrize(("checked", "late"), [(25, False), (27, True)])
def test_late_without_times(checked: float, late: bool) -> None:
    """A provider that never tells times is late when its answer is old."""
    status = said("skipped", checked=checked)
    assert judge(status, max_age=DAY, now=NOW, dated=False).late is late


def test_unjudged_and_unresolved_are_unknown() -> None:
    """A status is unknown until it is judged; an unresolved one stays so."""
    assert said("succeeded", finished=1).state is State.UNKNOWN
    status = judge(
        unresolved(Problem(category=Category.TIMEOUT, message="slow")),
        max_age=DAY,
        now=NOW,
    )
    assert (status.reported, status.state) == (State.UNKNOWN, State.UNKNOWN)
    assert status.problem == Problem(category=Category.TIMEOUT, message="slow")


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ({"started": 2, "finished": 1}, 3600),
        ({"started": 1, "finished": 2}, 0),
        ({"started": 1}, None),
        ({"finished": 1}, None),
    ],
)
def test_duration(hours: dict[str, float], seconds: int | None) -> None:
    """A duration needs both ends, and is never below zero."""
    duration = said("succeeded", **hours).duration
    assert duration == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-21T04:00:00Z", "2026-11-21T04:00:00Z"),
        ("2026-11-21T04:00:00", "2026-11-21T04:00:00Z"),
        ("2026-11-21T04:00:00.987654Z", "2026-11-21T04:00:00Z"),
        ("2026-11-21T05:30:00+01:30", "2026-11-21T04:00:00Z"),
        ("2026-11-20T20:00:00-08:00", "2026-11-21T04:00:00Z"),
        ("2026-11-21", "2026-11-21T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_times(text: str, written: str) -> None:
    """Times are read as UTC and written so that they can be read again."""
    time = read_time(text, zone="UTC")
    assert time.tzinfo is UTC
    assert format_time(time) == written
    assert format_time(read_time(written, zone="UTC")) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1732161600",
        "2026-11-31T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "\ud800",
    ],
)
def test_no_times(text: str) -> None:
    """What is no time on the calendar is a ValueError, not a surprise."""
    with pytest.raises(ValueError):
        read_time(text, zone="UTC")


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine stand in another zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_elsewhere() -> None:
    """Times are in UTC wherever the machine or the backup system stands."""
    assert read_time("2026-11-21T04:00:00", zone="UTC") == NOW
    zone = timezone(timedelta(hours=9))
    assert format_time(NOW.astimezone(zone)) == "2026-11-21T04:00:00Z"
    assert format_time(None) is None
