"""What pages may write of badges and tables."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from backup_badge.markup.mark_options import (
    BADGE_OPTIONS,
    TABLE_OPTIONS,
    badge_mark,
    table_mark,
)
from backup_badge.values.mark import COLUMNS, STYLES, BadgeMark, TableMark
from backup_badge.values.problem import UsageError
from backup_badge.values.state import State


def test_vocabulary() -> None:
    """The options, columns and looks are those of the design."""
    assert [o.name for o in BADGE_OPTIONS] == ["label", "link", "style", "class"]
    assert [o.name for o in TABLE_OPTIONS] == [
        *("group", "columns", "sort", "state", "owner", "provider"),
        *("caption", "class"),
    ]
    assert (
        *("source", "description", "owner", "provider", "state", "last_success"),
        *("started", "finished", "duration", "next_run", "max_age"),
        *("restore", "restored"),
        *("files", "size", "errors", "restorable", "message", "checked"),
    ) == COLUMNS
    assert set(STYLES) > {"flat", "flat-square", "plastic", "for-the-badge"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {}),
        ({"label": "Orders"}, {"label": "Orders"}),
        ({"link": "../orders.html"}, {"link": "../orders.html"}),
        ({"style": "plastic"}, {"style": "plastic"}),
        ({"class": "one two,three"}, {"classes": ("one", "two", "three")}),
        ({"class": ["one", "-two_3"]}, {"classes": ("one", "-two_3")}),
    ],
)
def test_badge(options: dict[str, object], expected: dict[str, Any]) -> None:
    """A badge has a target and its options."""
    expected = {"target": "orders-db", **expected}
    assert badge_mark(" orders-db\n", options) == BadgeMark(**expected)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {}),
        ({"group": "web sites"}, {"groups": ("web sites",)}),
        ({"group": "web sites, databases,"}, {"groups": ("web sites", "databases")}),
        ({"group": ["a, b", "c "]}, {"groups": ("a, b", "c")}),
        (
            {"columns": "\n state, source size,"},
            {"columns": ("state", "source", "size")},
        ),
        ({"columns": ["state", "size", "state"]}, {"columns": ("state", "size")}),
        (
            {"columns": "source state\nmax_age = RPO, owner=Team on\n call, files"},
            {
                "columns": ("source", "state", "max_age", "owner", "files"),
                "headings": (("max_age", "RPO"), ("owner", "Team on call")),
            },
        ),
        (
            {"columns": ["source", "restored=Restored, in", "source=Backup"]},
            {
                "columns": ("source", "restored"),
                "headings": (("source", "Backup"), ("restored", "Restored, in")),
            },
        ),
        (
            {"owner": "Team Web, Team Payments"},
            {"owners": ("Team Web", "Team Payments")},
        ),
        ({"provider": "github"}, {"providers": ("github",)}),
        ({"sort": "finished"}, {"sort": "finished"}),
        ({"sort": "-finished"}, {"sort": "-finished"}),
        ({"state": "failed overdue"}, {"states": {State.FAILED, State.OVERDUE}}),
        ({"state": ["in_progress"]}, {"states": {State.IN_PROGRESS}}),
        ({"caption": "All backups"}, {"caption": "All backups"}),
        ({"class": "wide"}, {"classes": ("wide",)}),
    ],
)
def test_table(options: dict[str, object], expected: dict[str, Any]) -> None:
    """A table has targets and its options; a list is one, or a text of its items."""
    mark = table_mark([" a ", "", "b:c/d\n"], options)
    assert mark == TableMark(targets=("a", "b:c/d"), **expected)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"lable": "x"}, "'lable' is not an option. Did you mean 'label'?"),
        ({"url": "https://example.org"}, "'url' is not an option."),
        ({"token": "hunter2"}, "'token' is not an option."),
        ({"max_age": "9999d"}, "'max_age' is not an option."),
        ({"label": ""}, "'label' must be a text, not ''"),
        ({"label": 5}, "'label' must be a text, not 5"),
        ({"label": "a\x02b"}, "'label' must not hold control characters"),
        (
            {"link": "javascript:alert(1)"},
            "'link' must be a page of the site or an http",
        ),
        ({"style": "flatt"}, "the unknown style 'flatt'. Did you mean 'flat'?"),
        ({"style": "neon"}, "the unknown style 'neon'. There are flat, flat-square,"),
        ({"style": None}, "the unknown style None."),
        (
            {"class": 'x" onclick="y'},
            "'class' holds 'x\"', which is no name of a class",
        ),
        ({"class": "ünï"}, "which is no name of a class"),
        ({"class": "1a"}, "which is no name of a class"),
        ({"class": ""}, "'class' must be a list of names"),
    ],
)
def test_wrong_badge(options: dict[str, object], why: str) -> None:
    """What a badge cannot have is refused, without a word of what it was set to."""
    with pytest.raises(UsageError) as caught:
        badge_mark("orders-db", options)
    assert str(caught.value).startswith("backup badge: '")
    assert why in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"columns": "state finishd"}, "column 'finishd'. Did you mean 'finished'?"),
        ({"columns": "state|size"}, "the unknown column 'state|size'"),
        ({"columns": "max_age="}, "'columns' gives the column 'max_age' no heading"),
        ({"columns": "=RPO"}, "the unknown column ''"),
        ({"columns": "maxage=RPO"}, "column 'maxage'. Did you mean 'max_age'?"),
        ({"owner": ","}, "'owner' must be a list of names"),
        ({"columns": [1]}, "'columns' must be a list of names"),
        ({"columns": ["state", " "]}, "'columns' must be a list of names"),
        ({"sort": "finishd"}, "column 'finishd'. Did you mean 'finished'?"),
        ({"sort": "--state"}, "the unknown column '-state'. Did you mean 'state'?"),
        ({"sort": 5}, "the unknown column '5'. There are source, description,"),
        ({"state": "green"}, "the unknown state 'green'. The states are failed,"),
        ({"state": "in progress"}, "the unknown state 'in'"),
        ({"group": ""}, "'group' must be a list of names"),
        ({"group": " , "}, "'group' must be a list of names"),
        ({"group": 5}, "'group' must be a list of names"),
        ({"lable": 1, "sort": "x"}, "'lable' is not an option."),
    ],
)
def test_wrong_table(options: dict[str, object], why: str) -> None:
    """What a table cannot have is refused; an empty group is not every source."""
    with pytest.raises(UsageError) as caught:
        table_mark([], options)
    assert str(caught.value).startswith("backup table: '")
    assert why in str(caught.value)


def test_every_fault() -> None:
    """All faults of a mark are told in one sentence."""
    with pytest.raises(UsageError) as caught:
        badge_mark("x", {"style": "neon", "lable": "x", "class": "1"})
    assert [word in str(caught.value) for word in ("neon", "lable", "'1'")] == [
        True
    ] * 3
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("target", ["", "  ", "\n"])
def test_no_target(target: str) -> None:
    """A badge of nothing is refused; a table of nothing is one of everything."""
    with pytest.raises(UsageError, match="a badge needs a source"):
        badge_mark(target, {})
    assert table_mark([target], {}) == TableMark()


def test_marks_travel() -> None:
    """Marks are values: they can be keys, and go from one process to another."""
    badge = badge_mark("a", {"class": "x"})
    table = table_mark(["a"], {"state": "failed", "columns": "state"})
    for mark in (badge, table):
        copy = pickle.loads(pickle.dumps(mark))
        assert (copy, hash(copy)) == (mark, hash(mark))
        with pytest.raises(AttributeError):
            mark.classes = ()  # type: ignore[misc]


def test_a_badge_without_options() -> None:
    """Badges that read the same are equal, with the options' declared defaults."""
    plain = badge_mark("a", {})
    assert badge_mark(" a\n", {}) == plain
    defaults = {o.name: o.default for o in BADGE_OPTIONS if o.default is not None}
    assert badge_mark("a", defaults) == plain
