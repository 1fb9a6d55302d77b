"""pgBackRest: what its repositories hold of a stanza.

Source: pgBackRest's command reference, "info", and its ``src/command/info/info.c``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from backup_badge.provider import (
    COMMAND,
    FILE,
    Ask,
    Category,
    Fields,
    Found,
    Locator,
    Provider,
    State,
    Status,
)

# By code: the message of code 99 holds paths.
_WORDS = {
    0: "ok",
    1: "missing stanza path",
    2: "no valid backups",
    3: "missing stanza data",
    4: "different across repos",
    5: "database mismatch across repos",
    6: "requested backup not found",
    99: "other",
}
_OK, _NO_BACKUPS, _OTHER = 0, 2, 99
_RUNNING = "backup running"
_DAMAGED = "page checksum errors"


@dataclass(frozen=True, kw_only=True)
class _Backup:
    """One backup: all that are listed have ended."""

    repository: int
    started: datetime | None
    finished: datetime
    damaged: bool
    bytes: int | None

    @property
    def told(self) -> dict[str, Any]:
        """What a status tells of it."""
        return {
            "started": self.started,
            "finished": self.finished,
            "bytes": self.bytes,
        }


class PgBackRest(Provider):
    """A stanza, in all of its repositories or in one of them.

    A backup that failed leaves no trace, so only the age of the newest one speaks. The
    age of a stanza is that of the repository whose newest backup is the oldest.
    """

    type = "pgbackrest"
    ways = (COMMAND, FILE)
    addresses = ("stanza/NAME", "stanza/NAME/repo/KEY")
    states: ClassVar = {
        _WORDS[1]: State.FAILED,
        _WORDS[2]: State.FAILED,
        _WORDS[3]: State.FAILED,
        _WORDS[4]: State.COMPLETED_WITH_ERRORS,
        _WORDS[5]: State.COMPLETED_WITH_ERRORS,
        _WORDS[6]: State.UNKNOWN,
        _WORDS[99]: State.UNKNOWN,
        _RUNNING: State.IN_PROGRESS,
        _DAMAGED: State.COMPLETED_WITH_ERRORS,
    }

    def label(self, locator: Locator) -> str:
        """Return the stanza, and the repository where one is named."""
        key = locator.values.get("KEY")
        return f"{locator['NAME']} ({key})" if key else locator["NAME"]

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the stanza, and judge its repositories."""
        stanza = _stanza(ask, locator["NAME"])
        told = stanza.table("status")
        holder, keys = told, [key for key, _ in _repositories(stanza)]
        if wanted := locator.values.get("KEY"):
            holder = _repository(ask, stanza, wanted)
            keys = [int(wanted)]
        backups = [one for one in _backups(stanza) if one.repository in keys]
        good = [one.finished for one in backups if not one.damaged]
        status = self._judged(ask, holder, told, backups, keys)
        return replace(status, last_success=max(good, default=None))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the stanzas. A source of the only repository watches all of one."""
        for stanza in ask.document().rows():
            if name := stanza.text("name"):
                is_one = len(_repositories(stanza)) == 1
                same = (one for one in ask.wanted if one["NAME"] == name)
                yield Found(
                    segments=("stanza", name),
                    label=name,
                    also=tuple(one.segments for one in same) if is_one else (),
                )

    def _judged(
        self,
        ask: Ask,
        holder: Fields,
        told: Fields,
        backups: list[_Backup],
        keys: list[int],
    ) -> Status:
        code = holder.count("code")
        held = told.table("lock").table("backup").flag("held")
        if held and code in (_OK, _NO_BACKUPS):
            return self.said(_RUNNING)
        if code != _OK:
            word = None if code is None else _WORDS.get(code, f"code {code}")
            finished = max((one.finished for one in backups), default=None)
            return self.said(word, finished=finished, reason=_advice(code))
        found = {key: [one for one in backups if one.repository == key] for key in keys}
        if not all(found.values()):
            return self.nothing("pgBackRest says ok, and lists no backup")
        newest = [max(ones, key=lambda one: one.finished) for ones in found.values()]
        worst = min(newest, key=lambda one: (not one.damaged, one.finished))
        return self._of(ask, worst, several=len(keys) > 1)

    def _of(self, ask: Ask, one: _Backup, *, several: bool) -> Status:
        newest = "the newest backup"
        if several:
            newest += f" in repository {one.repository}"
        if one.damaged:
            return self.said(
                _DAMAGED, **one.told, reason=f"{newest} holds damaged pages"
            )
        return self.exists(ask, **one.told, reason=newest if several else None)


def _stanza(ask: Ask, name: str) -> Fields:
    answer = ask.document()
    for one in answer.rows():
        if one.document.get("name") == name:
            return one
    raise ask.problem(Category.NOT_FOUND, f"{answer.origin} has no stanza {name!r}")


def _repositories(stanza: Fields) -> list[tuple[int, Fields]]:
    """Return the repositories by key; before pgBackRest 2.32 there is one, unlisted."""
    if "repo" not in stanza.document:
        return [(1, stanza.table("status"))]
    listed = [(one.count("key"), one) for one in stanza.tables("repo")]
    if not listed or any(key is None for key, _ in listed):
        raise stanza.invalid("has a stanza without the keys of its repositories")
    return [(key, one.table("status")) for key, one in listed if key is not None]


def _repository(ask: Ask, stanza: Fields, wanted: str) -> Fields:
    for key, told in _repositories(stanza):
        if str(key) == wanted:
            return told
    raise ask.problem(Category.NOT_FOUND, f"the stanza has no repository {wanted!r}")


def _backups(stanza: Fields) -> list[_Backup]:
    found = []
    for one in stanza.tables("backup"):
        time = one.table("timestamp")
        finished = time.instant("stop")
        if finished is None:
            raise stanza.invalid("has a backup without the time of its end")
        database = one.table("database")
        found.append(
            _Backup(
                repository=database.count("repo-key") or 1,
                started=time.instant("start"),
                finished=finished,
                damaged=one.flag("error") or False,
                bytes=one.table("info").table("repository").count("delta"),
            )
        )
    return found


def _advice(code: int | None) -> str | None:
    if code != _OTHER:
        return None
    return "pgBackRest cannot read its repository: run 'info' as the user who builds"
