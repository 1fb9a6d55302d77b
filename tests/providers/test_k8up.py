"""K8up: conditions, schedules, checks and restores. From its API's types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cluster import printed, resource

from backup_badge.providers.k8up import K8up
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

GROUP = "k8up.io/v1"
LABELS = {"k8up.io/schedule-name": "nightly"}


def conditions(day: int, *given: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {
            "type": kind,
            "status": status,
            "reason": reason,
            "message": "the job 'prod/backup-nightly' on node1.example.org",
            "lastTransitionTime": f"2026-11-{day}T02:07:41Z",
        }
        for kind, status, reason in given
    ]


def job(
    *given: tuple[str, str, str], day: int = 28, kind: str = "Backup", **more: Any
) -> dict[str, Any]:
    return resource(
        kind,
        f"nightly-{day}",
        group=GROUP,
        **{
            "labels": LABELS,
            "created": f"2026-11-{day}T02:00:00Z",
            "status": {"conditions": conditions(day, *given), "started": True},
            **more,
        },
    )


def schedule(ready: str = "True", **spec: Any) -> dict[str, Any]:
    status = {"conditions": conditions(1, ("Ready", ready, "Ready"))}
    backup = {"backup": {"schedule": "0 2 * * *"}}
    spec = spec or {**backup, "check": {"schedule": "0 4 * * 0"}, "restore": {}}
    return resource("Schedule", "nightly", group=GROUP, spec=spec, status=status)


def case(name: str, state: State, *items: dict[str, Any], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "schedule/prod/nightly",
        "answers": {"file": printed(*items)},
        "options": {"file": "k8up.json"},
    }
    return Case(name=name, state=state, **{**told, **more})


HOUR = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)
DONE = ("Progressing", "False", "Finished")
GOOD = ("Completed", "True", "Succeeded")
CASES = (
    case(
        "succeeded",
        State.SUCCEEDED,
        schedule(),
        job(DONE, GOOD),
        told={"native": "Succeeded", "finished": HOUR, "last_success": HOUR},
    ),
    *(
        case(
            reason,
            State.FAILED,
            schedule(),
            job(DONE, GOOD, day=27),
            job(DONE, ("Completed", "True", reason)),
            told={
                "native": reason,
                "finished": HOUR,
                "last_success": HOUR.replace(day=27),
                "reason": None,
            },
        )
        for reason in (
            "Failed",
            "CreationFailed",
            "UpdateFailed",
            "DeletionFailed",
            "RetrievalFailed",
            "SomethingNew",
        )
    ),
    case(
        "its job could not be made",
        State.FAILED,
        schedule(),
        job(("Ready", "False", "CreationFailed")),
        job(DONE, GOOD, day=27),
        told={"native": "CreationFailed", "finished": HOUR},
    ),
    case(
        "a pod before it failed",
        State.FAILED,
        schedule(),
        job(DONE, GOOD, ("PreBackupPodReady", "False", "CreationFailed")),
        told={"reason": "a pod before it failed"},
    ),
    case(
        "a pod before it failed, as the documentation writes it",
        State.FAILED,
        schedule(),
        job(("PreBackupPodsReady", "False", "RetrievalFailed")),
    ),
    case(
        "no pod before it was needed",
        State.SUCCEEDED,
        schedule(),
        job(DONE, GOOD, ("PreBackupPodReady", "False", "NoPreBackupPodsFound")),
    ),
    case(
        "in progress",
        State.IN_PROGRESS,
        schedule(),
        job(DONE, GOOD, day=27),
        job(("Progressing", "True", "Started")),
        told={"native": "Started", "last_success": HOUR.replace(day=27)},
    ),
    case(
        "waiting for a pod",
        State.SCHEDULED,
        schedule(),
        job(("PreBackupPodReady", "Unknown", "Waiting")),
        told={"native": "Waiting"},
    ),
    case(
        "finished, and how is not said",
        State.UNKNOWN,
        schedule(),
        job(DONE),
        told={"native": "Finished"},
    ),
    case(
        "a new reason",
        State.UNKNOWN,
        schedule(),
        job(("Progressing", "True", "Pondering")),
        category=Category.INVALID_RESPONSE,
    ),
    case("not begun", State.UNKNOWN, schedule(), job(DONE, GOOD, day=27), job()),
    case("nothing yet", State.UNKNOWN, schedule()),
    case("not ready", State.STOPPED, schedule("False"), job(DONE, GOOD)),
    case(
        "it makes no backups",
        State.STOPPED,
        schedule(check={"schedule": "0 4 * * 0"}),
        job(DONE, GOOD),
    ),
    case("no schedule", State.UNKNOWN, job(DONE, GOOD), category=Category.NOT_FOUND),
    case(
        "a backup by hand",
        State.SUCCEEDED,
        job(DONE, GOOD, labels={}),
        address="backup/prod/nightly-28",
    ),
    case(
        "being deleted",
        State.DELETED,
        schedule(),
        job(DONE, GOOD, deleted="2026-11-28T03:00:00Z"),
    ),
    case(
        "a check",
        State.FAILED,
        schedule(),
        job(DONE, GOOD),
        job(("Completed", "True", "Failed"), kind="Check"),
        address="check/prod/nightly",
    ),
    case(
        "a restore",
        State.SUCCEEDED,
        schedule(),
        job(DONE, GOOD, kind="Restore"),
        address="restore/prod/nightly",
    ),
    case(
        "a backup, and no restore",
        State.UNKNOWN,
        {**schedule(), "spec": {"restore": {}}},
        job(DONE, GOOD),
        address="restore/prod/nightly",
        told={"reason": "no restore has run yet", "never_ran": True},
    ),
)


@pytest.mark.parametrize("one", checks(K8up, CASES), ids=str)
def test_k8up(one: Check) -> None:
    """Conditions come to their states; the kit holds what every provider must."""
    one()
