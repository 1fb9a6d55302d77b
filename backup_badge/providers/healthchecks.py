"""Healthchecks, hosted or self-hosted, by its Management API v3.

Source: healthchecks.io/docs/api, "Get a List of Existing Checks" and "Get a list of
check's status changes"; `hc/api/models.py` for what a ping changes. A read-only key is
enough; it belongs to one project.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from backup_badge.documents.schedules import cron_interval
from backup_badge.provider import (
    Ask,
    Category,
    Fields,
    Found,
    Http,
    Locator,
    ProblemError,
    Provider,
    State,
    Status,
    header,
)

_SOON = timedelta(minutes=2)
"""Healthchecks notes that a check went down when it looks: at most once a minute."""


class Healthchecks(Provider):
    """Checks by slug, by key (unique key or UUID) and by tag, from one list call."""

    type = "healthchecks"
    ways = (
        Http(
            default="https://healthchecks.io",
            credentials=(header("X-Api-Key", option="api_key"),),
            required=True,
        ),
    )
    addresses = ("slug/SLUG", "check/KEY", "tag/TAG")
    states: ClassVar = {
        "up": State.SUCCEEDED,
        "grace": State.SUCCEEDED,
        "started": State.IN_PROGRESS,
        "down": State.FAILED,
        "paused": State.STOPPED,
        "new": State.UNKNOWN,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the check or the checks in the project's list."""
        checks = ask.get("/api/v3/checks/").rows("checks")
        if locator.kind == "tag":
            tagged = [one for one in checks if locator["TAG"] in _tags(one)]
            if not tagged:
                raise _missing(ask, f"no check has the tag {locator['TAG']!r}")
            statuses = [self._status(ask, one) for one in tagged]
            return self.worst(statuses) or self.nothing("no check has the tag")
        found = list(_matching(checks, locator))
        if len(found) != 1:
            count = f"{len(found)} checks have" if found else "no check has"
            raise _missing(ask, f"{count} the {locator.kind} {locator.segments[1]!r}")
        status = self._status(ask, found[0])
        return replace(status, name=found[0].name("name"))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the checks of the project, by slug where that tells one."""
        checks = ask.get("/api/v3/checks/").rows("checks")
        slugs = [one.document.get("slug") for one in checks]
        for one in checks:
            slug, tags = one.text("slug"), _tags(one)
            keys = (one.text("unique_key"), one.text("uuid"))
            forms = [("check", key) for key in keys if key]
            if slug and slugs.count(slug) == 1:
                forms.insert(0, ("slug", slug))
            if forms:
                yield Found(
                    segments=forms[0],
                    label=one.text("name") or slug,
                    groups=tuple(tags),
                    max_age=_allowed_age(one),
                    also=(*forms[1:], *(("tag", tag) for tag in tags)),
                )

    def _status(self, ask: Ask, check: Fields) -> Status:
        word, last_ping = check.text("status"), check.time("last_ping")
        due, grace = check.time("next_ping"), _seconds(check, "grace")
        if check.flag("started") and word in ("up", "grace", "new"):
            return self._started(ask, due, grace, last_ping)
        if word in ("up", "grace") and last_ping is None:
            raise check.invalid(f"has a check that is {word!r} without a ping")
        if word == "up":
            return self.said(
                word, finished=last_ping, expected_by=due and _later(due, grace)
            )
        if word == "grace":
            # It is late by its own schedule already, only not yet reported.
            return self.said(word, finished=last_ping, expected_by=due or ask.now)
        if word == "paused":
            return self.said(word, reason="the check is paused: nobody watches it")
        if word == "new":
            # A check that was paused and resumed is new again.
            if check.count("n_pings"):
                return self.said(word)
            return self.said(word, reason="it was never pinged", never_ran=True)
        return self._down(ask, check, last_ping) if word == "down" else self.said(word)

    def _started(
        self,
        ask: Ask,
        due: datetime | None,
        grace: timedelta,
        last_ping: datetime | None,
    ) -> Status:
        """Read a check whose job has begun: that left its last ping as it was.

        ``due`` is then the beginning of the run, or the time at which it was due where
        that came before. Healthchecks gives it the grace time from there.
        """
        return self.said(
            "started",
            started=due if due and due <= ask.now else None,
            last_success=last_ping,
            expected_by=due and _later(due, grace),
        )

    def _down(self, ask: Ask, check: Fields, last_ping: datetime | None) -> Status:
        """Tell a failure that was signalled from silence, as far as that is known.

        The list does not say. Where it went down with its last ping, that ping said so.
        """
        key = check.text("unique_key") or check.text("uuid")
        if last_ping is None or key is None:
            return self.said("down", reason="it is down")
        try:
            flips = ask.get(f"/api/v3/checks/{key}/flips/").rows()
        except ProblemError:
            # That it is down is known: no remembered answer may stand in for that.
            return self.said("down", reason="it is down")
        downs = [flip.time("timestamp") for flip in flips if _went_down(flip)]
        since = max((time for time in downs if time), default=None)
        if since is None:
            return self.said("down", finished=last_ping, reason="it is down")
        if since - last_ping <= _SOON:
            return self.said(
                "down", finished=last_ping, reason="the job signalled a failure"
            )
        # With a failure it would have gone down at once: its last ping was a success.
        reason = f"no ping since {last_ping:%Y-%m-%d %H:%M} UTC"
        return self.said(
            "down", last_success=last_ping, expected_by=since, reason=reason
        )


def _matching(checks: Iterable[Fields], locator: Locator) -> Iterable[Fields]:
    wanted = locator.segments[1]
    for check in checks:
        names = (
            (check.text("slug"),)
            if locator.kind == "slug"
            else (check.text("unique_key"), check.text("uuid"))
        )
        if wanted in names:
            yield check


def _tags(check: Fields) -> list[str]:
    return (check.text("tags") or "").split()


def _allowed_age(check: Fields) -> timedelta | None:
    """Return how old a ping may get by the check's own schedule and grace time."""
    schedule, grace = check.text("schedule"), _seconds(check, "grace")
    if schedule:
        interval = cron_interval(schedule)
        return interval + grace if interval else None
    timeout = _seconds(check, "timeout")
    return timeout + grace if timeout else None


def _seconds(check: Fields, key: str) -> timedelta:
    return timedelta(seconds=min(check.count(key) or 0, 10**9))


def _later(time: datetime, span: timedelta) -> datetime | None:
    try:
        return time + span
    except OverflowError:
        return None


def _went_down(flip: Fields) -> bool:
    return flip.count("up") == 0


def _missing(ask: Ask, why: str) -> Exception:
    return ask.problem(Category.NOT_FOUND, f"Healthchecks says that {why}")
