"""Healthchecks: what each word of a check comes to. From its API's documentation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.providers.healthchecks import Healthchecks
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

OPTIONS = {"api_key": "${KEY}"}
LIST = "/api/v3/checks/"
FLIPS = "/api/v3/checks/a6c7/flips/"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def check(**told: Any) -> dict[str, Any]:
    return {
        "name": "Orders DB",
        "slug": "orders-db",
        "tags": "prod db",
        "grace": 3600,
        "n_pings": 412,
        "status": "up",
        "started": False,
        "last_ping": "2026-11-28T03:02:11+00:00",
        "next_ping": "2026-11-29T03:02:11+00:00",
        "unique_key": "a6c7",
        "schedule": "0 3 * * *",
        "tz": "UTC",
        **told,
    }


def listed(*found: dict[str, Any]) -> dict[str, Any]:
    return {LIST: {"checks": list(found)}}


def case(name: str, state: State, *found: dict[str, Any], **more: Any) -> Case:
    told = {"address": "slug/orders-db", "answers": listed(*found), "options": OPTIONS}
    return Case(name=name, state=state, **{**told, **more})


CASES = (
    case(
        "up, and the next is not due",
        State.SUCCEEDED,
        check(),
        told={
            "native": "up",
            "name": "Orders DB",
            "expected_by": at(29, 4, 2).replace(second=11),
        },
    ),
    case("up by its unique key", State.SUCCEEDED, check(), address="check/a6c7"),
    case(
        "up by its UUID",
        State.SUCCEEDED,
        check(uuid="0c8983c9"),
        address="check/0c8983c9",
    ),
    case(
        "up long ago, and nobody looked since",
        State.OVERDUE,
        check(last_ping="2026-11-20T03:00:00Z", next_ping="2026-11-21T03:00:00Z"),
    ),
    case(
        "late, within its grace time",
        State.OVERDUE,
        check(status="grace", next_ping="2026-11-28T11:30:00Z"),
        told={"native": "grace", "reported": State.SUCCEEDED},
    ),
    case(
        "under way: it is due from its beginning on",
        State.IN_PROGRESS,
        check(started=True, next_ping="2026-11-28T11:40:00Z"),
        told={
            "native": "started",
            "started": at(28, 11, 40),
            "last_success": at(28, 3, 2).replace(second=11),
            "expected_by": at(28, 12, 40),
        },
    ),
    case(
        "under way for longer than its grace time",
        State.OVERDUE,
        check(started=True, next_ping="2026-11-28T10:59:00Z"),
    ),
    case(
        "under way, and the last success is too old",
        State.OVERDUE,
        check(started=True, last_ping="2026-11-20T03:00:00Z"),
        max_age=timedelta(days=2),
    ),
    case(
        "the first run is under way",
        State.IN_PROGRESS,
        check(status="new", started=True, last_ping=None, next_ping=None),
        told={"native": "started", "last_success": None},
    ),
    case(
        "down, as its job said",
        State.FAILED,
        check(status="down", next_ping=None),
        answers={
            **listed(check(status="down", next_ping=None)),
            FLIPS: [{"timestamp": "2026-11-28T03:02:11+00:00", "up": 0}],
        },
        told={"native": "down", "reason": "the job signalled a failure"},
    ),
    case(
        "down, as nothing came",
        State.FAILED,
        check(status="down", next_ping=None),
        answers={
            **listed(check(status="down", next_ping=None)),
            FLIPS: [{"timestamp": "2026-11-28T08:00:00+00:00", "up": 0}],
        },
        told={
            "reason": "no ping since 2026-11-28 03:02 UTC",
            "last_success": at(28, 3, 2).replace(second=11),
        },
    ),
    case(
        "down, and nobody knows why",
        State.FAILED,
        check(status="down"),
        answers={**listed(check(status="down")), FLIPS: []},
        told={"reason": "it is down"},
    ),
    case(
        "down, and its changes cannot be had",
        State.FAILED,
        check(status="down"),
        answers={**listed(check(status="down")), FLIPS: Said(code=503)},
        told={"reason": "it is down"},
    ),
    case(
        "up, and never pinged",
        State.UNKNOWN,
        check(last_ping=None),
        category=Category.INVALID_RESPONSE,
    ),
    case("paused", State.STOPPED, check(status="paused"), told={"native": "paused"}),
    case(
        "never pinged",
        State.UNKNOWN,
        check(status="new", last_ping=None, n_pings=0),
        told={"reason": "it was never pinged", "never_ran": True},
    ),
    case(
        "paused and resumed, and not pinged since",
        State.UNKNOWN,
        check(status="new", last_ping=None),
        told={"native": "new", "reason": None, "never_ran": None},
    ),
    case(
        "one of a tag was never pinged",
        State.UNKNOWN,
        check(),
        check(slug="other", status="new", last_ping=None, n_pings=0),
        address="tag/db",
        told={"reason": "it was never pinged", "never_ran": None},
    ),
    case(
        "a word nobody knows",
        State.UNKNOWN,
        check(status="sleeping"),
        category=Category.INVALID_RESPONSE,
    ),
    case("no such check", State.UNKNOWN, category=Category.NOT_FOUND),
    case(
        "two checks of one slug",
        State.UNKNOWN,
        check(),
        check(),
        category=Category.NOT_FOUND,
    ),
    case(
        "the worst of a tag",
        State.STOPPED,
        check(),
        check(slug="other", status="paused"),
        address="tag/db",
    ),
    case(
        "no check of a tag",
        State.UNKNOWN,
        check(),
        address="tag/web",
        category=Category.NOT_FOUND,
    ),
    case(
        "started when it was due, as a job with a cron schedule is",
        State.IN_PROGRESS,
        check(status="grace", started=True, next_ping="2026-11-28T11:30:00Z"),
        told={"native": "started", "expected_by": at(28, 12, 30)},
    ),
)


@pytest.mark.parametrize("one", checks(Healthchecks, CASES), ids=str)
def test_healthchecks(one: Check) -> None:
    """Each word comes to its state; the kit holds what every provider must."""
    one()
