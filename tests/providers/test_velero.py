"""Velero: phases, schedules that are paused, restores. From its API's types."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cluster import printed, resource

from backup_badge.providers.velero import Velero
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

GROUP = "velero.io/v1"


def backup(phase: str | None, day: int = 28, **told: Any) -> dict[str, Any]:
    times = {
        "startTimestamp": f"2026-11-{day}T02:00:00Z",
        "completionTimestamp": f"2026-11-{day}T02:07:41Z",
    }
    return resource(
        "Backup",
        f"daily-202611{day}020000",
        group=GROUP,
        labels={"velero.io/schedule-name": told.pop("schedule", "daily")},
        created=f"2026-11-{day}T01:59:59Z",
        **{key: told.pop(key) for key in ("deleted",) if key in told},
        status={"phase": phase, **times, **told},
    )


def schedule(phase: str = "Enabled", **told: Any) -> dict[str, Any]:
    spec = {"schedule": "0 2 * * *", "paused": told.pop("paused", False)}
    more = {key: told.pop(key) for key in ("deleted",) if key in told}
    status = {"phase": phase, **told}
    return resource("Schedule", "daily", group=GROUP, spec=spec, status=status, **more)


def restore(phase: str, **spec: Any) -> dict[str, Any]:
    made = backup(phase)
    metadata = {**made["metadata"], "name": "drill", "labels": {}}
    return {**made, "kind": "Restore", "metadata": metadata, "spec": spec}


def case(name: str, state: State, *items: dict[str, Any], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "schedule/prod/daily",
        "answers": {"file": printed(*items)},
        "options": {"file": "velero.json"},
    }
    return Case(name=name, state=state, **{**told, **more})


LONG = "s" * 70
SHORTENED = "s" * 57 + sha256(LONG.encode()).hexdigest()[:6]
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
LISTS = "/apis/velero.io/v1/namespaces/prod"
CASES = (
    case(
        "a run without a phase is no new one",
        State.UNKNOWN,
        schedule(),
        backup(None),
        category=Category.INVALID_RESPONSE,
    ),
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
        address="backup/prod/daily-20261128020000",
    ),
    case(
        "a restore of the schedule",
        State.SUCCEEDED,
        restore("Completed", scheduleName="daily"),
        address="restore/prod/daily",
        told={"last_success": HOUR},
    ),
    case(
        "a restore of one of its backups",
        State.FAILED,
        backup("Completed"),
        restore("Failed", backupName="daily-20261128020000"),
        address="restore/prod/daily",
    ),
    case(
        "a restore of a backup that is gone by now",
        State.SUCCEEDED,
        restore("Completed", backupName="daily-20261001020000"),
        address="restore/prod/daily",
    ),
    case(
        "a restore of a schedule with a longer name",
        State.UNKNOWN,
        restore("Completed", backupName="daily-db-20261001020000"),
        address="restore/prod/daily",
    ),
    case(
        "a schedule with a long name",
        State.SUCCEEDED,
        {**schedule(), "metadata": {"name": LONG, "namespace": "prod"}},
        backup("Completed", schedule=SHORTENED),
        address=f"schedule/prod/{LONG}",
    ),
    case(
        "a bad entry of another's",
        State.SUCCEEDED,
        schedule(),
        backup("Completed"),
        backup("Failed", schedule="other", startTimestamp="soon"),
    ),
    case(
        "a backup is being deleted",
        State.DELETED,
        schedule(),
        backup("Completed", deleted="2026-11-28T03:00:00Z"),
        told={"reason": "it is being deleted"},
    ),
    case(
        "the newest has expired",
        State.DELETED,
        schedule(),
        backup("Completed", expiration="2026-11-28T11:59:00Z"),
        told={"reason": "it expired on 2026-11-28 11:59 UTC", "last_success": None},
    ),
    case(
        "not expired yet",
        State.SUCCEEDED,
        schedule(),
        backup("Completed", expiration="2026-12-28T02:00:00Z"),
    ),
    case(
        "a newer backup is gone",
        State.DELETED,
        schedule(lastBackup="2026-11-28T02:00:00Z"),
        backup("Completed", 27),
        told={"reason": "the backup of 2026-11-28 02:00 UTC is gone"},
    ),
    case(
        "all backups are gone",
        State.DELETED,
        schedule(lastBackup="2026-11-28T02:00:00Z"),
    ),
    case(
        "the schedule's clock and the run's",
        State.SUCCEEDED,
        schedule(lastBackup="2026-11-28T02:00:03Z"),
        backup("Completed"),
    ),
    case(
        "skipped",
        State.SKIPPED,
        schedule(lastSkipped="2026-11-28T10:00:00Z"),
        backup("Completed"),
        told={"last_success": HOUR, "native": "Completed"},
    ),
    case(
        "skipped before the newest",
        State.SUCCEEDED,
        schedule(lastSkipped="2026-11-27T10:00:00Z"),
        backup("Completed"),
    ),
    case(
        "skipped after a failure",
        State.FAILED,
        schedule(lastSkipped="2026-11-28T10:00:00Z"),
        backup("Failed"),
    ),
    case(
        "paused after a failure",
        State.FAILED,
        schedule(paused=True),
        backup("Failed"),
    ),
    case(
        "the schedule is being deleted",
        State.STOPPED,
        schedule(deleted="2026-11-28T03:00:00Z"),
        backup("Completed"),
    ),
    case(
        "a reason that names a host is not repeated",
        State.FAILED,
        schedule(),
        backup("Failed", failureReason="dial tcp s3.example.org: refused"),
        told={"reason": None},
    ),
    case(
        "a backup from the future",
        State.UNKNOWN,
        schedule(),
        backup(
            "Completed",
            startTimestamp="2027-11-28T02:00:00Z",
            completionTimestamp="2027-11-28T02:07:00Z",
        ),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "too old",
        State.OVERDUE,
        schedule(),
        backup("Completed", 26),
        max_age=timedelta(hours=26),
    ),
    case(
        "the newest by time, not by position",
        State.FAILED,
        schedule(),
        backup("Failed", 28),
        backup("Completed", 27),
        backup("Completed", 26),
        told={
            "last_success": HOUR.replace(day=27),
            "started": HOUR.replace(minute=0, second=0),
        },
    ),
    case(
        "no restore is left: those of removed backups are gone, too",
        State.UNKNOWN,
        address="restore/prod/daily",
        told={
            "reason": "the cluster keeps no restore of its backups",
            "never_ran": None,
        },
    ),
    case(
        "by the API, over two pages",
        State.SUCCEEDED,
        address="schedule/prod/daily",
        options={"url": "https://kubernetes.example.org", "token": "${TOKEN}"},
        answers={
            f"{LISTS}/schedules?limit=200": {"items": [schedule()]},
            f"{LISTS}/backups?limit=200": {
                "items": [backup("Failed", 27)],
                "metadata": {"continue": "more"},
            },
            f"{LISTS}/backups?continue=more&limit=200": {
                "items": [backup("Completed")]
            },
        },
    ),
)


@pytest.mark.parametrize("one", checks(Velero, CASES), ids=str)
def test_velero(one: Check) -> None:
    """Phases come to their states; the kit holds what every provider must."""
    one()
