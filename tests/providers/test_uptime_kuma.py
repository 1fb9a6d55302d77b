"""Uptime Kuma: beats of monitors on a public page. From its server's source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback import Answer, HttpService, Request, json_answer
from real_access import RealAsker

from backup_badge.provider import Category, State
from backup_badge.providers.uptime_kuma import UptimeKuma
from backup_badge.testing import NOW, Case, Check, checks

OPTIONS = {"url": "https://kuma.example.org"}
PAGE, BEATS = "/api/status-page/backups", "/api/status-page/heartbeat/backups"
DAY = timedelta(hours=26)
DOWN, UP, PENDING, MAINTENANCE = range(4)


def beat(status: object, time: str) -> dict[str, Any]:
    return {"status": status, "time": f"2026-11-{time}.123", "msg": "", "ping": None}


def page(*monitors: tuple[int, str]) -> dict[str, Any]:
    shown = [{"id": n, "name": name, "type": "push"} for n, name in monitors]
    group = {"id": 1, "name": "Backups", "weight": 1, "monitorList": shown}
    return {
        "config": {"slug": "backups", "published": True},
        "incidents": [],
        "maintenanceList": [],
        "publicGroupList": [group],
    }


def case(name: str, state: State, *beats: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "page/backups/Orders DB",
        "options": OPTIONS,
        "max_age": DAY,
        "answers": {
            PAGE: page((7, "Orders DB"), (8, "Wiki")),
            BEATS: {"heartbeatList": {"7": list(beats)}, "uptimeList": {"7_24": 1}},
        },
    }
    return Case(name=name, state=state, **{**told, **more})


LAST = datetime(2026, 11, 28, 3, 0, 0, 123000, tzinfo=UTC)
GOOD = beat(UP, "28 03:00:00")
UP_NOW: dict[str, Any] = {
    PAGE: page((7, "Orders DB")),
    BEATS: {"heartbeatList": {"7": [GOOD]}},
}
CASES = (
    case(
        "up",
        State.SUCCEEDED,
        beat(UP, "27 03:00:00"),
        GOOD,
        told={"native": "up", "finished": LAST, "last_success": LAST},
    ),
    case(
        "up, by its number",
        State.SUCCEEDED,
        GOOD,
        address="page/backups/7",
        told={"name": "Orders DB"},
    ),
    case("up, the newest beat first", State.SUCCEEDED, GOOD, beat(DOWN, "27 03:00:00")),
    case("a page in other letters", State.SUCCEEDED, GOOD, address="page/Backups/7"),
    case("up, and its age is not judged", State.UNKNOWN, GOOD, max_age=None),
    case("paused since it was up", State.OVERDUE, beat(UP, "20 03:00:00")),
    case(
        "down",
        State.FAILED,
        GOOD,
        beat(DOWN, "28 11:59:00"),
        told={"native": "down", "finished": None, "last_success": LAST},
    ),
    case("down, and never up", State.FAILED, beat(DOWN, "28 11:59:00")),
    case(
        "being tried again",
        State.UNKNOWN,
        GOOD,
        beat(PENDING, "28 11:59:00"),
        told={"native": "pending"},
    ),
    case(
        "under maintenance",
        State.UNKNOWN,
        GOOD,
        beat(MAINTENANCE, "28 11:59:00"),
        told={"native": "maintenance", "reason": "it is under maintenance"},
    ),
    case(
        "a number nobody knows",
        State.UNKNOWN,
        GOOD,
        beat(4, "28 11:59:00"),
        told={"native": "4"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no status at all",
        State.UNKNOWN,
        beat(None, "28 11:59:00"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a beat without its time",
        State.UNKNOWN,
        {"status": UP},
        category=Category.INVALID_RESPONSE,
    ),
    case("no beat yet", State.UNKNOWN),
    case(
        "no beats of this monitor",
        State.UNKNOWN,
        answers={PAGE: page((7, "Orders DB")), BEATS: {"heartbeatList": {}}},
    ),
    case(
        "sums over days",
        State.UNKNOWN,
        0,
        {"status": UP, "time": "2026-11-28T12:00:00.000Z", "msg": "", "ping": None},
    ),
    case(
        "sums from a time to another",
        State.UNKNOWN,
        {**GOOD, "endTime": "2026-11-28 12:00:00"},
    ),
    case(
        "one monitor in two groups",
        State.SUCCEEDED,
        answers={
            PAGE: page((7, "Orders DB"), (7, "Orders DB")),
            BEATS: {"heartbeatList": {"7": [GOOD]}},
        },
    ),
    case(
        "two monitors of a name",
        State.UNKNOWN,
        answers={
            PAGE: page((7, "Orders DB"), (8, "Orders DB")),
            BEATS: {"heartbeatList": {"7": [GOOD], "8": [GOOD]}},
        },
        category=Category.NOT_FOUND,
    ),
    case(
        "not on the page",
        State.UNKNOWN,
        GOOD,
        address="page/backups/Shop",
        category=Category.NOT_FOUND,
    ),
    case(
        "a page that nobody knows is answered, with nothing",
        State.UNKNOWN,
        answers={
            PAGE: {},
            BEATS: {"heartbeatList": {}, "uptimeList": {}},
        },
        category=Category.NOT_FOUND,
    ),
    *(
        case(
            f"{what} for the {part}",
            State.UNKNOWN,
            answers={**UP_NOW, path: body},
            category=Category.INVALID_RESPONSE,
        )
        for what, body in (
            ("nothing", b""),
            ("a list", b"[]"),
            ("null", b"null"),
            ("a login page", b"<!DOCTYPE html><title>Log in</title>"),
        )
        for part, path in (("page", PAGE), ("beats", BEATS))
    ),
    case(
        "a page that nobody knows",
        State.UNKNOWN,
        answers={BEATS: {"heartbeatList": {}, "uptimeList": {}}},
        category=Category.NOT_FOUND,
    ),
    case(
        "a bad entry of the page costs the others nothing",
        State.SUCCEEDED,
        answers={
            PAGE: {"publicGroupList": [None, {}, *page((7, "7"))["publicGroupList"]]},
            BEATS: {"heartbeatList": {"6": "junk", "7": [GOOD]}},
        },
        address="page/backups/7",
    ),
)


@pytest.mark.parametrize("one", checks(UptimeKuma, CASES), ids=str)
def test_uptime_kuma(one: Check) -> None:
    """Each beat comes to its state; the kit holds what every provider must."""
    one()


class Kuma(HttpService):
    """One page, ``backups``; an unknown one has no beats, which is no error."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.path == PAGE:
            return json_answer(page((7, "Orders DB"), (8, "Wiki")))
        if request.path == BEATS:
            beats = {"7": [GOOD], "8": [beat(DOWN, "28 11:00:00")]}
            return json_answer({"heartbeatList": beats, "uptimeList": {}})
        if request.path.startswith("/api/status-page/heartbeat/"):
            return json_answer({"heartbeatList": {}, "uptimeList": {}})
        failed = {"status": "fail", "msg": "Status Page Not Found"}
        return json_answer(failed, status=404)


def test_over_http() -> None:
    """A page's monitors cost two requests; an unknown page and monitor say so."""
    with Kuma() as service:
        asker = RealAsker(UptimeKuma, {"url": service.url}, at=NOW)
        assert asker.status("page/backups/Orders DB", max_age=DAY).state == "succeeded"
        assert asker.status("page/BACKUPS/Wiki", max_age=DAY).state == "failed"
        missing = asker.status("page/backups/Shop", max_age=DAY)
        assert len(service.requests) == 2
        elsewhere = asker.status("page/other/Wiki", max_age=DAY)
    assert missing.problem is not None
    assert missing.problem.message == (
        "the status page 'backups' shows no monitor 'Shop', or is not there"
    )
    assert elsewhere.state is State.UNKNOWN
    assert elsewhere.problem is not None
    assert elsewhere.problem.category is Category.NOT_FOUND
