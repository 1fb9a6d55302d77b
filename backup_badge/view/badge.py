"""From a status to what a reader sees of it: label, message, colour, sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from backup_badge.options.kinds import format_duration
from backup_badge.values.mark import BadgeMark
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time, vouching_times

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

_SENTENCES = {
    State.FAILED: ("last backup failed", " on"),
    State.OVERDUE: ("backup overdue", ""),
    State.COMPLETED_WITH_ERRORS: ("last backup completed with errors", " on"),
    State.STOPPED: ("backups stopped", "; last run on"),
    State.UNKNOWN: ("status unknown", ""),
    State.DELETED: ("backup deleted", ""),
    State.SKIPPED: ("last backup skipped", " on"),
    State.IN_PROGRESS: ("backup in progress", " since"),
    State.SCHEDULED: ("backup scheduled", " since"),
    State.SUCCEEDED: ("last backup succeeded", " on"),
}
"""What is said, and what links it and the time of its run where the time belongs."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A source behind a badge, for a reader's browser to judge again as time goes by.

    ``overdue_after`` is when its green state becomes overdue, ``checked`` when the
    provider was asked: ISO 8601 times in UTC.
    """

    source: str
    state: State
    overdue_after: str | None = None
    max_age: timedelta | None = None
    checked: str | None = None


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A badge, ready to be rendered in any medium.

    ``source`` and ``state`` are for machines; ``label`` and ``message`` are the left
    and the right text; ``title`` is the whole sentence. An empty ``label`` leaves the
    left half out; ``subject`` is then what the sentence is about. ``time`` is when the
    run took place, in ISO 8601 and UTC. ``judged`` are the sources: one, or a group's.
    """

    source: str
    state: State
    label: str
    message: str
    title: str
    link: str | None = None
    style: str = "flat"
    classes: tuple[str, ...] = ()
    subject: str = ""
    time: str | None = None
    judged: tuple[Judged, ...] = ()


def describe(
    mark: BadgeMark,
    statuses: Mapping[Source, Status],
    *,
    group_label: str | None = None,
) -> Badge:
    """Return the badge for a mark and the statuses of the sources it stands for.

    ``group_label`` is the left text of a roll-up; without it, the group's name.
    """
    is_group = mark.target.startswith("group:")
    ((source, status), *others) = statuses.items()
    if is_group and source.problem is None:
        badge = _roll_up(mark.target, statuses, label=group_label)
    else:
        assert not others
        badge = describe_source(source, status)
    label = mark.label or badge.label
    return replace(
        badge,
        label=label,
        title=sentence(label, badge.title),
        link=mark.link or badge.link,
        style=mark.style,
        classes=mark.classes,
    )


def describe_source(source: Source, status: Status) -> Badge:
    """Return the plain badge of one source; its title lacks the label."""
    return Badge(
        source=source.name,
        state=status.state,
        label=source.label,
        message=status.state.message,
        title=explain(source, status),
        link=source.link,
        time=format_time(_time_of(status.state, status)),
        judged=(_judged(source, status),),
    )


def _roll_up(
    target: str, statuses: Mapping[Source, Status], *, label: str | None
) -> Badge:
    """Return the badge of a group: its worst state, and how many succeeded."""
    worst = min((status.state for status in statuses.values()), key=lambda s: s.rank)
    succeeded = sum(status.state is State.SUCCEEDED for status in statuses.values())
    count = f"{succeeded} of {len(statuses)} succeeded"
    named = [
        f"{source.label} {status.state.message}"
        for source, status in statuses.items()
        if status.state is worst and worst is not State.SUCCEEDED
    ]
    named += [
        f"{source.label} as of {format_moment(status.checked)}"
        for source, status in statuses.items()
        if status.is_stale and status.checked
    ]
    return Badge(
        source=target,
        state=worst,
        label=label or target.removeprefix("group:"),
        message=count if worst is State.SUCCEEDED else f"{worst.message}, {count}",
        title=f"{count}; {', '.join(named)}" if named else count,
        judged=tuple(_judged(source, status) for source, status in statuses.items()),
    )


def _judged(source: Source, status: Status) -> Judged:
    return Judged(
        source=source.name,
        state=status.state,
        overdue_after=format_time(_overdue_after(source, status)),
        max_age=source.max_age,
        checked=format_time(status.checked),
    )


def _overdue_after(source: Source, status: Status) -> datetime | None:
    """Return when a green state becomes overdue, if it ever does.

    Where only the answer itself has a time, that is rounded down, by little: a 24th of
    ``max_age``. Else every build would rewrite every page.
    """
    if source.max_age is None or not status.state.is_good:
        return None
    times = vouching_times(status)
    if not times and status.checked is not None:
        epoch = datetime.fromtimestamp(0, UTC)
        step = max(source.max_age / 24, timedelta(seconds=1))
        times = [status.checked - (status.checked - epoch) % step]
    return min(times) + source.max_age if times else None


def _time_of(state: State, status: Status) -> datetime | None:
    """Return the time of the run that a state tells of, if it tells of one."""
    link = _SENTENCES[status.reported if state is State.OVERDUE else state][1]
    ended = status.finished or status.started
    return status.started if link == " since" else ended if link else None


def sentence(label: str, statement: str) -> str:
    """Return the whole sentence of a badge: "Orders: last backup succeeded…"."""
    return f"{label}: {statement}"


def explain(source: Source, status: Status) -> str:
    """Say in one sentence, without the label, what is known and what is not."""
    return "; ".join([_statement(status.state, status), *reasons(source, status)])


def reasons(source: Source, status: Status) -> list[str]:
    """Say why the state is what it is, and what is not known: a clause each."""
    parts = []
    if status.state is State.OVERDUE:
        parts.append(_statement(status.reported, status))
        if status.last_success is not None:
            parts.append(f"last success on {format_moment(status.last_success)}")
        if source.max_age is not None:
            parts.append(f"no success within {format_duration(source.max_age)}")
    if status.state.is_good and source.max_age is not None and not _is_dated(status):
        parts.append("when it ran is not told, so its age cannot be judged")
    if status.details.reason:
        parts.append(status.details.reason)
    if status.problem is not None:
        parts.append(status.problem.message)
    if status.is_stale and status.checked is not None:
        parts.append(f"this is the answer as of {format_moment(status.checked)}")
    return parts


def _statement(state: State, status: Status) -> str:
    words, link = _SENTENCES[state]
    time = _time_of(state, status) if link else None
    return f"{words}{link} {format_moment(time)}" if time else words


def _is_dated(status: Status) -> bool:
    times = (status.finished, status.started, status.last_success)
    return any(time is not None for time in times)


def format_moment(time: datetime) -> str:
    """Write a time for a reader: ``20 November 2026, 02:13 UTC``."""
    time = time.astimezone(UTC)
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M} UTC"
