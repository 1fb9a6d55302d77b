"""What the browser is given: small files, and what a badge is judged by again."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.render import assets, html
from backup_badge.values.mark import STYLES
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.view.badge import describe
from backup_badge.view.table import tabulate

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
RAN = datetime(2026, 11, 20, 2, 13, tzinfo=UTC)
DAY = timedelta(hours=26)
DOCS = Path(__file__).parents[2] / "docs" / "style.md"


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
        (assets.stylesheet(), 4000),
        (assets.script(), 2000),
        (assets.table_script(), 4000),
    ],
    ids=["style sheet", "script", "table script"],
)
def test_files_are_small(text: str, limit: int) -> None:
    """What a reader loads is small, and needs nothing else."""
    assert len(text.encode()) < limit
    assert not re.search(r"\bimport\b|eval|innerHTML|insertAdjacent|\bhref|//", text)


def test_script_knows_the_states() -> None:
    """The script has the same words, signs and ranks as the core."""
    script = assets.script()
    assert f'"{" ".join(State)}".split(" ")' in script
    assert f'"{"".join(state.sign for state in State)}"' in script
    assert [state.is_good for state in State].index(True) == 7
    assert (State.OVERDUE.rank, State.UNKNOWN.rank) == (2, 5)


def test_the_sentence() -> None:
    """The accessible name and the tooltip say the whole, the element the time."""
    known = Status(reported=State.SUCCEEDED, state=State.SUCCEEDED, finished=RAN)
    markup = html.render_badge(describe(badge_mark("orders-db", {}), {source(): known}))
    whole = "Orders database: last backup succeeded on 20 November 2026, 02:13 UTC"
    assert f' aria-label="{whole}" title="{whole}"' in markup
    assert ' datetime="2026-11-20T02:13:00Z">' in markup
    assert markup.isascii()
    text = unescape(re.sub("<[^>]*>", "", markup))
    assert text == "Orders database: ✓\N{NO-BREAK SPACE}succeeded"


@pytest.mark.parametrize("style", STYLES)
def test_nothing_inline(style: str) -> None:
    """A strict policy for contents is kept: nothing is styled or run in the page."""
    badge = describe(badge_mark("a", {"style": style}), {source("a"): status("failed")})
    table = tabulate(table_mark([], {}), {source("a"): status("failed")})
    page = html.render_badge(badge) + html.render_table(table)
    assert not re.search(r"<(?:style|script|img|link)| (?:style|on\w+|src)=", page)


HOURS = {
    "a success": ("succeeded", {"finished": 2}, "2026-11-21T04:00:00Z"),
    "only begun": ("in_progress", {"started": 1}, "2026-11-21T05:00:00Z"),
    "the older time": (
        "in_progress",
        {"started": 1, "last_success": 20},
        "2026-11-20T10:00:00Z",
    ),
    # The answer is what is dated, down to a 24th of max_age.
    "undated": ("succeeded", {}, "2026-11-21T05:50:00Z"),
    "overdue": ("succeeded", {"finished": 30}, None),
    "bad": ("failed", {"finished": 2}, None),
}


@pytest.mark.parametrize(("reported", "times", "ends"), HOURS.values(), ids=HOURS)
def test_when_a_badge_is_overdue(
    reported: str, times: dict[str, float], ends: str | None
) -> None:
    """Only what is green ends, and when its oldest time is max_age ago."""
    known = {source(): status(reported, **times)}
    (judged,) = describe(badge_mark("orders-db", {}), known).judged
    assert judged.overdue_after == ends
    assert (judged.source, judged.max_age) == ("orders-db", DAY)
    known = {source(max_age=None): status(reported, max_age=None, **times)}
    (judged,) = describe(badge_mark("orders-db", {}), known).judged
    assert judged.overdue_after is None


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
        ["a", 0, "", "2026-11-20T04:00:00Z"],
        ["b", 9, "2026-11-21T04:00:00Z", "2026-11-20T04:00:00Z", 93_600_000],
    ]


def test_order_is_told() -> None:
    """The heading of the column that a table is sorted by says so, and which way."""
    known = {source(): status("failed", finished=2)}
    for sort, said in (("state", "ascending"), ("-finished", "descending")):
        markup = html.render_table(tabulate(table_mark([], {"sort": sort}), known))
        column = sort.removeprefix("-")
        (found,) = re.findall(r'data-backup-column="(\w+)" aria-sort="(\w+)"', markup)
        assert found == (column, said)


def test_what_can_be_set_is_documented() -> None:
    """The page on styles names each property, class and attribute, and no other."""
    page, sheet = DOCS.read_text(), assets.stylesheet()
    known = {source(): status("failed", finished=2)}
    known_html = html.render_badge(describe(badge_mark("orders-db", {}), known))
    known_html += html.render_table(tabulate(table_mark([], {}), known))
    properties = re.compile(r"--backup-[\w-]+")
    names = re.compile(r"\bbackup-(?:badge|table)(?:-[a-z]+)+")
    attributes = re.compile(r"data-backup-[a-z]+")
    assert set(properties.findall(page)) == set(properties.findall(sheet))
    assert set(attributes.findall(page)) == set(attributes.findall(known_html))
    plain = properties.sub("", sheet) + known_html
    assert set(names.findall(plain)) <= set(names.findall(properties.sub("", page)))
