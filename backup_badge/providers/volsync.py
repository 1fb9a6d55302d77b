"""VolSync: replication of volumes, and what came back of them.

Source: volsync `api/v1alpha1`, types of ReplicationSource and ReplicationDestination.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from backup_badge.provider import Ask, Found, Locator, State, Status
from backup_badge.providers.kubernetes import KubernetesProvider, Resource

_KINDS = {"source": "ReplicationSource", "destination": "ReplicationDestination"}
_RESTING = ("WaitingForSchedule", "WaitingForManual", "CleaningUp")


def _cron(source: Resource) -> str | None:
    return source.spec.table("trigger").text("schedule")


class VolSync(KubernetesProvider):
    """Volumes in Kubernetes by VolSync: a source is backed up, a destination filled."""

    type = "volsync"
    group = "volsync.backube/v1alpha1"
    addresses = ("source/NAMESPACE/NAME", "destination/NAMESPACE/NAME")
    states: ClassVar = {
        "Successful": State.SUCCEEDED,
        "Failed": State.FAILED,
        "Error": State.FAILED,
        "SyncInProgress": State.IN_PROGRESS,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest synchronization; the object knows all there is to know."""
        found = self.objects(ask, _KINDS[locator.kind], locator["NAMESPACE"])
        one = self.named(ask, found, locator["NAME"])
        told = one.status
        status = replace(
            self._synced(one),
            last_success=told.time("lastSyncTime"),
            next_run=told.time("nextSyncTime"),
        )
        if one.spec.flag("paused"):
            return self.stopped(status, "it is paused")
        if one.is_going:
            return self.stopped(status, "it is being deleted")
        return self.unless_missed(status, ask.now)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the sources: a destination holds what came back."""
        return self.schedules(ask, "ReplicationSource", "source", _cron)

    def _synced(self, one: Resource) -> Status:
        told = one.status
        synced, began = told.time("lastSyncTime"), told.time("lastSyncStartTime")
        result = told.table("latestMoverStatus").text("result")
        word = one.condition("Synchronizing").text("reason")
        if result == "Failed" or word == "Error":
            return self.said(word if word == "Error" else result, started=began)
        if word == "SyncInProgress":
            return self.said(word, started=began)
        if word not in _RESTING:
            return self.said(word)
        if synced is None:
            return self.nothing("it was never synchronized", never_ran=True)
        # Some kinds of replication have no mover whose result could be told.
        return self.said(result or "Successful", finished=synced)
