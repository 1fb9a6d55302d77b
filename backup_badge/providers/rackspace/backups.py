"""Asking for backups: in bulk from the list, one by one, by configuration.

Source: the documents that the package names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from backup_badge.documents.fields import Fields
from backup_badge.providers.base import Session
from backup_badge.providers.rackspace.account import Account
from backup_badge.providers.rackspace.documents import (
    disabled,
    latest_run,
    next_page,
    read_backup,
    read_state,
)
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status

PAGE = 100
"""Backups a page, the guide's default: more may be refused."""


@dataclass(frozen=True, kw_only=True)
class Backups(Session):
    """The backups of one account."""

    account: Account

    def fetch(self, segments: tuple[str, ...], known: Status | None) -> Status:
        """Ask for a backup, or for what a configuration's latest run came to."""
        kind, identifier = segments
        if kind == "backup":
            return self._backup(identifier)
        return self._configuration(identifier)

    def sweep(
        self, wanted: Collection[tuple[str, ...]]
    ) -> Iterator[tuple[tuple[str, ...], Status]]:
        """Read the list of backups, newest first, as long as its pages pay.

        A page costs one call and so does a backup that is asked for alone: reading
        ends when the pages have answered for fewer sources than they are.
        """
        missing = {segments for segments in wanted if segments[0] == "backup"}
        path: str | None = f"/backups?limit={PAGE}&sort_dir=desc"
        pages = found = 0
        while path and len(missing) > 1 and pages <= found + 1:
            page = self.account.get(path)
            pages += 1
            for backup in page.tables("backups"):
                segments = ("backup", backup.text("id") or "")
                if segments in missing:
                    missing.discard(segments)
                    found += 1
                    yield segments, read_backup(backup)
            path = next_page(page)

    def _backup(self, identifier: str) -> Status:
        return read_backup(self.account.get(f"/backups/{quote(identifier, safe='')}"))

    def _configuration(self, identifier: str) -> Status:
        """Tell of a configuration's latest run, unless it is deleted or disabled."""
        path = f"/configurations/{quote(identifier, safe='')}"
        configuration = self.account.get(path)
        if configuration.flag("deleted"):
            return Status(reported=State.DELETED, native="deleted")
        backups = configuration.table("backups")
        next_run = backups.table("next").time("scheduled_time")
        run = latest_run(self.account.get(f"{path}/activities"))
        if run is None:
            details = Details(reason="no backup has run yet")
            return Status(reported=State.UNKNOWN, next_run=next_run, details=details)
        status = replace(self._run(run), next_run=next_run)
        if status.reported in (State.IN_PROGRESS, State.SCHEDULED):
            last = backups.table("last_completed").text("id")
            status = replace(status, last_success=self._finished(last))
        return disabled(status) if configuration.flag("enabled") is False else status

    def _run(self, activity: Fields) -> Status:
        """Tell of the run that an activity stands for, by the activity if need be."""
        identifier = activity.text("id")
        status = self._backup_if_kept(identifier)
        if status is None:
            finished = activity.time("last_updated_time")
            status = replace(read_state(activity), finished=finished)
        return status

    def _finished(self, identifier: str | None) -> datetime | None:
        status = self._backup_if_kept(identifier)
        return status.finished if status else None

    def _backup_if_kept(self, identifier: str | None) -> Status | None:
        """Ask for a backup that another answer names; it may be gone by now."""
        try:
            return self._backup(identifier) if identifier else None
        except ProblemError as error:
            if error.problem.category is Category.NOT_FOUND:
                return None
            raise
