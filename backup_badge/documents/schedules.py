"""How often a schedule runs, and how old its last success may get: the simple ones.

Sources: crontab(5); robfig/cron's documentation, "Predefined schedules"; RFC 5545,
"Recurrence Rule".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import product

_DAY = 24 * 60
_WEEK = 7 * _DAY
_MONTH = 31 * _DAY
_HOUR = timedelta(hours=1)
_MARGIN = timedelta(hours=2)
_LONGEST = timedelta(days=400)
_LAST_SAFE_DAY = 28
_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_RULE_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
_EVERY = re.compile(r"(?:(\d{1,5})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?")
_FREQUENCIES = {
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_HARMLESS = {"FREQ", "INTERVAL", "WKST", "BYMINUTE", "BYSECOND"}


def allowed_age(interval: timedelta | None) -> timedelta | None:
    """Return how old a success may be of what runs so often: a bit more than that.

    A daily backup gets 26 hours. None for no interval, and for none that makes sense.
    """
    if interval is None or not timedelta() < interval <= _LONGEST:
        return None
    age = interval + max(_MARGIN, interval / 12)
    hours = -(-age // _HOUR)
    return hours * _HOUR


def cron_interval(text: str | None) -> timedelta | None:
    """Return the longest time between two runs, or None where that is not simple."""
    text = re.sub(r"^(?:CRON_)?TZ=\S+\s+", "", (text or "").strip())
    text = _SHORT.get(text.lower(), text)
    if text.startswith("@every "):
        found = _EVERY.fullmatch(text.removeprefix("@every ").strip())
        parts = found.groups() if found else ()
        hours, minutes, seconds = (int(part or 0) for part in parts or "000")
        return timedelta(hours=hours, minutes=minutes, seconds=seconds) or None
    fields = text.split()
    if len(fields) != 5 or fields[3] not in ("*", "?"):
        return None
    minutes_of = _numbers(fields[0], 0, 59)
    hours_of = _numbers(fields[1], 0, 23)
    days = _numbers(fields[2], 1, 31)
    weekdays = _numbers(_numbered(fields[4]), 0, 7)
    if not (minutes_of and hours_of and days and weekdays):
        return None
    times = [60 * hour + minute for hour, minute in product(hours_of, minutes_of)]
    every_weekday = {day % 7 for day in weekdays} == set(range(7))
    if len(days) == 31:
        return _gap({day % 7 for day in weekdays}, times, _WEEK)
    if not every_weekday or max(days) > _LAST_SAFE_DAY:
        return None
    return _gap(days, times, _MONTH)


def rule_interval(rules: Iterable[str]) -> timedelta | None:
    """Return the longest time between two runs of a recurrence, if that is simple.

    Simple is one rule, by hours, days or weeks, that never ends.
    """
    found = [rule for rule in rules if rule.upper().startswith("RRULE:")]
    if len(found) != 1:
        return None
    pairs = (part.partition("=") for part in found[0][6:].upper().split(";"))
    told = {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
    interval, count = _FREQUENCIES.get(told.get("FREQ", "")), told.get("INTERVAL", "1")
    others = set(told) - _HARMLESS
    if interval is None or not re.fullmatch(r"[1-9]\d{0,3}", count):
        return None
    if others == {"BYHOUR"} and told["BYHOUR"].isdecimal() and told["FREQ"] != "HOURLY":
        others = set()
    if others == {"BYDAY"} and told["FREQ"] == "WEEKLY" and count == "1":
        days = told["BYDAY"].split(",")
        if not set(days) <= set(_RULE_DAYS):
            return None
        return _gap({_RULE_DAYS.index(day) for day in days}, [0], _WEEK)
    return None if others else interval * int(count)


def _gap(days: Iterable[int], times: Iterable[int], length: int) -> timedelta:
    """Return the longest time between two of some minutes that come back."""
    runs = sorted({_DAY * day + time for day, time in product(days, times)})
    following = [*runs[1:], runs[0] + length]
    return timedelta(minutes=max(b - a for a, b in zip(runs, following, strict=True)))


def _numbered(weekdays: str) -> str:
    lowered = weekdays.lower()
    for number, name in enumerate(_NAMES):
        lowered = lowered.replace(name, str(number))
    return lowered


def _numbers(field: str, first: int, last: int) -> set[int]:
    """Return the numbers of one field of crontab(5); none for one that is wrong."""
    numbers: set[int] = set()
    for part in field.split(","):
        found = re.fullmatch(r"(\*|\?|\d{1,2})(?:-(\d{1,2}))?(?:/(\d{1,2}))?", part)
        if found is None:
            return set()
        is_any = found[1] in "*?"
        step = int(found[3] or 1)
        low = first if is_any else int(found[1])
        single = not is_any and found[2] is None and found[3] is None
        high = low if single else int(found[2] or last)
        if not (first <= low <= high <= last and step) or (is_any and found[2]):
            return set()
        numbers |= set(range(low, high + 1, step))
    return numbers
