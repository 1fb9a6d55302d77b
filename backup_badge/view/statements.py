"""What is said of a state and the time of its run, of backups and of restore tests."""

from __future__ import annotations

from datetime import datetime

from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.formats import format_moment
from backup_badge.view.known_sentences import N_
from backup_badge.view.language import Language

_SENTENCES = {
    State.FAILED: N_("last backup failed"),
    State.OVERDUE: N_("backup overdue"),
    State.COMPLETED_WITH_ERRORS: N_("last backup completed with errors"),
    State.STOPPED: N_("backups stopped"),
    State.UNKNOWN: N_("status unknown"),
    State.DELETED: N_("backup deleted"),
    State.SKIPPED: N_("last backup skipped"),
    State.IN_PROGRESS: N_("backup in progress"),
    State.SCHEDULED: N_("backup scheduled"),
    State.SUCCEEDED: N_("last backup succeeded"),
}
"""What is said where the time of the run is not known, or does not belong."""

_SENTENCES_IN_TIME = {
    State.FAILED: N_("last backup failed on {time}"),
    State.COMPLETED_WITH_ERRORS: N_("last backup completed with errors on {time}"),
    State.STOPPED: N_("backups stopped; last run on {time}"),
    State.SKIPPED: N_("last backup skipped on {time}"),
    State.IN_PROGRESS: N_("backup in progress since {time}"),
    State.SCHEDULED: N_("backup scheduled since {time}"),
    State.SUCCEEDED: N_("last backup succeeded on {time}"),
}

_RESTORE_SENTENCES = {
    State.FAILED: N_("last restore test failed"),
    State.OVERDUE: N_("restore test overdue"),
    State.COMPLETED_WITH_ERRORS: N_("last restore test completed with errors"),
    State.STOPPED: N_("restore tests stopped"),
    State.UNKNOWN: N_("status unknown"),
    State.DELETED: N_("restore test deleted"),
    State.SKIPPED: N_("last restore test skipped"),
    State.IN_PROGRESS: N_("restore test in progress"),
    State.SCHEDULED: N_("restore test scheduled"),
    State.SUCCEEDED: N_("last restore test succeeded"),
}

_RESTORE_SENTENCES_IN_TIME = {
    State.FAILED: N_("last restore test failed on {time}"),
    State.COMPLETED_WITH_ERRORS: N_(
        "last restore test completed with errors on {time}"
    ),
    State.STOPPED: N_("restore tests stopped; last run on {time}"),
    State.SKIPPED: N_("last restore test skipped on {time}"),
    State.IN_PROGRESS: N_("restore test in progress since {time}"),
    State.SCHEDULED: N_("restore test scheduled since {time}"),
    State.SUCCEEDED: N_("last restore test succeeded on {time}"),
}

_UNDER_WAY = {State.IN_PROGRESS, State.SCHEDULED}
"""The states whose time is the start of the run."""


def time_of(state: State, status: Status) -> datetime | None:
    """Return the time of the run that a state tells of, if it tells of one."""
    told = status.reported if state is State.OVERDUE else state
    if told not in _SENTENCES_IN_TIME:
        return None
    return status.started if told in _UNDER_WAY else status.finished or status.started


def statement(
    state: State, status: Status, language: Language, *, is_restore: bool
) -> str:
    """Return the sentence for a state, with the time of its run where that belongs."""
    time = time_of(state, status) if state in _SENTENCES_IN_TIME else None
    if time is None:
        sentences = _RESTORE_SENTENCES if is_restore else _SENTENCES
        return language.gettext(sentences[state])
    sentences = _RESTORE_SENTENCES_IN_TIME if is_restore else _SENTENCES_IN_TIME
    return language.gettext(sentences[state], time=format_moment(time, language))
