"""How often schedules run, and how old a success may get by them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.documents.schedules import allowed_age, cron_interval, rule_interval

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.mark.parametrize(
    ("cron", "interval"),
    [
        ("0 2 * * *", DAY),
        ("CRON_TZ=Europe/Berlin 0 2 * * *", DAY),
        ("@daily", DAY),
        ("@every 6h", 6 * HOUR),
        ("@every 1h30m", 90 * MINUTE),
        ("*/15 * * * *", 15 * MINUTE),
        ("0 */5 * * *", 5 * HOUR),
        ("0 1,13 * * *", 12 * HOUR),
        ("0 1,2 * * *", 23 * HOUR),
        ("0 2 * * 1-5", 3 * DAY),
        ("0 2 * * MON,thu", 4 * DAY),
        ("0 2 * * 7", WEEK),
        ("0 2 * * 0,7", WEEK),
        ("0 2 1 * *", 31 * DAY),
        ("0 2 1,15 * *", 17 * DAY),
        ("0 2 31 * *", None),
        ("0 2 1 * 1", None),
        ("0 2 * 6 *", None),
        ("60 2 * * *", None),
        ("0 2 * *", None),
        ("*/0 * * * *", None),
        ("5-1 * * * *", None),
        ("0 0 2 * * *", None),
        ("@reboot", None),
        ("@every soon", None),
        ("@every ", None),
        ("Mon..Fri 02:00", None),
        ("", None),
        (None, None),
    ],
)
def test_the_longest_time_between_two_runs(
    cron: str | None, interval: timedelta | None
) -> None:
    """What is simple is told, and nothing is guessed for the rest."""
    assert cron_interval(cron) == interval


@pytest.mark.parametrize(
    ("rules", "interval"),
    [
        (["RRULE:FREQ=DAILY"], DAY),
        (["rrule:freq=hourly;interval=6"], 6 * HOUR),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO"], 2 * WEEK),
        (["RRULE:FREQ=WEEKLY;BYDAY=MO,TU"], 6 * DAY),
        (["RRULE:FREQ=DAILY;BYHOUR=2;BYMINUTE=30"], DAY),
        (["RRULE:FREQ=DAILY", "EXDATE:20261224T000000Z"], DAY),
        (["RRULE:FREQ=DAILY;BYHOUR=2,14"], None),
        (["RRULE:FREQ=DAILY;UNTIL=20271231T000000Z"], None),
        (["RRULE:FREQ=DAILY;COUNT=3"], None),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"], None),
        (["RRULE:FREQ=WEEKLY;BYDAY=1MO"], None),
        (["RRULE:FREQ=MONTHLY"], None),
        (["RRULE:FREQ=DAILY;INTERVAL=0"], None),
        (["RRULE:"], None),
        (["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], None),
        ([], None),
    ],
)
def test_the_interval_of_a_recurrence(
    rules: list[str], interval: timedelta | None
) -> None:
    """One rule by hours, days or weeks, that never ends."""
    assert rule_interval(rules) == interval


@pytest.mark.parametrize(
    ("interval", "age"),
    [
        (DAY, 26 * HOUR),
        (HOUR, 3 * HOUR),
        (15 * MINUTE, 3 * HOUR),
        (WEEK, 182 * HOUR),
        (timedelta(), None),
        (timedelta(days=4000), None),
        (None, None),
    ],
)
def test_a_success_may_be_a_bit_older(
    interval: timedelta | None, age: timedelta | None
) -> None:
    """Two hours or a twelfth on top, in whole hours."""
    assert allowed_age(interval) == age


@given(st.text(alphabet="0123456789*/,-@? MONeveryhRULE:FQ=;DAILYB", max_size=40))
def test_nothing_raises(text: str) -> None:
    """Whatever a system calls its schedule, an interval or nothing comes of it."""
    for found in (cron_interval(text), rule_interval([text, f"RRULE:{text}"])):
        assert found is None or found > timedelta()
