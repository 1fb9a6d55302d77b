"""Asking for backups: in bulk from the list, one by one, by configuration.

Source: the documents that the package names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, unquote

from backup_badge.provider import (
    Ask,
    Category,
    Fields,
    Locator,
    ProblemError,
    State,
    Status,
)
from backup_badge.providers.rackspace.documents import (
    check_about,
    check_account,
    check_configuration,
    disabled,
    newest_first,
    next_page,
    no_run,
    read_backup,
    read_list,
    read_run,
    success_time,
)

PAGE = "100"
"""Backups a page, the guide's default: more may be refused."""


@dataclass(frozen=True)
class Backups:
    """The backups of one account."""

    ask: Ask

    def status(self, locator: Locator) -> Status:
        """Return the status of a backup, or of a configuration's latest run."""
        identifier = locator["ID"]
        if locator.kind == "configuration":
            return self._configuration(identifier)
        listed = self.ask.once("list", self._listed)
        return listed.get(identifier) or read_backup(self._one("backup", identifier))

    def _listed(self) -> Mapping[str, Status]:
        """Read the list of backups, newest first, as long as its pages pay.

        A page costs one call and so does a backup that is asked for alone: reading
        ends when the pages have answered for fewer sources than they are.
        """
        missing = {one["ID"] for one in self.ask.wanted if one.kind == "backup"}
        query: dict[str, str] | None = {"limit": PAGE, "sort_dir": "desc"}
        found: dict[str, Status] = {}
        pages = 0
        try:
            while query and len(missing) > 1 and pages <= len(found) + 1:
                page = self._get("/backups", **query)
                pages += 1
                listed = read_list(page)
                found |= {one: listed[one] for one in missing & listed.keys()}
                missing -= listed.keys()
                query = next_page(page)
        except ProblemError:
            # What the list does not tell is asked for alone.
            return found
        return found

    def _get(self, path: str, **query: str) -> Fields:
        answer = self.ask.get(path, **query).fields(zone="UTC")
        check_account(answer, unquote(self.ask.base.rpartition("/")[2]))
        return answer

    def _one(self, kind: str, identifier: str) -> Fields:
        """Ask for a backup or a configuration, and for no other one."""
        document = self._get(f"/{kind}s/{quote(identifier, safe='')}")
        check_about(document, kind, identifier)
        return document

    def _configuration(self, identifier: str) -> Status:
        """Tell of a configuration's latest run, unless it is deleted or disabled."""
        configuration = self._one("configuration", identifier)
        if configuration.flag("deleted"):
            return Status(reported=State.DELETED, native="deleted")
        is_disabled = configuration.flag("enabled") is False
        backups = configuration.table("backups")
        next_run = backups.table("next").time("scheduled_time")
        last = backups.table("last_completed").text("id")
        path = f"/configurations/{quote(identifier, safe='')}/activities"
        runs = newest_first(self._get(path), identifier)
        status = self._run(runs[0], identifier) if runs else no_run(last)
        if status.reported is not State.SUCCEEDED:
            success = self._last_success(status, last, runs[1:], identifier)
            status = replace(status, last_success=success)
        status = replace(status, next_run=next_run)
        return disabled(status) if is_disabled else status

    def _run(self, activity: Fields, configuration: str) -> Status:
        """Tell of the run that an activity stands for, by the activity if need be."""
        return read_run(
            activity, self._backup_if_kept(activity.text("id"), configuration)
        )

    def _last_success(
        self, status: Status, last: str | None, older: list[Fields], configuration: str
    ) -> datetime | None:
        """Return when a run before the latest one succeeded, as far as is known.

        Raises ProblemError where the latest run would be green without the answer.
        """
        try:
            backup = self._backup_if_kept(last, configuration)
            success = success_time(read_backup(backup)) if backup else None
            completed = (run for run in older if run.text("state") == "completed")
            if success is None and (run := next(completed, None)):
                success = success_time(self._run(run, configuration))
            return success
        except ProblemError:
            if status.reported.is_good:
                raise
            return None

    def _backup_if_kept(
        self, identifier: str | None, configuration: str
    ) -> Fields | None:
        """Ask for a backup that another answer names; it may be gone by now."""
        try:
            backup = self._one("backup", identifier) if identifier else None
        except ProblemError as error:
            if error.problem.category is Category.NOT_FOUND:
                return None
            raise
        if backup is not None:
            check_configuration(backup, configuration)
        return backup
