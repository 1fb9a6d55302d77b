"""The words of tables: headings, names, notes, and what stands in an empty one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from backup_badge.values.mark import TableMark
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.known_sentences import N_
from backup_badge.view.language import Language
from backup_badge.view.wording import (
    is_untested,
    known,
    label_in,
    sentence,
    state_word,
)

_NAMED = 3
"""How many sources name a table."""

_HEADINGS = {
    "source": N_("Source"),
    "description": N_("Description"),
    "owner": N_("Owner"),
    "provider": N_("Provider"),
    "state": N_("State"),
    "last_success": N_("Last success"),
    "started": N_("Started"),
    "finished": N_("Finished"),
    "duration": N_("Duration"),
    "next_run": N_("Next run"),
    "max_age": N_("Max age"),
    "restore": N_("Restore"),
    "restored": N_("Restored"),
    "files": N_("Files"),
    "size": N_("Size"),
    "errors": N_("Errors"),
    "restorable": N_("Restorable"),
    "message": N_("Message"),
    "checked": N_("Checked"),
}


def headings_of(
    mark: TableMark, columns: tuple[str, ...], language: Language
) -> tuple[str, ...]:
    """Return an author's own headings, and ours for the other columns."""
    named = dict(mark.headings)
    return tuple(
        named.get(column) or language.gettext(_HEADINGS[column]) for column in columns
    )


def name_of(
    mark: TableMark,
    sources: Iterable[Source],
    group_labels: Mapping[str, str],
    language: Language,
) -> str:
    """Name a table by what it was asked to show: ``Backup status: Databases``."""
    if mark.targets:
        labels = [source.label for source in sources]
        of = labels if len(labels) <= _NAMED else [*labels[:_NAMED], "…"]
    else:
        of = [group_labels.get(group, group) for group in mark.groups]
    of += [*mark.owners, *mark.providers]
    of += [state_word(state, language) for state in State if state in mark.states]
    name = language.gettext("Backup status")
    return sentence(name, ", ".join(of), language) if of else name


def notes_of(
    statuses: Mapping[Source, Status],
    restores: Mapping[Source, Status],
    language: Language,
    *,
    told: set[Source],
) -> Iterator[str]:
    """Say how many sources gave no usable answer, and why where no column tells it.

    A source that is not shown counts too: it might have been, had it answered. That a
    restore test never ran is told by its word.
    """
    found: dict[str, list[str]] = {}
    for source, status in {**statuses, **restores}.items():
        if status.problem is not None and not is_untested(source, status):
            cause = known(status.problem.public, language)
            labels = found.setdefault(cause, [])
            labels += [] if source in told else [label_in(language, source, status)]
    failing = sum(status.problem is not None for status in statuses.values())
    if failing:
        yield language.ngettext(
            "{failing} of {number} source gave no usable answer.",
            "{failing} of {number} sources gave no usable answer.",
            len(statuses),
            failing=failing,
        )
    for cause, labels in found.items():
        if labels:
            yield sentence(", ".join(labels), cause, language)


def nothing_left(states: frozenset[State], language: Language) -> str:
    """Say that no row is left: "no backup is failed or overdue"."""
    words = [state_word(state, language) for state in State if state in states]
    if not words:
        return language.gettext("no backup is shown")
    *most, last = words
    if most:
        last = language.gettext("{words} or {last}", words=", ".join(most), last=last)
    return language.gettext("no backup is {state}", state=last)


def numbered(shared: Mapping[str, int], language: Language) -> Iterator[str]:
    """Say each cause that rows refer to by its number."""
    for cause, number in shared.items():
        yield language.gettext("Note {number}: {cause}.", number=number, cause=cause)
