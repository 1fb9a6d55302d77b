"""K8up: restic backups of a namespace, checks of its repository, and restores.

Source: k8up `api/v1/status.go` and `common_types.go`; `operator/job`, which puts the
schedule's name on the jobs that it makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from backup_badge.provider import Ask, Found, Locator, State, Status
from backup_badge.providers.kubernetes import KubernetesProvider, Resource

_SCHEDULE = "k8up.io/schedule-name"
_KINDS = {"schedule": "Backup", "check": "Check", "restore": "Restore"}
_PRE_BACKUP = ("PreBackupPodReady", "PreBackupPodsReady")
"""The condition in the source, and as the documentation writes it."""
_HARMLESS = ("Succeeded", "Waiting", "NoPreBackupPodsFound", "Ready", None)


def _cron(schedule: Resource) -> str | None:
    """Return when a schedule makes backups; K8up itself spreads ``@daily-random``."""
    text = schedule.spec.table("backup").text("schedule") or ""
    return text.removesuffix("-random")


class K8up(KubernetesProvider):
    """Kubernetes backups by K8up: what a schedule made last, and single backups."""

    type = "k8up"
    group = "k8up.io/v1"
    addresses = (
        "schedule/NAMESPACE/NAME",
        "check/NAMESPACE/SCHEDULE",
        "restore/NAMESPACE/SCHEDULE",
        "backup/NAMESPACE/NAME",
    )
    states: ClassVar = {
        "Succeeded": State.SUCCEEDED,
        "Failed": State.FAILED,
        "CreationFailed": State.FAILED,
        "UpdateFailed": State.FAILED,
        "DeletionFailed": State.FAILED,
        "RetrievalFailed": State.FAILED,
        "Started": State.IN_PROGRESS,
        "Waiting": State.SCHEDULED,
        "Finished": State.UNKNOWN,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest job of a schedule, or a backup."""
        namespace = locator["NAMESPACE"]
        if locator.kind == "backup":
            backups = self.objects(ask, "Backup", namespace)
            return self._run(self.named(ask, backups, locator["NAME"]))
        name, kind = locator.segments[-1], _KINDS[locator.kind]
        schedule = self.named(ask, self.objects(ask, "Schedule", namespace), name)
        jobs = self.objects(ask, kind, namespace)
        runs = [self._run(one) for one in jobs if one.label(_SCHEDULE) == name]
        # K8up removes old jobs, but keeps the newest.
        status = self.latest(runs, f"no {kind.lower()} has run yet", never_ran=True)
        if schedule.is_going:
            return self.stopped(status, "the schedule is being deleted")
        if kind.lower() not in schedule.spec.document:
            return self.stopped(status, f"the schedule makes no {kind.lower()}")
        if schedule.condition("Ready").text("status") == "False":
            return self.stopped(status, "the schedule is not ready")
        return status

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the schedules."""
        return self.schedules(ask, "Schedule", "schedule", _cron)

    def _run(self, one: Resource) -> Status:
        """Read the conditions in the order in which K8up itself does."""
        for kind in _PRE_BACKUP:
            before = one.condition(kind)
            reason = before.text("reason")
            if before.text("status") == "False" and reason not in _HARMLESS:
                return self._failed(one, reason, kind, "a pod before it failed")
        completed = one.condition("Completed")
        reason = completed.text("reason")
        if completed.text("status") == "True" and reason != "Succeeded":
            return self._failed(one, reason, "Completed", None)
        if completed.text("status") == "True":
            ended = completed.time("lastTransitionTime")
            status = self.said(reason, started=one.created, finished=ended)
            return self.existing(one, status)
        return self.existing(one, self._unfinished(one))

    def _failed(
        self, one: Resource, word: str | None, kind: str, reason: str | None
    ) -> Status:
        """Any reason but the good one is a failure, the unknown ones too."""
        return self.said(
            word or "Failed",
            states={word or "Failed": State.FAILED},
            started=one.created,
            finished=one.condition(kind).time("lastTransitionTime"),
            reason=reason,
        )

    def _unfinished(self, one: Resource) -> Status:
        ready = one.condition("Ready")
        if ready.text("status") == "False":
            # Its job could not be made, and no other condition is set.
            return self._failed(one, ready.text("reason"), "Ready", None)
        progress = one.condition("Progressing")
        if word := progress.text("reason"):
            since = progress.time("lastTransitionTime") if word == "Started" else None
            return self.said(word, started=since or one.created)
        for kind in _PRE_BACKUP:
            if one.condition(kind).text("reason") == "Waiting":
                return self.said("Waiting", started=one.created)
        return replace(self.nothing("K8up has not begun it"), started=one.created)
