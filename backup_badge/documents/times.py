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
    return _of_text(value, zone) if isinstance(value, str) else of_epoch(value)


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


def _of_text(text: str, zone: str | None) -> datetime:
    try:
        time = datetime.fromisoformat(_FRACTION.sub("", text.strip()))
        if time.tzinfo is None:
            if zone is None:
                raise ValueError(
                    f"has no zone: {text!r:.40}. Configure 'timezone', such as UTC"
                )
            time = time.replace(tzinfo=ZoneInfo(zone))
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"lies outside the calendar: {text!r:.40}") from None
    except ValueError as error:
        if "timezone" in str(error):
            raise
        raise ValueError(f"is no time: {text!r:.40}") from None
