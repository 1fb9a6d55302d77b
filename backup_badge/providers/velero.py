"""Velero: the newest backup of a schedule, single backups, and restores.

Source: velero `pkg/apis/velero/v1`, types of Backup, Schedule and Restore; `pkg/label`.
The metric `velero_backup_last_status` is never asked: Velero sets it to 1 whenever it
looks at a schedule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import ClassVar

from backup_badge.documents.schedules import allowed_age, cron_interval
from backup_badge.provider import Ask, Found, Locator, State, Status
from backup_badge.providers.kubernetes import KubernetesProvider, Resource

_SCHEDULE = "velero.io/schedule-name"
_WARNED = "Completed with warnings"
_LABEL = 63
"""Characters in a label at the most. Velero shortens a longer name to that."""
_TIME = re.compile(r"-\d{14}")
"""What Velero puts behind a schedule's name to name a backup."""


class Velero(KubernetesProvider):
    """Kubernetes backups by Velero: what a schedule made last, one backup, restores."""

    type = "velero"
    group = "velero.io/v1"
    addresses = (
        "schedule/NAMESPACE/NAME",
        "backup/NAMESPACE/NAME",
        "restore/NAMESPACE/SCHEDULE",
    )
    states: ClassVar = {
        "Completed": State.SUCCEEDED,
        _WARNED: State.COMPLETED_WITH_ERRORS,
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

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest run, and when one went well last."""
        namespace = locator["NAMESPACE"]
        if locator.kind == "restore":
            return self._restore(ask, namespace, locator["SCHEDULE"])
        name = locator["NAME"]
        backups = self.objects(ask, "Backup", namespace)
        if locator.kind == "backup":
            return self._run(ask, self.named(ask, backups, name))
        schedules = self.objects(ask, "Schedule", namespace)
        schedule = self.named(ask, schedules, name)
        runs = [self._run(ask, one) for one in backups if _is_of(one, name)]
        status = self.latest(runs, "no backup has run yet")
        return self._scheduled(schedule, status)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the schedules of all namespaces, or of the one that is named."""
        for one in self.objects(ask, "Schedule", "".join(ask.within)):
            if one.namespace and one.name:
                template = one.spec.table("template").document
                inside = template.get("includedNamespaces")
                groups = inside if isinstance(inside, list) else []
                yield Found(
                    segments=("schedule", one.namespace, one.name),
                    label=one.name,
                    groups=tuple(
                        name for name in groups if isinstance(name, str) and name != "*"
                    ),
                    max_age=allowed_age(cron_interval(one.spec.text("schedule"))),
                )

    def _scheduled(self, schedule: Resource, status: Status) -> Status:
        """Return the status of the newest run in the light of its schedule."""
        told = schedule.status
        status = self.of_newest(status, told.time("lastBackup"))
        if schedule.spec.flag("paused"):
            return self.stopped(status, "the schedule is paused")
        if told.text("phase") == "FailedValidation":
            return self.stopped(status, "the schedule is not valid")
        if schedule.is_going:
            return self.stopped(status, "the schedule is being deleted")
        skipped = told.time("lastSkipped")
        is_newer = skipped and (status.started is None or skipped > status.started)
        if is_newer and (status.reported.is_good or status.native is None):
            why = f"the schedule skipped its backup on {skipped:%Y-%m-%d %H:%M} UTC"
            return self.turned(status, State.SKIPPED, why)
        return status

    def _restore(self, ask: Ask, namespace: str, schedule: str) -> Status:
        """Read the newest restore of a backup of a schedule."""
        backups = self.objects(ask, "Backup", namespace)
        ours = {one.name for one in backups if _is_of(one, schedule)}
        runs = []
        for one in self.objects(ask, "Restore", namespace):
            of = one.find("spec", "backupName") or ""
            # A backup may be gone by now: then its name tells.
            named = of.startswith(schedule) and _TIME.fullmatch(of[len(schedule) :])
            if one.find("spec", "scheduleName") == schedule or of in ours or named:
                runs.append(self._run(ask, one))
        # Velero removes a restore with its backup, so none may be left of many: see
        # velero.io/docs/main/how-velero-works, "Set a backup to expire".
        return self.latest(runs, "the cluster keeps no restore of its backups")

    def _run(self, ask: Ask, one: Resource) -> Status:
        told = one.status
        started, finished = (
            told.time("startTimestamp"),
            told.time("completionTimestamp"),
        )
        word = self.word_of(told, "phase", new="New", began=started or finished)
        if word == "Completed" and told.count("warnings"):
            word = _WARNED
        status = self.said(
            word,
            started=started or one.created,
            finished=finished,
            errors=told.count("errors"),
        )
        expiry = told.time("expiration")
        if expiry and expiry <= ask.now and status.reported.is_good:
            why = f"it expired on {expiry:%Y-%m-%d %H:%M} UTC"
            return self.turned(status, State.DELETED, why)
        return self.existing(one, status)


def _is_of(backup: Resource, schedule: str) -> bool:
    """Whether a schedule made a backup: its name is a label, in short if need be."""
    label = schedule
    if len(schedule) > _LABEL:
        digest = sha256(schedule.encode()).hexdigest()
        label = schedule[: _LABEL - 6] + digest[:6]
    return backup.label(_SCHEDULE) == label
