"""When a page's badges look different: the digest that decides what is rewritten."""

from __future__ import annotations

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
    digests, written = [], []
    for checked in (NOW, NOW + later):
        badge = describe(BadgeMark(target="orders-db"), known(checked))
        table = tabulate(TableMark(), known(checked))
        views = {BadgeMark(target="orders-db"): badge, TableMark(): table}
        uses = {repr(mark): (Use(mark=mark, place="index:1"),) for mark in views}
        digests.append(Record(uses=uses, views=views).digests())
        written.append((html.render_badge(badge), html.render_table(table)))
    first, second = digests
    assert [first[page] == second[page] for page in first] == [same, same]
    assert written[0] != written[1]
