"""What a check comes to: the sources that fail it, and what is wrong in the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, label_for
from backup_badge.view.summary import count_watched
from backup_badge.view.wording import explain, for_the_log, no_success, sentence

DEFAULT_FAIL_ON = frozenset(
    {State.FAILED, State.OVERDUE, State.UNKNOWN, State.DELETED, State.STOPPED}
)
"""The states that fail a check where nobody says which."""

LATE, STALE = "late", "stale"
"""What a source fails for besides its state."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong in pages or in the configuration, and where; lines count from 1."""

    path: str
    line: int | None
    message: str

    @property
    def place(self) -> str:
        """The place as editors and compilers write it: ``docs/index.md:12``."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The statuses as judged at ``now`` (UTC), and what fails the check.

    A source fails in one of the states ``fail_on``, without a success within its
    ``max_age`` and, unless ``allow_stale``, when a remembered answer stands in.
    ``findings`` is None where nobody asked about pages, ``unwatched`` where nobody
    asked what the systems hold besides.
    """

    statuses: Mapping[Source, Status]
    fail_on: frozenset[State]
    now: datetime
    allow_stale: bool = False
    findings: tuple[Finding, ...] | None = None
    unwatched: tuple[Finding, ...] | None = None

    @cached_property
    def failing(self) -> dict[Source, Status]:
        """The sources that fail the check."""
        return {
            source: status
            for source, status in self.statuses.items()
            if self.cause(status) is not None
        }

    def cause(self, status: Status) -> str | None:
        """Return what a status fails for: its state, ``late`` or ``stale``; or None."""
        if status.state in self.fail_on:
            return status.state.value
        if status.late:
            return LATE
        return STALE if status.stale and not self.allow_stale else None

    def also(self, source: Source, status: Status) -> list[str]:
        """Say why a source fails whose state alone would not tell it: clauses."""
        clauses = []
        is_unknown = status.state is State.UNKNOWN and status.newest_success is None
        if status.late and source.max_age is not None and not is_unknown:
            clauses.append(no_success(source.max_age))
        if status.stale and not self.allow_stale:
            clauses.append("this answer is remembered, which does not pass a check")
        return clauses

    def sentence(self, source: Source, status: Status) -> str:
        """Return all that is to be said of a source, its label first."""
        said = explain(source, for_the_log(status))
        clauses = [clause for clause in self.also(source, status) if clause not in said]
        return sentence(label_for(source, status), "; ".join([said, *clauses]))

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failing and not self.all_findings

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What is wrong besides the sources."""
        return (*(self.findings or ()), *(self.unwatched or ()))

    @property
    def summary(self) -> str:
        """The verdict in a sentence of our own words alone: first what is wrong."""
        outcome = "passes" if self.passed else "fails"
        right: list[str] = []
        wrong: list[str] = []
        (wrong if self.failing else right).append(self._of_sources())
        if self.findings == ():
            right.append("pages and configuration agree")
        elif self.findings:
            places = _counted(len(self.findings), "place")
            wrong.append(f"pages and configuration differ in {places}")
        if self.unwatched == ():
            right.append("all that could be listed is watched")
        elif self.unwatched:
            wrong.append(f"what is watched has {_counted(len(self.unwatched), 'gap')}")
        said = [*wrong, *right]
        return f"The check {outcome}: {'; '.join(said)}."

    def _of_sources(self) -> str:
        total = count_watched(self.statuses)
        if not self.statuses:
            return "there is no source to ask for"
        if self.failing:
            return f"{len(self.failing)} of {total} ({self._causes()})"
        words = [state.message for state in State if state in self.fail_on]
        return f"none of {total} is {_or(words)}"

    def _causes(self) -> str:
        """Count the sources by what they fail for: ``2 failed, 1 overdue``."""
        counts = Counter(self.cause(status) for status in self.failing.values())
        words = {state.value: state.message for state in State}
        words |= {LATE: "without a success in time", STALE: "not asked"}
        return ", ".join(
            f"{counts[cause]} {word}"
            for cause, word in words.items()
            if cause in counts
        )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _or(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
