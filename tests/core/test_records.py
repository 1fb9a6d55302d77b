"""Statuses as JSON: the form that the status file, the command and the API share."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.documents.fields import Fields
from backup_badge.documents.records import (
    SCHEMA,
    read_status,
    status_record,
    to_document,
)
from backup_badge.values.problem import Category, Problem, ProblemError
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, judge

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ORDERS = Source(
    name="orders-db",
    address=parse_address("rackspace:configuration/a%2Fb"),
    label="Orders database",
    link="https://example.org/orders",
)
TYPO = Source(name="typo", address=None, label="typo")
RUN = Status(
    reported=State.SUCCEEDED,
    native="completed",
    started=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    finished=datetime(2026, 11, 20, 2, 13, tzinfo=UTC),
    checked=datetime(2026, 11, 21, 3, 59, tzinfo=UTC),
    details=Details(errors=0, files=6, bytes=127_000_000, restorable=True),
)

# Section 5 of the design, with what was added to it: when the last success was, when
# the next run is due, and why there are errors.
DOCUMENT = """\
{
 "schema": 1,
 "generated": "2026-11-21T04:00:00Z",
 "sources": {
  "orders-db": {
   "address": "rackspace:configuration/a%2Fb",
   "label": "Orders database",
   "state": "overdue",
   "reported_state": "succeeded",
   "native_state": "completed",
   "started": "2026-11-20T02:00:00Z",
   "finished": "2026-11-20T02:13:00Z",
   "last_success": null,
   "next_run": null,
   "expected_by": null,
   "checked": "2026-11-21T03:59:00Z",
   "link": "https://example.org/orders",
   "problem": null,
   "restore": null,
   "details": {
    "errors": 0,
    "reason": null,
    "files": 6,
    "bytes": 127000000,
    "restorable": true,
    "duration": null,
    "never_ran": null
   }
  },
  "typo": {
   "address": null,
   "label": "typo",
   "state": "unknown",
   "reported_state": "unknown",
   "native_state": null,
   "started": null,
   "finished": null,
   "last_success": null,
   "next_run": null,
   "expected_by": null,
   "checked": null,
   "link": null,
   "problem": {
    "category": "unknown_source",
    "message": "there is none"
   },
   "restore": null,
   "details": {
    "errors": null,
    "reason": null,
    "files": null,
    "bytes": null,
    "restorable": null,
    "duration": null,
    "never_ran": null
   }
  }
 }
}"""


def read(record: object) -> Status:
    """Read a status from a record of a document."""
    return read_status(Fields(document={"record": record}, origin="it").table("record"))


def published(problem: Problem | None) -> Problem | None:
    """Return what a reader is told of a problem."""
    if problem is None:
        return None
    public = problem.public
    return Problem(category=problem.category, message=public, public_message=public)


def test_document() -> None:
    """The document has exactly this form, in this order."""
    problem = Problem(category=Category.UNKNOWN_SOURCE, message="there is none")
    missing = Status(reported=State.UNKNOWN, problem=problem)
    judged = judge(RUN, max_age=timedelta(hours=1), now=NOW)
    document = to_document({ORDERS: judged, TYPO: missing}, generated=NOW)
    assert json.dumps(document, indent=1) == DOCUMENT
    assert SCHEMA == 1


def test_judgement_is_not_read() -> None:
    """A reader judges again: only what was reported comes back, stale ones included."""
    stale = Problem(category=Category.TIMEOUT, message="it is slow")
    for problem in (None, stale):
        status = Status(reported=State.SUCCEEDED, state=State.OVERDUE, problem=problem)
        back = read(status_record(status))
        assert (back.reported, back.state) == (State.SUCCEEDED, State.UNKNOWN)
        assert back.problem == published(problem)


texts = st.none() | st.text("aé€\n👩\N{ZERO WIDTH JOINER}", max_size=5)
counts = st.none() | st.integers(0, 2**63 - 1)
times = st.none() | st.datetimes(timezones=st.just(UTC)).map(
    lambda time: time.replace(microsecond=0)
)
problems = st.none() | st.builds(
    Problem, category=st.sampled_from(Category), message=st.text("a ü", max_size=3)
)
statuses = st.builds(
    Status,
    reported=st.sampled_from(State),
    state=st.just(State.UNKNOWN),
    native=texts,
    started=times,
    finished=times,
    last_success=times,
    next_run=times,
    expected_by=times,
    checked=times,
    problem=problems,
    validator=st.none(),
    details=st.builds(
        Details,
        errors=counts,
        reason=texts,
        files=counts,
        bytes=counts,
        restorable=st.none() | st.booleans(),
    ),
)


@given(status=statuses)
def test_round_trip(status: Status) -> None:
    """What is written is what is read, for every status there can be.

    A problem beside a known state says that a remembered answer stands in.
    """
    stands_in = status.problem is not None and status.reported is not State.UNKNOWN
    written = json.loads(json.dumps(status_record(status)))
    told = published(status.problem)
    assert read(written) == replace(status, stale=stands_in, problem=told)
    detailed = read(status_record(status, detailed=True)).problem
    assert (detailed and detailed.message) == (
        status.problem and (status.problem.message or status.problem.public)
    )


def test_the_least_document() -> None:
    """A document of a state alone is valid; what it leaves out is not known."""
    assert read({"reported_state": "failed"}) == Status(reported=State.FAILED)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"reported_state": "good"}, "has the unknown state 'good'"),
        ({"reported_state": "SUCCEEDED"}, "has the unknown state 'SUCCEEDED'"),
        ({"reported_state": None}, "has the unknown state None"),
        ({"reported_state": ["succeeded"]}, "'reported_state' that is not a text"),
        ({"native_state": 5}, "'native_state' that is not a text"),
        ({"finished": "yesterday"}, "has a 'finished' that is no time: 'yesterday'"),
        ({"finished": 1732161600}, "'finished' that is not a text"),
        ({"checked": "2026-11-21T99:00:00Z"}, "'checked' that is no time"),
        ({"problem": "slow"}, "'problem' that is not an object"),
        ({"finished": "2026-11-21"}, "'finished' that is no time"),
        ({"finished": "20261121T040000Z"}, "'finished' that is no time"),
        ({"finished": "2026-11-21T04:00:00Z\n"}, "'finished' that is no time"),
        ({"finished": "2026-02-30T04:00:00Z"}, "'finished' that is no time"),
        ({"finished": "9999-12-31T23:59:59-01:00"}, "'finished' that is no time"),
        ({"next_run": "soon"}, "'next_run' that is no time"),
        ({"problem": {"message": "x"}}, "has the unknown problem None"),
        ({"problem": {"category": "doom", "message": "x"}}, "unknown problem 'doom'"),
        ({"problem": {"category": "timeout"}}, "has the unknown problem 'timeout'"),
        ({"problem": {"category": ["timeout"]}}, "'category' that is not a text"),
        ({"details": []}, "'details' that is not an object"),
        ({"details": {"restorable": "yes"}}, "'restorable' that is not true or false"),
        ({"details": {"reason": {}}}, "'reason' that is not a text"),
    ],
)
def test_hostile(changed: dict[str, Any], why: str) -> None:
    """A record of another shape is refused, never guessed at."""
    with pytest.raises(ProblemError, match=r"^it has ") as caught:
        read({**status_record(RUN), **changed})
    assert why in str(caught.value)
    assert caught.value.problem.category is Category.INVALID_RESPONSE


@pytest.mark.parametrize(
    "changed",
    [
        {"a key of tomorrow": [1]},
        {"state": "failed"},
        {"finished": "2026-11-20T02:13"},
        {"finished": "2026-11-20T03:13:00.5+01:00"},
        {"details": {"errors": 0, "files": 6, "bytes": 127e6, "restorable": True}},
        {"details": {"errors": 0, "files": 6, "bytes": -1, "restorable": True}},
        {"details": {"errors": 0, "files": 6, "bytes": "big", "restorable": True}},
        {"details": {"errors": 0, "files": 6, "bytes": 10**400, "restorable": True}},
    ],
)
def test_tolerant(changed: dict[str, Any]) -> None:
    """A count that is none is not told; keys that nobody knows are passed over."""
    status = read({**status_record(RUN), **changed})
    assert status.reported is State.SUCCEEDED
    if "details" in changed:
        assert status.details == Details(errors=0, files=6, restorable=True)
    else:
        assert status == RUN
