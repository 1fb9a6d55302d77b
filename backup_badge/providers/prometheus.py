"""Prometheus, and what speaks its API, by instant queries from the configuration.

Source: prometheus.io/docs/prometheus/latest/querying/api, "Instant queries".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backup_badge.documents.times import of_epoch
from backup_badge.provider import (
    STATE_TABLE,
    TEXT,
    Answer,
    Ask,
    Fields,
    Found,
    Http,
    Locator,
    Option,
    Provider,
    Status,
    Unlisted,
    basic,
    bearer,
)
from backup_badge.providers.prometheus_presets import ONE_IS_GOOD, PRESETS

_TIMES = ("finished", "last_success", "started", "expected_by")


class Prometheus(Provider):
    """A timestamp and, optionally, a word, each by an instant query."""

    type = "prometheus"
    ways = (Http(credentials=(bearer(), basic())),)
    own = (
        Option(
            name="preset",
            kind=TEXT,
            help=f"Ready-made queries for {', '.join(PRESETS)}.",
        ),
        Option(
            name="key",
            kind=TEXT,
            help="The label whose value an address names. Without it the queries must"
            " find one series.",
        ),
        *(
            Option(
                name=name,
                kind=TEXT,
                help=f"The query for {name!r}: seconds since 1970, not an age.",
            )
            for name in _TIMES
        ),
        Option(
            name="word",
            kind=TEXT,
            help="The query for the state: a number, such as 1 for a success.",
        ),
        Option(
            name="states",
            kind=STATE_TABLE,
            help="What the numbers of 'word' mean."
            ' Default: { 1 = "succeeded", 0 = "failed" }.',
        ),
    )
    addresses = ("KEY-VALUE",)

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """There must be a query for a time or a word."""
        faults = super().faults(options)
        preset = options.get("preset")
        if preset is not None and preset not in PRESETS:
            faults.append(f"names the unknown preset {preset!r}: {', '.join(PRESETS)}")
        elif preset is None and not any(
            options.get(name) for name in ("word", "finished", "last_success")
        ):
            faults.append("needs a query: 'finished', 'last_success' or 'word'")
        return faults

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Ask each query, and pick the series that the address names."""
        told = _told(ask)
        value = locator["KEY-VALUE"]
        times = {
            name: _time(_pick(ask, told, name, value))
            for name in _TIMES
            if name in told
        }
        if "word" in told:
            picked = _pick(ask, told, "word", value)
            states = told.get("states", ONE_IS_GOOD)
            if picked.value is None:
                return self.nothing(f"the query for 'word' {picked.why}")
            status = self.said(f"{picked.value:g}", states=states, **_known(times))
            if not status.reported.is_good:
                return status
        # A good word without the time that was asked for is no proof.
        missing = next((one.why for one in times.values() if one.time is None), None)
        if missing is not None:
            return self.nothing(f"the query {missing}")
        if "word" in told:
            return status
        return self.exists(ask, **_known(times))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the values of the label 'key' in what the first query finds."""
        told = _told(ask)
        key = told.get("key")
        if key is None:
            raise Unlisted("its queries find one series, as there is no 'key'")
        query = next(
            told[name]
            for name in ("finished", "last_success", "word")
            if told.get(name)
        )
        answer = ask.get("/api/v1/query", query=query)
        values = (one.table("metric").text(key) for one in _series(answer))
        for value in dict.fromkeys(values):
            if value:
                yield Found(segments=(value,), label=value)


@dataclass(frozen=True, kw_only=True)
class _Picked:
    """The value of one series, or why there is none."""

    answer: Answer
    value: float | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class _Time:
    time: datetime | None = None
    why: str = ""


def _told(ask: Ask) -> dict[str, Any]:
    """Return the options, those of the preset below them."""
    given = {name: value for name, value in ask.options.items() if value}
    return {**PRESETS.get(given.get("preset", ""), {}), **given}


def _known(times: Mapping[str, _Time]) -> dict[str, datetime]:
    return {name: one.time for name, one in times.items() if one.time is not None}


def _time(picked: _Picked) -> _Time:
    if picked.value is None:
        return _Time(why=picked.why)
    try:
        time = of_epoch(picked.value)
    except ValueError as error:
        return _Time(why=f"found a value that {error}")
    return _Time(time=time, why="" if time else "found 0, which means never")


def _pick(ask: Ask, told: Mapping[str, Any], name: str, wanted: str) -> _Picked:
    answer = ask.get("/api/v1/query", query=told[name])
    key = told.get("key")
    series = [
        one
        for one in _series(answer)
        if key is None or one.table("metric").text(key) == wanted
    ]
    if len(series) != 1:
        what = f"{len(series)} series" if series else "no series"
        which = f" with {key}={wanted!r}" if key else ""
        return _Picked(answer=answer, why=f"found {what}{which}")
    value = _value(series[0])
    if value is None or not math.isfinite(value):
        return _Picked(answer=answer, why="found a value that is no number")
    return _Picked(answer=answer, value=value)


def _series(answer: Answer) -> list[Fields]:
    document = answer.fields()
    if document.text("status") != "success":
        raise answer.invalid(f"says {document.text('error') or 'no success'}")
    data = document.table("data")
    if data.text("resultType") != "vector":
        raise answer.invalid(
            f"is a {data.text('resultType')}: write a query that gives a vector"
        )
    return list(data.tables("result"))


def _value(series: Fields) -> float | None:
    pair = series.document.get("value")
    if not isinstance(pair, list) or len(pair) != 2:
        return None
    try:
        return float(pair[1])
    except (TypeError, ValueError):
        return None
