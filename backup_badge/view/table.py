"""From many statuses to a table: its columns, its rows and their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from backup_badge.values.mark import (
    COLUMNS,
    DEFAULT_COLUMNS,
    RESTORE_COLUMNS,
    TableMark,
)
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, label_for
from backup_badge.view.cells import CELLS, Cell, restored, state_cell
from backup_badge.view.wording import causes, problem_of, sentence

_NONE: Mapping[Source, Status] = MappingProxyType({})


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
    cells = {name: cell(source, status) for name, cell in CELLS.items()}
    cells |= dict.fromkeys(RESTORE_COLUMNS, Cell(text=""))
    test = source.restore
    if test is None or test not in restores:
        return cells
    cells["restore"] = state_cell(test, restores[test])
    cells["restored"] = restored(restores[test])
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
            labels += [] if source in told else [label_for(source, status)]
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
