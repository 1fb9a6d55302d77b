"""The record of one backup: what was said of it, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from backup_badge.values.problem import Category, Problem
from backup_badge.values.state import State

CLOCK_SKEW = timedelta(minutes=5)
"""How far in the future a time may lie before it is taken for a mistake."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a provider tells beyond the state; None is "not said"."""

    errors: int | None = None
    reason: str | None = None
    files: int | None = None
    bytes: int | None = None
    restorable: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Status:
    """What is known of one source. All times are aware and in UTC.

    ``reported`` is what the provider's word means, ``native`` is the word itself;
    ``state`` is the judgement, unknown until :func:`judge` has made it. ``checked``
    is when the provider was asked, ``expected_by`` when the system itself expects the
    next success at the latest. ``stale`` says that a remembered answer stands in for a
    source that could not be asked; ``problem`` then says why. ``late`` says that there
    was no success within ``max_age``, whatever the state.
    ``validator`` is the server's name for this version of the answer (RFC 9110).
    """

    reported: State
    state: State = State.UNKNOWN
    native: str | None = None
    started: datetime | None = None
    finished: datetime | None = None
    last_success: datetime | None = None
    next_run: datetime | None = None
    expected_by: datetime | None = None
    checked: datetime | None = None
    details: Details = Details()
    problem: Problem | None = None
    stale: bool = False
    late: bool = False
    validator: str | None = None

    @property
    def is_stale(self) -> bool:
        """Whether an older answer stands in for a source that failed to answer."""
        return self.problem is not None and self.state is not State.UNKNOWN

    @property
    def duration(self) -> timedelta | None:
        """How long the run took, where both ends are known."""
        if self.started is None or self.finished is None:
            return None
        return max(self.finished - self.started, timedelta())


def unresolved(category: Category, message: str) -> Status:
    """Return the status of a source that could not be had: never green."""
    problem = Problem(category=category, message=message)
    return Status(reported=State.UNKNOWN, problem=problem)


def judge(
    status: Status, *, max_age: timedelta | None, now: datetime, dated: bool = True
) -> Status:
    """Return the status with its state judged at ``now``.

    A success older than ``max_age`` is overdue. A run in progress or scheduled is
    overdue when the last known success is too old or when it began too long ago.
    Both are as old as the answer that tells of them, at least.
    A success that claims to come from the future, or whose age has to be known and
    is not, is unknown. ``dated`` is False for providers whose answers never carry a
    time: their age cannot be judged, which the badge tells the reader.
    """
    status = replace(status, state=status.reported)
    if not status.reported.is_good:
        return status
    times = vouching_times(status)
    for time in times:
        if time > now + CLOCK_SKEW:
            return _distrusted(status, f"its time {time:%Y-%m-%d %H:%M} UTC is to come")
    if max_age is None:
        return status
    told = [status.checked] if status.checked else []
    if any(now - time > max_age for time in (*times, *told)):
        return replace(status, state=State.OVERDUE)
    if dated and not times and status.reported is State.SUCCEEDED:
        return _distrusted(status, "it says not when, and max_age is set")
    return status


def vouching_times(status: Status) -> list[datetime]:
    """The times a green state rests on, the most telling first."""
    if status.reported is State.SUCCEEDED:
        times = [status.finished or status.started]
    else:
        times = [status.started, status.last_success]
    return [time for time in times if time is not None]


def _distrusted(status: Status, why: str) -> Status:
    word = status.native or status.reported.value
    message = f"the answer {word!r} cannot be relied on: {why}"
    problem = Problem(category=Category.INVALID_RESPONSE, message=message)
    return replace(status, state=State.UNKNOWN, problem=status.problem or problem)


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time as UTC; one without a zone is taken for UTC.

    Raises ValueError for anything else.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} lies outside the calendar") from error


def format_time(time: datetime | None) -> str | None:
    """Write a time as ``2026-11-21T04:00:00Z``, to the second."""
    if time is None:
        return None
    # strftime leaves out the zeros of the year 1, which some systems say for "never".
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
