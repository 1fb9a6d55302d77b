"""What a person at a command line wants first: the worst, since when, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, label_for
from backup_badge.view.language import ENGLISH, Language
from backup_badge.view.wording import (
    NEVER,
    for_the_log,
    is_untested,
    reasons,
    state_word,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One source: its state, the time of its last run (UTC) and what is to be said.

    ``called`` is what readers know it by.
    """

    source: Source
    called: str
    state: State
    time: datetime | None
    reason: str

    @property
    def label(self) -> str:
        """What readers know it by, where that is not its name."""
        return "" if self.called == self.source.name else self.called


def overview(
    statuses: Mapping[Source, Status],
    *,
    also: Callable[[Source, Status], list[str]] = lambda source, status: [],
) -> tuple[Line, ...]:
    """Return a line for each source, the worst state first.

    ``also`` returns clauses that a line tells besides the reasons of the status.
    """
    lines = (
        Line(
            source=source,
            called=label_for(source, status),
            state=status.state,
            time=status.finished or status.started,
            reason="; ".join(
                dict.fromkeys(
                    [
                        *([NEVER] if is_untested(source, status) else []),
                        *also(source, status),
                        *reasons(source, for_the_log(status)),
                    ]
                )
            ),
        )
        for source, status in statuses.items()
    )
    return tuple(sorted(lines, key=lambda line: line.state.rank))


def count_states(
    statuses: Mapping[Source, Status], language: Language = ENGLISH
) -> str:
    """Count the sources by state, the worst first: ``2 failed, 1 overdue``."""
    counts = Counter(status.state for status in statuses.values())
    return ", ".join(
        f"{counts[state]} {state_word(state, language)}"
        for state in State
        if state in counts
    )


def count_watched(sources: Collection[Source], language: Language = ENGLISH) -> str:
    """Count sources and restore tests: ``18 sources and restore tests``."""
    number, restores = len(sources), sum(source.is_restore for source in sources)
    ngettext = language.ngettext
    if not restores:
        return ngettext("{number} source", "{number} sources", number)
    if restores == number:
        return ngettext("{number} restore test", "{number} restore tests", number)
    return language.gettext("{number} sources and restore tests", number=number)


def count_known(statuses: Mapping[Source, Status]) -> str:
    """Say for a build's log how far asking came: ``28 of 30 sources have a status``."""
    known = sum(status.problem is None for status in statuses.values())
    have = "has" if len(statuses) == 1 else "have"
    return f"{known} of {count_watched(statuses)} {have} a status"


def format_age(age: timedelta) -> str:
    """Write how long ago something was, in one unit: ``3 h ago``."""
    seconds = age.total_seconds()
    for length, unit, least in ((86400, "d", 2), (3600, "h", 1), (60, "min", 1)):
        if seconds >= least * length:
            return f"{seconds // length:.0f} {unit} ago"
    return "just now"
