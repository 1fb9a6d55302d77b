"""When a page's badges look different: the digest that decides what is rewritten."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from backup_badge.render import html
from backup_badge.values.mark import BadgeMark, TableMark
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.view.badge import describe
from backup_badge.view.table import tabulate
from sphinx_backup_badge.record import Record, Use

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = timedelta(hours=26)
SOURCE = Source(
    name="orders-db",
    address=Address(provider="rackspace", segments=("backup", "1")),
    label="Orders database",
    max_age=DAY,
)


def known(checked: datetime) -> dict[Source, Status]:
    """What is known of a backup that succeeded long before it was asked for."""
    ran = datetime(2026, 11, 20, 2, 13, tzinfo=UTC)
    said = Status(reported=State.SUCCEEDED, finished=ran, checked=checked)
    return {SOURCE: judge(said, max_age=DAY, now=checked)}


@pytest.mark.parametrize(
    ("later", "same"),
    [(timedelta(minutes=50), True), (timedelta(hours=25), False)],
)
def test_a_check_without_news(later: timedelta, same: bool) -> None:
    """A build that asks anew and hears the same rewrites a page once a day at most."""
    looks, written = [], []
    for checked in (NOW, NOW + later):
        badge = describe(BadgeMark(target="orders-db"), known(checked))
        table = tabulate(TableMark(), known(checked))
        views = {BadgeMark(target="orders-db"): badge, TableMark(): table}
        used = {"index": tuple(Use(mark=mark, place="index:1") for mark in views)}
        looks.append(Record(used=used, views=views).looks())
        written.append((html.render_badge(badge), html.render_table(table)))
    first, second = looks
    assert [first[mark] == second[mark] for mark in first] == [same, same]
    assert written[0] != written[1]


def test_the_environment_keeps_what_pages_say_alone() -> None:
    """What backup systems answered is not pickled, and a new build begins anew."""
    mark = BadgeMark(target="orders-db")
    uses = {"index": (Use(mark=mark, place="index:1"),)}
    views = {mark: describe(mark, known(NOW))}
    record = Record(uses=uses, used=uses, views=views, failure="Orders", export="x")
    assert pickle.loads(pickle.dumps(record)) == Record(uses=uses)


def test_a_mark_is_known_again_in_another_process() -> None:
    """A set of states has another order in each process; its digest has not."""
    code = (
        "from backup_badge.values.mark import TableMark\n"
        "from backup_badge.values.state import State\n"
        "from sphinx_backup_badge.record import key\n"
        "print(key(TableMark(states=frozenset(State))))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
