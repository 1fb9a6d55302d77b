"""From many statuses to a table: its columns, its rows and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from backup_badge.options.kinds import format_duration
from backup_badge.values.mark import (
    COLUMNS,
    DEFAULT_COLUMNS,
    RESTORE_COLUMNS,
    TableMark,
)
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time
from backup_badge.view.badge import Badge, describe_source
from backup_badge.view.wording import causes, problem_of, sentence

_NONE: Mapping[Source, Status] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: its text, and what a machine or a medium may want beside it.

    ``value`` is what the cell sorts by; ``time`` is an ISO 8601 time in UTC, ``badge``
    stands in the cells of states, ``link`` in the source's. ``note`` is what follows
    the time in the text.
    """

    text: str
    value: str | float | None = None
    time: str | None = None
    badge: Badge | None = None
    link: str | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, ready to be rendered in any medium.

    ``sort`` is the column that the rows are sorted by, with ``-`` before it where
    that is descending. ``named`` are the columns with headings of an author's own, and
    those. ``notes`` are sentences that stand below it: which sources
    could not be asked.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sort: str = ""
    caption: str | None = None
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' names as a reader sees them."""
        named = dict(self.named)
        return tuple(
            named.get(column) or column.replace("_", " ").capitalize()
            for column in self.columns
        )


def tabulate(
    mark: TableMark,
    statuses: Mapping[Source, Status],
    *,
    restores: Mapping[Source, Status] = _NONE,
) -> Table:
    """Return the table for a mark and the statuses of the sources it stands for.

    ``restores`` are the restore tests of the sources, as far as they are shown.
    """
    shown = [
        (source, status)
        for source, status in statuses.items()
        if not mark.states or status.state in mark.states
    ]
    rows = [_row(source, status, restores) for source, status in shown]
    _sort(rows, mark.sort)
    columns = mark.columns or tuple(
        name
        for name in DEFAULT_COLUMNS
        if name in ("source", "state") or any(row[name].text for row in rows)
    )
    told: set[Source] = set()
    if "message" in columns:
        told = {source for source, _ in shown} | {*restores}
    if not rows:
        rows = [dict.fromkeys(COLUMNS, Cell(text=""))]
        rows[0][columns[0]] = Cell(text=_nothing(mark.states))
    return Table(
        columns=columns,
        rows=tuple(tuple(row[name] for name in columns) for row in rows),
        sort=mark.sort,
        caption=mark.caption,
        classes=mark.classes,
        notes=tuple(_notes(statuses, restores, told=told)),
        named=mark.headings,
    )


def _row(
    source: Source, status: Status, restores: Mapping[Source, Status]
) -> dict[str, Cell]:
    cells = {name: cell(source, status) for name, cell in _CELLS.items()}
    cells |= dict.fromkeys(RESTORE_COLUMNS, Cell(text=""))
    test = source.restore
    if test is None or test not in restores:
        return cells
    cells["restore"] = _state(test, restores[test])
    cells["restored"] = _restored(restores[test])
    why = [*causes(source, status)]
    why += [f"restore test: {cause}" for cause in causes(test, restores[test])]
    text = "; ".join(why)
    cells["message"] = Cell(text=text, value=text or None)
    return cells


def _notes(
    statuses: Mapping[Source, Status],
    restores: Mapping[Source, Status],
    *,
    told: set[Source],
) -> Iterator[str]:
    """Say how many sources could not be asked, and why where no column tells it.

    A source that is not shown counts too: it might have been, had it been asked.
    """
    found: dict[str, list[str]] = {}
    for source, status in {**statuses, **restores}.items():
        if status.problem is not None:
            labels = found.setdefault(problem_of(source, status, status.problem), [])
            labels += [] if source in told else [source.label]
    failing = sum(status.problem is not None for status in statuses.values())
    if failing:
        noun = "source" if len(statuses) == 1 else "sources"
        yield f"{failing} of {len(statuses)} {noun} could not be asked."
    for cause, labels in found.items():
        if labels:
            yield sentence(", ".join(labels), cause)


def _nothing(states: frozenset[State]) -> str:
    """Say that no row is left: "no backup is failed or overdue"."""
    *most, last = [state.message for state in State if state in states] or ["shown"]
    return (
        f"no backup is {', '.join(most)} or {last}" if most else f"no backup is {last}"
    )


def _sort(rows: list[dict[str, Cell]], by: str) -> None:
    """Sort in place, stably; cells without a value come last either way."""
    name = by.removeprefix("-")
    rows.sort(key=lambda row: _key(row[name]), reverse=by.startswith("-"))
    rows.sort(key=lambda row: row[name].value is None)


def _key(cell: Cell) -> tuple[float, str]:
    if isinstance(cell.value, str):
        return 0.0, cell.value.casefold()
    return cell.value or 0.0, ""


def _source(source: Source, status: Status) -> Cell:
    return Cell(text=source.label, value=source.label, link=source.link)


def _description(source: Source, status: Status) -> Cell:
    return Cell(text=source.description or "", value=source.description)


def _owner(source: Source, status: Status) -> Cell:
    return Cell(text=source.owner or "", value=source.owner)


def _restored(status: Status) -> Cell:
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


def _state(source: Source, status: Status) -> Cell:
    badge = describe_source(source, status)
    whole = replace(
        badge,
        label="",
        title=sentence(badge.label, badge.title),
        link=None,
        subject=badge.label,
    )
    return Cell(text=badge.message, value=float(badge.state.rank), badge=whole)


def _message(source: Source, status: Status) -> Cell:
    text = "; ".join(causes(source, status))
    return Cell(text=text, value=text or None)


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


_CELLS: dict[str, Callable[[Source, Status], Cell]] = {
    "source": _source,
    "description": _description,
    "owner": _owner,
    "provider": _provider,
    "state": _state,
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
    "message": _message,
    "checked": lambda source, status: _time(status.checked),
}


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
