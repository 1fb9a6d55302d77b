"""From many statuses to a table: its columns, its rows and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backup_badge.options.kinds import format_duration
from backup_badge.values.mark import COLUMNS, DEFAULT_COLUMNS, TableMark
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time
from backup_badge.view.badge import Badge, describe_source
from backup_badge.view.wording import causes, sentence


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: its text, and what a machine or a medium may want beside it.

    ``value`` is what the cell sorts by; ``time`` is an ISO 8601 time in UTC, ``badge``
    stands in the state's cell, ``link`` in the source's.
    """

    text: str
    value: str | float | None = None
    time: str | None = None
    badge: Badge | None = None
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, ready to be rendered in any medium.

    ``sort`` is the column that the rows are sorted by, with ``-`` before it where
    that is descending. ``notes`` are sentences that stand below it: which sources
    could not be asked.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sort: str = ""
    caption: str | None = None
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' names as a reader sees them."""
        return tuple(column.replace("_", " ").capitalize() for column in self.columns)


def tabulate(mark: TableMark, statuses: Mapping[Source, Status]) -> Table:
    """Return the table for a mark and the statuses of the sources it stands for."""
    shown = [
        (source, status)
        for source, status in statuses.items()
        if not mark.states or status.state in mark.states
    ]
    rows = [{name: _CELLS[name](*item) for name in COLUMNS} for item in shown]
    _sort(rows, mark.sort)
    columns = mark.columns or tuple(
        name
        for name in DEFAULT_COLUMNS
        if name in ("source", "state") or any(row[name].text for row in rows)
    )
    if not rows:
        rows = [dict.fromkeys(COLUMNS, Cell(text=""))]
        rows[0][columns[0]] = Cell(text=_nothing(mark.states))
    return Table(
        columns=columns,
        rows=tuple(tuple(row[name] for name in columns) for row in rows),
        sort=mark.sort,
        caption=mark.caption,
        classes=mark.classes,
        notes=tuple(_notes(statuses, told=shown if "message" in columns else [])),
    )


def _notes(
    statuses: Mapping[Source, Status], *, told: list[tuple[Source, Status]]
) -> Iterator[str]:
    """Say how many sources could not be asked, and why where no column tells it.

    A source that is not shown counts too: it might have been, had it been asked.
    """
    found: dict[str, list[str]] = {}
    shown = {source for source, _ in told}
    for source, status in statuses.items():
        if status.problem is not None:
            labels = found.setdefault(status.problem.public, [])
            labels += [] if source in shown else [source.label]
    failing = sum(status.problem is not None for status in statuses.values())
    if not failing:
        return
    noun = "source" if len(statuses) == 1 else "sources"
    yield f"{failing} of {len(statuses)} {noun} could not be asked."
    for cause, labels in found.items():
        if labels:
            yield sentence(", ".join(labels), cause)


def _nothing(states: frozenset[State]) -> str:
    """Say that no row is left: "no source is failed or overdue"."""
    *most, last = [state.message for state in State if state in states] or ["shown"]
    return (
        f"no source is {', '.join(most)} or {last}" if most else f"no source is {last}"
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
