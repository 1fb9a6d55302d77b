"""Kopia: sources of a server, or the snapshots that the command lists.

Source: kopia/kopia, `internal/server/{server,source_manager}.go`,
`internal/serverapi/serverapi.go`, `snapshot/manifest.go`, `fs/entry.go`; its words for
a snapshot are those of `notification/notifydata/multi_snapshot_status.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from backup_badge.documents.schedules import allowed_age
from backup_badge.provider import (
    COMMAND,
    FILE,
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Http,
    Locator,
    Provider,
    State,
    Status,
    basic,
)

FAILURES = (
    Failure(
        category=Category.UNAUTHORIZED,
        words=("invalid repository password", "permission denied"),
        advice="the repository's password is wrong or missing: connect again as the"
        " user who builds, or name KOPIA_PASSWORD in 'env'",
    ),
    Failure(
        category=Category.NOT_FOUND,
        words=("repository is not connected",),
        advice="the user who builds is not connected to a repository: run 'kopia"
        " repository connect', or name KOPIA_CONFIG_PATH in 'env'",
    ),
)
_REST = ("IDLE", "REMOTE")
_SOURCES = "/api/v1/control/sources"
_KEYS = {"HOST": "host", "USER": "userName", "PATH": "path"}


class Kopia(Provider):
    """A source by its path and, where several have it, by host and user."""

    type = "kopia"
    ways = (Http(credentials=(basic(),), required=True), FILE, COMMAND)
    addresses = (
        "path/PATH...",
        "host/HOST/path/PATH...",
        "user/USER/host/HOST/path/PATH...",
    )
    states: ClassVar = {
        "success": State.SUCCEEDED,
        "warnings": State.COMPLETED_WITH_ERRORS,
        "checkpoint": State.COMPLETED_WITH_ERRORS,
        "canceled": State.COMPLETED_WITH_ERRORS,
        "limit reached": State.COMPLETED_WITH_ERRORS,
        "fatal": State.FAILED,
        "FAILED": State.FAILED,
        "PAUSED": State.STOPPED,
        "UPLOADING": State.IN_PROGRESS,
        "PENDING": State.SCHEDULED,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read what a server says of a source, or the newest of its snapshots."""
        if ask.is_http:
            sources = ask.get(_SOURCES).rows("sources")
            return self._source(_matching(ask, sources, locator)[0])
        snapshots = ask.document(FAILURES).rows()
        if not snapshots:
            return self.nothing("there is no snapshot yet")
        runs = [self._snapshot(one) for one in _matching(ask, snapshots, locator)]
        newest = self.newest(runs) or self.nothing("there is no snapshot yet")
        return self.with_last_success(newest, runs)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the sources, each by its user, host and path."""
        if ask.is_http:
            rows = ask.get(_SOURCES).rows("sources")
        else:
            rows = ask.document(FAILURES).rows()
        known = {}
        for row in rows:
            told = tuple(row.table("source").text(key) for key in _KEYS.values())
            known[told] = row
        for (host, user, path), row in known.items():
            parts = tuple((path or "").strip("/").split("/"))
            if not (host and user and all(parts)):
                continue
            others = [other for other in known.values() if other is not row]
            yield Found(
                segments=("user", user, "host", host, "path", *parts),
                label=f"{host} {path}",
                groups=(host,),
                max_age=allowed_age(_interval(row)),
                also=tuple(
                    wanted.segments
                    for wanted in ask.wanted
                    if _is_of(row, wanted)
                    and not any(_is_of(other, wanted) for other in others)
                ),
            )

    def _source(self, source: Fields) -> Status:
        word = source.text("status")
        last = source.table("lastSnapshot")
        runs = [self._snapshot(last)] if last.document else []
        told: dict[str, Any] = {"next_run": source.instant("nextSnapshotTime")}
        if word == "UPLOADING" and last.text("incomplete") == "checkpoint":
            told["started"] = last.instant("startTime")
        if word not in _REST:
            return self.with_last_success(self.said(word, **told), runs)
        if not runs:
            return self.nothing("there is no snapshot yet")
        return self.with_last_success(self._snapshot(last, **told), runs)

    def _snapshot(self, one: Fields, **told: Any) -> Status:
        summary = one.table("rootEntry").table("summ")
        stats = one.table("stats")
        errors = max(_count(summary, "numFailed"), _count(stats, "errorCount"))
        ignored = max(
            _count(summary, "numIgnoredErrors"), _count(stats, "ignoredErrorCount")
        )
        known = {*summary.document, *stats.document}
        incomplete = one.text("incomplete")
        word: str | None = "success" if known & {"numFailed", "errorCount"} else None
        if errors:
            word = "fatal"
        elif incomplete:
            word = incomplete
        elif ignored:
            word = "warnings"
        return self.said(
            word,
            started=one.instant("startTime"),
            finished=one.instant("endTime"),
            reason="the snapshot is incomplete" if incomplete else None,
            errors=errors + ignored or None,
            files=summary.count("files"),
            bytes=summary.count("size"),
            **told,
        )


def _matching(ask: Ask, rows: Iterable[Fields], locator: Locator) -> list[Fields]:
    """Return the rows of one source. Raises ProblemError for none and for several."""
    found: dict[tuple[object, ...], list[Fields]] = {}
    for row in rows:
        source = row.document.get("source")
        if isinstance(source, dict) and _fits(source, locator):
            identity = tuple(repr(source.get(key)) for key in _KEYS.values())
            found.setdefault(identity, []).append(row)
    if len(found) == 1:
        return next(iter(found.values()))
    count = f"{len(found)} sources are" if found else "no source is"
    hint = ": give host and user, too" if found else ""
    why = f"Kopia says that {count} {str(locator)!r}{hint}"
    raise ask.problem(Category.NOT_FOUND, why)


def _is_of(row: Fields, locator: Locator) -> bool:
    return _fits(row.table("source").document, locator)


def _interval(row: Fields) -> timedelta | None:
    """Return the interval of a source's own policy, where it is one."""
    seconds = row.table("schedule").count("intervalSeconds")
    return timedelta(seconds=min(seconds, 10**9)) if seconds else None


def _fits(source: Mapping[str, Any], locator: Locator) -> bool:
    for name, key in _KEYS.items():
        wanted, told = locator.values.get(name), source.get(key)
        if wanted is None:
            continue
        if not isinstance(told, str) or told.strip("/") != wanted.strip("/"):
            return False
    return True


def _count(fields: Fields, key: str) -> int:
    """Return a number that the state rests on: a wrong one is not taken for none."""
    count = fields.count(key)
    if count is None and fields.document.get(key) is not None:
        raise fields.invalid(f"has a {key!r} that is no number")
    return count or 0
