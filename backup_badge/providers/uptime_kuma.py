"""Uptime Kuma: monitors on a public status page, by its two calls. No key is needed.

Source: louislam/uptime-kuma, `server/routers/status-page-router.js` and
`server/model/{heartbeat,group,status_page}.js`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from backup_badge.provider import (
    Answer,
    Ask,
    Category,
    Fields,
    Found,
    Http,
    Locator,
    Provider,
    State,
    Status,
    Unlisted,
)

_WORDS = {0: "down", 1: "up", 2: "pending", 3: "maintenance"}


class UptimeKuma(Provider):
    """A monitor of a page, by its name or its number."""

    type = "uptime-kuma"
    ways = (Http(),)
    addresses = ("page/SLUG/MONITOR",)
    within = "PAGE"
    states: ClassVar = {
        "up": State.SUCCEEDED,
        "down": State.FAILED,
        "pending": State.UNKNOWN,
        "maintenance": State.UNKNOWN,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the monitor on the page, and read its newest beat."""
        slug, wanted = locator["SLUG"], locator["MONITOR"]
        place = quote(slug.lower(), safe="")
        found = _matching(ask.get(f"/api/status-page/{place}"), wanted)
        if len(found) != 1:
            count = f"shows {len(found)} monitors" if found else "shows no monitor"
            hint = "" if found else ", or is not there"
            why = f"the status page {slug!r} {count} {wanted!r}{hint}"
            raise ask.problem(Category.NOT_FOUND, why)
        ((number, name),) = found.items()
        answer = ask.get(f"/api/status-page/heartbeat/{place}")
        status = self._status(ask, list(_beats(answer, number)))
        return replace(status, name=name)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the monitors of the pages that are named, or watched already."""
        slugs = (
            ask.within
            or {one["SLUG"].lower(): one["SLUG"] for one in ask.wanted}.values()
        )
        if not slugs:
            raise Unlisted("its monitors stand on pages: name one by its slug")
        for slug in slugs:
            place = quote(slug.lower(), safe="")
            shown = list(_shown(ask.get(f"/api/status-page/{place}")))
            names = {number: name for name, number, _ in shown}
            for number, called in names.items():
                is_alone = called and list(names.values()).count(called) == 1
                forms = [called, str(number)] if called and is_alone else [str(number)]
                yield Found(
                    segments=("page", slug, forms[0]),
                    label=called,
                    groups=tuple(group for _, n, group in shown if n == number),
                    also=tuple(
                        one.segments
                        for one in ask.wanted
                        if one["SLUG"].lower() == slug.lower()
                        and one["MONITOR"] in forms
                    ),
                )

    def _status(self, ask: Ask, beats: list[Fields]) -> Status:
        if not beats:
            return self.nothing("no beat of the monitor is on the status page yet")
        if any(_is_sum(beat) for beat in beats):
            return self.nothing(
                "the status page shows sums over days, which say not when: set its"
                " heartbeat bar's days to 0"
            )
        timed = [(_time(beat), beat) for beat in beats]
        time, newest = max(timed, key=lambda one: one[0])
        word = _word(newest)
        ups = [time for time, beat in timed if _word(beat) == "up"]
        told: dict[str, Any] = {"last_success": max(ups, default=None)}
        if word == "up":
            return self._up(ask, finished=time, **told)
        # A push monitor beats while nothing comes: the time is not that of a run.
        reasons = {
            "down": "a failure was signalled, or nothing came in time",
            "pending": "it is being tried again",
            "maintenance": "it is under maintenance",
        }
        return self.said(word, reason=reasons.get(word), **told)

    def _up(self, ask: Ask, **told: Any) -> Status:
        """A paused monitor stays up for ever, and no public answer says so."""
        if ask.max_age is not None:
            return self.said("up", **told)
        reason = "the last beat was up, but it may be paused since: set 'max_age'"
        return self.said("up", states={"up": State.UNKNOWN}, reason=reason, **told)


def _matching(answer: Answer, wanted: str) -> dict[int, str | None]:
    """Return the monitors with a name, or else of that number: numbers and names.

    A monitor may stand in several groups of a page.
    """
    shown = list(_shown(answer))
    named: dict[int, str | None] = {
        number: name for name, number, _ in shown if name == wanted
    }
    return named or {number: name for name, number, _ in shown if str(number) == wanted}


def _shown(answer: Answer) -> Iterator[tuple[str | None, int, str]]:
    """Return each monitor's name, its number and the name of its group."""
    for group in _tables(answer.fields().document.get("publicGroupList")):
        for monitor in _tables(group.get("monitorList")):
            if type(monitor.get("id")) is int:
                yield _called(monitor), monitor["id"], _called(group) or ""


def _called(one: dict[str, Any]) -> str | None:
    name = one.get("name")
    return name if isinstance(name, str) else None


def _beats(answer: Answer, number: int) -> Iterator[Fields]:
    found = answer.fields().table("heartbeatList").document.get(str(number))
    for beat in _tables(found):
        yield Fields(document=beat, origin=answer.origin)


def _tables(value: object) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _is_sum(beat: Fields) -> bool:
    """Whether it stands for a span of time: its time is that of the span's end."""
    return "endTime" in beat.document or "T" in (beat.text("time") or "")


def _time(beat: Fields) -> datetime:
    time = beat.instant("time", zone="UTC")
    if time is None:
        raise beat.invalid("has a beat without its time")
    return time


def _word(beat: Fields) -> str:
    number = beat.count("status")
    return _WORDS.get(number, str(number)) if number is not None else ""
