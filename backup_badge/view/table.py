"""From many statuses to a table: its columns, its rows and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from backup_badge.view.wording import causes, is_untested, problem_of, sentence

_NONE: Mapping[Source, Status] = MappingProxyType({})
_MANY = 3
"""How many rows share a cause that a note tells once."""

_NAMED = 3
"""How many sources name a table."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, ready to be rendered in any medium.

    ``sort`` is the column that the rows are sorted by, with ``-`` before it where
    that is descending. ``named`` are the columns with headings of an author's own, and
    those. ``name`` tells a table without a caption from others of its page. ``notes``
    are sentences that stand below it: which sources could not be asked.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sort: str = ""
    caption: str | None = None
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    name: str = "Backup status"

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
    group_labels: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """Return the table for a mark and the statuses of the sources it stands for.

    ``restores`` are the restore tests of the sources, as far as they are shown.
    """
    shown = [
        (source, status)
        for source, status in statuses.items()
        if not mark.states or status.state in mark.states
    ]
    tests = {source.restore for source, _ in shown}
    shared = _shared(
        [*shown, *((test, restores[test]) for test in restores if test in tests)]
    )
    rows = [_row(source, status, restores, shared) for source, status in shown]
    _sort(rows, mark.sort)
    columns = mark.columns or tuple(
        name
        for name in DEFAULT_COLUMNS
        if name in ("source", "state") or any(row[name].text for row in rows)
    )
    told: set[Source] = set()
    if "message" in columns:
        told = {source for source, _ in shown} | {*restores}
        rows = [{name: _brief(cell) for name, cell in row.items()} for row in rows]
    else:
        shared = {}
    if not rows:
        rows = [dict.fromkeys(COLUMNS, Cell(text=""))]
        rows[0][columns[0]] = Cell(text=_nothing(mark.states))
    return Table(
        columns=columns,
        rows=tuple(tuple(row[name] for name in columns) for row in rows),
        sort=mark.sort,
        caption=mark.caption,
        classes=mark.classes,
        notes=(
            *_notes(statuses, restores, told=told),
            *(f"Note {number}: {cause}." for cause, number in shared.items()),
        ),
        named=mark.headings,
        name=_name(mark, statuses, group_labels),
    )


def _name(
    mark: TableMark, sources: Iterable[Source], group_labels: Mapping[str, str]
) -> str:
    """Name a table by what it was asked to show: ``Backup status: Databases``."""
    if mark.targets:
        labels = [source.label for source in sources]
        of = labels if len(labels) <= _NAMED else [*labels[:_NAMED], "…"]
    else:
        of = [group_labels.get(group, group) for group in mark.groups]
    of += [*mark.owners, *mark.providers]
    of += [state.message for state in State if state in mark.states]
    return sentence("Backup status", ", ".join(of)) if of else "Backup status"


def _shared(shown: Iterable[tuple[Source, Status]]) -> dict[str, int]:
    """Number the problems that many rows would tell in the same words."""
    counts = Counter(
        problem_of(source, status, status.problem)
        for source, status in shown
        if status.problem is not None and not is_untested(source, status)
    )
    many = (cause for cause, count in counts.items() if count >= _MANY)
    return {cause: number for number, cause in enumerate(many, start=1)}


def _brief(cell: Cell) -> Cell:
    """Leave to the message of a row what its badges would say a second time."""
    if cell.badge is None:
        return cell
    badge = replace(cell.badge, title="", message=cell.brief or cell.badge.message)
    return replace(cell, badge=badge, text=badge.message)


def _row(
    source: Source,
    status: Status,
    restores: Mapping[Source, Status],
    shared: Mapping[str, int],
) -> dict[str, Cell]:
    """Fill the cells of a source; ``shared`` are the causes that a note tells."""

    def why(source: Source, status: Status) -> list[str]:
        return [
            f"see note {shared[cause]}" if cause in shared else cause
            for cause in causes(source, status)
        ]

    cells = {name: cell(source, status) for name, cell in CELLS.items()}
    cells |= dict.fromkeys(RESTORE_COLUMNS, Cell(text=""))
    told = why(source, status)
    test = source.restore
    if test is not None and test in restores:
        cells["restore"] = state_cell(test, restores[test])
        cells["restored"] = restored(restores[test])
        told += [f"restore test: {cause}" for cause in why(test, restores[test])]
    text = "; ".join(told)
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
