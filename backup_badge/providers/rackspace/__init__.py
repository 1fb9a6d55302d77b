"""Rackspace Cloud Backup v2.

Source: Rackspace Cloud Backup v2 guide, "Retrieve backup status", and the public API
guide of the same service for configurations, activities and the identity call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from backup_badge.fields import Fields
from backup_badge.options import SECRET, TEXT, URL, Option
from backup_badge.problems import Category, ProblemError
from backup_badge.providers.base import Provider, Session
from backup_badge.providers.rackspace.account import Account
from backup_badge.providers.rackspace.documents import (
    disabled,
    latest_run,
    next_page,
    read_backup,
    read_state,
)
from backup_badge.states import State
from backup_badge.status import Details, Status

if TYPE_CHECKING:
    from backup_badge.http import Client


class Rackspace(Provider):
    """Asks for single backups and for the latest run of a configuration."""

    type: ClassVar[str] = "rackspace"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="tenant",
            kind=TEXT,
            help="The project's ID; with a user, the catalogue's where not given.",
        ),
        Option(
            name="region",
            kind=TEXT,
            help="dfw, ord, iad, lon, hkg or syd.",
        ),
        Option(
            name="url",
            kind=URL,
            help="The API's endpoint, instead of a region: what stands before /v2.",
        ),
        Option(
            name="token",
            kind=SECRET,
            secret=True,
            help="An authentication token, instead of a user and an API key.",
        ),
        Option(
            name="username",
            kind=TEXT,
            help="The user to obtain a token for.",
        ),
        Option(
            name="api_key",
            kind=SECRET,
            secret=True,
            help="The user's API key.",
        ),
        Option(
            name="identity_url",
            kind=URL,
            default="https://identity.api.rackspacecloud.com/v2.0",
            help="Where a token is obtained.",
        ),
    )
    addresses: ClassVar[tuple[str, ...]] = ("backup/ID", "configuration/ID")

    @classmethod
    def faults(cls, options: Mapping[str, Any]) -> list[str]:
        """A credential must be complete, and must have a place to go to."""
        faults = []
        user = options["username"] is not None and options["api_key"] is not None
        if options["token"] is None and not user:
            faults.append("needs 'token', or 'username' and 'api_key'")
        if not user and options["tenant"] is None:
            faults.append("needs 'tenant'")
        if not user and options["region"] is None and options["url"] is None:
            faults.append("needs 'region' or 'url'")
        return faults

    @classmethod
    def accepts(cls, segments: tuple[str, ...]) -> bool:
        """Whether this is ``backup/ID`` or ``configuration/ID``."""
        return len(segments) == 2 and segments[0] in ("backup", "configuration")

    @classmethod
    def label(cls, segments: tuple[str, ...]) -> str:
        """An ID means nothing to a reader: its beginning is enough to tell it."""
        return f"{segments[0]} {segments[1][:8]}"

    @classmethod
    def open(
        cls, options: Mapping[str, Any], client: Client, environ: Mapping[str, str]
    ) -> Session:
        """Begin asking; a token is obtained when the first request needs it."""
        return _Backups(account=Account(client, options, environ))


PAGE = 100
"""Backups a page, the guide's default: more may be refused."""


@dataclass(frozen=True, kw_only=True)
class _Backups(Session):
    account: Account

    def fetch(self, segments: tuple[str, ...], known: Status | None) -> Status:
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
