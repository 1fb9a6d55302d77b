"""What the words of Tapes come to, and all that the kit checks besides."""

import pytest
from backup_badge_tapes import Tapes

from backup_badge.provider import Category, State
from backup_badge.testing import Case, checks

OPTIONS = {"url": "https://tapes.example.org", "key": "${TAPES_KEY}"}


def case(name, state, word, *, address="job/nightly", category=None):
    job = {"name": "nightly", "state": word, "ended": "2026-11-28T03:00:00Z"}
    return Case(
        name=name,
        options=OPTIONS,
        address=address,
        answers={"/jobs": {"jobs": [job]}},
        state=state,
        category=category,
    )


CASES = [
    case("written", State.SUCCEEDED, "written"),
    case("jammed", State.FAILED, "jammed"),
    case("winding", State.IN_PROGRESS, "winding"),
    case("new word", State.UNKNOWN, "wet", category=Category.INVALID_RESPONSE),
    case("no job", State.UNKNOWN, "", address="job/x", category=Category.NOT_FOUND),
]


@pytest.mark.parametrize("check", checks(Tapes, CASES), ids=str)
def test_tapes(check):
    check()
