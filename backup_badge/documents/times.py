"""Reading times as systems write them: with a zone, or with one that is configured."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_FRACTION = re.compile(r"(?<=[.,]\d{6})\d+")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d+)?")
_EPOCH = datetime.fromtimestamp(0, UTC)
_FIRST, _LAST = 10**8, 10**10
"""Seconds from 1973 to 2286. Later numbers are milliseconds, up to a thousand times."""


class NoZoneError(ValueError):
    """It is a time, but nobody knows in which zone; ``str()`` says so."""


def read_instant(value: object, *, zone: str | None = None) -> datetime | None:
    """Read a time as UTC: ISO 8601 text, or seconds or milliseconds since 1970.

    ``zone`` is that of texts without one; without it they are refused. None and an
    empty text are no time, and neither is 0, which systems write for "never". Fractions
    may have nine digits. Raises ValueError with the rest of a sentence.
    """
    if value is None or value == "" or value == 0:
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"is no time: {value!r:.40}")
    if not isinstance(value, str):
        return of_epoch(value)
    try:
        return read_time(value, zone=zone)
    except NoZoneError as error:
        raise ValueError(f"{error}. Configure 'timezone', such as UTC") from None


def of_epoch(number: float) -> datetime | None:
    """Read seconds or milliseconds since 1970 as UTC; 0 is no time.

    Raises ValueError with the rest of a sentence.
    """
    if number == 0:
        return None
    if _FIRST * 1000 <= number < _LAST * 1000:
        number /= 1000
    if not _FIRST <= number < _LAST:
        raise ValueError(f"is no time in seconds or milliseconds: {number!r:.40}")
    return _EPOCH + timedelta(seconds=number)


def read_time(text: str, *, zone: str | None = None) -> datetime:
    """Read ISO 8601 text as UTC; ``zone`` is that of a text without one.

    Raises ValueError with the rest of a sentence; where there is no zone at all, its
    kind is :class:`NoZoneError`.
    """
    try:
        time = datetime.fromisoformat(_FRACTION.sub("", text.strip()))
        if time.tzinfo is None and zone is not None:
            time = time.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"is no time: {text!r:.40}") from None
    raise NoZoneError(f"has no zone: {text!r:.40}")
