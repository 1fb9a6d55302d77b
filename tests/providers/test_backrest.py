"""Backrest: operations of a plan. From its API's documentation and definitions."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback import Answer, HttpService, Request, json_answer
from real_access import RealAsker

from backup_badge.provider import Category, State
from backup_badge.providers.backrest import Backrest
from backup_badge.testing import NOW, Case, Check, checks
from backup_badge.ways.locator import match_locator

OPTIONS = {
    "url": "https://backrest.example.org",
    "username": "docs",
    "password": "${KEY}",
}
CALL = "/v1.Backrest/GetOperations"
SUMMARY = {"totalFilesProcessed": "4024", "dataAdded": "296536447"}


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def written(time: datetime) -> str:
    return str(round(time.timestamp() * 1000))


def operation(kind: str, word: str, start: datetime, **told: Any) -> dict[str, Any]:
    return {
        "id": written(start),
        "planId": "orders",
        "repoId": "nas",
        "status": word,
        "unixTimeStartMs": written(start),
        kind: {},
        **told,
    }


def backup(word: str, day: int = 28, hour: int = 2, **told: Any) -> dict[str, Any]:
    start = at(day, hour)
    ended = {"unixTimeEndMs": written(start + timedelta(hours=1))}
    more = {} if word in ("STATUS_INPROGRESS", "STATUS_PENDING") else ended
    return operation("operationBackup", word, start, **{**more, **told})


def case(name: str, state: State, *operations: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "plan/orders",
        "options": OPTIONS,
        "answers": {CALL: {"operations": list(operations)}},
    }
    return Case(name=name, state=state, **{**told, **more})


GOOD = backup("STATUS_SUCCESS", 27)
LAST = at(27, 3)
DRY = {"operationBackup": {"dryRun": True}}
PLANNED = backup("STATUS_PENDING", 29)
CASES = (
    case(
        "success",
        State.SUCCEEDED,
        GOOD,
        backup("STATUS_SUCCESS", operationBackup={"lastStatus": {"summary": SUMMARY}}),
        told={
            "native": "STATUS_SUCCESS",
            "started": at(28, 2),
            "finished": at(28, 3),
            "last_success": at(28, 3),
            "files": 4024,
            "bytes": 296536447,
        },
    ),
    case("the newest first", State.FAILED, backup("STATUS_ERROR"), GOOD),
    case(
        "warnings",
        State.COMPLETED_WITH_ERRORS,
        GOOD,
        backup("STATUS_WARNING", operationBackup={"errors": [{"item": "/srv/x"}, {}]}),
        told={"native": "STATUS_WARNING", "errors": 2, "last_success": LAST},
    ),
    case(
        "an error, and what the system says of it is not repeated",
        State.FAILED,
        GOOD,
        backup("STATUS_ERROR", displayMessage="cannot open /srv/orders"),
        told={"native": "STATUS_ERROR", "last_success": LAST, "reason": None},
    ),
    case(
        "under way",
        State.IN_PROGRESS,
        GOOD,
        backup("STATUS_INPROGRESS", hour=11),
        told={"native": "STATUS_INPROGRESS", "last_success": LAST},
    ),
    case(
        "waiting since its time",
        State.SCHEDULED,
        GOOD,
        backup("STATUS_PENDING", hour=11),
        told={"native": "STATUS_PENDING", "started": at(28, 11)},
    ),
    case(
        "waiting for too long",
        State.OVERDUE,
        backup("STATUS_PENDING", 20),
        max_age=timedelta(hours=26),
    ),
    case(
        "the next one is planned, which does not hide that the last one failed",
        State.FAILED,
        GOOD,
        backup("STATUS_ERROR"),
        PLANNED,
        told={"next_run": at(29, 2), "last_success": LAST},
    ),
    case(
        "the first one is planned",
        State.SCHEDULED,
        PLANNED,
        told={"last_success": None},
    ),
    case(
        "ended by a user",
        State.STOPPED,
        GOOD,
        backup("STATUS_USER_CANCELLED"),
        told={"native": "STATUS_USER_CANCELLED", "last_success": LAST},
    ),
    case(
        "ended by the system",
        State.STOPPED,
        GOOD,
        backup("STATUS_SYSTEM_CANCELLED"),
        told={"native": "STATUS_SYSTEM_CANCELLED"},
    ),
    case(
        "a plan that was edited leaves one that never began",
        State.SUCCEEDED,
        GOOD,
        backup("STATUS_SYSTEM_CANCELLED", 28, 2, unixTimeEndMs=written(at(27, 9))),
        backup("STATUS_SYSTEM_CANCELLED", 29, unixTimeEndMs=written(at(28, 9))),
        PLANNED,
        told={"finished": LAST},
    ),
    case(
        "a status that is zero is left out",
        State.UNKNOWN,
        {key: one for key, one in backup("").items() if key != "status"},
        told={"native": "STATUS_UNKNOWN"},
    ),
    case(
        "a new word",
        State.UNKNOWN,
        backup("STATUS_PONDERING"),
        told={"native": "STATUS_PONDERING"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a dry run saves nothing",
        State.SUCCEEDED,
        GOOD,
        backup("STATUS_ERROR", **DRY),
        told={"finished": LAST},
    ),
    case("dry runs only", State.UNKNOWN, backup("STATUS_SUCCESS", **DRY)),
    case(
        "what runs behind a backup is none",
        State.FAILED,
        backup("STATUS_ERROR"),
        operation("operationForget", "STATUS_SUCCESS", at(28, 4)),
        operation("operationPrune", "STATUS_SUCCESS", at(28, 5)),
        operation("operationCheck", "STATUS_SUCCESS", at(28, 6)),
    ),
    case(
        "one of two repositories",
        State.SUCCEEDED,
        GOOD,
        backup("STATUS_ERROR", repoId="cloud"),
        address="plan/orders/repo/nas",
    ),
    case("nothing, left out as well", State.UNKNOWN, answers={CALL: {}}),
    case("no operations", State.UNKNOWN),
    case(
        "a bad entry is left out",
        State.SUCCEEDED,
        None,
        {"operationBackup": "junk"},
        GOOD,
    ),
)


@pytest.mark.parametrize("one", checks(Backrest, CASES), ids=str)
def test_backrest(one: Check) -> None:
    """Each word comes to its state; the kit holds what every provider must."""
    one()


def test_label() -> None:
    """A badge is called after its plan."""
    segments = ("plan", "orders", "repo", "nas")
    locator = match_locator(Backrest.addresses, segments)
    assert locator is not None
    assert Backrest().label(locator) == "orders"


class Service(HttpService):
    """A Backrest with the user ``docs``; finds operations by plan, the last of them."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self.operations: list[dict[str, Any]] = []

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        pair = b64encode(b"docs:s3cret").decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return Answer(status=401)
        if (request.method, request.path) != ("POST", CALL):
            return Answer(status=404)
        if request.headers.get("content-type") != "application/json":
            return Answer(status=415)
        asked = json.loads(request.body)
        plan = asked["selector"]["planId"]
        found = [one for one in self.operations if one["planId"] == plan]
        last = found[-int(asked["lastN"]) :]
        return json_answer({"operations": last} if last else {})


def test_over_http() -> None:
    """A plan costs one request, a JSON document that is posted with the password."""
    given = {"username": "docs", "password": "${KEY}"}
    with Service() as service:
        service.operations = [GOOD, backup("STATUS_ERROR", planId="wiki"), PLANNED]
        given["url"] = service.url
        asker = RealAsker(Backrest, given, at=NOW, environ={"KEY": "s3cret"})
        status = asker.status("plan/orders")
        assert (status.state, status.next_run) == (State.SUCCEEDED, at(29, 2))
        asker.status("plan/orders/repo/nas")
        assert len(service.requests) == 1
        assert asker.status("plan/wiki").state is State.FAILED
        missing = asker.status("plan/shop")
        wrong = RealAsker(Backrest, given, at=NOW, environ={"KEY": "wrong"})
        refused = wrong.status("plan/orders")
    assert missing.state is State.UNKNOWN
    assert missing.details.reason == "no backup of the plan has run, or it is not there"
    assert refused.problem is not None
    assert refused.problem.category is Category.UNAUTHORIZED
