"""The states a backup can be in, worst first."""

from __future__ import annotations

from enum import StrEnum


class Color(StrEnum):
    """A family of colours; the style sheet and the SVG writer choose the shades."""

    RED = "red"
    AMBER = "amber"
    GREY = "grey"
    GREEN = "green"


class State(StrEnum):
    """What a backup system says of a backup, or what we judge of it.

    The members stand in the order of their rank: the first is the worst.
    """

    FAILED = "failed"
    OVERDUE = "overdue"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    DELETED = "deleted"
    SKIPPED = "skipped"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    SUCCEEDED = "succeeded"

    @property
    def message(self) -> str:
        """The state in words, as a reader sees it: "completed with errors"."""
        return self.value.replace("_", " ")

    @property
    def rank(self) -> int:
        """1 for the worst state, 10 for the best."""
        return _RANKS[self]

    @property
    def color(self) -> Color:
        """The family of the state's colour."""
        return _LOOKS[self][0]

    @property
    def sign(self) -> str:
        """One character that tells the state without its colour."""
        return _LOOKS[self][1]

    @property
    def is_good(self) -> bool:
        """Whether the state is shown in green."""
        return self.color is Color.GREEN


_RANKS = {state: rank for rank, state in enumerate(State, start=1)}
_LOOKS = {
    State.FAILED: (Color.RED, "✗"),
    State.OVERDUE: (Color.AMBER, "◷"),
    State.COMPLETED_WITH_ERRORS: (Color.AMBER, "!"),
    State.STOPPED: (Color.AMBER, "■"),
    State.UNKNOWN: (Color.GREY, "?"),
    State.DELETED: (Color.GREY, "–"),
    State.SKIPPED: (Color.GREY, "»"),
    State.IN_PROGRESS: (Color.GREEN, "↻"),
    State.SCHEDULED: (Color.GREEN, "…"),
    State.SUCCEEDED: (Color.GREEN, "✓"),
}
