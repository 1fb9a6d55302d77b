"""Backrest: the newest backup of a plan, by the Connect protocol (JSON over POST).

Source: garethgeorge/backrest, `docs/src/docs/api.md` ("Operations API") and
`proto/v1/{service,operations,restic}.proto`; protobuf.dev/programming-guides/json:
64-bit numbers are texts, and values that are zero are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from backup_badge.provider import (
    Ask,
    Fields,
    Found,
    Http,
    Locator,
    Provider,
    State,
    Status,
    basic,
)

_LAST = "200"
"""Operations of a plan. A run has several: it forgets, prunes and checks as well."""


class Backrest(Provider):
    """The backups of a plan, into all its repositories or into one."""

    type = "backrest"
    ways = (Http(credentials=(basic(),)),)
    addresses = ("plan/PLAN", "plan/PLAN/repo/REPO")
    states: ClassVar = {
        "STATUS_SUCCESS": State.SUCCEEDED,
        "STATUS_WARNING": State.COMPLETED_WITH_ERRORS,
        "STATUS_ERROR": State.FAILED,
        "STATUS_INPROGRESS": State.IN_PROGRESS,
        "STATUS_PENDING": State.SCHEDULED,
        "STATUS_SYSTEM_CANCELLED": State.STOPPED,
        "STATUS_USER_CANCELLED": State.STOPPED,
        "STATUS_UNKNOWN": State.UNKNOWN,
    }

    def label(self, locator: Locator) -> str:
        """Return the plan, whatever the repository."""
        return locator["PLAN"]

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest backup that has begun, and when the next one is due."""
        asked = {"selector": {"planId": locator["PLAN"]}, "lastN": _LAST}
        answer = ask.post("/v1.Backrest/GetOperations", asked)
        if answer.fields().document.get("operations") is None:
            return self.nothing("no backup of the plan has run, or it is not there")
        repository = locator.values.get("REPO")
        backups = [
            row
            for row in answer.rows("operations")
            if _is_backup(row) and repository in (None, row.document.get("repoId"))
        ]
        runs = [self._run(ask, one) for one in backups]
        begun = [run for run in runs if _has_begun(ask, run)]
        waiting = [run for run in runs if run.next_run is not None]
        status = self.newest(begun) or next(iter(waiting), None)
        if status is None:
            return self.nothing("no backup of the plan has run yet")
        due = min((one.next_run for one in waiting if one.next_run), default=None)
        return self.with_last_success(replace(status, next_run=due), begun)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the plans. The configuration is not read: its passwords are in it."""
        answer = ask.post("/v1.Backrest/GetSummaryDashboard", {})
        if answer.fields().document.get("planSummaries") is None:
            return
        for row in answer.rows("planSummaries"):
            if plan := row.text("id"):
                same = (one.segments for one in ask.wanted if one["PLAN"] == plan)
                yield Found(segments=("plan", plan), label=plan, also=tuple(same))

    def _run(self, ask: Ask, one: Fields) -> Status:
        word = one.text("status") or "STATUS_UNKNOWN"
        started = one.instant("unixTimeStartMs")
        if word == "STATUS_PENDING" and started is not None and started > ask.now:
            return self.said(word, next_run=started)
        backup = one.table("operationBackup")
        summary = backup.table("lastStatus").table("summary")
        errors = backup.document.get("errors")
        return self.said(
            word,
            started=started,
            finished=one.instant("unixTimeEndMs"),
            errors=len(errors) if isinstance(errors, list) and errors else None,
            files=summary.long("totalFilesProcessed"),
            bytes=summary.long("dataAdded"),
        )


def _is_backup(row: Fields) -> bool:
    """Whether it is a backup and no dry run; one without details is an empty object."""
    backup = row.document.get("operationBackup")
    return isinstance(backup, dict) and backup.get("dryRun") in (None, False)


def _has_begun(ask: Ask, run: Status) -> bool:
    """Whether it was more than planned.

    A backup that was planned and whose plan was edited since stays as a cancelled one.
    """
    if run.next_run is not None:
        return False
    if run.reported is not State.STOPPED or run.started is None:
        return True
    return run.started <= (run.finished or ask.now)
