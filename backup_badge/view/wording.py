"""The words for a status: what a reader is told of it, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from backup_badge.options.kinds import format_duration
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status

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

_RESTORE_SENTENCES = {
    state: (words.replace("backup", "restore test"), link)
    for state, (words, link) in _SENTENCES.items()
}

_KEEPS_ITS_WORD = {
    State.COMPLETED_WITH_ERRORS,
    State.STOPPED,
    State.DELETED,
    State.SKIPPED,
}
"""The states that tell what happened last, not how old the last success is."""


NEVER = "never tested"


def is_untested(source: Source, status: Status) -> bool:
    """Whether a restore test never ran, as far as its system knows."""
    problem = status.problem
    return (
        source.is_restore
        and status.reported is State.UNKNOWN
        and status.native is None
        and (problem is None or problem.category is Category.NOT_FOUND)
    )


def word_for(source: Source, status: Status) -> str:
    """Return the state in words: of a restore test that never ran, that it did not."""
    return NEVER if is_untested(source, status) else status.state.message


def message(source: Source, status: Status) -> str:
    """Return the state's words, and what must not be overlooked beside them."""
    words = [word_for(source, status)]
    if status.state in _KEEPS_ITS_WORD:
        words += _no_success(source, status)
    if status.as_of and status.state is not State.UNKNOWN:
        words.append(f"as of {short_moment(status.as_of)}")
    return ", ".join(words)


def time_of(state: State, status: Status) -> datetime | None:
    """Return the time of the run that a state tells of, if it tells of one."""
    link = _SENTENCES[status.reported if state is State.OVERDUE else state][1]
    ended = status.finished or status.started
    return status.started if link == " since" else ended if link else None


def sentence(label: str, statement: str) -> str:
    """Return the whole sentence of a badge: "Orders: last backup succeeded…"."""
    return f"{label}: {statement}"


def explain(source: Source, status: Status) -> str:
    """Say in one sentence, without the label, what is known and what is not."""
    said = _statement(source, status.state, status)
    return "; ".join([said, *reasons(source, status)])


def for_the_log(status: Status) -> Status:
    """Return a status whose problem is told in detail: with hosts, files, variables.

    For a log and for the command, never for a page.
    """
    if status.problem is None:
        return status
    told = replace(status.problem, public_message=status.problem.message)
    return replace(status, problem=told)


def reasons(source: Source, status: Status) -> list[str]:
    """Say why the state is what it is, and what is not known: a clause each."""
    parts = []
    if status.state is State.OVERDUE:
        parts.append(_statement(source, status.reported, status))
        if status.last_success is not None:
            parts.append(f"last success on {format_moment(status.last_success)}")
    if status.state.is_good and source.max_age is not None and not _is_dated(status):
        parts.append("when it ran is not told, so its age cannot be judged")
    parts += causes(source, status)
    if status.as_of is not None:
        moment = format_moment(status.as_of)
        if status.state is not State.UNKNOWN:
            parts.append(f"this is the answer as of {moment}")
        elif status.stale:
            word = status.native or status.reported.message
            parts.append(f"the last answer was {word!r}, on {moment}")
    return parts


def causes(source: Source, status: Status) -> list[str]:
    """Say why a state is not green, as far as its word does not: a clause each."""
    parts = []
    if status.state is not State.UNKNOWN:
        parts += _no_success(source, status)
    if status.missed and status.expected_by is not None:
        parts.append(f"a success was expected by {format_moment(status.expected_by)}")
    if status.state is State.UNKNOWN and status.native and status.problem is None:
        parts.append(f"the backup system says {status.native!r}")
    if status.details.reason:
        parts.append(status.details.reason)
    if status.problem is not None:
        parts.append(problem_of(source, status, status.problem))
    return parts


def problem_of(source: Source, status: Status, problem: Problem) -> str:
    """Return the sentence on a problem that a reader is told."""
    if is_untested(source, status) and problem.public_message is None:
        return "no restore test is known"
    return problem.public


def _no_success(source: Source, status: Status) -> list[str]:
    """Say that the last success is too old, if it is and is known to be."""
    if source.max_age is None or status.missed:
        return []
    is_overdue = status.state is State.OVERDUE and status.reported.is_good
    if is_overdue or (status.late and status.newest_success is not None):
        return [f"no success within {format_duration(source.max_age)}"]
    return []


def _statement(source: Source, state: State, status: Status) -> str:
    if is_untested(source, status):
        return NEVER
    words, link = (_RESTORE_SENTENCES if source.is_restore else _SENTENCES)[state]
    time = time_of(state, status) if link else None
    return f"{words}{link} {format_moment(time)}" if time else words


def _is_dated(status: Status) -> bool:
    times = (status.finished, status.started, status.last_success)
    return any(time is not None for time in times)


def format_moment(time: datetime) -> str:
    """Write a time for a reader: ``20 November 2026, 02:13 UTC``."""
    time = time.astimezone(UTC)
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M} UTC"


def short_moment(time: datetime) -> str:
    """Write a time for a small place: ``27 Nov, 02:13``, in UTC."""
    return f"{short_day(time)}, {time.astimezone(UTC):%H:%M}"


def short_day(time: datetime) -> str:
    """Write a day for a small place: ``27 Nov``, in UTC."""
    time = time.astimezone(UTC)
    return f"{time.day} {_MONTHS[time.month - 1][:3]}"
