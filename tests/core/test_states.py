"""The ten states, as the design's table has them."""

from __future__ import annotations

import pytest

from backup_badge.values.state import Color, State

# State, message, colour family, rank: section 2 of the design, row by row.
TABLE = [
    ("failed", "failed", "red", 1),
    ("overdue", "overdue", "amber", 2),
    ("completed_with_errors", "completed with errors", "amber", 3),
    ("stopped", "stopped", "amber", 4),
    ("unknown", "unknown", "grey", 5),
    ("deleted", "deleted", "grey", 6),
    ("skipped", "skipped", "grey", 7),
    ("in_progress", "in progress", "green", 8),
    ("scheduled", "scheduled", "green", 9),
    ("succeeded", "succeeded", "green", 10),
]


@pytest.mark.parametrize(("name", "message", "color", "rank"), TABLE)
def test_table(name: str, message: str, color: str, rank: int) -> None:
    """Each state has its message, its colour and its rank, and is good when green."""
    state = State(name)
    assert (state.message, state.color, state.rank) == (message, color, rank)
    assert state.is_good == (color == "green")


def test_nothing_else() -> None:
    """There are no other states, and no other colours, than those of the table."""
    assert [state.value for state in State] == [row[0] for row in TABLE]
    assert {color.value for color in Color} == {row[2] for row in TABLE}


def test_signs_tell_states_apart() -> None:
    """Whoever cannot see colours sees a different character for each state."""
    signs = [state.sign for state in State]
    assert len(set(signs)) == len(TABLE)
    assert all(len(sign) == 1 and sign.isprintable() for sign in signs)
