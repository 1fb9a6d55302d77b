"""Proxmox Backup Server: the newest backup of a guest, and its verification.

Source: Proxmox Backup Server's API, ``/admin/datastore``, its ``/{store}/snapshots``
and ``/{store}/groups``, ``/nodes/{node}/tasks``, and its ``src/api2/backup/mod.rs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from backup_badge.provider import (
    TEXT,
    Answer,
    Ask,
    Fields,
    Found,
    Http,
    Locator,
    Option,
    Provider,
    State,
    Status,
    header,
)

_PAGE = 1000
_HISTORY = timedelta(days=35)
_NEAR = timedelta(minutes=10)
"""How far the clocks of a client and of the server may be apart."""
_WARNINGS = re.compile(r"WARNINGS: (\d+)")
_UNVERIFIED = "verification failed"
_FAILED = "failed"
_RESTORABLE = {"ok": True, _FAILED: False}


@dataclass(frozen=True, kw_only=True)
class _Snapshot:
    """One finished backup. Its time is that of its beginning."""

    time: datetime
    bytes: int | None
    verified: str


class Proxmox(Provider):
    """A guest by its datastore, its type (``vm``, ``ct``, ``host``) and its ID."""

    type = "proxmox"
    ways = (
        Http(
            credentials=(
                header("Authorization", option="token", scheme="PBSAPIToken="),
            ),
            required=True,
        ),
    )
    own = (
        Option(
            name="namespace",
            kind=TEXT,
            help="The namespace of the guests in the datastore. Default: the root.",
        ),
        Option(
            name="node",
            kind=TEXT,
            default="localhost",
            help="The name of the server's node. Default: localhost.",
        ),
    )
    addresses = ("guest/DATASTORE/TYPE/ID",)
    within = "DATASTORE"
    states: ClassVar = {
        "OK": State.SUCCEEDED,
        "WARNINGS": State.COMPLETED_WITH_ERRORS,
        "error": State.FAILED,
        "unknown": State.UNKNOWN,
        "running": State.IN_PROGRESS,
        _UNVERIFIED: State.FAILED,
    }

    def label(self, locator: Locator) -> str:
        """Return the type and the ID: an ID alone says little."""
        return f"{locator['TYPE']} {locator['ID']}"

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest backup, and the newest task where the token may see it."""
        snapshots = _snapshots(ask, locator)
        newest = max(snapshots, key=lambda one: one.time, default=None)
        good = [one.time for one in snapshots if one.verified != _FAILED]
        task = _newest_task(ask, locator)
        status = self._status(ask, newest, task)
        return replace(status, last_success=max(good, default=None))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the guests of all datastores that the token may see, or of one."""
        stores: Iterable[str | None] = ask.within
        if not ask.within:
            listed = ask.get("/api2/json/admin/datastore").rows("data")
            stores = (one.text("store") for one in listed)
        space = ask.options.get("namespace")
        query = {"ns": space} if space else {}
        for store in filter(None, stores):
            path = f"/api2/json/admin/datastore/{quote(store, safe='')}/groups"
            for one in ask.get(path, **query).rows("data"):
                kind, number = one.text("backup-type"), one.text("backup-id")
                if kind and number:
                    yield Found(segments=("guest", store, kind, number))

    def _status(
        self, ask: Ask, newest: _Snapshot | None, task: Fields | None
    ) -> Status:
        began = task and _began(task)
        if task and began and (newest is None or began >= newest.time - _NEAR):
            run = self._run(task, began, newest)
        elif newest is not None:
            run = self.exists(ask, started=newest.time)
        else:
            return self.nothing("the server shows no backup of this guest")
        if newest is None:
            # A task that went well without a backup that is there: it was removed.
            gone = run.reported is State.SUCCEEDED
            return self.nothing("its backups are gone") if gone else run
        details = replace(
            run.details, bytes=newest.bytes, restorable=_RESTORABLE.get(newest.verified)
        )
        if newest.verified == _FAILED and run.reported is not State.FAILED:
            run = self.said(_UNVERIFIED, started=newest.time)
            reason = "the newest backup failed its verification"
            details = replace(details, reason=reason)
        return replace(run, details=details)

    def _run(self, task: Fields, began: datetime, newest: _Snapshot | None) -> Status:
        """Return what a task says. An error's words may hold hosts and paths."""
        text, ended = task.text("status"), task.instant("endtime")
        if text is None and ended is None:
            return self.said("running", started=began)
        warnings = _WARNINGS.fullmatch(text or "")
        if text and text not in ("OK", "unknown") and not warnings:
            reason = "the newest backup task failed"
            return self.said("error", started=began, finished=ended, reason=reason)
        if newest is not None:
            # What counts is the age of the backup that is there.
            is_its = abs(began - newest.time) <= _NEAR
            began, ended = newest.time, ended if is_its else None
        errors = int(warnings[1]) if warnings else None
        word = "WARNINGS" if warnings else text
        return self.said(word, started=began, finished=ended, errors=errors)


def _snapshots(ask: Ask, locator: Locator) -> list[_Snapshot]:
    query = {"backup-type": locator["TYPE"], "backup-id": locator["ID"]}
    if namespace := ask.options.get("namespace"):
        query["ns"] = namespace
    store = quote(locator["DATASTORE"], safe="")
    answer = ask.get(f"/api2/json/admin/datastore/{store}/snapshots", **query)
    found = []
    for one in answer.rows("data"):
        time, size = one.instant("backup-time"), one.count("size")
        is_its = all(
            str(one.document.get(key)) == query[key] for key in list(query)[:2]
        )
        # One that is not finished has no size.
        if is_its and time is not None and size is not None:
            verified = one.table("verification").text("state") or ""
            found.append(_Snapshot(time=time, bytes=size, verified=verified))
    return found


def _newest_task(ask: Ask, locator: Locator) -> Fields | None:
    """Return the newest backup task of a guest: a token may see none but its own."""
    store, namespace = locator["DATASTORE"], ask.options.get("namespace")
    group = f"{locator['TYPE']}/{locator['ID']}"
    wanted = ":".join(part for part in (store, namespace, group) if part)
    node = quote(ask.options["node"], safe="")
    pages = ask.pages(
        f"/api2/json/nodes/{node}/tasks",
        _following,
        store=store,
        typefilter="backup",
        since=str(int((ask.now - _HISTORY).timestamp())),
        start="0",
        limit=str(_PAGE),
    )
    return max(_tasks_of(pages, wanted), key=_began, default=None)


def _tasks_of(pages: Iterable[Answer], wanted: str) -> Iterable[Fields]:
    for page in pages:
        for task in page.rows("data"):
            told = task.document
            if (told.get("worker_type"), told.get("worker_id")) == ("backup", wanted):
                yield task


def _following(page: Answer, query: Mapping[str, str]) -> Mapping[str, str] | None:
    if len(page.rows("data")) < _PAGE:
        return None
    return {**query, "start": str(int(query["start"]) + _PAGE)}


def _began(task: Fields) -> datetime:
    began = task.instant("starttime")
    if began is None:
        raise task.invalid("has a task without the time of its start")
    return began
