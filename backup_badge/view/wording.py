"""The words for a status: what a reader is told of it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from backup_badge.values.source import RESTORE_LABEL, Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time, label_for
from backup_badge.view.formats import (
    Moment,
    format_age,
    format_moment,
    read_stamp,
    short_moment,
)
from backup_badge.view.known_sentences import N_, read_sentence
from backup_badge.view.language import ENGLISH, Language
from backup_badge.view.statements import statement

_STATES = {
    State.FAILED: N_("failed"),
    State.OVERDUE: N_("overdue"),
    State.COMPLETED_WITH_ERRORS: N_("completed with errors"),
    State.STOPPED: N_("stopped"),
    State.UNKNOWN: N_("unknown"),
    State.DELETED: N_("deleted"),
    State.SKIPPED: N_("skipped"),
    State.IN_PROGRESS: N_("in progress"),
    State.SCHEDULED: N_("scheduled"),
    State.SUCCEEDED: N_("succeeded"),
}

_KEEPS_ITS_WORD = {
    State.COMPLETED_WITH_ERRORS,
    State.STOPPED,
    State.DELETED,
    State.SKIPPED,
}
"""The states that tell what happened last, not how old the last success is."""


NEVER = N_("never tested")


def is_untested(source: Source, status: Status) -> bool:
    """Whether a restore test never ran, which its system must have said itself."""
    is_unknown = status.reported is State.UNKNOWN
    return source.is_restore and is_unknown and status.details.never_ran is True


def state_word(state: State, language: Language) -> str:
    """Return the state in words: ``completed with errors``."""
    return language.gettext(_STATES[state])


def label_in(language: Language, source: Source, status: Status) -> str:
    """Return a source's label; a restore test without one is called in the language."""
    label = label_for(source, status)
    if not source.is_restore or source.is_labelled:
        return label
    return language.gettext("{label} restore", label=label.removesuffix(RESTORE_LABEL))


def word_for(source: Source, status: Status, language: Language) -> str:
    """Return the state in words: of a restore test that never ran, that it did not."""
    if is_untested(source, status):
        return language.gettext(NEVER)
    return state_word(status.state, language)


def message(source: Source, status: Status, language: Language) -> str:
    """Return the state's words, and what must not be overlooked beside them."""
    words = [word_for(source, status, language)]
    if status.state in _KEEPS_ITS_WORD:
        words += _no_success(source, status, language)
    time = as_of_time(status)
    return ", ".join([*words, *([as_of(time, language)] if time else [])])


def as_of_time(status: Status) -> datetime | None:
    """Return when the answer was given, where the message of a badge tells it."""
    return None if status.state is State.UNKNOWN else status.as_of


def as_of(time: datetime, language: Language) -> str:
    """Say in short when an answer was given: ``as of 27 Nov, 02:13``."""
    return language.gettext("as of {time}", time=short_moment(time, language))


def sentence(label: str, statement: str, language: Language = ENGLISH) -> str:
    """Return the whole sentence of a badge: "Orders: last backup succeeded…"."""
    return language.gettext("{label}: {statement}", label=label, statement=statement)


def explain(source: Source, status: Status, language: Language = ENGLISH) -> str:
    """Say in one sentence, without the label, what is known and what is not."""
    said = _statement(source, status.state, status, language)
    return "; ".join([said, *reasons(source, status, language)])


def for_the_log(status: Status) -> Status:
    """Return a status whose problem is told in detail: with hosts, files, variables.

    For a log and for the command, never for a page.
    """
    if status.problem is None:
        return status
    told = replace(status.problem, public_message=status.problem.message)
    return replace(status, problem=told)


def reasons(source: Source, status: Status, language: Language = ENGLISH) -> list[str]:
    """Say why the state is what it is, and what is not known: a clause each."""
    _, parts = language.gettext, []
    if status.state is State.OVERDUE:
        parts.append(_statement(source, status.reported, status, language))
        if status.last_success is not None:
            moment = format_moment(status.last_success, language)
            parts.append(_("last success on {time}", time=moment))
    if status.state.is_good and source.max_age is not None and not _is_dated(status):
        parts.append(_("when it ran is not told, so its age cannot be judged"))
    parts += causes(source, status, language)
    if status.as_of is not None:
        moment = format_moment(status.as_of, language)
        if status.state is not State.UNKNOWN:
            parts.append(_("this is the answer as of {time}", time=moment))
        elif status.stale:
            word = status.native or state_word(status.reported, language)
            parts.append(
                _(
                    "the last answer was {word}, on {time}",
                    word=repr(word),
                    time=moment,
                )
            )
    return parts


def causes(source: Source, status: Status, language: Language) -> list[str]:
    """Say why a state is not green, as far as its word does not: a clause each."""
    _, parts = language.gettext, []
    if status.state is not State.UNKNOWN:
        parts += _no_success(source, status, language)
    if status.missed and status.expected_by is not None:
        moment = format_moment(status.expected_by, language)
        parts.append(_("a success was expected by {time}", time=moment))
    if status.native and _has_its_own_word(status, status.native):
        parts.append(_("the backup system says {word}", word=repr(status.native)))
    if status.details.reason:
        parts.append(known(status.details.reason, language))
    if status.problem is not None:
        parts.append(known(status.problem.public, language))
    return parts


def moments(status: Status, language: Language) -> Iterator[Moment]:
    """Return the times that :func:`causes` tells, as they are written there."""
    if status.missed and status.expected_by is not None:
        told = format_moment(status.expected_by, language)
        yield Moment(text=told, time=format_time(status.expected_by) or "")
    _, values = read_sentence(status.details.reason or "")
    written = values.get("time", "")
    if time := read_stamp(written):
        is_english = language.code == ENGLISH.code
        told = written if is_english else format_moment(time, language)
        yield Moment(text=told, time=format_time(time) or "")


def _has_its_own_word(status: Status, native: str) -> bool:
    """Whether the system's word tells more than the state's, and nothing else does.

    Backups that the system says are paused are stopped. An exit code is no word.
    """
    if status.problem is not None:
        return False
    is_code, has_reason = native.isdigit(), bool(status.details.reason)
    if status.state is State.UNKNOWN:
        return not (is_code and has_reason)
    if status.state not in _KEEPS_ITS_WORD or is_code or has_reason:
        return False
    return native.replace("_", " ").casefold() != status.state.message


def known(sentence: str, language: Language) -> str:
    """Return a sentence that a status brings along, if it is one of ours.

    What a backup system says in its own words stays as it is.
    """
    if language.code == ENGLISH.code:
        return sentence
    message, values = read_sentence(sentence)
    if not message:
        return sentence
    told: dict[str, str] = {}
    for name, value in values.items():
        time = read_stamp(value) if name == "time" else None
        told[name] = format_moment(time, language) if time else value
    return language.gettext(message, **told)


def no_success(max_age: timedelta, language: Language = ENGLISH) -> str:
    """Say that the last success is too old."""
    age = format_age(max_age, language)
    return language.gettext("no success within {duration}", duration=age)


def _no_success(source: Source, status: Status, language: Language) -> list[str]:
    """Say that the last success is too old, if it is and is known to be."""
    if source.max_age is None or status.missed:
        return []
    is_overdue = status.state is State.OVERDUE and status.reported.is_good
    if is_overdue or (status.late and status.newest_success is not None):
        return [no_success(source.max_age, language)]
    return []


def _statement(source: Source, state: State, status: Status, language: Language) -> str:
    if is_untested(source, status):
        return language.gettext(NEVER)
    return statement(state, status, language, is_restore=source.is_restore)


def _is_dated(status: Status) -> bool:
    times = (status.finished, status.started, status.last_success)
    return any(time is not None for time in times)
