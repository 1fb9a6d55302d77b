"""The record of one backup: what was said of it, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source
from backup_badge.values.state import State

CLOCK_SKEW = timedelta(minutes=5)
"""How far in the future a time may lie before it is taken for a mistake."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""An older time is a mistake: a zero, or seconds that were taken for milliseconds."""

LONGEST = 100 * 366 * 86400
"""Seconds of the longest duration that is believed."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a provider tells beyond the state; None is "not said".

    ``duration`` is what was measured, in seconds: of a restore test, how long it took
    until the data were back. ``never_ran`` says that the system itself knows of no run
    at all: not that none could be found.
    """

    errors: int | None = None
    reason: str | None = None
    files: int | None = None
    bytes: int | None = None
    restorable: bool | None = None
    duration: int | None = None
    never_ran: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Status:
    """What is known of one source. All times are aware and in UTC.

    ``reported`` is what the provider's word means, ``native`` is the word itself.
    ``name`` is what the system calls the backup, for readers; see :func:`label_for`.
    ``checked`` is when the provider was asked, ``expected_by`` when the system itself
    expects the next success at the latest. ``stale`` says that a remembered answer
    stands in for a source that could not be asked; ``problem`` then says why.
    ``from_file`` says that the status was read from a status file.
    ``validator`` is the server's name for this version of the answer (RFC 9110).

    :func:`judge` sets the rest: ``state`` is the judgement, unknown until then;
    ``late`` says that there was no success within ``max_age``, or by ``expected_by``,
    whatever the state; ``missed`` that the latter has passed; ``dated`` whether the
    provider tells when its backups ran.
    """

    reported: State
    state: State = State.UNKNOWN
    native: str | None = None
    name: str | None = None
    started: datetime | None = None
    finished: datetime | None = None
    last_success: datetime | None = None
    next_run: datetime | None = None
    expected_by: datetime | None = None
    checked: datetime | None = None
    details: Details = Details()
    problem: Problem | None = None
    stale: bool = False
    from_file: bool = False
    late: bool = False
    missed: bool = False
    dated: bool = True
    validator: str | None = None

    @property
    def newest_success(self) -> datetime | None:
        """When the newest success ended that is known of, whatever ran since."""
        ran = (self.finished or self.started) if self._succeeded else None
        return max(filter(None, (ran, self.last_success)), default=None)

    @property
    def as_of(self) -> datetime | None:
        """When the answer was given, where a reader has to be told that.

        It is told of a remembered answer, and of one in a status file that does not
        say when the backup ran.
        """
        times = (self.started, self.finished, self.last_success)
        told = self.stale or (self.from_file and not any(times))
        return self.checked if told else None

    @property
    def _succeeded(self) -> bool:
        return self.reported is State.SUCCEEDED

    @property
    def duration(self) -> timedelta | None:
        """How long the run took, where both ends are known."""
        if self.started is None or self.finished is None:
            return None
        return max(self.finished - self.started, timedelta())


def unresolved(problem: Problem) -> Status:
    """Return the status of a source that could not be had: never green."""
    return Status(reported=State.UNKNOWN, problem=problem)


def label_for(source: Source, status: Status) -> str:
    """Return a source's label: the configured one, else the name its system has.

    A restore test is called after its source, whatever its own system calls it.
    """
    is_called = source.is_labelled or source.is_restore or not status.name
    return source.label if is_called else status.name or source.label


def judge(
    status: Status, *, max_age: timedelta | None, now: datetime, dated: bool = True
) -> Status:
    """Return the status with its state judged at ``now``.

    A green state is overdue when ``expected_by`` has passed, or when a time it rests
    on is longer ago than ``max_age``: the end of a success, the start of a run that is
    under way and the last success before it, and the answer itself.
    It is unknown where its times cannot be believed, or where they are missing and
    needed. ``dated`` is False for providers whose answers never carry the time of a
    run: those are as old as the answer, and a remembered one is never green.

    ``backup-badge.js`` judges by the same rule in a reader's browser.
    """
    missed = status.expected_by is not None and status.expected_by < now
    status = replace(
        status, state=status.reported, dated=dated, late=missed, missed=missed
    )
    if not status.reported.is_good:
        late = missed or _is_late(status, max_age=max_age, now=now)
        return replace(status, late=late)
    if doubt := _doubt(status, max_age=max_age, now=now):
        return _distrusted(status, doubt)
    times = [*vouching_times(status), status.checked]
    if missed or any(_is_old(time, max_age=max_age, now=now) for time in times):
        return replace(status, state=State.OVERDUE, late=True)
    return status


def vouching_times(status: Status) -> list[datetime]:
    """The times a green state rests on, the most telling first."""
    if status.reported is State.SUCCEEDED:
        times = [status.finished or status.started or status.last_success]
    else:
        times = [status.started, status.last_success]
    return [time for time in times if time is not None]


def _is_late(status: Status, *, max_age: timedelta | None, now: datetime) -> bool:
    """Whether a source in a bad state has no success within ``max_age``.

    Where no success is known, none came after the newest run. Where no run is known
    either, there was none, unless the provider never tells.
    """
    if max_age is None:
        return False
    for times in ([status.newest_success], [status.finished, status.started]):
        believed = [time for time in times if time and _is_likely(time, now)]
        if believed:
            return _is_old(max(believed), max_age=max_age, now=now)
    if status.dated or status.checked is None:
        return True
    return _is_old(status.checked, max_age=max_age, now=now)


def _is_old(time: datetime | None, *, max_age: timedelta | None, now: datetime) -> bool:
    return time is not None and max_age is not None and now - time > max_age


def _is_likely(time: datetime, now: datetime) -> bool:
    return time >= EARLIEST and time - now <= CLOCK_SKEW


def _doubt(status: Status, *, max_age: timedelta | None, now: datetime) -> str | None:
    """Say why a green state cannot be believed, if it cannot."""
    checked = status.checked
    for time in (status.started, status.finished, status.last_success, checked):
        if time is None:
            continue
        # Not strftime: some systems leave out the zeros of the year 1.
        said = f"its time {time.isoformat(' ', 'minutes')[:16]} UTC"
        if time < EARLIEST:
            return f"{said} is before any backup"
        if time - now > CLOCK_SKEW:
            return f"{said} is to come"
        if checked is not None and time - checked > CLOCK_SKEW:
            return f"{said} is later than the answer"
    if vouching_times(status):
        return None
    if status.stale:
        return "it is remembered and does not say when the backup ran"
    if max_age is None or status.reported is not State.SUCCEEDED:
        return None
    if status.dated or checked is None:
        return "it does not say when, and max_age is set"
    return None


def _distrusted(status: Status, why: str) -> Status:
    word = status.native or status.reported.value
    message = f"the answer {word!r} cannot be relied on: {why}"
    problem = Problem(
        category=Category.INVALID_RESPONSE, message=message, public_message=message
    )
    return replace(status, state=State.UNKNOWN, problem=status.problem or problem)


def format_time(time: datetime | None) -> str | None:
    """Write a time as ``2026-11-21T04:00:00Z``, to the second."""
    if time is None:
        return None
    # strftime leaves out the zeros of the year 1, which some systems say for "never".
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
