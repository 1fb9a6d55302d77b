"""Proxmox Backup Server: snapshots, verification and tasks, as its API has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from real_reach import RealReach

from backup_badge.http.responses import Response
from backup_badge.provider import Access
from backup_badge.providers.proxmox import Proxmox
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.ways.reach import Request

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(hours=36)
BEGAN = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
BEFORE = BEGAN - timedelta(days=1)
OPTIONS = {"url": "https://pbs.example.org:8007", "token": "${PBS_TOKEN}"}
SNAPSHOTS = "/api2/json/admin/datastore/tank/snapshots"
TASKS = "/api2/json/nodes/localhost/tasks"
SINCE = int((NOW - timedelta(days=35)).timestamp())


def snapshot(began: datetime = BEGAN, state: str = "", **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "backup-type": "vm",
        "backup-id": "100",
        "backup-time": int(began.timestamp()),
        "size": 34359738368,
        "protected": False,
        "files": [{"filename": "index.json.blob", "size": 500}],
    }
    if state:
        told["verification"] = {"state": state, "upid": "UPID:pbs:1"}
    return {**told, **more}


def task(
    status: str | None,
    began: datetime = BEGAN + timedelta(seconds=3),
    **more: Any,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "upid": "UPID:pbs:2",
        "node": "pbs",
        "starttime": int(began.timestamp()),
        "worker_type": "backup",
        "worker_id": "tank:vm/100",
        "user": "backup@pbs!pve",
    }
    if status is not None:
        ended = began + timedelta(minutes=7)
        told |= {"status": status, "endtime": int(ended.timestamp())}
    return {**told, **more}


def case(
    name: str,
    state: State,
    snapshots: Iterable[Any] = (),
    tasks: Iterable[Any] = (),
    **more: Any,
) -> Case:
    told: dict[str, Any] = {
        "address": "guest/tank/vm/100",
        "answers": {
            SNAPSHOTS: {"data": list(snapshots)},
            TASKS: {"data": list(tasks)},
        },
        "options": OPTIONS,
        "max_age": DAY,
        "now": NOW,
    }
    return Case(name=name, state=state, **{**told, **more})


TONIGHT = (snapshot(), snapshot(BEFORE))
LATER = BEGAN + timedelta(hours=4)
ENDED = BEGAN + timedelta(minutes=7, seconds=3)
OTHERS = [
    task("OK", LATER, worker_id="tank:vm/101"),
    task("connection error", LATER, worker_type="tape-backup"),
    task("OK", LATER, worker_id="tank:customer:vm/100"),
]
FULL = [
    task("OK", LATER, worker_id=f"tank:vm/{number}") for number in range(1000, 2000)
]


def page(start: int) -> str:
    query = f"limit=1000&since={SINCE}&start={start}&store=tank&typefilter=backup"
    return f"{TASKS}?{query}"


CASES = (
    case(
        "a snapshot, and the token may see no task",
        State.SUCCEEDED,
        TONIGHT,
        told={
            "native": "exists",
            "started": BEGAN,
            "last_success": BEGAN,
            "bytes": 34359738368,
            "restorable": None,
        },
    ),
    case(
        "the same without a max_age",
        State.UNKNOWN,
        TONIGHT,
        max_age=None,
        category=Category.USAGE,
    ),
    case(
        "a task that says OK",
        State.SUCCEEDED,
        TONIGHT,
        [task("OK"), *OTHERS],
        max_age=None,
        told={"native": "OK", "finished": ENDED, "last_success": BEGAN},
    ),
    case("newest by time", State.SUCCEEDED, reversed(TONIGHT), told={"started": BEGAN}),
    case("an old snapshot", State.OVERDUE, [snapshot(BEFORE - timedelta(days=3))]),
    case(
        "verified",
        State.SUCCEEDED,
        [snapshot(state="ok")],
        told={"restorable": True},
    ),
    case(
        "verified, and broken",
        State.FAILED,
        [snapshot(state="failed"), snapshot(BEFORE, "ok")],
        [task("OK")],
        told={
            "native": "verification failed",
            "restorable": False,
            "reason": "the newest backup failed its verification",
            "last_success": BEFORE,
        },
    ),
    case(
        "warnings",
        State.COMPLETED_WITH_ERRORS,
        TONIGHT,
        [task("WARNINGS: 3")],
        told={"native": "WARNINGS", "errors": 3},
    ),
    case(
        "an error after the newest snapshot",
        State.FAILED,
        [snapshot(BEFORE, "ok")],
        [task("OK", BEFORE), task("unable to open /srv/tank on db1.example")],
        told={
            "native": "error",
            "reason": "the newest backup task failed",
            "last_success": BEFORE,
        },
    ),
    case(
        "an error before the newest snapshot",
        State.SUCCEEDED,
        TONIGHT,
        [task("connection error", BEFORE)],
        told={"native": "exists"},
    ),
    case(
        "an error that begins like a warning",
        State.FAILED,
        TONIGHT,
        [task("WARNINGS: many")],
    ),
    case(
        "the server stopped meanwhile",
        State.UNKNOWN,
        TONIGHT,
        [task("unknown")],
        told={"native": "unknown"},
    ),
    case(
        "running",
        State.IN_PROGRESS,
        [snapshot(BEFORE), snapshot(LATER, size=None, files=[])],
        [task(None, LATER)],
        told={"native": "running", "started": LATER, "last_success": BEFORE},
    ),
    case(
        "ended, and not how",
        State.UNKNOWN,
        TONIGHT,
        [task(None, endtime=int(ENDED.timestamp()))],
        category=Category.INVALID_RESPONSE,
    ),
    case("the first one runs", State.IN_PROGRESS, [], [task(None)]),
    case("the first one failed", State.FAILED, [], [task("connection error")]),
    case(
        "a backup that was removed",
        State.UNKNOWN,
        [],
        [task("OK")],
        told={"reason": "its backups are gone"},
    ),
    case(
        "a snapshot that is not finished",
        State.UNKNOWN,
        [snapshot(size=None, files=[])],
        told={"reason": "the server shows no backup of this guest"},
    ),
    case("no backup", State.UNKNOWN),
    case(
        "the snapshots of another guest",
        State.UNKNOWN,
        [{**snapshot(), "backup-id": "101"}, {**snapshot(), "backup-type": "ct"}],
    ),
    case(
        "in a namespace",
        State.FAILED,
        [snapshot(BEFORE)],
        [task("connection error", worker_id="tank:customer:vm/100"), task("OK")],
        options={**OPTIONS, "namespace": "customer"},
        answers={
            f"{SNAPSHOTS}?backup-id=100&backup-type=vm&ns=customer": {
                "data": [snapshot(BEFORE)]
            },
            TASKS: {
                "data": [
                    task("connection error", worker_id="tank:customer:vm/100"),
                    task("OK", LATER),
                ]
            },
        },
    ),
    case(
        "a token that is refused",
        State.UNKNOWN,
        answers={SNAPSHOTS: Said(code=401, body="authentication failed")},
        category=Category.UNAUTHORIZED,
    ),
    case(
        "a token without the right to audit",
        State.UNKNOWN,
        answers={SNAPSHOTS: Said(code=403, body="permission check failed")},
        category=Category.UNAUTHORIZED,
    ),
)


@dataclass
class Noted(RealReach):
    """Notes requests, and answers each with the secret."""

    requests: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        """Answer."""
        self.requests.append(request)
        body = b'{"data": "audit@pbs!docs:5d1f"}'
        return Response(status=200, headers={}, body=body)


@pytest.mark.parametrize("one", checks(Proxmox, CASES), ids=str)
def test_proxmox(one: Check) -> None:
    """Words and times come to their states; the kit holds what every one must."""
    one()


LONG = case(
    "long",
    State.FAILED,
    answers={
        SNAPSHOTS: {"data": [snapshot(BEFORE)]},
        page(0): {"data": FULL},
        page(1000): {"data": [task("connection error")]},
    },
)


def test_tasks_go_on() -> None:
    """A task is found behind the first thousand."""
    (one,) = (check for check in checks(Proxmox, [LONG]) if check.name == "long")
    one()


def test_token() -> None:
    """The token travels as Proxmox Backup Server wants it, and nowhere else."""
    reach = Noted(environ={"MINE": "audit@pbs!docs:5d1f"})
    given = {**OPTIONS, "token": "${MINE}", "node": "localhost"}
    access = Access(
        name="pbs",
        provider=Proxmox(),
        given=given,
        reach=reach,
        environ=reach.environ,
    )
    answer = access.get("/api2/json/version", {})
    (request,) = reach.requests
    assert request.headers["Authorization"] == "PBSAPIToken=audit@pbs!docs:5d1f"
    assert request.url == "https://pbs.example.org:8007/api2/json/version"
    assert request.confidential
    assert answer.fields().text("data") == "***"
