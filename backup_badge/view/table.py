"""From many statuses to a table: its columns, its rows and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from backup_badge.values.mark import (
    COLUMNS,
    DEFAULT_COLUMNS,
    RESTORE_COLUMNS,
    TableMark,
)
from backup_badge.values.source import Source
from backup_badge.values.status import Status
from backup_badge.view.cells import CELLS, Cell, restored, state_cell
from backup_badge.view.language import ENGLISH, Language
from backup_badge.view.table_words import (
    headings_of,
    name_of,
    notes_of,
    nothing_left,
    numbered,
)
from backup_badge.view.wording import causes, is_untested, known, moments

_NONE: Mapping[Source, Status] = MappingProxyType({})
_MANY = 3
"""How many rows share a cause that a note tells once."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, ready to be rendered in any medium.

    ``sort`` is the column that the rows are sorted by, with ``-`` before it where
    that is descending. ``headings`` are the names of the columns as a reader sees
    them; ``name`` tells a table without a caption from others of its page. ``notes``
    are sentences that stand below it: which sources could not be asked. ``lang`` is the
    language of the words, where it is another than ``page_lang``, in which an author
    wrote captions and labels.
    """

    columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sort: str = ""
    caption: str | None = None
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    lang: str | None = None
    page_lang: str | None = None


def tabulate(
    mark: TableMark,
    statuses: Mapping[Source, Status],
    *,
    restores: Mapping[Source, Status] = _NONE,
    group_labels: Mapping[str, str] = MappingProxyType({}),
    language: Language = ENGLISH,
) -> Table:
    """Return the table for a mark and the statuses of the sources it stands for.

    ``restores`` are the restore tests that may be shown, ``language`` is the page's.
    """
    shown = {
        source: status
        for source, status in statuses.items()
        if not mark.states or status.state in mark.states
    }
    tests = {source.restore for source in shown}
    restores = {test: restores[test] for test in restores if test in tests}
    shared = _shared({**shown, **restores}, language)
    rows = [_row(*pair, restores, shared, language) for pair in shown.items()]
    _sort(rows, mark.sort)
    columns = mark.columns or _filled(rows)
    told, notes = set[Source](), tuple[str, ...]()
    if "message" in columns:
        told, notes = {*shown, *restores}, tuple(numbered(shared, language))
        rows = [{name: _brief(cell) for name, cell in row.items()} for row in rows]
    rows = rows or [_nothing(mark, columns, language)]
    return Table(
        columns=columns,
        headings=headings_of(mark, columns, language),
        rows=tuple(tuple(row[name] for name in columns) for row in rows),
        sort=mark.sort,
        caption=mark.caption,
        classes=mark.classes,
        notes=(*notes_of(statuses, restores, language, told=told), *notes),
        name=name_of(mark, statuses, group_labels, language),
        lang=language.lang,
        page_lang=language.page if language.lang else None,
    )


def _filled(rows: Iterable[Mapping[str, Cell]]) -> tuple[str, ...]:
    """Return the usual columns, without those that would be empty."""
    return tuple(
        name
        for name in DEFAULT_COLUMNS
        if name in ("source", "state") or any(row[name].text for row in rows)
    )


def _nothing(
    mark: TableMark, columns: tuple[str, ...], language: Language
) -> dict[str, Cell]:
    """Return the row that says that none is left."""
    text = Cell(text=nothing_left(mark.states, language))
    return {**dict.fromkeys(COLUMNS, Cell(text="")), columns[0]: text}


def _shared(shown: Mapping[Source, Status], language: Language) -> dict[str, int]:
    """Number the problems that many rows would tell in the same words."""
    counts = Counter(
        known(status.problem.public, language)
        for source, status in shown.items()
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
    language: Language,
) -> dict[str, Cell]:
    """Fill the cells of a source; ``shared`` are the causes that a note tells."""
    _ = language.gettext

    def why(source: Source, status: Status) -> list[str]:
        return [
            _("see note {number}", number=shared[cause]) if cause in shared else cause
            for cause in causes(source, status, language)
        ]

    cells = {name: cell(source, status, language) for name, cell in CELLS.items()}
    cells |= dict.fromkeys(RESTORE_COLUMNS, Cell(text=""))
    told, times = why(source, status), [*moments(status, language)]
    test = source.restore
    if test is not None and test in restores:
        cells["restore"] = state_cell(test, restores[test], language)
        cells["restored"] = restored(restores[test], language)
        told += [
            _("restore test: {cause}", cause=cause)
            for cause in why(test, restores[test])
        ]
        times += moments(restores[test], language)
    text = "; ".join(told)
    cells["message"] = Cell(text=text, value=text or None, moments=tuple(times))
    return cells


def _sort(rows: list[dict[str, Cell]], by: str) -> None:
    """Sort in place, stably; cells without a value come last either way."""
    name = by.removeprefix("-")
    rows.sort(key=lambda row: _key(row[name]), reverse=by.startswith("-"))
    rows.sort(key=lambda row: row[name].value is None)


def _key(cell: Cell) -> tuple[float, str]:
    if isinstance(cell.value, str):
        return 0.0, cell.value.casefold()
    return cell.value or 0.0, ""
