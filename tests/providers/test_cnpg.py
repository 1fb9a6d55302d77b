"""CloudNativePG: phases, schedules, clusters, windows. From its API's types."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cluster import printed, resource

from backup_badge.providers.cnpg import CloudNativePG
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

GROUP = "postgresql.cnpg.io/v1"
PLUGIN = "barmancloud.cnpg.io/v1"


def backup(phase: str | None, day: int = 28, **told: Any) -> dict[str, Any]:
    times = {
        "startedAt": f"2026-11-{day}T02:00:05Z",
        "stoppedAt": f"2026-11-{day}T02:07:41Z",
    }
    return resource(
        "Backup",
        f"nightly-202611{day}",
        group=GROUP,
        labels={"cnpg.io/scheduled-backup": told.pop("schedule", "nightly")},
        created=f"2026-11-{day}T02:00:00Z",
        spec={"cluster": {"name": "orders"}},
        status={"phase": phase, **(times if phase else {}), **told},
    )


def schedule(name: str = "nightly", **told: Any) -> dict[str, Any]:
    spec = {
        "schedule": "0 0 2 * * *",
        "suspend": told.pop("suspend", False),
        "cluster": {"name": "orders"},
    }
    return resource("ScheduledBackup", name, group=GROUP, spec=spec, status=told)


def cluster(archiving: str = "True", last: str = "", **told: Any) -> dict[str, Any]:
    """Return a cluster; ``last`` is why its last backup did not succeed."""
    conditions = [
        {"type": "Ready", "status": "True"},
        {"type": "ContinuousArchiving", "status": archiving},
        {
            "type": "LastBackupSucceeded",
            "status": "False" if last else "True",
            "reason": last or "LastBackupSucceeded",
            "lastTransitionTime": "2026-11-28T09:00:00Z",
        },
    ]
    status = {"conditions": conditions, **told}
    return resource("Cluster", "orders", group=GROUP, status=status)


def store(**window: str) -> dict[str, Any]:
    status = {"serverRecoveryWindow": {"orders": window}}
    return resource("ObjectStore", "s3", group=PLUGIN, status=status)


def case(name: str, state: State, *items: dict[str, Any], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "schedule/prod/nightly",
        "answers": {"file": printed(*items)},
        "options": {"file": "cnpg.json"},
    }
    return Case(name=name, state=state, **{**told, **more})


HOUR = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)
CLUSTER: dict[str, Any] = {"address": "cluster/prod/orders"}
WINDOW: dict[str, Any] = {"address": "window/prod/s3/orders"}
GOOD = {"lastSuccessfulBackupTime": "2026-11-28T02:07:41Z"}
BAD = {"lastFailedBackupTime": "2026-11-28T03:00:00Z"}
SINCE = {"firstRecoverabilityPoint": "2026-11-01T02:07:41Z"}
PHASES = {
    "completed": State.SUCCEEDED,
    "failed": State.FAILED,
    "walArchivingFailing": State.FAILED,
    "invalid backup definition": State.FAILED,
    "pending": State.SCHEDULED,
    "started": State.IN_PROGRESS,
    "running": State.IN_PROGRESS,
    "finalizing": State.IN_PROGRESS,
}
CASES = (
    case(
        "a run without a phase is no new one",
        State.UNKNOWN,
        schedule(),
        backup("", startedAt="2026-11-28T02:00:00Z"),
        category=Category.INVALID_RESPONSE,
    ),
    *(
        case(
            phase,
            state,
            schedule(nextScheduleTime="2026-11-29T02:00:00Z"),
            backup("completed", 27),
            backup(phase),
            told={
                "native": phase,
                "next_run": datetime(2026, 11, 29, 2, tzinfo=UTC),
                "last_success": HOUR if phase == "completed" else HOUR.replace(day=27),
            },
        )
        for phase, state in PHASES.items()
    ),
    case("nobody looked at it yet", State.SCHEDULED, schedule(), backup(None)),
    case(
        "nobody looks at it",
        State.OVERDUE,
        schedule(),
        backup(None, 26),
        max_age=timedelta(hours=26),
    ),
    case("an empty phase", State.SCHEDULED, schedule(), backup("")),
    case(
        "a new phase",
        State.UNKNOWN,
        schedule(),
        backup("pondering"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "suspended",
        State.STOPPED,
        schedule(suspend=True),
        backup("completed"),
        told={"reason": "the schedule is suspended", "last_success": HOUR},
    ),
    case(
        "an error in the schedule",
        State.STOPPED,
        schedule(error="expected 6 fields"),
        backup("completed"),
    ),
    case(
        "the next run has not begun",
        State.OVERDUE,
        schedule(nextScheduleTime="2026-11-28T09:00:00Z"),
        backup("completed"),
        told={"reason": "the run of 2026-11-28 09:00 UTC has not begun"},
    ),
    case(
        "the next run may be late",
        State.SUCCEEDED,
        schedule(nextScheduleTime="2026-11-28T11:00:00Z"),
        backup("completed"),
    ),
    case("nothing yet", State.UNKNOWN, schedule(), told={"native": None}),
    case(
        "a newer backup is gone",
        State.DELETED,
        schedule(lastScheduleTime="2026-11-28T02:00:00Z"),
        backup("completed", 27),
    ),
    case(
        "times of the operator",
        State.SUCCEEDED,
        schedule(),
        backup(
            "completed",
            startedAt=None,
            stoppedAt=None,
            reconciliationStartedAt="2026-11-28T02:00:01Z",
            reconciliationTerminatedAt="2026-11-28T02:07:41Z",
        ),
        told={"finished": HOUR},
    ),
    case(
        "no schedule", State.UNKNOWN, backup("completed"), category=Category.NOT_FOUND
    ),
    case(
        "one backup",
        State.SUCCEEDED,
        backup("completed"),
        address="backup/prod/nightly-20261128",
    ),
    case(
        "a cluster's newest, whoever made it",
        State.FAILED,
        cluster(),
        schedule(),
        backup("completed", 27),
        backup("failed", schedule="other"),
        told={"last_success": HOUR.replace(day=27)},
        **CLUSTER,
    ),
    case("a cluster", State.SUCCEEDED, cluster(), backup("completed"), **CLUSTER),
    case(
        "a cluster whose last backup failed, and is gone",
        State.FAILED,
        cluster(last="LastBackupFailed"),
        backup("completed"),
        told={"finished": HOUR.replace(hour=9, minute=0, second=0)},
        **CLUSTER,
    ),
    case(
        "a cluster whose next backup begins",
        State.SUCCEEDED,
        cluster(last="BackupStarted"),
        backup("completed"),
        **CLUSTER,
    ),
    case(
        "a cluster whose schedules are suspended",
        State.STOPPED,
        cluster(),
        schedule(suspend=True),
        schedule("weekly", suspend=True),
        backup("completed"),
        **CLUSTER,
    ),
    case(
        "a cluster with a schedule that is not suspended",
        State.SUCCEEDED,
        cluster(),
        schedule(suspend=True),
        schedule("weekly"),
        backup("completed"),
        **CLUSTER,
    ),
    case(
        "a cluster that archives no WAL",
        State.COMPLETED_WITH_ERRORS,
        cluster("False"),
        backup("completed"),
        told={"reason": "the WAL files after the backup are not archived"},
        **CLUSTER,
    ),
    case(
        "a cluster that archives no WAL, during a backup",
        State.COMPLETED_WITH_ERRORS,
        cluster("False"),
        backup("running"),
        **CLUSTER,
    ),
    case(
        "a cluster that remembers",
        State.SUCCEEDED,
        cluster(lastSuccessfulBackup="2026-11-28T02:07:41Z"),
        told={"finished": HOUR},
        **CLUSTER,
    ),
    case(
        "a cluster that remembers a failure",
        State.FAILED,
        cluster(
            lastSuccessfulBackup="2026-11-27T02:07:41Z",
            lastFailedBackup="2026-11-28T02:07:41Z",
        ),
        told={"last_success": HOUR.replace(day=27)},
        **CLUSTER,
    ),
    case("a cluster without backups", State.UNKNOWN, cluster(), **CLUSTER),
    case("no cluster", State.UNKNOWN, category=Category.NOT_FOUND, **CLUSTER),
    case(
        "a recovery window",
        State.SUCCEEDED,
        store(**GOOD, **SINCE),
        told={
            "finished": HOUR,
            "last_success": HOUR,
            "reason": "it can be restored from 2026-11-01 02:07 UTC on",
        },
        **WINDOW,
    ),
    case(
        "a window, and a failure after the success",
        State.FAILED,
        store(**GOOD, **BAD, **SINCE),
        told={"last_success": HOUR},
        **WINDOW,
    ),
    case("a window, never a success", State.FAILED, store(**BAD), **WINDOW),
    case(
        "a window, and a success after the failure",
        State.SUCCEEDED,
        store(**GOOD, lastFailedBackupTime="2026-11-27T03:00:00Z"),
        **WINDOW,
    ),
    case("an empty window", State.UNKNOWN, store(), **WINDOW),
    case(
        "no such server",
        State.UNKNOWN,
        store(**GOOD),
        address="window/prod/s3/other",
        category=Category.NOT_FOUND,
    ),
    case(
        "a window, by the API",
        State.SUCCEEDED,
        options={"url": "https://kubernetes.example.org", "token": "${TOKEN}"},
        **{
            **WINDOW,
            "answers": {
                f"/apis/{PLUGIN}/namespaces/prod/objectstores?limit=200": {
                    "items": [store(**GOOD)]
                }
            },
        },
    ),
)


@pytest.mark.parametrize("one", checks(CloudNativePG, CASES), ids=str)
def test_cnpg(one: Check) -> None:
    """Phases come to their states; the kit holds what every provider must."""
    one()
