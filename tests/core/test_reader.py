"""What the browser is given: small files, and what a badge is judged by again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.render import assets, html
from backup_badge.values.mark import STYLES
from backup_badge.values.problem import Category
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.view.badge import describe
from backup_badge.view.colours import BOXES, LABEL, TEXT
from backup_badge.view.table import tabulate

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
RAN = datetime(2026, 11, 20, 2, 13, tzinfo=UTC)
DAY = timedelta(hours=26)
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "html-and-css.md"


def source(name: str = "orders-db", *, max_age: timedelta | None = DAY) -> Source:
    """A source with the label "Orders database"."""
    address = Address(provider="rackspace", segments=("backup", "1"))
    return Source(name=name, address=address, label="Orders database", max_age=max_age)


def status(reported: str, *, max_age: timedelta | None = DAY, **times: Any) -> Status:
    """What is judged at NOW of an answer that came then; times are hours ago."""
    ago = {key: NOW - timedelta(hours=hours) for key, hours in times.items()}
    said = Status(reported=State(reported), **{"checked": NOW, **ago})
    return judge(said, max_age=max_age, now=NOW, dated=False)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (assets.stylesheet(), 10_700),
        (assets.script(), 16_500),
        (assets.table_script(), 7_000),
    ],
    ids=["style sheet", "script", "table script"],
)
def test_files_are_small(text: str, limit: int) -> None:
    """What a reader loads is small, and needs nothing else."""
    assert len(text.encode()) < limit
    code = re.sub(r"(?m)^ *//.*$", "", text)
    assert not re.search(r"\bimport\b|eval|innerHTML|insertAdjacent|\bhref|//", code)


def test_script_knows_the_states() -> None:
    """The script has the same words, signs and ranks as the core."""
    script = assets.script()
    assert f'"{" ".join(State)}".split(" ")' in script
    assert f'"{"".join(state.sign for state in State)}"' in script
    assert f'"{" ".join(Category)}".split(" ")' in script
    states = list(State)
    named = {
        "OVERDUE": states.index(State.OVERDUE),
        "UNKNOWN": states.index(State.UNKNOWN),
        "FIRST_GREEN": [state.is_good for state in State].index(True),
        "SUCCEEDED": states.index(State.SUCCEEDED),
    }
    written = ", ".join(f"{name} = {index}" for name, index in named.items())
    assert f"const {written};" in script


def test_one_table_of_colours() -> None:
    """The style sheet has the colours of pictures and endpoints, and no others."""
    sheet = assets.stylesheet()
    expected = {"fg": TEXT, "label": LABEL}
    expected |= {color.value: shade for color, shade in BOXES.items()}
    found = dict(re.findall(r"--backup-badge-(\w+): (#\w+);", sheet))
    assert found == expected


def test_what_is_inlined() -> None:
    """A page that can link nothing gets the same three files as elements."""
    block = assets.inline_block()
    for text in assets.contents().values():
        assert text in block
    elements = ["<style>", "</style>", *["<script>", "</script>"] * 2]
    assert re.findall(r"</?(?:style|script)>", block) == elements


def test_the_sentence() -> None:
    """The text is the accessible name, the description tells the rest of it."""
    known = Status(reported=State.SUCCEEDED, state=State.SUCCEEDED, finished=RAN)
    markup = html.render_badge(describe(badge_mark("orders-db", {}), {source(): known}))
    rest = "last backup succeeded on 20 November 2026, 02:13 UTC"
    assert f' title="{rest}"' in markup
    assert "aria-label" not in markup
    assert ' datetime="2026-11-20T02:13:00Z">' in markup
    assert markup.isascii()
    text = unescape(re.sub("<[^>]*>", "", markup))
    # The style sheet shows the date where no script judges the badge again.
    assert text == "Orders database: ✓\N{NO-BREAK SPACE}succeeded, 20 Nov"


@pytest.mark.parametrize("style", STYLES)
def test_nothing_inline(style: str) -> None:
    """A strict policy for contents is kept: nothing is styled or run in the page."""
    badge = describe(badge_mark("a", {"style": style}), {source("a"): status("failed")})
    table = tabulate(table_mark([], {}), {source("a"): status("failed")})
    page = html.render_badge(badge) + html.render_table(table)
    assert not re.search(r"<(?:style|script|img|link)| (?:style|on\w+|src)=", page)


@pytest.mark.parametrize(("checked", "same"), [(1, True), (1.1, True), (3, False)])
def test_when_a_page_is_written_again(checked: float, same: bool) -> None:
    """An answer without times is written again before its age makes it overdue."""

    def window(asked: float) -> int | None:
        known = {source(): status("succeeded", checked=asked)}
        (judged,) = describe(badge_mark("orders-db", {}), known).judged
        return judged.window

    assert (window(checked) == window(1.05)) is same


def test_what_the_script_is_told() -> None:
    """A badge carries the terms of each of its sources, and those of no other."""
    members = {
        source("a", max_age=None): status("failed", finished=2),
        source("b"): status("succeeded", finished=2),
    }
    markup = html.render_badge(describe(badge_mark("group:all", {}), members))
    (terms,) = re.findall(' data-backup-judged="([^"]*)"', markup)
    assert json.loads(unescape(terms)) == [
        "all",
        {
            "name": "a",
            "address": "rackspace:backup/1",
            "state": "failed",
            "reported_state": "failed",
            "undated": True,
            "finished": "2026-11-20T02:00:00Z",
            "checked": "2026-11-20T04:00:00Z",
        },
        {
            "name": "b",
            "address": "rackspace:backup/1",
            "state": "succeeded",
            "reported_state": "succeeded",
            "max_age": 93600.0,
            "undated": True,
            "finished": "2026-11-20T02:00:00Z",
            "checked": "2026-11-20T04:00:00Z",
        },
    ]


def test_order_is_told() -> None:
    """The heading of the column that a table is sorted by says so, and which way."""
    known = {source(): status("failed", finished=2)}
    for sort, said in (("state", "ascending"), ("-finished", "descending")):
        options = {"sort": sort, "columns": "source,state,finished"}
        markup = html.render_table(tabulate(table_mark([], options), known))
        column = sort.removeprefix("-")
        (found,) = re.findall(r'data-backup-column="(\w+)" aria-sort="(\w+)"', markup)
        assert found == (column, said)


def test_what_can_be_set_is_documented() -> None:
    """The page on styles names each property, class and attribute, and no other."""
    page, sheet = DOCS.read_text(), assets.stylesheet()
    known = {source(): status("failed", finished=2)}
    known_html = html.render_badge(describe(badge_mark("orders-db", {}), known))
    (one, failed), *_ = known.items()
    stale = {one: replace(failed, stale=True)}
    known_html += html.render_badge(describe(badge_mark("orders-db", {}), stale))
    known_html += html.render_table(tabulate(table_mark([], {}), known))
    properties = re.compile(r"--backup-[\w-]+")
    names = re.compile(r"\bbackup-(?:badge|table)(?:-[a-z]+)+")
    attributes = re.compile(r"data-backup-[a-z]+")
    known_html += "data-backup-dismissed"
    assert set(properties.findall(page)) == set(properties.findall(sheet))
    assert set(attributes.findall(page)) == set(attributes.findall(known_html))
    plain = properties.sub("", sheet) + known_html
    assert set(names.findall(plain)) <= set(names.findall(properties.sub("", page)))
