"""VolSync: results and conditions of sources and destinations. From its API's types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cluster import printed, resource

from backup_badge.providers.volsync import VolSync
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

GROUP = "volsync.backube/v1alpha1"
LAST = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)
NEXT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)


def replication(
    reason: str | None, result: str | None = "Successful", **told: Any
) -> dict[str, Any]:
    condition = {"type": "Synchronizing", "status": "False", "reason": reason}
    status: dict[str, Any] = {
        "conditions": [condition] if reason else [],
        "lastSyncTime": "2026-11-28T02:07:41Z",
        "nextSyncTime": "2026-11-29T02:00:00Z",
        "latestMoverStatus": {"result": result, "logs": "root@db1.example.org"},
        **told,
    }
    return resource(
        status.pop("kind", "ReplicationSource"),
        "data",
        group=GROUP,
        spec={"paused": status.pop("paused", False)},
        status=status,
    )


def case(name: str, state: State, *items: dict[str, Any], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "source/prod/data",
        "answers": {"file": printed(*items)},
        "options": {"file": "volsync.json"},
    }
    return Case(name=name, state=state, **{**told, **more})


CASES = (
    *(
        case(
            reason,
            State.SUCCEEDED,
            replication(reason),
            told={
                "native": "Successful",
                "finished": LAST,
                "last_success": LAST,
                "next_run": NEXT,
            },
        )
        for reason in ("WaitingForSchedule", "WaitingForManual", "CleaningUp")
    ),
    case(
        "failed",
        State.FAILED,
        replication("WaitingForSchedule", "Failed"),
        told={"native": "Failed", "last_success": LAST, "reason": None},
    ),
    case(
        "failed, and it tries again",
        State.FAILED,
        replication("SyncInProgress", "Failed"),
    ),
    case("an error", State.FAILED, replication("Error"), told={"native": "Error"}),
    case(
        "in progress",
        State.IN_PROGRESS,
        replication("SyncInProgress", lastSyncStartTime="2026-11-28T11:59:00Z"),
        told={"native": "SyncInProgress", "last_success": LAST},
    ),
    case(
        "no result is told",
        State.SUCCEEDED,
        replication("WaitingForSchedule", None, latestMoverStatus=None),
    ),
    case(
        "the next run has not begun",
        State.OVERDUE,
        replication("WaitingForSchedule", nextSyncTime="2026-11-28T09:00:00Z"),
        told={"reason": "the run of 2026-11-28 09:00 UTC has not begun"},
    ),
    case(
        "never synchronized",
        State.UNKNOWN,
        replication("WaitingForSchedule", lastSyncTime=None),
        told={"never_ran": True},
    ),
    case(
        "paused",
        State.STOPPED,
        replication("WaitingForSchedule", paused=True),
        told={"reason": "it is paused", "last_success": LAST},
    ),
    case(
        "a new reason",
        State.UNKNOWN,
        replication("Pondering"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a new result",
        State.UNKNOWN,
        replication("WaitingForSchedule", "Half"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "nobody looked at it",
        State.UNKNOWN,
        replication(None),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a destination",
        State.SUCCEEDED,
        replication("WaitingForManual", kind="ReplicationDestination"),
        address="destination/prod/data",
    ),
    case(
        "a destination is no source",
        State.UNKNOWN,
        replication("WaitingForManual", kind="ReplicationDestination"),
        category=Category.NOT_FOUND,
    ),
    case(
        "one object from kubectl",
        State.SUCCEEDED,
        **{"answers": {"file": replication("WaitingForSchedule")}},
    ),
    case(
        "by the API",
        State.SUCCEEDED,
        **{
            "options": {"url": "https://kubernetes.example.org", "token": "${TOKEN}"},
            "answers": {
                f"/apis/{GROUP}/namespaces/prod/replicationsources?limit=200": {
                    "items": [replication("WaitingForSchedule")]
                }
            },
        },
    ),
)


@pytest.mark.parametrize("one", checks(VolSync, CASES), ids=str)
def test_volsync(one: Check) -> None:
    """Results come to their states; the kit holds what every provider must."""
    one()
