"""Gatus: endpoints and external endpoints, all of them from one list.

Source: TwiN/gatus, `api/endpoint_status.go`, `config/endpoint/result.go`,
`config/key/key.go`, `watchdog/external_endpoint.go`, and the README's "External
Endpoints".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

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
    basic,
)

_RESULTS = "20"
"""Results of each endpoint: enough to tell when it was well, few enough for a list."""
_SILENT = "heartbeat:"
_DASHED = str.maketrans(dict.fromkeys("/_., #+&", "-"))


class Gatus(Provider):
    """An endpoint by its key, or by its group and name."""

    type = "gatus"
    ways = (Http(credentials=(basic(),)),)
    addresses = ("key/KEY", "endpoint/NAME", "endpoint/GROUP/NAME")
    states: ClassVar = {
        "success": State.SUCCEEDED,
        "failure": State.FAILED,
        "heartbeat": State.OVERDUE,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the endpoint in the list, and read its newest result."""
        answer = _endpoints(ask)
        wanted = _wanted(locator)
        found = [row for row in answer.rows() if wanted in _keys(row)]
        if len(found) != 1:
            count = f"{len(found)} endpoints have" if found else "no endpoint has"
            why = f"Gatus says that {count} the key {wanted!r}"
            raise ask.problem(Category.NOT_FOUND, why)
        has_any = found[0].document.get("results") is not None
        results = found[0].tables("results") if has_any else ()
        runs = [self._run(result) for result in results]
        newest = max(runs, key=lambda run: run[0], default=None)
        status = newest[1] if newest else self.nothing("it has no result yet")
        status = self.with_last_success(status, (run for _, run in runs))
        return replace(status, name=found[0].name("name"))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the endpoints, by group and name."""
        for row in _endpoints(ask).rows():
            name, group = row.text("name"), row.text("group")
            keys = _keys(row)
            if name:
                yield Found(
                    segments=("endpoint", *((group,) if group else ()), name),
                    label=name,
                    groups=(group,) if group else (),
                    also=tuple(
                        one.segments for one in ask.wanted if _wanted(one) in keys
                    ),
                )

    def _run(self, result: Fields) -> tuple[datetime, Status]:
        time = result.instant("timestamp")
        if time is None:
            raise result.invalid("has a result without its time")
        success = result.flag("success")
        if success is None:
            return time, self.said(None)
        if success:
            return time, self.said("success", finished=time)
        if any(error.startswith(_SILENT) for error in _errors(result)):
            # Gatus wrote it while nothing came: the time is not that of a run.
            return time, self.said("heartbeat", reason="nothing came in time")
        return time, self.said("failure", finished=time)


def _endpoints(ask: Ask) -> Answer:
    return ask.get("/api/v1/endpoints/statuses", page="1", pageSize=_RESULTS)


def _wanted(locator: Locator) -> str:
    if locator.kind == "key":
        return locator["KEY"]
    return _key(locator.values.get("GROUP", ""), locator["NAME"])


def _keys(row: Fields) -> set[str]:
    """Return the key as Gatus writes it, and as it is built of group and name.

    Which letters become a dash has changed between its versions.
    """
    group, name, key = (row.document.get(one) for one in ("group", "name", "key"))
    keys = {key} if isinstance(key, str) else set()
    if isinstance(name, str) and isinstance(group or "", str):
        keys.add(_key(group or "", name))
    return keys


def _key(group: str, name: str) -> str:
    return f"{_dashed(group)}_{_dashed(name)}"


def _dashed(text: str) -> str:
    return text.lower().strip().translate(_DASHED)


def _errors(result: Fields) -> list[str]:
    errors = result.document.get("errors")
    items = errors if isinstance(errors, list) else []
    return [item for item in items if isinstance(item, str)]
