"""CloudNativePG: backups of PostgreSQL clusters, and their recovery windows.

Source: cloudnative-pg `api/v1`, types of Backup, ScheduledBackup and Cluster; the
Barman Cloud plugin's `api/v1/objectstore_types.go`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from backup_badge.provider import Ask, Category, Fields, Found, Locator, State, Status
from backup_badge.providers.kubernetes import KubernetesProvider, Resource

_SCHEDULE = "cnpg.io/scheduled-backup"
_STORES = "barmancloud.cnpg.io/v1"


def _cron(schedule: Resource) -> str | None:
    """Return a schedule as others write it, where it runs in one second alone."""
    text = schedule.spec.text("schedule") or ""
    seconds, _, rest = text.strip().partition(" ")
    return text if text.startswith("@") else rest if seconds.isdecimal() else None


class CloudNativePG(KubernetesProvider):
    """PostgreSQL in Kubernetes by CloudNativePG: backups and recovery windows."""

    type = "cnpg"
    group = "postgresql.cnpg.io/v1"
    addresses = (
        "schedule/NAMESPACE/NAME",
        "cluster/NAMESPACE/NAME",
        "backup/NAMESPACE/NAME",
        "window/NAMESPACE/STORE/SERVER",
    )
    states: ClassVar = {
        "completed": State.SUCCEEDED,
        "failed": State.FAILED,
        "walArchivingFailing": State.FAILED,
        "invalid backup definition": State.FAILED,
        "pending": State.SCHEDULED,
        "started": State.IN_PROGRESS,
        "running": State.IN_PROGRESS,
        "finalizing": State.IN_PROGRESS,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest backup, or the recovery window that the plugin keeps."""
        namespace = locator["NAMESPACE"]
        if locator.kind == "window":
            return self._window(ask, namespace, locator["STORE"], locator["SERVER"])
        name = locator["NAME"]
        backups = self.objects(ask, "Backup", namespace)
        if locator.kind == "backup":
            return self._run(self.named(ask, backups, name))
        schedules = self.objects(ask, "ScheduledBackup", namespace)
        if locator.kind == "schedule":
            schedule = self.named(ask, schedules, name)
            runs = [self._run(one) for one in backups if one.label(_SCHEDULE) == name]
            status = self.latest(runs, "no backup has run yet")
            return self.unless_missed(self._scheduled(schedule, status), ask.now)
        clusters = self.objects(ask, "Cluster", namespace)
        cluster = self.named(ask, clusters, name)
        runs = [self._run(one) for one in backups if _cluster(one) == name]
        ours = [one for one in schedules if _cluster(one) == name]
        # The objects of backups may be gone while the backups are stored.
        status = self.latest(runs, "") if runs else self._recorded(cluster.status)
        return _clustered(cluster, ours, status)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the scheduled backups, whose schedules begin with the seconds."""
        return self.schedules(ask, "ScheduledBackup", "schedule", _cron)

    def _scheduled(self, schedule: Resource, status: Status) -> Status:
        """Return the status of the newest run in the light of its schedule."""
        told = schedule.status
        status = self.of_newest(status, told.time("lastScheduleTime"))
        if schedule.spec.flag("suspend"):
            return self.stopped(status, "the schedule is suspended")
        if schedule.is_going:
            return self.stopped(status, "the schedule is being deleted")
        if told.text("error"):
            return self.stopped(status, "the operator reports an error in the schedule")
        return replace(status, next_run=told.time("nextScheduleTime"))

    def _window(self, ask: Ask, namespace: str, store: str, server: str) -> Status:
        """Read when a backup of a server was last stored, and since when it reaches."""
        stores = self.objects(ask, "ObjectStore", namespace, group=_STORES)
        windows = self.named(ask, stores, store).status.table("serverRecoveryWindow")
        if server not in windows.document:
            why = f"the object store knows no server {server!r}"
            raise ask.problem(Category.NOT_FOUND, why)
        return self._recorded(windows.table(server), "Time")

    def _recorded(self, window: Fields, suffix: str = "") -> Status:
        """Read what is kept of the last good and the last bad backup."""
        good = window.time(f"lastSuccessfulBackup{suffix}")
        bad = window.time(f"lastFailedBackup{suffix}")
        since = window.time("firstRecoverabilityPoint")
        reason = since and f"it can be restored from {since:%Y-%m-%d %H:%M} UTC on"
        if bad and (good is None or bad >= good):
            return self.said("failed", finished=bad, last_success=good, reason=reason)
        if good is None:
            return self.nothing("no backup is stored yet")
        return self.said("completed", finished=good, last_success=good, reason=reason)

    def _run(self, one: Resource) -> Status:
        told = one.status
        started = told.time("startedAt") or told.time("reconciliationStartedAt")
        ended = told.time("stoppedAt") or told.time("reconciliationTerminatedAt")
        word = self.word_of(told, "phase", new="pending", began=told.time("startedAt"))
        status = self.said(word, started=started or one.created, finished=ended)
        return self.existing(one, status)


def _clustered(cluster: Resource, schedules: list[Resource], status: Status) -> Status:
    """Return the status of the newest backup in the light of its cluster."""
    if schedules and all(one.spec.flag("suspend") for one in schedules):
        why = "all schedules of the cluster are suspended"
        return KubernetesProvider.stopped(status, why)
    if cluster.is_going:
        return KubernetesProvider.stopped(status, "the cluster is being deleted")
    last = cluster.condition("LastBackupSucceeded")
    is_good = status.reported is State.SUCCEEDED
    # It is False with another reason while a backup begins.
    if is_good and last.text("reason") == "LastBackupFailed":
        return replace(
            status,
            reported=State.FAILED,
            native="failed",
            started=None,
            finished=last.time("lastTransitionTime"),
        )
    archives = cluster.condition("ContinuousArchiving").text("status")
    if archives == "False" and status.reported.is_good:
        why = "the WAL files after the backup are not archived"
        return KubernetesProvider.turned(status, State.COMPLETED_WITH_ERRORS, why)
    return status


def _cluster(one: Resource) -> str | None:
    return one.find("spec", "cluster", "name")
