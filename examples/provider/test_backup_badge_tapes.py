"""What the words of Tapes come to, and all that the kit checks besides."""

import pytest
from backup_badge_tapes import Tapes

from backup_badge.provider import Category, State
from backup_badge.testing import Case, checks


def case(name, state, word, **more):
    job = {"name": "nightly", "state": word, "ended": "2026-11-28T03:00:00Z"}
    told = {"address": "job/nightly", "options": OPTIONS}
    return Case(name=name, state=state, answers=jobs(job), **{**told, **more})


def jobs(*found):
    return {"/jobs": {"jobs": list(found)}}


OPTIONS = {"url": "https://tapes.example.org", "key": "${TAPES_KEY}"}
NONE, ODD = Category.NOT_FOUND, Category.INVALID_RESPONSE
CASES = [
    case("written", State.SUCCEEDED, "written"),
    case("jammed", State.FAILED, "jammed"),
    case("winding", State.IN_PROGRESS, "winding"),
    case("a new word", State.UNKNOWN, "soaked", category=ODD),
    case("no such job", State.UNKNOWN, "", address="job/x", category=NONE),
]


@pytest.mark.parametrize("check", checks(Tapes, CASES), ids=str)
def test_tapes(check):
    check()
