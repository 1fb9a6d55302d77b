"""The cells of tables: what each column says of a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time
from backup_badge.view.badge import Badge, describe_source
from backup_badge.view.formats import (
    Moment,
    format_age,
    format_number,
    format_size,
    format_span,
    format_stamp,
)
from backup_badge.view.language import Language
from backup_badge.view.wording import label_in, message, sentence


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: its text, and what a machine or a medium may want beside it.

    ``value`` is what the cell sorts by; ``time`` is an ISO 8601 time in UTC, ``badge``
    stands in the cells of states, ``link`` in the source's. ``note`` is what follows
    the time in the text, ``brief`` what the badge says where a message tells the rest.
    ``moments`` are the times that a sentence tells.
    """

    text: str
    value: str | float | None = None
    time: str | None = None
    badge: Badge | None = None
    link: str | None = None
    note: str = ""
    brief: str = ""
    moments: tuple[Moment, ...] = ()


def _source(source: Source, status: Status, language: Language) -> Cell:
    label = label_in(language, source, status)
    return Cell(text=label, value=label, link=source.link)


def _description(source: Source, status: Status, language: Language) -> Cell:
    return Cell(text=source.description or "", value=source.description)


def _owner(source: Source, status: Status, language: Language) -> Cell:
    return Cell(text=source.owner or "", value=source.owner)


def restored(status: Status, language: Language) -> Cell:
    """Tell when a restore test last succeeded, and how long it took if that is told."""
    cell, seconds = _time(status.newest_success, language), status.details.duration
    # Of the newest run: another one may have taken longer.
    if not cell.text or seconds is None or status.reported is not State.SUCCEEDED:
        return cell
    note = f" ({format_span(timedelta(seconds=seconds), language)})"
    return replace(cell, text=cell.text + note, note=note)


def _provider(source: Source, status: Status, language: Language) -> Cell:
    name = source.system or (source.address.provider if source.address else "")
    return Cell(text=name, value=name or None)


def state_cell(source: Source, status: Status, language: Language) -> Cell:
    """Return the cell that holds the badge of a source, without its label."""
    badge = describe_source(source, status, language)
    whole = replace(
        badge,
        label="",
        title=sentence(badge.label, badge.title, language),
        link=None,
        subject=badge.label,
    )
    return Cell(
        text=badge.message,
        value=float(badge.state.rank),
        badge=whole,
        # A message tells how late it is.
        brief=message(source, replace(status, late=False), language),
    )


def _time(time: datetime | None, language: Language) -> Cell:
    if time is None:
        return Cell(text="")
    return Cell(
        text=format_stamp(time, language),
        # To the second, as in the cache: a remembered answer looks the same.
        value=float(int(time.timestamp())),
        time=format_time(time),
    )


def _number(number: int | None, language: Language) -> Cell:
    if number is None:
        return Cell(text="")
    return Cell(text=format_number(number, language), value=float(number))


def _size(size: int | None, language: Language) -> Cell:
    if size is None:
        return Cell(text="")
    return Cell(text=format_size(size, language), value=float(size))


def _duration(duration: timedelta | None, language: Language) -> Cell:
    if duration is None:
        return Cell(text="")
    return Cell(text=format_span(duration, language), value=duration.total_seconds())


def _max_age(max_age: timedelta | None, language: Language) -> Cell:
    if max_age is None:
        return Cell(text="")
    return Cell(text=format_age(max_age, language), value=max_age.total_seconds())


def _yes_or_no(flag: bool | None, language: Language) -> Cell:
    if flag is None:
        return Cell(text="")
    return Cell(
        text=language.gettext("yes") if flag else language.gettext("no"),
        value=float(flag),
    )


CELLS: dict[str, Callable[[Source, Status, Language], Cell]] = {
    "source": _source,
    "description": _description,
    "owner": _owner,
    "provider": _provider,
    "state": state_cell,
    "last_success": lambda source, status, language: _time(
        status.newest_success, language
    ),
    "started": lambda source, status, language: _time(status.started, language),
    "finished": lambda source, status, language: _time(status.finished, language),
    "duration": lambda source, status, language: _duration(status.duration, language),
    "next_run": lambda source, status, language: _time(status.next_run, language),
    "max_age": lambda source, status, language: _max_age(source.max_age, language),
    "files": lambda source, status, language: _number(status.details.files, language),
    "size": lambda source, status, language: _size(status.details.bytes, language),
    "errors": lambda source, status, language: _number(status.details.errors, language),
    "restorable": lambda source, status, language: _yes_or_no(
        status.details.restorable, language
    ),
    "checked": lambda source, status, language: _time(status.checked, language),
}
"""How the columns are filled that tell of a source alone."""
