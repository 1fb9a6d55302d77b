"""What a reader is told of a status: a label, a message, a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.markup.mark_options import badge_mark
from backup_badge.values.mark import BadgeMark
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, judge, unresolved
from backup_badge.view.badge import describe, describe_source
from backup_badge.view.formats import format_moment
from backup_badge.view.language import ENGLISH

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ADDRESS = Address(provider="cloudback", segments=("acme", "website"))
SLOW = Problem(category=Category.TIMEOUT, message="example.org gave no answer in 10 s")


def source(name: str = "orders-db", **values: Any) -> Source:
    """A source with the label "Orders" and no max_age."""
    return Source(**{"name": name, "address": ADDRESS, "label": "Orders", **values})


def judged(
    reported: str, *, max_age: float | None = None, dated: bool = True, **values: Any
) -> Status:
    """A status judged at NOW; numbers are hours ago, max_age hours."""
    hours = {
        key: NOW - timedelta(hours=value) if isinstance(value, (int, float)) else value
        for key, value in values.items()
    }
    limit = None if max_age is None else timedelta(hours=max_age)
    status = Status(reported=State(reported), native=reported, **hours)
    return judge(status, max_age=limit, now=NOW, dated=dated)


RUN = {"started": 3, "finished": 2}


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            judged("failed", **RUN, details=Details(reason="agent_lost_connection")),
            "last backup failed on 21 November 2026, 02:00 UTC; agent_lost_connection",
        ),
        (
            judged("succeeded", max_age=26, started=49, finished=48),
            "backup overdue; last backup succeeded on"
            " 19 November 2026, 04:00 UTC; no success within 26h",
        ),
        (
            judged("in_progress", max_age=26, started=48, last_success=72),
            "backup overdue; backup in progress since"
            " 19 November 2026, 04:00 UTC; last success on"
            " 18 November 2026, 04:00 UTC; no success within 26h",
        ),
        (
            judged("succeeded", max_age=26, dated=False, checked=48),
            "backup overdue; last backup succeeded; no success within 26h",
        ),
        (
            judged("completed_with_errors", **RUN),
            "last backup completed with errors on 21 November 2026, 02:00 UTC",
        ),
        (
            judged("stopped", **RUN),
            "backups stopped; last run on 21 November 2026, 02:00 UTC",
        ),
        (judged("stopped"), "backups stopped"),
        (
            judged("unknown", **RUN),
            "status unknown; the backup system says 'unknown'",
        ),
        (
            unresolved(Problem(category=Category.TIMEOUT, message=SLOW.message)),
            "status unknown; the backup system did not answer in time",
        ),
        (
            judged("succeeded", max_age=26, finished=-48),
            "status unknown; the answer 'succeeded' cannot be relied on:"
            " its time 2026-11-23 04:00 UTC is to come",
        ),
        (
            judged("succeeded", max_age=26),
            "status unknown; the answer 'succeeded' cannot be relied on:"
            " it does not say when, and max_age is set",
        ),
        (judged("deleted"), "backup deleted"),
        (
            judged("skipped", started=2),
            "last backup skipped on 21 November 2026, 02:00 UTC",
        ),
        (
            judged("in_progress", started=3, last_success=24),
            "backup in progress since 21 November 2026, 01:00 UTC",
        ),
        (
            judged("scheduled", max_age=26, last_success=25),
            "backup scheduled",
        ),
        (
            judged("succeeded", **RUN),
            "last backup succeeded on 21 November 2026, 02:00 UTC",
        ),
        (
            judged("succeeded", **RUN, problem=SLOW, stale=True, checked=1),
            "last backup succeeded on 21 November 2026, 02:00 UTC;"
            " the backup system did not answer in time;"
            " this is the answer as of 21 November 2026, 03:00 UTC",
        ),
        (
            judged("succeeded", dated=False, problem=SLOW, stale=True, checked=1),
            "status unknown; the backup system did not answer in time;"
            " the last answer was 'succeeded', on 21 November 2026, 03:00 UTC",
        ),
        (
            judged("skipped", max_age=26, finished=2, last_success=72),
            "last backup skipped on 21 November 2026, 02:00 UTC; no success within 26h",
        ),
        (
            judged("succeeded", finished=2, expected_by=1),
            "backup overdue; last backup succeeded on 21 November 2026, 02:00 UTC;"
            " a success was expected by 21 November 2026, 03:00 UTC",
        ),
        (
            judged("failed", problem=SLOW),
            "last backup failed; the backup system did not answer in time",
        ),
        (
            judged("succeeded", max_age=26, dated=False, checked=1),
            "last backup succeeded;"
            " when it ran is not told, so its age cannot be judged",
        ),
        (
            judged("in_progress", max_age=26, dated=False),
            "backup in progress; when it ran is not told, so its age cannot be judged",
        ),
        (judged("failed", max_age=26, dated=False), "last backup failed"),
    ],
    ids=lambda value: value.state.value if isinstance(value, Status) else None,
)
def test_sentence(status: Status, sentence: str) -> None:
    """The whole sentence says what is known, of when, and what is not known."""
    known = source(max_age=timedelta(hours=26))
    badge = describe(BadgeMark(target="orders-db"), {known: status})
    assert badge.title == f"Orders: {sentence}"
    assert badge.label == "Orders"
    assert badge.message.split(", ")[0] == status.state.message
    assert (badge.source, badge.state) == ("orders-db", status.state)


def test_every_state_has_a_sentence() -> None:
    """No two states are told in the same words."""
    told = {
        describe_source(source(), Status(reported=state, state=state)).title
        for state in State
        if state is not State.OVERDUE
    }
    assert len(told) == 9
    assert not any("cannot be judged" in sentence for sentence in told)


def test_what_a_page_asks_for() -> None:
    """Label, link and looks are the page's where it says so, else the source's."""
    known = {source(link="https://example.org/a"): judged("succeeded")}
    options = {"label": "DB", "link": "b.html", "style": "text", "class": "wide"}
    badge = describe(badge_mark("orders-db", options), known)
    assert (badge.source, badge.message) == ("orders-db", "succeeded")
    assert (badge.label, badge.title) == ("DB", "DB: last backup succeeded")
    assert (badge.link, badge.style, badge.classes) == ("b.html", "text", ("wide",))
    plain = describe(BadgeMark(target="orders-db"), known)
    assert (plain.label, plain.link) == ("Orders", "https://example.org/a")


@pytest.mark.parametrize(
    ("states", "message", "title"),
    [
        ("succeeded succeeded", "2 of 2 succeeded", "2 of 2 succeeded"),
        ("succeeded", "1 of 1 succeeded", "1 of 1 succeeded"),
        (
            "succeeded failed unknown failed",
            "failed, 1 of 4 succeeded",
            "1 of 4 succeeded; S1 failed, S3 failed",
        ),
        (
            "succeeded unknown skipped",
            "unknown, 1 of 3 succeeded",
            "1 of 3 succeeded; S1 unknown",
        ),
        (
            "in_progress scheduled",
            "in progress, 0 of 2 succeeded",
            "0 of 2 succeeded; S0 in progress",
        ),
    ],
)
def test_roll_up(states: str, message: str, title: str) -> None:
    """A group is as bad as its worst member, which is named."""
    members = {
        source(f"s{number}", label=f"S{number}"): judged(state)
        for number, state in enumerate(states.split())
    }
    badge = describe(BadgeMark(target="group:all of it"), members)
    assert (badge.source, badge.label) == ("group:all of it", "all of it")
    assert (badge.message, badge.title) == (message, f"all of it: {title}")
    assert badge.state is min(
        (status.state for status in members.values()), key=lambda state: state.rank
    )


def test_roll_up_of_old_answers() -> None:
    """A group that is green by an older answer says which one and how old it is."""
    members = {
        source("a", label="A"): judged("succeeded", checked=0),
        source("b", label="B"): judged(
            "succeeded", finished=6, problem=SLOW, stale=True, checked=5
        ),
    }
    badge = describe(BadgeMark(target="group:g"), members)
    assert badge.title == "g: 2 of 2 succeeded; B as of 20 November 2026, 23:00 UTC"
    assert badge.message == "2 of 2 succeeded, as of 20 Nov, 23:00"
    assert badge.stale


BESIDE = {
    "nothing": (judged("succeeded", max_age=26, finished=2), "succeeded", "21 Nov"),
    "no max_age": (judged("succeeded", finished=2), "succeeded", None),
    "remembered": (
        judged("succeeded", finished=2, stale=True, problem=SLOW, checked=1),
        "succeeded, as of 21 Nov, 03:00",
        None,
    ),
    "remembered without times": (
        judged("succeeded", dated=False, stale=True, problem=SLOW, checked=1),
        "unknown",
        None,
    ),
    "bad and remembered": (
        judged("failed", dated=False, stale=True, problem=SLOW, checked=1),
        "failed, as of 21 Nov, 03:00",
        None,
    ),
    "a file without times": (
        judged("succeeded", max_age=26, dated=False, from_file=True, checked=1),
        "succeeded, as of 21 Nov, 03:00",
        None,
    ),
    "a file with times": (
        judged("succeeded", finished=2, from_file=True, checked=1),
        "succeeded",
        None,
    ),
    "an old success": (
        judged("skipped", max_age=26, finished=2, last_success=72),
        "skipped, no success within 26h",
        None,
    ),
    "a young success": (
        judged("skipped", max_age=26, finished=2, last_success=25),
        "skipped",
        None,
    ),
    "no known success": (judged("stopped", max_age=26, finished=72), "stopped", None),
    "failed": (
        judged("failed", max_age=26, finished=2, last_success=72),
        "failed",
        None,
    ),
}


@pytest.mark.parametrize(("status", "message", "date"), BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_the_state(
    status: Status, message: str, date: str | None
) -> None:
    """A remembered answer says of when it is, and a missing success is named.

    A green that can expire has a date for readers without scripts.
    """
    limit = timedelta(hours=26) if date or "success" in message else None
    badge = describe_source(source(max_age=limit), status)
    assert (badge.message, badge.date and badge.date.text) == (message, date)
    assert badge.stale is status.stale


@pytest.mark.parametrize("target", ["group:typo", "typo"])
def test_nothing_of_that_name(target: str) -> None:
    """A source that isn't there is shown like any other that could not be had."""
    problem = Problem(category=Category.UNKNOWN_SOURCE, message="there is none")
    missing = source(target, label=target, address=None, problem=problem)
    status = unresolved(problem)
    badge = describe(BadgeMark(target=target), {missing: status})
    assert (badge.label, badge.message) == (target, "unknown")
    assert badge.title == f"{target}: status unknown; there is none"


def test_format_moment() -> None:
    """A time is written in UTC and in English, whatever the machine speaks."""
    east = NOW.astimezone().replace(month=2, day=3)
    day = east.astimezone(UTC).day
    assert format_moment(east, ENGLISH).startswith(f"{day} February 2026")
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert format_moment(first, ENGLISH) == "1 January 1, 00:00 UTC"
