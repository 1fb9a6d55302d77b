"""Velero: phases, schedules that are paused, restores. From its API's types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from backup_badge.providers.velero import Velero
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

OPTIONS = {"file": "velero.json"}


def backup(phase: str, day: int = 28, **told: Any) -> dict[str, Any]:
    return {
        "kind": "Backup",
        "metadata": {
            "name": f"daily-{day}",
            "namespace": "velero",
            "labels": {"velero.io/schedule-name": "daily"},
            "creationTimestamp": f"2026-11-{day}T01:59:59Z",
        },
        "status": {
            "phase": phase,
            "startTimestamp": f"2026-11-{day}T02:00:00Z",
            "completionTimestamp": f"2026-11-{day}T02:07:41Z",
            **told,
        },
    }


def schedule(phase: str = "Enabled", **spec: Any) -> dict[str, Any]:
    metadata = {"name": "daily", "namespace": "velero"}
    status = {"phase": phase}
    return {"kind": "Schedule", "metadata": metadata, "spec": spec, "status": status}


def restore(phase: str, **spec: Any) -> dict[str, Any]:
    made = backup(phase)
    made["metadata"] = {"name": "drill", "namespace": "velero"}
    return {**made, "kind": "Restore", "spec": spec}


def case(name: str, state: State, *items: dict[str, Any], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "schedule/velero/daily",
        "answers": {"file": {"kind": "List", "items": list(items)}},
        "options": OPTIONS,
    }
    return Case(name=name, state=state, **{**told, **more})


HOUR = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)
PHASES = {
    "Completed": State.SUCCEEDED,
    "PartiallyFailed": State.COMPLETED_WITH_ERRORS,
    "WaitingForPluginOperationsPartiallyFailed": State.COMPLETED_WITH_ERRORS,
    "FinalizingPartiallyFailed": State.COMPLETED_WITH_ERRORS,
    "Failed": State.FAILED,
    "FailedValidation": State.FAILED,
    "InProgress": State.IN_PROGRESS,
    "WaitingForPluginOperations": State.IN_PROGRESS,
    "Finalizing": State.IN_PROGRESS,
    "New": State.SCHEDULED,
    "Queued": State.SCHEDULED,
    "ReadyToStart": State.SCHEDULED,
    "Deleting": State.DELETED,
}
LISTS = "/apis/velero.io/v1/namespaces/velero"
CASES = (
    *(
        case(
            phase,
            state,
            schedule(),
            backup("Completed", 27),
            backup(phase),
            told={
                "native": phase,
                "last_success": HOUR if phase == "Completed" else HOUR.replace(day=27),
            },
        )
        for phase, state in PHASES.items()
    ),
    case(
        "warnings",
        State.COMPLETED_WITH_ERRORS,
        schedule(),
        backup("Completed", warnings=2),
        told={"native": "Completed with warnings"},
    ),
    case(
        "a new phase",
        State.UNKNOWN,
        schedule(),
        backup("Pondering"),
        category=Category.INVALID_RESPONSE,
    ),
    case("paused", State.STOPPED, schedule(paused=True), backup("Completed")),
    case("not valid", State.STOPPED, schedule("FailedValidation"), backup("Completed")),
    case("nothing yet", State.UNKNOWN, schedule(), told={"native": None}),
    case(
        "no schedule", State.UNKNOWN, backup("Completed"), category=Category.NOT_FOUND
    ),
    case(
        "one backup",
        State.SUCCEEDED,
        backup("Completed"),
        address="backup/velero/daily-28",
    ),
    case(
        "a restore of the schedule",
        State.SUCCEEDED,
        restore("Completed", scheduleName="daily"),
        address="restore/velero/daily",
        told={"last_success": HOUR},
    ),
    case(
        "a restore of one of its backups",
        State.FAILED,
        backup("Completed"),
        restore("Failed", backupName="daily-28"),
        address="restore/velero/daily",
    ),
    case("never restored", State.UNKNOWN, address="restore/velero/daily"),
    case(
        "by the API, over two pages",
        State.SUCCEEDED,
        address="schedule/velero/daily",
        options={"url": "https://kubernetes.example.org", "token": "${TOKEN}"},
        answers={
            f"{LISTS}/schedules?limit=500": {"items": [schedule()]},
            f"{LISTS}/backups?limit=500": {
                "items": [backup("Failed", 27)],
                "metadata": {"continue": "more"},
            },
            f"{LISTS}/backups?continue=more&limit=500": {
                "items": [backup("Completed")]
            },
        },
    ),
)


@pytest.mark.parametrize("one", checks(Velero, CASES), ids=str)
def test_velero(one: Check) -> None:
    """Phases come to their states; the kit holds what every provider must."""
    one()
