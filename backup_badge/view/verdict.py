"""What a check comes to: the sources that fail it, and what is wrong in the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.summary import count_sources, count_states

DEFAULT_FAIL_ON = frozenset({State.FAILED, State.OVERDUE, State.UNKNOWN})
"""The states that fail a check where nobody says which."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What pages and configuration do not agree in, and where; lines count from 1."""

    path: str
    line: int | None
    message: str

    @property
    def place(self) -> str:
        """The place as editors and compilers write it: ``docs/index.md:12``."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The statuses as judged at ``now`` (UTC), and the states that fail the check.

    ``findings`` is None where nobody asked about pages.
    """

    statuses: Mapping[Source, Status]
    fail_on: frozenset[State]
    now: datetime
    findings: tuple[Finding, ...] | None = None

    @property
    def failing(self) -> dict[Source, Status]:
        """The sources that fail the check."""
        return {
            source: status
            for source, status in self.statuses.items()
            if status.state in self.fail_on
        }

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failing and not self.findings

    @property
    def summary(self) -> str:
        """The verdict in a sentence, of our own words alone."""
        outcome = "passes" if self.passed else "fails"
        said = [self._of_sources()]
        if self.findings == ():
            said.append("pages and configuration agree")
        elif self.findings:
            number = len(self.findings)
            places = f"{number} place{'' if number == 1 else 's'}"
            said.append(f"pages and configuration differ in {places}")
        return f"The check {outcome}: {'; '.join(said)}."

    def _of_sources(self) -> str:
        total = count_sources(len(self.statuses))
        if not self.statuses:
            return "there is no source to ask for"
        if self.failing:
            return f"{len(self.failing)} of {total} ({count_states(self.failing)})"
        words = [state.message for state in State if state in self.fail_on]
        return f"none of {total} is {_or(words)}"


def _or(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
