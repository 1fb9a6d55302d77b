"""Longhorn: states of backups, of volumes and of the system. From its API's types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cluster import printed, resource

from backup_badge.providers.longhorn import Longhorn
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

GROUP = "longhorn.io/v1beta2"
MADE = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)


def backup(state: str | None, day: int = 28, **told: Any) -> dict[str, Any]:
    volume = told.pop("volume", "pvc-1")
    metadata: dict[str, Any] = {
        key: told.pop(key) for key in ("labels", "created", "deleted") if key in told
    }
    return resource(
        "Backup",
        f"backup-{day}",
        group=GROUP,
        **{"created": f"2026-11-{day}T02:00:00Z", **metadata},
        status={
            "state": state,
            "volumeName": volume,
            "snapshotCreatedAt": f"2026-11-{day}T02:00:00Z",
            "backupCreatedAt": f"2026-11-{day}T02:07:41Z",
            "size": "127000000",
            "error": "",
            **told,
        },
    )


def system(state: str, day: int = 28) -> dict[str, Any]:
    status = {"state": state, "createdAt": f"2026-11-{day}T02:07:41Z"}
    return resource("SystemBackup", f"system-{day}", group=GROUP, status=status)


def case(name: str, state: State, *items: dict[str, Any], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "volume/prod/pvc-1",
        "answers": {"file": printed(*items)},
        "options": {"file": "longhorn.json"},
    }
    return Case(name=name, state=state, **{**told, **more})


BACKUPS = {
    "Completed": State.SUCCEEDED,
    "Error": State.FAILED,
    "Pending": State.SCHEDULED,
    "InProgress": State.IN_PROGRESS,
    "Deleting": State.DELETED,
    "Unknown": State.UNKNOWN,
}
SYSTEMS = {
    "Ready": State.SUCCEEDED,
    "Error": State.FAILED,
    "Generating": State.IN_PROGRESS,
    "Uploading": State.IN_PROGRESS,
    "CreatingVolumeBackups": State.IN_PROGRESS,
    "CreatingBackingImageBackups": State.IN_PROGRESS,
    "Syncing": State.IN_PROGRESS,
    "Deleting": State.DELETED,
}
CASES = (
    *(
        case(
            word,
            state,
            backup("Completed", 27),
            backup(word),
            backup("Completed", 29, volume="pvc-2"),
            told={
                "native": word,
                "last_success": MADE if word == "Completed" else MADE.replace(day=27),
                "bytes": 127_000_000,
            },
        )
        for word, state in BACKUPS.items()
    ),
    *(
        case(
            f"system: {word}",
            state,
            system(word),
            system("Ready", 27),
            address="system/prod",
            told={"native": word},
        )
        for word, state in SYSTEMS.items()
    ),
    case("no system backup", State.UNKNOWN, address="system/prod"),
    case("an empty word", State.SCHEDULED, backup("", size="")),
    case(
        "an error, which has no times",
        State.FAILED,
        backup("Completed", 27),
        backup("Error", snapshotCreatedAt="", backupCreatedAt="", size=""),
        told={"started": datetime(2026, 11, 28, 2, tzinfo=UTC)},
    ),
    case(
        "an old backup whose object is made anew is not young",
        State.FAILED,
        backup("Error", 27),
        backup("Completed", 26, created="2026-11-28T11:00:00Z"),
        backup(
            "Completed",
            25,
            created="2026-11-28T11:00:00Z",
            snapshotCreatedAt="",
            backupCreatedAt="",
        ),
    ),
    case(
        "a new word",
        State.UNKNOWN,
        backup("Pondering"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "by its label",
        State.SUCCEEDED,
        backup("Completed", volume="", labels={"backup-volume": "pvc-1"}),
    ),
    case("no such volume", State.UNKNOWN, category=Category.NOT_FOUND),
    case(
        "being deleted",
        State.DELETED,
        backup("Completed", deleted="2026-11-28T03:00:00Z"),
    ),
    case(
        "one backup",
        State.SUCCEEDED,
        backup("Completed"),
        address="backup/prod/backup-28",
    ),
    case(
        "by the API",
        State.SUCCEEDED,
        **{
            "options": {"url": "https://kubernetes.example.org", "token": "${TOKEN}"},
            "answers": {
                f"/apis/{GROUP}/namespaces/prod/backups?limit=200": {
                    "items": [backup("Completed")]
                }
            },
        },
    ),
)


@pytest.mark.parametrize("one", checks(Longhorn, CASES), ids=str)
def test_longhorn(one: Check) -> None:
    """States come to ours; the kit holds what every provider must."""
    one()
