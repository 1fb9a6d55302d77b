"""Duplicati's server: its backups, from one list, and the log of each.

Source: duplicati/duplicati, `Duplicati/WebserverCore/Endpoints/V1`, its `Dto` folder,
and `Duplicati/Library/RestAPI/Runner.cs` for what is in a backup's metadata. That a run
had warnings or errors stands in the log alone: the metadata say that it finished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from backup_badge.documents.parse import parse_json
from backup_badge.documents.schedules import allowed_age
from backup_badge.provider import (
    SECRET,
    Access,
    Ask,
    Category,
    Credential,
    Entry,
    Fields,
    Found,
    Http,
    Locator,
    Option,
    ProblemError,
    Provider,
    State,
    Status,
    bearer,
)

_PASSWORD = Credential(
    options=(
        Option(
            name="password",
            kind=SECRET,
            secret=True,
            help="The password of the server's page, for a token of this build.",
        ),
    ),
    # It goes to the login only, see log_in.
    headers=lambda values: {},
)


_REPEAT = re.compile(r"(\d{1,4})([mhDW])")
_UNITS = {"m": "minutes", "h": "hours", "D": "days", "W": "weeks"}
_DAYS = 7
_PARTIAL = "partial"
"""A backup that somebody stopped after the file at hand."""
_SECOND = timedelta(seconds=1)
"""The metadata leave out fractions."""


class Duplicati(Provider):
    """A backup by its name or its number."""

    type = "duplicati"
    ways = (Http(credentials=(bearer(), _PASSWORD), required=True),)
    addresses = ("backup/NAME",)
    # Two words of ours for times in the metadata, and those of results in the log.
    states: ClassVar = {
        "finished": State.SUCCEEDED,
        "error": State.FAILED,
        "Success": State.SUCCEEDED,
        "Warning": State.COMPLETED_WITH_ERRORS,
        "Error": State.COMPLETED_WITH_ERRORS,
        _PARTIAL: State.COMPLETED_WITH_ERRORS,
        "Fatal": State.FAILED,
        "Unknown": State.UNKNOWN,
    }

    def login(self, access: Access) -> Entry | None:
        """Return the entry for a token that the password is good for."""
        if not access.given.get("password"):
            return None
        door = Entry(url=access.options["url"], shown=access.shown())
        content = {"Password": access.secret("password"), "RememberMe": False}
        answer = access.send(door, "POST", "/api/v1/auth/login", content=content)
        token = access.checked(door, answer).fields().text("AccessToken") or ""
        if not token or not token.isascii() or not token.isprintable():
            why = f"{door.shown} answered the login without a token"
            raise ProblemError(Category.INVALID_RESPONSE, why)
        return Entry(
            url=door.url,
            shown=door.shown,
            headers={"Authorization": f"Bearer {token}"},
            secrets=(token,),
        )

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the backup in the list, and read its metadata."""
        rows = ask.get("/api/v1/backups").rows()
        found = _matching(rows, locator["NAME"])
        if len(found) != 1:
            count = f"{len(found)} backups have" if found else "no backup has"
            why = f"Duplicati says that {count} the name {locator['NAME']!r}"
            raise ask.problem(Category.NOT_FOUND, why)
        due = found[0].table("Schedule").instant("Time", zone="UTC")
        told = found[0].table("Backup")
        due = due if due and due > ask.now else None
        status = self._status(told.table("Metadata"), next_run=due)
        if status.native == "finished":
            status = self._logged(ask, str(told.document.get("ID")), status)
        return replace(status, name=told.name("Name"))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the backups, by name where that tells one."""
        rows = ask.get("/api/v1/backups").rows()
        told = [(row, row.table("Backup")) for row in rows]
        names = [one.document.get("Name") for _, one in told]
        for row, one in told:
            name, number = one.text("Name"), one.text("ID")
            forms = [("backup", number)] if number else []
            if name and names.count(name) == 1:
                forms.insert(0, ("backup", name))
            tags = one.document.get("Tags")
            if forms:
                yield Found(
                    segments=forms[0],
                    label=name,
                    groups=tuple(
                        tag
                        for tag in (tags if isinstance(tags, list) else [])
                        if isinstance(tag, str)
                    ),
                    max_age=allowed_age(_interval(row.table("Schedule"))),
                    also=tuple(forms[1:]),
                )

    def _status(self, told: Fields, **more: Any) -> Status:
        finished = told.instant("LastBackupFinished", zone="UTC")
        failed = told.instant("LastErrorDate", zone="UTC")
        if failed is not None and (finished is None or failed >= finished):
            reason = "the last run ended with an error"
            return self.said(
                "error", finished=failed, last_success=finished, reason=reason, **more
            )
        if finished is None:
            return self.nothing("no backup has run yet")
        return self.said(
            "finished",
            started=told.instant("LastBackupStarted", zone="UTC"),
            finished=finished,
            last_success=finished,
            files=told.long("SourceFilesCount"),
            bytes=told.long("SourceFilesSize"),
            **more,
        )

    def _logged(self, ask: Ask, number: str, status: Status) -> Status:
        """Return a run that finished with the result that the log has of it."""
        try:
            rows = ask.get(f"/api/v1/backup/{quote(number, safe='')}/log").rows()
        except ProblemError as error:
            if error.problem.category is not Category.NOT_FOUND:
                raise
            return status
        runs = [self._result(one) for one in _results(rows)]
        newest = self.newest(runs)
        if newest is None or newest.started is None or status.started is None:
            return status
        if newest.started < status.started - _SECOND:
            # An older run: the log has nothing of the one that finished.
            return status
        details = replace(status.details, errors=newest.details.errors)
        newest = replace(newest, next_run=status.next_run, details=details)
        return self.with_last_success(newest, runs)

    def _result(self, result: Fields) -> Status:
        word = result.text("ParsedResult")
        if word == "Success" and result.flag("PartialBackup"):
            word = _PARTIAL
        counts = (
            result.count(f"{kind}ActualLength") for kind in ("Warnings", "Errors")
        )
        return self.said(
            word,
            started=result.instant("BeginTime", zone="UTC"),
            finished=result.instant("EndTime", zone="UTC"),
            errors=sum(count or 0 for count in counts) or None,
        )


def _results(rows: Iterable[Fields]) -> Iterator[Fields]:
    """Return the results of backups in a log; it has those of other tasks as well."""
    for row in rows:
        if row.document.get("Type") != "Result":
            continue
        try:
            result = parse_json((row.text("Message") or "").encode())
        except ValueError:
            raise row.invalid("has a result in the log that is not JSON") from None
        if isinstance(result, dict) and result.get("MainOperation") == "Backup":
            yield Fields(document=result, origin=row.origin)


def _interval(schedule: Fields) -> timedelta | None:
    """Return how often a backup runs, where it does so on every day of the week."""
    found = _REPEAT.fullmatch(schedule.text("Repeat") or "")
    rule = schedule.text("Rule")
    if found is None or (rule and rule.count(",") != _DAYS - 1):
        return None
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _matching(rows: Iterable[Fields], wanted: str) -> list[Fields]:
    """Return the backups of a name, or else the one of that number."""
    told = [(row, row.document.get("Backup")) for row in rows]
    known = [(row, one) for row, one in told if isinstance(one, dict)]
    named = [row for row, one in known if one.get("Name") == wanted]
    return named or [row for row, one in known if str(one.get("ID")) == wanted]
