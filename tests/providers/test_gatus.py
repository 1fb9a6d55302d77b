"""Gatus: results of endpoints and external endpoints. From its API's source."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback import Answer, HttpService, Request, json_answer
from real_access import RealAsker

from backup_badge.provider import Category, State
from backup_badge.providers.gatus import Gatus
from backup_badge.testing import NOW, Case, Check, checks

OPTIONS = {"url": "https://gatus.example.org"}
LIST = "/api/v1/endpoints/statuses"
SILENT = "heartbeat: no update received within 24h0m0s"


def result(success: object, time: str, *errors: str) -> dict[str, Any]:
    told = {"success": success, "timestamp": f"2026-11-{time}.123456789Z"}
    return {**told, "duration": 1000000, **({"errors": [*errors]} if errors else {})}


def endpoint(name: str, *results: Any, group: str = "", key: str = "") -> Any:
    told = {"name": name, "key": key, "results": list(results)}
    return {**told, **({"group": group} if group else {})}


def case(name: str, state: State, *results: Any, **more: Any) -> Case:
    one = endpoint("Orders DB", *results, group="core", key="core_orders-db")
    told: dict[str, Any] = {
        "address": "key/core_orders-db",
        "options": OPTIONS,
        "answers": {LIST: [endpoint("web", key="_web"), one]},
    }
    return Case(name=name, state=state, **{**told, **more})


LAST = datetime(2026, 11, 28, 3, 0, 0, 123456, tzinfo=UTC)
GOOD = result(True, "28T03:00:00")
OLD = result(False, "27T03:00:00")
CASES = (
    case(
        "success",
        State.SUCCEEDED,
        OLD,
        GOOD,
        told={
            "native": "success",
            "name": "Orders DB",
            "finished": LAST,
            "last_success": LAST,
        },
    ),
    case("the newest stands first", State.SUCCEEDED, GOOD, OLD),
    case("by group and name", State.SUCCEEDED, GOOD, address="endpoint/core/Orders DB"),
    case(
        "an offset of its own",
        State.SUCCEEDED,
        {"success": True, "timestamp": "2026-11-28T04:00:00.123456789+01:00"},
        told={"finished": LAST},
    ),
    case(
        "without a group, and with all letters that become dashes",
        State.SUCCEEDED,
        address="endpoint/ A%2Fb_c.d,e f#g&h+i",
        answers={LIST: [endpoint("A/b_c.d,e f#g&h+i", GOOD, key="_a-b-c-d-e-f-g-h-i")]},
    ),
    case("old", State.OVERDUE, GOOD, max_age=timedelta(hours=6)),
    case(
        "failure",
        State.FAILED,
        GOOD,
        result(False, "28T04:00:00", "exit status 1 on db1.example"),
        told={"native": "failure", "last_success": LAST, "reason": None},
    ),
    case(
        "silence",
        State.OVERDUE,
        GOOD,
        result(False, "28T11:00:00", SILENT),
        told={"native": "heartbeat", "finished": None, "last_success": LAST},
    ),
    case("no results", State.UNKNOWN),
    case(
        "results that are null",
        State.UNKNOWN,
        answers={LIST: [{**endpoint("Orders DB"), "results": None, "key": "k_k"}]},
        address="key/k_k",
    ),
    case(
        "no word",
        State.UNKNOWN,
        result(None, "28T03:00:00"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no time",
        State.UNKNOWN,
        {"success": True},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a time without a zone",
        State.UNKNOWN,
        {"success": True, "timestamp": "2026-11-28T03:00:00"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no such endpoint",
        State.UNKNOWN,
        GOOD,
        address="endpoint/core/Shop",
        category=Category.NOT_FOUND,
    ),
    case(
        "two of one key, one of another instance",
        State.UNKNOWN,
        answers={LIST: [endpoint("db", GOOD, key="_db"), endpoint("db", key="_db")]},
        address="key/_db",
        category=Category.NOT_FOUND,
    ),
    case(
        "a bad entry costs the others nothing",
        State.SUCCEEDED,
        answers={
            LIST: [
                None,
                {"name": 7, "group": [], "key": {}, "results": "junk"},
                endpoint("db", GOOD, key="_db"),
            ]
        },
        address="endpoint/db",
    ),
)


@pytest.mark.parametrize("one", checks(Gatus, CASES), ids=str)
def test_gatus(one: Check) -> None:
    """Each result comes to its state; the kit holds what every provider must."""
    one()


class Service(HttpService):
    """A Gatus with ``security.basic``: the user ``docs``, the password ``s3cret``."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        pair = b64encode(b"docs:s3cret").decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return Answer(status=401, body=b"Unauthorized")
        if request.path != LIST:
            return Answer(status=404, body=b"not found")
        orders = endpoint("Orders DB", OLD, GOOD, group="core", key="core_orders-db")
        silent = endpoint("Wiki", result(False, "28T11:00:00", SILENT), key="_wiki")
        return json_answer([orders, silent])


def test_over_http() -> None:
    """All endpoints cost one request, which names its user."""
    given = {"username": "docs", "password": "${KEY}"}
    with Service() as service:
        given["url"] = service.url
        asker = RealAsker(Gatus, given, at=NOW, environ={"KEY": "s3cret"})
        assert asker.status("endpoint/core/Orders DB").state is State.SUCCEEDED
        assert asker.status("key/_wiki").state is State.OVERDUE
        assert [one.query for one in service.requests] == ["page=1&pageSize=20"]
        wrong = RealAsker(Gatus, given, at=NOW, environ={"KEY": "wrong"})
        status = wrong.status("key/_wiki")
    assert status.problem is not None
    assert status.problem.category is Category.UNAUTHORIZED
