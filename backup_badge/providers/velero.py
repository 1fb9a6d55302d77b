"""Velero: the newest backup of a schedule, single backups, and restores.

Source: velero `pkg/apis/velero/v1`, types of Backup, Schedule and Restore.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote

from backup_badge.documents.schedules import allowed_age, cron_interval
from backup_badge.provider import (
    Ask,
    Fields,
    Found,
    Locator,
    State,
    Status,
    by_cursor,
)
from backup_badge.providers.kubernetes import KubernetesProvider, label

_SCHEDULE = "velero.io/schedule-name"
_WARNED = "Completed with warnings"


class Velero(KubernetesProvider):
    """``schedule/NAMESPACE/NAME`` is what a runbook wants; a backup is one run."""

    type = "velero"
    group = "velero.io/v1"
    within = "NAMESPACE"
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
        backups = self.objects(ask, "Backup", "backups", namespace)
        if locator.kind == "backup":
            return self._run(self.named(ask, backups, locator["NAME"]))
        name = locator["NAME"]
        schedules = self.objects(ask, "Schedule", "schedules", namespace)
        schedule = self.named(ask, schedules, name)
        runs = [self._run(one) for one in backups if label(one, _SCHEDULE) == name]
        return self._judged(schedule, runs)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the schedules of all namespaces, or of those that are named."""
        for row in self._schedules(ask):
            metadata, spec = row.table("metadata"), row.table("spec")
            namespace, name = metadata.text("namespace"), metadata.text("name")
            if namespace and name and ask.within in ((), (namespace,)):
                template = spec.table("template").document
                inside = template.get("includedNamespaces")
                groups = inside if isinstance(inside, list) else []
                yield Found(
                    segments=("schedule", namespace, name),
                    label=name,
                    groups=tuple(
                        one for one in groups if isinstance(one, str) and "*" not in one
                    ),
                    max_age=allowed_age(cron_interval(spec.text("schedule"))),
                )

    def _schedules(self, ask: Ask) -> Iterator[Fields]:
        if not ask.is_http:
            rows = ask.document().rows("items")
            yield from (row for row in rows if row.text("kind") == "Schedule")
            return
        place = "".join(f"/namespaces/{quote(one, safe='')}" for one in ask.within)
        path = f"/apis/{self.group}{place}/schedules"
        for page in ask.pages(
            path, by_cursor("metadata.continue", "continue"), limit="200"
        ):
            yield from page.rows("items")

    def _judged(self, schedule: Fields, runs: list[Status]) -> Status:
        status = self.newest(runs) or self.nothing("no backup has run yet")
        status = self.with_last_success(status, runs)
        if schedule.table("spec").flag("paused"):
            return self.stopped(status, "the schedule is paused")
        if schedule.table("status").text("phase") == "FailedValidation":
            return self.stopped(status, "the schedule is not valid")
        return status

    def _restore(self, ask: Ask, namespace: str, schedule: str) -> Status:
        backups = self.objects(ask, "Backup", "backups", namespace)
        ours = {
            one.table("metadata").text("name")
            for one in backups
            if label(one, _SCHEDULE) == schedule
        }
        runs = [
            self._run(one)
            for one in self.objects(ask, "Restore", "restores", namespace)
            if one.table("spec").text("scheduleName") == schedule
            or one.table("spec").text("backupName") in ours
        ]
        newest = self.newest(runs) or self.nothing("no restore was ever made")
        return self.with_last_success(newest, runs)

    def _run(self, one: Fields) -> Status:
        told = one.table("status")
        word = told.text("phase") or "New"
        if word == "Completed" and told.count("warnings"):
            word = _WARNED
        created = one.table("metadata").time("creationTimestamp")
        return self.said(
            word,
            started=told.time("startTimestamp") or created,
            finished=told.time("completionTimestamp"),
            errors=told.count("errors"),
            reason=told.text("failureReason"),
        )
