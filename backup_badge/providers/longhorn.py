"""Longhorn: backups of volumes, and of the system itself.

Source: longhorn-manager `k8s/pkg/apis/longhorn/v1beta2`, types of Backup and
SystemBackup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from backup_badge.provider import (
    Ask,
    Category,
    Found,
    Locator,
    State,
    Status,
)
from backup_badge.providers.kubernetes import KubernetesProvider, Resource

_DIGITS = 19
"""A number of so many digits may not fit into 63 bits."""


class Longhorn(KubernetesProvider):
    """Volumes in Kubernetes by Longhorn: newest backups, also of the system itself."""

    type = "longhorn"
    group = "longhorn.io/v1beta2"
    addresses = (
        "volume/NAMESPACE/VOLUME",
        "backup/NAMESPACE/NAME",
        "system/NAMESPACE",
    )
    states: ClassVar = {
        "Completed": State.SUCCEEDED,
        "Ready": State.SUCCEEDED,
        "Error": State.FAILED,
        "Pending": State.SCHEDULED,
        "InProgress": State.IN_PROGRESS,
        "Generating": State.IN_PROGRESS,
        "Uploading": State.IN_PROGRESS,
        "CreatingVolumeBackups": State.IN_PROGRESS,
        "CreatingBackingImageBackups": State.IN_PROGRESS,
        "Syncing": State.IN_PROGRESS,
        "Deleting": State.DELETED,
        "Unknown": State.UNKNOWN,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest backup of a volume or of the system, or one by its name."""
        namespace = locator["NAMESPACE"]
        if locator.kind == "system":
            systems = self.objects(ask, "SystemBackup", namespace)
            return self.latest([*map(self._run, systems)], "there is no system backup")
        backups = self.objects(ask, "Backup", namespace)
        if locator.kind == "backup":
            return self._run(self.named(ask, backups, locator["NAME"]))
        volume = locator["VOLUME"]
        ours = [one for one in backups if _volume(one) == volume]
        if not ours:
            why = f"there is no backup of a volume {volume!r}; check the name"
            raise ask.problem(Category.NOT_FOUND, why)
        return self.latest([*map(self._run, ours)], "there is no backup")

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the volumes that have backups."""
        backups = self.objects(ask, "Backup", "".join(ask.within))
        known = dict.fromkeys((one.namespace, _volume(one)) for one in backups)
        for namespace, volume in known:
            if namespace and volume:
                yield Found(segments=("volume", namespace, volume), label=volume)

    def _run(self, one: Resource) -> Status:
        told = one.status
        word = told.text("state") or "Pending"
        made = told.time("backupCreatedAt") or told.time("createdAt")
        # Longhorn makes the objects of stored backups anew: their age is not a run's.
        created = None if self.states.get(word) is State.SUCCEEDED else one.created
        size = told.text("size") or ""
        is_number = size.isascii() and size.isdecimal() and len(size) < _DIGITS
        status = self.said(
            word,
            started=told.time("snapshotCreatedAt") or made or created,
            finished=made,
            bytes=int(size) if is_number else None,
        )
        return self.existing(one, status)


def _volume(one: Resource) -> str | None:
    return one.find("status", "volumeName") or one.label("backup-volume")
