"""Asking for backups: in bulk from the list, one by one, by configuration.

Source: the documents that the package names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from backup_badge.provider import (
    Ask,
    Category,
    Fields,
    Locator,
    ProblemError,
    State,
    Status,
)
from backup_badge.providers.rackspace.calls import Calls
from backup_badge.providers.rackspace.documents import (
    check_configuration,
    disabled,
    newest_first,
    no_run,
    read_backup,
    read_run,
    success_time,
)
from backup_badge.providers.rackspace.lists import Lists, read_lists


@dataclass(frozen=True)
class Backups:
    """The backups of one account."""

    ask: Ask

    @property
    def calls(self) -> Calls:
        """The calls that read the account."""
        return Calls(self.ask)

    def status(self, locator: Locator) -> Status:
        """Return the status of a backup, or of a configuration's latest run."""
        if locator.kind == "configuration":
            return self._configuration(locator["ID"])
        identifier = locator["ID"]
        listed = self._lists.statuses.get(identifier)
        return listed or read_backup(self.calls.one("backup", identifier))

    @property
    def _lists(self) -> Lists:
        """What the lists of the account told, read once a build."""
        wanted: dict[str, set[str]] = {"backup": set(), "configuration": set()}
        for one in self.ask.wanted:
            wanted.get(one.kind, set()).add(one.segments[1])
        read = partial(
            read_lists,
            self.calls.get,
            backups=wanted["backup"],
            configurations=wanted["configuration"],
        )
        return self.ask.once("lists", read)

    def _configuration(self, identifier: str) -> Status:
        """Tell of a configuration's latest run, by the configuration's own name."""
        known = self._lists.configurations.get(identifier)
        configuration = known or self.calls.one("configuration", identifier)
        status = self._latest(configuration, identifier)
        return replace(status, name=configuration.name("name"))

    def _latest(self, configuration: Fields, identifier: str) -> Status:
        """Tell of the latest run, unless the configuration is deleted or disabled."""
        if configuration.flag("deleted"):
            return Status(reported=State.DELETED, native="deleted")
        is_disabled = configuration.flag("enabled") is False
        backups = configuration.table("backups")
        next_run = backups.table("next").time("scheduled_time")
        last = backups.table("last_completed").text("id")
        known = self._lists.histories.get(identifier)
        history = known or self.calls.history(identifier)
        runs = newest_first(history, identifier)
        status = self._run(runs[0], identifier) if runs else no_run(last)
        if status.reported is not State.SUCCEEDED:
            success = self._last_success(status, last, identifier)
            status = replace(status, last_success=success)
        status = replace(status, next_run=next_run)
        return disabled(status) if is_disabled else status

    def _run(self, activity: Fields, configuration: str) -> Status:
        """Tell of the run that an activity stands for, by the activity if need be."""
        return read_run(
            activity, self._backup_if_kept(activity.text("id"), configuration)
        )

    def _last_success(
        self, status: Status, last: str | None, configuration: str
    ) -> datetime | None:
        """Return when a run before the latest one succeeded, as far as is known.

        Raises ProblemError where the latest run would be green without the answer.
        """
        try:
            backup = self._backup_if_kept(last, configuration)
            success = success_time(read_backup(backup)) if backup else None
            if success is not None:
                return success
            listed = self._lists.histories.get(configuration)
            run = _completed(listed, configuration) if listed else None
            run = run or _completed(self.calls.history(configuration), configuration)
            return success_time(self._run(run, configuration)) if run else None
        except ProblemError:
            if status.reported.is_good:
                raise
            return None

    def _backup_if_kept(
        self, identifier: str | None, configuration: str
    ) -> Fields | None:
        """Ask for a backup that another answer names; it may be gone by now."""
        try:
            if identifier is None or identifier == "":
                return None
            known = self._lists.backups.get(identifier)
            backup = known or self.calls.one("backup", identifier)
        except ProblemError as error:
            if error.problem.category is Category.NOT_FOUND:
                return None
            raise
        check_configuration(backup, configuration)
        return backup


def _completed(history: Fields, configuration: str) -> Fields | None:
    """Return the newest run before the latest one that a history calls completed."""
    older = newest_first(history, configuration)[1:]
    return next((run for run in older if run.text("state") == "completed"), None)
