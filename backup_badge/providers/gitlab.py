"""GitLab CI: a pipeline that makes a backup, by its schedule or by its branch.

Source: docs.gitlab.com/api/pipeline_schedules and /api/pipelines. ``pipelines/latest``
is not asked: its 403 means a missing pipeline and a missing right alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import ClassVar
from urllib.parse import quote

from backup_badge.documents.schedules import allowed_age, cron_interval
from backup_badge.provider import (
    TEXT,
    Ask,
    Category,
    Fields,
    Found,
    Http,
    Locator,
    Option,
    Provider,
    State,
    Status,
    Unlisted,
    by_page,
    header,
)

ANY = "any"
_MISSING = (
    "GitLab shows no such {}; check the address, and the token, which needs 'read_api'"
)
_WARNED = "success-with-warnings"
_PAGES = 10
"""Pages of a schedule's pipelines that are searched for the newest success."""
_NEWEST = {"order_by": "id", "sort": "desc"}
"""Older versions do not sort the pipelines of a schedule: they ignore this."""


class GitLab(Provider):
    """GitLab CI: the newest pipeline of a schedule, or of a branch or tag."""

    type = "gitlab"
    ways = (
        Http(
            default="https://gitlab.com",
            credentials=(header("PRIVATE-TOKEN", option="token"),),
        ),
    )
    own = (
        Option(
            name="event",
            kind=TEXT,
            default="schedule",
            help="What starts the pipelines of a branch that count (GitLab's 'source');"
            " 'any' for all.",
        ),
    )
    within = "PROJECT"
    addresses = ("schedule/PROJECT/ID", "pipeline/PROJECT/REF")
    states: ClassVar = {
        "success": State.SUCCEEDED,
        _WARNED: State.COMPLETED_WITH_ERRORS,
        "failed": State.FAILED,
        "canceled": State.STOPPED,
        "canceling": State.STOPPED,
        "skipped": State.SKIPPED,
        "running": State.IN_PROGRESS,
        "preparing": State.IN_PROGRESS,
        "created": State.SCHEDULED,
        "pending": State.SCHEDULED,
        "waiting_for_resource": State.SCHEDULED,
        "waiting_for_callback": State.SCHEDULED,
        "scheduled": State.SCHEDULED,
        "manual": State.UNKNOWN,
    }

    def label(self, locator: Locator) -> str:
        """A schedule's number alone would tell a reader nothing."""
        return " ".join(locator.segments[1:])

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest pipeline, and whether its schedule is switched on."""
        project = f"/api/v4/projects/{quote(locator['PROJECT'], safe='')}"
        with ask.explained(Category.NOT_FOUND, _MISSING.format(locator.kind)):
            if locator.kind == "schedule":
                return self._schedule(ask, project, locator["ID"])
            return self._pipeline(ask, project, locator["REF"])

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the schedules that are switched on, of a project or those watched."""
        projects = ask.within or dict.fromkeys(one["PROJECT"] for one in ask.wanted)
        if not projects:
            raise Unlisted("its schedules stand in projects: name one")
        for project in projects:
            path = f"/api/v4/projects/{quote(project, safe='')}/pipeline_schedules"
            with ask.explained(Category.NOT_FOUND, _MISSING.format("project")):
                pages = [
                    *ask.pages(path, by_page(header="X-Next-Page"), per_page="100")
                ]
            for one in (row for page in pages for row in page.rows()):
                number = one.count("id")
                if number is not None and one.flag("active") is True:
                    yield Found(
                        segments=("schedule", project, str(number)),
                        label=one.name("description"),
                        max_age=allowed_age(cron_interval(one.text("cron"))),
                        is_sure=False,
                    )

    def _schedule(self, ask: Ask, project: str, number: str) -> Status:
        path = f"{project}/pipeline_schedules/{quote(number, safe='')}"
        schedule = ask.get(path).fields()
        newest = schedule.table("last_pipeline").count("id")
        if newest is None:
            status = self.nothing("the schedule has not run yet", never_ran=True)
        else:
            status = self._run(ask, project, newest)
        if status.reported is not State.SUCCEEDED and newest is not None:
            good = self._newest_good(ask, f"{path}/pipelines")
            status = self._since(ask, project, status, good)
        status = replace(status, name=schedule.name("description"))
        if schedule.flag("active") is not True:
            return self.stopped(status, "the schedule is switched off")
        status = replace(status, next_run=schedule.time("next_run_at"))
        return self.unless_missed(status, ask.now)

    def _pipeline(self, ask: Ask, project: str, ref: str) -> Status:
        event = ask.options.get("event") or ANY
        query = {"ref": ref, **_NEWEST}
        query |= {} if event == ANY else {"source": event}
        path = f"{project}/pipelines"
        rows = ask.get(path, **query, per_page="20").rows()
        newest = _newest(
            one for one in rows if event == ANY or one.text("source") in (event, None)
        )
        if newest is None:
            why = "" if event == ANY else f" that 'event' {event!r} started"
            return self.nothing(f"there is no pipeline{why}")
        status = self._run(ask, project, newest)
        if status.reported is State.SUCCEEDED:
            return status
        good = ask.get(path, **query, per_page="1", status="success").rows()
        return self._since(ask, project, status, _newest(good))

    def _run(self, ask: Ask, project: str, number: int) -> Status:
        """Read one pipeline: only alone it tells its end and its warnings."""
        one = ask.get(f"{project}/pipelines/{number}").fields()
        word = one.text("status")
        group = one.table("detailed_status").text("group") or ""
        if word == "success" and "warning" in group:
            word = _WARNED
        reason = "it waits for a person" if word == "manual" else None
        started = one.time("started_at") or one.time("created_at")
        finished = one.time("finished_at")
        is_good = self.states.get(word or "") is State.SUCCEEDED
        return self.said(
            word,
            started=started,
            finished=finished,
            last_success=finished if is_good else None,
            reason=reason,
        )

    def _since(
        self, ask: Ask, project: str, status: Status, good: int | None
    ) -> Status:
        """Return a status that knows when the last good pipeline ended."""
        if good is None:
            return status
        return replace(status, last_success=self._run(ask, project, good).last_success)

    def _newest_good(self, ask: Ask, path: str) -> int | None:
        next_page = by_page(header="X-Next-Page")
        pages = ask.pages(path, next_page, **_NEWEST, per_page="100")
        found = None
        for page in islice(pages, _PAGES):
            rows = page.rows()
            good = [one for one in rows if one.text("status") == "success"]
            found = _newest(good) or found
            numbers = [one.count("id") or 0 for one in rows]
            if found is not None and numbers[:1] >= numbers[-1:]:
                break
        return found


def _newest(rows: Iterable[Fields]) -> int | None:
    """Return the number of the newest pipeline; later ones have higher numbers."""
    return max((one.count("id") or 0 for one in rows), default=0) or None
