"""Tables: which columns and rows, in which order, and what the cells say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.markup.mark_options import table_mark
from backup_badge.values.mark import COLUMNS, TableMark
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, judge, unresolved
from backup_badge.view.cells import Cell
from backup_badge.view.formats import format_size, format_span
from backup_badge.view.language import ENGLISH
from backup_badge.view.table import Table, tabulate

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = timedelta(hours=26)
ADDRESS = Address(provider="second", segments=("acme", "website"))
SLOW = Problem(category=Category.TIMEOUT, message="it is slow")


def row(name: str, state: str = "succeeded", **values: Any) -> tuple[Source, Status]:
    """A source and its status; numbers are hours ago."""
    status = {
        key: NOW - timedelta(hours=value) if isinstance(value, (int, float)) else value
        for key, value in values.items()
    }
    said = State(state)
    source = Source(name=name, address=ADDRESS, label=name.title())
    return source, Status(reported=said, state=said, **status)


def column(table: Table, name: str) -> list[str]:
    """The texts of one column, from the top."""
    return [cells[table.columns.index(name)].text for cells in table.rows]


FULL = row(
    "orders",
    started=2.5,
    finished=1,
    checked=0,
    next_run=-1,
    details=Details(
        errors=0, files=1234567, bytes=127_000_000, restorable=True, reason="so it is"
    ),
)
BARE = row("bare", "unknown", native="paused")
EXPECTED = "a success was expected by 21 November 2026, 03:00 UTC"


def test_cells() -> None:
    """A cell holds its text, what it sorts by, and what a machine reads."""
    source = Source(
        name="o",
        address=ADDRESS,
        label="Orders",
        description="The orders",
        owner="Team",
        link="https://x.example",
        max_age=timedelta(hours=26),
    )
    table = tabulate(TableMark(columns=COLUMNS), {source: FULL[1]})
    cells = dict(zip(table.columns, table.rows[0], strict=True))
    badge = cells["state"].badge
    assert badge is not None
    assert (badge.source, badge.label, badge.message) == ("o", "", "succeeded")
    # The message tells why, and the row the rest.
    assert badge.title == ""
    assert badge.link is None
    finished = datetime(2026, 11, 21, 3, tzinfo=UTC).timestamp()
    assert cells == {
        "source": Cell(text="Orders", value="Orders", link="https://x.example"),
        "description": Cell(text="The orders", value="The orders"),
        "owner": Cell(text="Team", value="Team"),
        "provider": Cell(text="second", value="second"),
        "state": Cell(text="succeeded", value=10.0, badge=badge, brief="succeeded"),
        "last_success": Cell(
            text="2026-11-21 03:00 UTC", value=finished, time="2026-11-21T03:00:00Z"
        ),
        "next_run": Cell(
            text="2026-11-21 05:00 UTC",
            value=finished + 7200,
            time="2026-11-21T05:00:00Z",
        ),
        "max_age": Cell(text="26h", value=93600.0),
        "restore": Cell(text=""),
        "restored": Cell(text=""),
        "started": Cell(
            text="2026-11-21 01:30 UTC",
            value=finished - 5400,
            time="2026-11-21T01:30:00Z",
        ),
        "finished": Cell(
            text="2026-11-21 03:00 UTC", value=finished, time="2026-11-21T03:00:00Z"
        ),
        "duration": Cell(text="1 h 30 min", value=5400.0),
        "files": Cell(text="1,234,567", value=1234567.0),
        "size": Cell(text="127 MB", value=127e6),
        "errors": Cell(text="0", value=0.0),
        "restorable": Cell(text="yes", value=1.0),
        "message": Cell(text="so it is", value="so it is"),
        "checked": Cell(
            text="2026-11-21 04:00 UTC",
            value=finished + 3600,
            time="2026-11-21T04:00:00Z",
        ),
    }


def test_no_value() -> None:
    """What is not known is an empty cell, not a zero and not a no."""
    missing = Source(name="x", address=None, label="x", problem=SLOW)
    table = tabulate(TableMark(columns=COLUMNS), {missing: BARE[1]})
    told = {"source": "x", "state": "unknown"}
    told["message"] = "the backup system says 'paused'"
    for name in COLUMNS:
        assert column(table, name) == [told.get(name, "")]


@pytest.mark.parametrize(
    ("rows", "asked", "columns"),
    [
        ([BARE], "", "source state message"),
        ([], "", "source state"),
        ([FULL, BARE], "", "source state last_success message"),
        ([row("a", checked=1)], "", "source state"),
        ([row("a", finished=1)], "", "source state last_success"),
        ([row("a", "failed", finished=1)], "", "source state"),
        ([row("a", problem=SLOW)], "", "source state message"),
        ([row("a", details=Details(files=1))], "size state", "size state"),
        ([], "checked", "checked"),
    ],
)
def test_columns(rows: list[tuple[Source, Status]], asked: str, columns: str) -> None:
    """A column without any value is left out, unless it is asked for."""
    table = tabulate(table_mark([], {"columns": asked} if asked else {}), dict(rows))
    assert table.columns == tuple(columns.split())
    assert table.headings == tuple(
        name.replace("_", " ").capitalize() for name in table.columns
    )
    assert all(len(cells) == len(table.columns) for cells in table.rows)


ROWS = dict(
    [
        row("beta", finished=2, details=Details(bytes=999, restorable=False)),
        row("Alpha", "failed", finished=1, details=Details(errors=10)),
        row("gamma", "unknown", problem=SLOW),
        row("ALPHA", "succeeded", finished=3, details=Details(bytes=10**12)),
        row("delta", "overdue", finished=72, details=Details(errors=9)),
        row("alpha", "failed", details=Details(restorable=True)),
    ]
)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, "Alpha alpha delta gamma beta ALPHA"),
        ("state", "Alpha alpha delta gamma beta ALPHA"),
        ("-state", "beta ALPHA gamma delta Alpha alpha"),
        ("source", "Alpha ALPHA alpha beta delta gamma"),
        ("-source", "gamma delta beta Alpha ALPHA alpha"),
        ("finished", "delta ALPHA beta Alpha gamma alpha"),
        ("-finished", "Alpha beta ALPHA delta gamma alpha"),
        ("size", "beta ALPHA Alpha gamma delta alpha"),
        ("-size", "ALPHA beta Alpha gamma delta alpha"),
        ("errors", "delta Alpha beta gamma ALPHA alpha"),
        ("restorable", "beta alpha Alpha gamma ALPHA delta"),
        ("message", "gamma beta Alpha ALPHA delta alpha"),
        ("provider", "beta Alpha gamma ALPHA delta alpha"),
        ("-provider", "beta Alpha gamma ALPHA delta alpha"),
    ],
)
def test_sort(sort: str | None, order: str) -> None:
    """Rows sort by value, not by text; equals keep their order, blanks come last."""
    table = tabulate(table_mark([], {"sort": sort} if sort else {}), ROWS)
    badges = [cells[table.columns.index("state")].badge for cells in table.rows]
    assert [badge.source for badge in badges if badge] == order.split()


@pytest.mark.parametrize(
    ("states", "labels"),
    [
        ("failed", ["Alpha", "Alpha"]),
        ("unknown overdue", ["Delta", "Gamma"]),
        ("deleted", ["no backup is deleted"]),
        ("deleted skipped stopped", ["no backup is stopped, deleted or skipped"]),
    ],
)
def test_states(states: str, labels: list[str]) -> None:
    """Rows in the states asked for are shown; where none is left, a row says so."""
    table = tabulate(table_mark([], {"state": states}), ROWS)
    assert column(table, "source") == labels


@pytest.mark.parametrize(
    ("options", "rows", "notes"),
    [
        ({}, dict([FULL, BARE]), ()),
        ({}, ROWS, ("1 of 6 sources gave no usable answer.",)),
        (
            {"columns": "source state"},
            ROWS,
            (
                "1 of 6 sources gave no usable answer.",
                f"Gamma: {SLOW.public}",
            ),
        ),
        # One cause is said once, whatever it hit.
        (
            {"columns": "source"},
            dict([row("a", problem=SLOW), row("b", problem=SLOW)]),
            (
                "2 of 2 sources gave no usable answer.",
                f"A, B: {SLOW.public}",
            ),
        ),
        # A table of what failed doesn't pass over what could not be known.
        (
            {"state": "failed"},
            ROWS,
            (
                "1 of 6 sources gave no usable answer.",
                f"Gamma: {SLOW.public}",
            ),
        ),
        (
            {},
            dict([row("a", problem=SLOW, checked=1)]),
            ("1 of 1 source gave no usable answer.",),
        ),
        # A cause of many rows has a note of its own.
        (
            {},
            dict(row(name, problem=SLOW) for name in "abc"),
            (
                "3 of 3 sources gave no usable answer.",
                f"Note 1: {SLOW.public}.",
            ),
        ),
    ],
)
def test_notes(
    options: dict[str, object], rows: Mapping[Source, Status], notes: tuple[str, ...]
) -> None:
    """Below the table stands how many gave no answer, and why if no cell tells it."""
    assert tabulate(table_mark([], options), rows).notes == notes


def test_one_cause_of_many_rows() -> None:
    """Their messages name the note; a cause of one or two rows stands there itself."""
    rows = [row(name, "unknown", problem=SLOW) for name in "abc"]
    lost = Problem(category=Category.NOT_FOUND, message="there is none")
    rows += [row("d", "unknown", problem=lost), row("e", "overdue", problem=SLOW)]
    table = tabulate(TableMark(), dict(rows))
    expected = ["see note 1"] * 4 + [lost.public]
    assert sorted(column(table, "message")) == sorted(expected)


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (TableMark(), "Backup status"),
        (TableMark(groups=("db",)), "Backup status: Databases"),
        (TableMark(targets=("a",)), "Backup status: Beta, Alpha, Gamma, …"),
        (
            TableMark(owners=("Team A",), states=frozenset({State.FAILED})),
            "Backup status: Team A, failed",
        ),
    ],
)
def test_name(mark: TableMark, name: str) -> None:
    """A table is told from others by what it was asked to show."""
    assert tabulate(mark, ROWS, group_labels={"db": "Databases"}).name == name


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            unresolved(Problem(category=Category.TIMEOUT, message="it is slow")),
            "the backup system did not answer in time",
        ),
        (BARE[1], "the backup system says 'paused'"),
        (row("a", finished=27)[1], "no success within 26h"),
        (row("a", expected_by=1, finished=2)[1], EXPECTED),
        (row("a", "skipped", last_success=72)[1], "no success within 26h"),
        (row("a", "failed", details=Details(reason="full"))[1], "full"),
        (row("a", "stopped", native="paused")[1], "the backup system says 'paused'"),
        (row("a", "unknown", native="0", details=Details(reason="odd"))[1], "odd"),
    ],
)
def test_why_it_is_not_green(status: Status, message: str) -> None:
    """Why a state is not green stands in the message, where nobody has to point."""
    source = Source(name="a", address=ADDRESS, label="A", max_age=DAY)
    known = {source: judge(status, max_age=DAY, now=NOW)}
    assert column(tabulate(TableMark(), known), "message") == [message]


def test_what_a_page_asks_for() -> None:
    """Caption and classes are handed on."""
    table = tabulate(table_mark([], {"caption": "All", "class": "a b"}), ROWS)
    assert (table.caption, table.classes) == ("All", ("a", "b"))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1049, "1.0 kB"),
        (9949, "9.9 kB"),
        (9950, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (127_000_000, "127 MB"),
        (2_840_000_000, "2.8 GB"),
        (5 * 10**12, "5.0 TB"),
        (2**63 - 1, "9223 PB"),
    ],
)
def test_format_size(size: int, text: str) -> None:
    """Sizes have two or three digits and decimal units."""
    assert format_size(size, ENGLISH) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.6, "1 min"),
        (88, "1 min 28 s"),
        (3600, "1 h"),
        (3605, "1 h 5 s"),
        (93784, "1 d 2 h"),
        (86400 * 400, "400 d"),
    ],
)
def test_format_span(seconds: float, text: str) -> None:
    """Spans have their two largest units."""
    assert format_span(timedelta(seconds=seconds), ENGLISH) == text


def test_hostile_numbers() -> None:
    """The largest numbers that are read can be shown and sorted."""
    details = Details(files=2**63 - 1, bytes=2**63 - 1, errors=2**63 - 1)
    year_one = datetime(1, 1, 1, tzinfo=UTC)
    source, _ = BARE
    status = Status(reported=State.FAILED, started=year_one, details=details)
    options = {"sort": "-started", "columns": "files,started"}
    table = tabulate(table_mark([], options), {source: status})
    assert column(table, "files") == ["9,223,372,036,854,775,807"]
    assert "0001-01-01T00:00:00Z" in {cell.time for cell in table.rows[0]}
