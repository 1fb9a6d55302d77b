"""Barman's lists: words, order, times with and without a zone, both of its forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.providers.barman import Barman
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(hours=36)
LIST = ["barman", "-f", "json", "list-backups", "orders"]
NEW_YORK = {"command": LIST, "timezone": "America/New_York"}
ENDED = datetime(2026, 11, 28, 7, 30, tzinfo=UTC)
BEFORE = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)


def backup(day: int = 28, status: str = "DONE", **more: Any) -> dict[str, Any]:
    """Return a backup of 02:00 to 02:30 in New York, as ``list-backups`` has it."""
    told: dict[str, Any] = {"backup_id": f"202611{day}T020000", "status": status}
    if status in ("DONE", "WAITING_FOR_WALS"):
        ended = ENDED.replace(day=day)
        told |= {
            "backup_type": "rsync",
            "end_time": f"Sat Nov {day} 02:30:00 2026",
            "end_time_timestamp": str(int(ended.timestamp())),
            "retention_status": "VALID",
            "size": "22.0 MiB",
            "size_bytes": 23068672,
            "wal_size_bytes": 0,
        }
    return {**told, **more}


def cloud(day: int = 28, status: str = "DONE", **more: Any) -> dict[str, Any]:
    """Return the same as ``barman-cloud-backup-list`` has it."""
    return {
        "backup_id": f"202611{day}T020000",
        "begin_time": f"Sat Nov {day} 02:00:00 2026",
        "end_time": f"Sat Nov {day} 02:30:00 2026",
        "error": None,
        "server_name": "cloud",
        "size": 23068672,
        "status": status,
        **more,
    }


def case(name: str, state: State, *backups: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "server/orders",
        "answers": {"command": {"orders": list(backups)}},
        "options": {"command": LIST},
        "max_age": DAY,
        "now": NOW,
    }
    return Case(name=name, state=state, **{**told, **more})


def in_cloud(name: str, state: State, *backups: Any, **more: Any) -> Case:
    answers = {"command": {"backups_list": list(backups)}}
    return case(name, state, answers=answers, **{"options": NEW_YORK, **more})


ISO = {
    "begin_time_iso": "2026-11-28T02:00:00.120000-05:00",
    "end_time_iso": "2026-11-28T02:30:00-05:00",
}
CASES = (
    case(
        "done",
        State.SUCCEEDED,
        backup(),
        told={
            "native": "DONE",
            "finished": ENDED,
            "last_success": ENDED,
            "started": None,
            "bytes": 23068672,
        },
    ),
    case(
        "done, with a zone",
        State.SUCCEEDED,
        backup(),
        options=NEW_YORK,
        told={"started": datetime(2026, 11, 28, 7, 0, tzinfo=UTC)},
    ),
    case("done without a max_age", State.SUCCEEDED, backup(), max_age=None),
    case("done some days ago", State.OVERDUE, backup(20)),
    case(
        "from a file",
        State.SUCCEEDED,
        answers={"file": {"orders": [backup()], "web": []}},
        options={"file": "barman.json"},
    ),
    case("newest by time", State.SUCCEEDED, backup(28), backup(20), backup(27)),
    case(
        "waits for WAL files",
        State.IN_PROGRESS,
        backup(28, "WAITING_FOR_WALS"),
        backup(27),
        told={
            "native": "WAITING_FOR_WALS",
            "finished": None,
            "started": ENDED,
            "last_success": BEFORE,
        },
    ),
    case(
        "has waited for days",
        State.OVERDUE,
        backup(20, "WAITING_FOR_WALS"),
        told={"last_success": None},
    ),
    *(
        case(
            word,
            state,
            backup(27),
            backup(28, word),
            options=NEW_YORK,
            told={"native": word, "last_success": BEFORE},
        )
        for word, state in (
            ("STARTED", State.IN_PROGRESS),
            ("SYNCING", State.IN_PROGRESS),
            ("FAILED", State.FAILED),
            ("EMPTY", State.UNKNOWN),
        )
    ),
    case(
        "failed in the evening: by UTC, its ID is before the last success",
        State.FAILED,
        backup(28, "FAILED", backup_id="20261128T030000"),
        backup(28, end_time_timestamp=str(int(ENDED.timestamp()) + 7200)),
    ),
    case("the first one runs", State.UNKNOWN, backup(28, "STARTED")),
    case(
        "the first one runs, with a zone",
        State.IN_PROGRESS,
        backup(28, "STARTED"),
        options=NEW_YORK,
    ),
    case(
        "a word that nobody knows",
        State.UNKNOWN,
        backup(28, "PONDERING"),
        category=Category.INVALID_RESPONSE,
        told={"native": "PONDERING"},
    ),
    case(
        "no word",
        State.UNKNOWN,
        backup(status=""),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "done, and not when",
        State.UNKNOWN,
        {"backup_id": "20261128T020000", "status": "DONE"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "an ID that tells no time",
        State.UNKNOWN,
        backup(backup_id="latest"),
        category=Category.INVALID_RESPONSE,
    ),
    case("no backup yet", State.UNKNOWN, told={"native": None}),
    case(
        "another server",
        State.UNKNOWN,
        answers={"command": {"web": [backup()]}},
        category=Category.NOT_FOUND,
    ),
    case(
        "junk at another server",
        State.SUCCEEDED,
        answers={"command": {"web": [{"backup_id": 7}], "orders": [backup()]}},
    ),
    case(
        "the wrong user",
        State.UNKNOWN,
        answers={
            "command": Said(
                code=1, errors="ERROR: please run barman as 'barman' user\n"
            )
        },
        category=Category.UNAUTHORIZED,
    ),
    case(
        "a server that Barman does not know",
        State.UNKNOWN,
        answers={"command": Said(code=1, body={"_ERROR": ["Unknown server 'orders'"]})},
        category=Category.NOT_FOUND,
    ),
    in_cloud("in a cloud", State.SUCCEEDED, cloud(), told={"finished": ENDED}),
    in_cloud(
        "in a cloud, without a zone",
        State.UNKNOWN,
        cloud(),
        options={"command": LIST},
        category=Category.INVALID_RESPONSE,
    ),
    in_cloud(
        "in a cloud, by a version that writes zones",
        State.SUCCEEDED,
        cloud(**ISO),
        options={"command": LIST},
        told={"finished": ENDED, "bytes": 23068672},
    ),
    in_cloud(
        "failed in a cloud",
        State.FAILED,
        cloud(27),
        cloud(28, "FAILED", error="failure uploading data (db1.example)"),
        told={"reason": None, "last_success": BEFORE},
    ),
    in_cloud("nothing in a cloud", State.UNKNOWN),
    in_cloud("of another server", State.UNKNOWN, cloud(server_name="web")),
    in_cloud(
        "a time that is none",
        State.UNKNOWN,
        cloud(end_time="yesterday"),
        category=Category.INVALID_RESPONSE,
    ),
)


@pytest.mark.parametrize("one", checks(Barman, CASES), ids=str)
def test_barman(one: Check) -> None:
    """Words and times come to their states; the kit holds what every one must."""
    one()
