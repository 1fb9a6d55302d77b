"""The cells of tables: what each column says of a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backup_badge.options.kinds import format_duration
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time, label_for
from backup_badge.view.badge import Badge, describe_source
from backup_badge.view.wording import message, sentence


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: its text, and what a machine or a medium may want beside it.

    ``value`` is what the cell sorts by; ``time`` is an ISO 8601 time in UTC, ``badge``
    stands in the cells of states, ``link`` in the source's. ``note`` is what follows
    the time in the text, ``brief`` what the badge says where a message tells the rest.
    """

    text: str
    value: str | float | None = None
    time: str | None = None
    badge: Badge | None = None
    link: str | None = None
    note: str = ""
    brief: str = ""


def _source(source: Source, status: Status) -> Cell:
    label = label_for(source, status)
    return Cell(text=label, value=label, link=source.link)


def _description(source: Source, status: Status) -> Cell:
    return Cell(text=source.description or "", value=source.description)


def _owner(source: Source, status: Status) -> Cell:
    return Cell(text=source.owner or "", value=source.owner)


def restored(status: Status) -> Cell:
    """Tell when a restore test last succeeded, and how long it took if that is told."""
    cell, seconds = _time(status.newest_success), status.details.duration
    # Of the newest run: another one may have taken longer.
    if not cell.text or seconds is None or status.reported is not State.SUCCEEDED:
        return cell
    note = f" ({format_span(timedelta(seconds=seconds))})"
    return replace(cell, text=cell.text + note, note=note)


def _provider(source: Source, status: Status) -> Cell:
    name = source.system or (source.address.provider if source.address else "")
    return Cell(text=name, value=name or None)


def state_cell(source: Source, status: Status) -> Cell:
    """Return the cell that holds the badge of a source, without its label."""
    badge = describe_source(source, status)
    whole = replace(
        badge,
        label="",
        title=sentence(badge.label, badge.title),
        link=None,
        subject=badge.label,
    )
    return Cell(
        text=badge.message,
        value=float(badge.state.rank),
        badge=whole,
        # A message tells how late it is.
        brief=message(source, replace(status, late=False)),
    )


def _time(time: datetime | None) -> Cell:
    if time is None:
        return Cell(text="")
    return Cell(
        text=f"{time:%Y-%m-%d %H:%M} UTC",
        # To the second, as in the cache: a remembered answer looks the same.
        value=float(int(time.timestamp())),
        time=format_time(time),
    )


def _number(number: int | None) -> Cell:
    if number is None:
        return Cell(text="")
    return Cell(text=f"{number:,}", value=float(number))


def _size(size: int | None) -> Cell:
    if size is None:
        return Cell(text="")
    return Cell(text=format_size(size), value=float(size))


def _duration(duration: timedelta | None) -> Cell:
    if duration is None:
        return Cell(text="")
    return Cell(text=format_span(duration), value=duration.total_seconds())


def _max_age(max_age: timedelta | None) -> Cell:
    if max_age is None:
        return Cell(text="")
    return Cell(text=format_duration(max_age), value=max_age.total_seconds())


def _yes_or_no(flag: bool | None) -> Cell:
    if flag is None:
        return Cell(text="")
    return Cell(text="yes" if flag else "no", value=float(flag))


CELLS: dict[str, Callable[[Source, Status], Cell]] = {
    "source": _source,
    "description": _description,
    "owner": _owner,
    "provider": _provider,
    "state": state_cell,
    "last_success": lambda source, status: _time(status.newest_success),
    "started": lambda source, status: _time(status.started),
    "finished": lambda source, status: _time(status.finished),
    "duration": lambda source, status: _duration(status.duration),
    "next_run": lambda source, status: _time(status.next_run),
    "max_age": lambda source, status: _max_age(source.max_age),
    "files": lambda source, status: _number(status.details.files),
    "size": lambda source, status: _size(status.details.bytes),
    "errors": lambda source, status: _number(status.details.errors),
    "restorable": lambda source, status: _yes_or_no(status.details.restorable),
    "checked": lambda source, status: _time(status.checked),
}
"""How the columns are filled that tell of a source alone."""


def format_size(size: int) -> str:
    """Write a number of bytes in decimal units: ``127 MB``."""
    number, units = float(size), ["B", "kB", "MB", "GB", "TB", "PB"]
    while number >= 999.5 and len(units) > 1:
        number, units = number / 1000, units[1:]
    precise = units[0] != "B" and number < 9.95
    return f"{number:.{int(precise)}f} {units[0]}"


def format_span(span: timedelta) -> str:
    """Write how long something took, in its two largest units: ``1 min 28 s``."""
    seconds = round(span.total_seconds())
    days, hours = divmod(seconds // 3600, 24)
    minutes, rest = seconds // 60 % 60, seconds % 60
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s"))
    parts = [f"{number} {unit}" for number, unit in units if number]
    return " ".join(parts[:2]) or "0 s"
