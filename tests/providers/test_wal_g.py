"""WAL-G's lists and its verification, as its documentation has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.providers.wal_g import WalG
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(hours=26)
LIST = ["wal-g", "backup-list", "--json", "--detail"]
VERIFY = ["wal-g", "wal-verify", "integrity", "timeline", "--json"]
ENDED = datetime(2026, 11, 28, 2, 10, 0, 123456, tzinfo=UTC)


def backup(day: int = 28, **more: Any) -> dict[str, Any]:
    return {
        "backup_name": f"base_0000000100000000000000{day}",
        "time": f"2026-11-{day}T02:10:05Z",
        "wal_file_name": f"0000000100000000000000{day}",
        "storage_name": "default",
        "start_time": f"2026-11-{day}T02:00:00.000001Z",
        "finish_time": f"2026-11-{day}T02:10:00.123456789Z",
        "date_fmt": "%Y-%m-%dT%H:%M:%S.%fZ",
        "hostname": "db1.example",
        "compressed_size": 8589934592,
        "is_permanent": False,
        **more,
    }


def verified(integrity: Any, timeline: Any = "OK", **lost: int) -> dict[str, Any]:
    details = [
        {"timeline_id": 1, "segments_count": count, "status": name}
        for name, count in {"FOUND": 40, **lost}.items()
    ]
    return {
        "integrity": {"status": integrity, "details": details},
        "timeline": {"status": timeline, "details": {"current_timeline_id": 1}},
    }


def case(name: str, state: State, answer: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "backups",
        "answers": {"command": answer},
        "options": {"command": LIST},
        "max_age": DAY,
        "now": NOW,
    }
    return Case(name=name, state=state, **{**told, **more})


def wal(name: str, state: State, answer: Any, **more: Any) -> Case:
    told = {"address": "wal", "options": {"command": VERIFY}, **more}
    return case(name, state, answer, **told)


COPIED = backup(20, time="2026-11-28T11:00:00Z")
PLAIN = {"backup_name": "base_1", "time": "2026-11-28T04:10:05+02:00"}
CASES = (
    case(
        "a backup of this night",
        State.SUCCEEDED,
        [backup(27), backup(28), backup(26)],
        told={
            "native": "exists",
            "finished": ENDED,
            "last_success": ENDED,
            "bytes": 8589934592,
            "reason": None,
        },
    ),
    case(
        "without a max_age",
        State.UNKNOWN,
        [backup()],
        max_age=None,
        category=Category.USAGE,
    ),
    case("an old backup", State.OVERDUE, [backup(20)]),
    case("an old backup, copied today", State.OVERDUE, [COPIED]),
    case(
        "without details",
        State.SUCCEEDED,
        [PLAIN],
        told={"finished": datetime(2026, 11, 28, 2, 10, 5, tzinfo=UTC)},
    ),
    case(
        "a time that is not known",
        State.SUCCEEDED,
        [backup(finish_time="0001-01-01T00:00:00Z", start_time="0001-01-01T00:00:00Z")],
        told={"finished": ENDED.replace(second=5, microsecond=0), "started": None},
    ),
    case(
        "an answer of an old version",
        State.SUCCEEDED,
        [{"backup_name": "base_1", "modification_time": "2026-11-28T02:10:05Z"}],
    ),
    case(
        "a time without a zone",
        State.UNKNOWN,
        [backup(finish_time="2026-11-28T02:10:00")],
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no time",
        State.UNKNOWN,
        [{"backup_name": "base_1"}],
        category=Category.INVALID_RESPONSE,
    ),
    case("no backups", State.UNKNOWN, [], told={"reason": "WAL-G lists no backup"}),
    case(
        "no backups, in an old version",
        State.UNKNOWN,
        Said(body=b"", errors="INFO: 2026/11/28 12:00:00 No backups found\n"),
        told={"reason": "WAL-G lists no backup"},
    ),
    case(
        "a command that fails",
        State.UNKNOWN,
        Said(body=b"", code=1, errors="ERROR: AccessDenied for db1.example"),
        category=Category.INVALID_RESPONSE,
    ),
    wal(
        "all WAL files are there",
        State.SUCCEEDED,
        verified("OK"),
        told={"native": "OK", "finished": NOW, "last_success": NOW},
    ),
    wal(
        "some are late",
        State.COMPLETED_WITH_ERRORS,
        verified("WARNING", MISSING_DELAYED=1, MISSING_UPLOADING=2),
        told={"native": "WARNING", "errors": None},
    ),
    wal(
        "some are lost",
        State.FAILED,
        verified("FAILURE", MISSING_LOST=3),
        told={"errors": 3, "reason": "3 WAL files are lost", "last_success": None},
    ),
    wal(
        "some are lost, whatever the word",
        State.FAILED,
        verified("OK", MISSING_LOST=1),
        told={"errors": 1, "last_success": None},
    ),
    wal("the timeline is wrong", State.FAILED, verified("OK", "FAILURE")),
    wal(
        "integrity alone",
        State.SUCCEEDED,
        {"integrity": {"status": "OK", "details": None}},
    ),
    wal(
        "timeline alone",
        State.UNKNOWN,
        {"timeline": {"status": "OK"}},
        category=Category.INVALID_RESPONSE,
    ),
    wal(
        "a word that nobody knows",
        State.UNKNOWN,
        verified("MAYBE"),
        category=Category.INVALID_RESPONSE,
        told={"native": "MAYBE"},
    ),
    wal(
        "no word for the timeline",
        State.UNKNOWN,
        verified("OK", None),
        category=Category.INVALID_RESPONSE,
    ),
    wal(
        "a list in its place",
        State.UNKNOWN,
        [backup()],
        category=Category.INVALID_RESPONSE,
    ),
)


@pytest.mark.parametrize("one", checks(WalG, CASES), ids=str)
def test_wal_g(one: Check) -> None:
    """Lists and words come to their states; the kit holds what every one must."""
    one()
