"""Barman: the newest backup of a PostgreSQL server, local or in a cloud's storage.

Source: Barman's ``barman/output.py`` (``list-backups`` as JSON), ``barman/infofile.py``
and ``barman/clients/cloud_backup_list.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from backup_badge.provider import (
    COMMAND,
    FILE,
    TIME_ZONE,
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Locator,
    Option,
    Provider,
    State,
    Status,
)

_ID = re.compile(r"\d{8}T\d{6}")
_WAITING = "WAITING_FOR_WALS"
_CLOUD = "backups_list"
_ANY_SERVER = (None, "cloud")
"""What barman-cloud-backup calls its only server."""

_FAILURES = (
    Failure(
        category=Category.UNAUTHORIZED,
        words=("please run barman as",),
        advice="it runs as its own user only: begin the command with"
        " 'sudo', '-n', '-u', 'barman'",
    ),
    Failure(
        category=Category.NOT_FOUND,
        words=("unknown server",),
        advice="it knows no server of this name",
    ),
)


class Barman(Provider):
    """A server by its name in Barman's configuration."""

    type = "barman"
    ways = (COMMAND, FILE)
    own = (
        Option(
            name="timezone",
            kind=TIME_ZONE,
            help="The zone of Barman's machine: some of its times are written without.",
        ),
    )
    addresses = ("server/NAME",)
    states: ClassVar = {
        "DONE": State.SUCCEEDED,
        # Copied, and of no use before the WAL files that belong to it have come.
        _WAITING: State.IN_PROGRESS,
        "STARTED": State.IN_PROGRESS,
        "SYNCING": State.IN_PROGRESS,
        "FAILED": State.FAILED,
        "EMPTY": State.UNKNOWN,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the newest backup of the server, and the newest that is done."""
        listed = _of_server(ask, locator["NAME"])
        runs = [(_id(one), self._run(ask, one)) for one in listed]
        if not runs:
            return self.nothing("Barman has no backup of this server yet")
        # Unfinished ones have no time but the one in their ID, which is a local one.
        _, newest = max(runs, key=lambda run: run[0])
        newest = self.with_last_success(newest, (run for _, run in runs))
        times = (newest.started, newest.last_success)
        if newest.reported is State.IN_PROGRESS and not any(times):
            return self.nothing("the first backup runs, since when is not known")
        return newest

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the servers."""
        answer = ask.document(_FAILURES)
        document = answer.fields().document
        names: list[object] = [k for k, v in document.items() if isinstance(v, list)]
        if _CLOUD in document:
            rows = answer.rows(_CLOUD)
            names = [one.document.get("server_name") for one in rows]
        for name in dict.fromkeys(name for name in names if isinstance(name, str)):
            if name not in _ANY_SERVER:
                yield Found(segments=("server", name), label=name)

    def _run(self, ask: Ask, one: Fields) -> Status:
        word, zone = one.text("status"), ask.options.get("timezone")
        ended = _ended(one, zone)
        if word == "DONE" and ended is None:
            raise one.invalid("has a backup that is done, and not when")
        started = one.instant("begin_time_iso")
        if started is None and zone:
            started = _in_zone(one, "backup_id", _id(one), zone)
        return self.said(
            word,
            # One that waits has waited since it was copied, at least.
            started=started or (ended if word == _WAITING else None),
            finished=None if word == _WAITING else ended,
            bytes=one.count("size_bytes") or one.count("size"),
        )


def _of_server(ask: Ask, name: str) -> list[Fields]:
    answer = ask.document(_FAILURES)
    document = answer.fields().document
    if _CLOUD in document:
        rows = answer.rows(_CLOUD)
        known = (name, *_ANY_SERVER)
        return [one for one in rows if one.document.get("server_name") in known]
    if name not in document:
        raise ask.problem(Category.NOT_FOUND, f"{answer.origin} has no server {name!r}")
    return answer.rows(name)


def _id(one: Fields) -> str:
    text = one.text("backup_id") or ""
    if not _ID.fullmatch(text):
        raise one.invalid("has a backup whose ID tells no time")
    return text


def _in_zone(one: Fields, name: str, local: str, zone: str | None) -> datetime | None:
    """Return a time that is written without a zone. Raises ProblemError without one."""
    told = Fields(document={name: local}, origin=one.origin)
    return told.instant(name, zone=zone)


def _ended(one: Fields, zone: str | None) -> datetime | None:
    """Return when a backup ended: newer versions say it with a zone, older without."""
    ended = one.instant("end_time_timestamp") or one.instant("end_time_iso")
    text = one.text("end_time")
    if ended is not None or text is None:
        return ended
    try:
        local = datetime.strptime(text, "%a %b %d %H:%M:%S %Y")
    except ValueError:
        raise one.invalid(f"has an 'end_time' that is no time: {text!r:.40}") from None
    return _in_zone(one, "end_time", local.isoformat(), zone)
