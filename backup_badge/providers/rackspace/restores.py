"""Asking for restores: which is the newest of a configuration, and how it went.

Source: the documents that the package names. A restore names the backup that was
restored, and that one its configuration; a configuration's history names its restores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from backup_badge.provider import (
    Ask,
    Category,
    Details,
    Fields,
    ProblemError,
    State,
    Status,
)
from backup_badge.providers.rackspace.calls import Calls
from backup_badge.providers.rackspace.documents import (
    read_restore,
    success_time,
)
from backup_badge.providers.rackspace.lists import PAGE

_NOW = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Restores:
    """The restores of one account."""

    ask: Ask

    def status(self, configuration: str) -> Status:
        """Return the status of a configuration's newest restore.

        Raises ProblemError where nobody can tell which is the newest.
        """
        restores = self.ask.once("restores", self._listed)
        if not restores:
            nothing = Details(reason="no restore was ever made", never_ran=True)
            return Status(reported=State.UNKNOWN, details=nothing)
        own = self._of(configuration, restores)
        newest = next(own, None)
        if newest is None:
            reason = "none of the account's latest restores is of this configuration"
            return Status(reported=State.UNKNOWN, details=Details(reason=reason))
        status = read_restore(newest)
        if status.reported is State.SUCCEEDED:
            return status
        good = (success_time(read_restore(one)) for one in own)
        return replace(status, last_success=next(filter(None, good), None))

    def _listed(self) -> list[Fields]:
        """Return the account's latest restores, newest first."""
        page = Calls(self.ask).get("/restores", limit=PAGE, sort_dir="desc")
        return sorted(page.tables("restores"), key=_age, reverse=True)

    def _of(self, configuration: str, restores: list[Fields]) -> Iterator[Fields]:
        wanted = configuration.casefold()
        for restore in restores:
            owner = self._owner(restore)
            if owner is None and self._is_in_history(restore, configuration):
                owner = wanted
            if owner == wanted:
                yield restore

    def _owner(self, restore: Fields) -> str | None:
        """Return the configuration of what was restored, None where that is gone."""
        told = restore.table("configuration").text("id")
        backup = restore.table("backup").text("id")
        if told is None and backup:
            try:
                document = Calls(self.ask).one("backup", backup)
            except ProblemError as error:
                if error.problem.category is Category.NOT_FOUND:
                    return None
                raise
            told = document.table("configuration").text("id")
        return told and told.casefold()

    def _is_in_history(self, restore: Fields, configuration: str) -> bool:
        history = Calls(self.ask).history(configuration).tables("activities")
        ids = {one.text("id") for one in history if one.text("type") == "restore"}
        return restore.text("id") in ids


def _age(restore: Fields) -> datetime:
    """Return when something last happened to a restore.

    One that does not tell, or cannot be read, counts as the newest: it is for its own
    configuration to say so.
    """
    try:
        status = read_restore(restore)
    except ProblemError:
        return _NOW
    return status.finished or status.started or _NOW
