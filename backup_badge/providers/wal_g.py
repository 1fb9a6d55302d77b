"""WAL-G: the newest backup in its storage, and whether its WAL files are complete.

Source: WAL-G's ``docs/PostgreSQL.md``, "backup-list" and "wal-verify".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from backup_badge.provider import (
    COMMAND,
    FILE,
    Answer,
    Ask,
    Fields,
    Found,
    Locator,
    Provider,
    State,
    Status,
)

_TIMES = ("finish_time", "time", "modification_time", "creation_time")
"""From the best to the worst; copies of a backup have a 'time' of their own."""
_NO_TIME = 1970
"""Go writes the year 1 for a time that is not known."""


class WalG(Provider):
    """``backups`` reads a list of backups, ``wal`` the answer of ``wal-verify``.

    Only backups that ended are listed: one that failed leaves no trace.
    """

    type = "wal-g"
    ways = (COMMAND, FILE)
    addresses = ("backups", "wal")
    states: ClassVar = {
        "OK": State.SUCCEEDED,
        "WARNING": State.COMPLETED_WITH_ERRORS,
        "FAILURE": State.FAILED,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the configured document as the address says."""
        answer = ask.document()
        if locator.kind == "wal":
            return self._verified(answer)
        # Nothing at all is printed where nothing is stored.
        rows = answer.rows() if answer.body.strip() else []
        if not rows:
            return self.nothing("WAL-G lists no backup")
        finished, newest = max(
            ((_finished(one), one) for one in rows), key=lambda pair: pair[0]
        )
        return self.exists(
            ask,
            started=_known(newest.instant("start_time")),
            finished=finished,
            last_success=finished,
            bytes=newest.count("compressed_size"),
        )

    def label(self, locator: Locator) -> str:
        """Return what it is of: the address says no name."""
        return f"WAL-G {locator.kind}"

    def discover(self, ask: Ask) -> Iterator[Found]:
        """Tell which of the two the configured document is."""
        answer = ask.document()
        is_table = isinstance(answer.json() if answer.body.strip() else [], dict)
        yield Found(segments=("wal",) if is_table else ("backups",))

    def _verified(self, answer: Answer) -> Status:
        checked = answer.fields()
        if "integrity" not in checked.document:
            raise answer.invalid("has no 'integrity': run 'wal-verify integrity'")
        integrity = checked.table("integrity")
        words = [integrity.text("status")]
        if "timeline" in checked.document:
            words.append(checked.table("timeline").text("status"))
        lost = _lost(integrity)
        if lost:
            # WAL-G says so itself: a lost file is a gap that no restore gets over.
            words.append("FAILURE")
        reason = f"{lost} WAL files are lost" if lost else None
        said = [
            self.said(word, finished=answer.time, errors=lost or None, reason=reason)
            for word in words
        ]
        status = self.worst(said)
        assert status is not None
        return self.with_last_success(status, [status])


def _finished(one: Fields) -> datetime:
    for name in _TIMES:
        time = _known(one.instant(name))
        if time is not None:
            return time
    raise one.invalid("has a backup without a time")


def _known(time: datetime | None) -> datetime | None:
    return time if time is not None and time.year > _NO_TIME else None


def _lost(integrity: Fields) -> int:
    """Return the number of WAL files that are in no storage any more."""
    found = integrity.document.get("details")
    rows = found if isinstance(found, list) else []
    counts = [
        row.get("segments_count")
        for row in rows
        if isinstance(row, dict) and row.get("status") == "MISSING_LOST"
    ]
    return sum(count for count in counts if type(count) is int and count > 0)
