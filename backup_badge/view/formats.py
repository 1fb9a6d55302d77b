"""Times, durations, sizes and numbers as a page's language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backup_badge.options.kinds import split_duration
from backup_badge.view.known_sentences import N_
from backup_badge.view.language import Language


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A time as a reader sees it, and for machines in ISO 8601, in UTC."""

    text: str
    time: str


def format_moment(time: datetime, language: Language) -> str:
    """Write a time for a reader: ``20 November 2026, 02:13 UTC``."""
    # Translators: the names of the months, January first, between spaces.
    months = language.gettext(
        "January February March April May June July August September October November"
        " December"
    )
    time = time.astimezone(UTC)
    month, clock = months.split()[time.month - 1], f"{time:%H:%M}"
    return language.gettext(
        "{day} {month} {year}, {time} UTC",
        day=time.day,
        month=month,
        year=time.year,
        time=clock,
    )


def format_stamp(time: datetime, language: Language) -> str:
    """Write a time for a column of times: ``2026-11-20 02:13 UTC``."""
    date, clock = time.astimezone(UTC).isoformat(" ", "minutes")[:16].split()
    year, month, day = date.split("-")
    return language.gettext(
        "{year}-{month}-{day} {time} UTC", year=year, month=month, day=day, time=clock
    )


def read_stamp(text: str) -> datetime | None:
    """Return a time that :func:`format_stamp` wrote in English; None for another."""
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)
    except ValueError:
        return None


def short_moment(time: datetime, language: Language) -> str:
    """Write a time for a small place: ``27 Nov, 02:13``, in UTC."""
    clock = f"{time.astimezone(UTC):%H:%M}"
    return language.gettext(
        "{date}, {time}", date=short_day(time, language), time=clock
    )


def short_day(time: datetime, language: Language) -> str:
    """Write a day for a small place: ``27 Nov``, in UTC."""
    # Translators: the months as they are abbreviated, January first, between spaces.
    months = language.gettext("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
    time = time.astimezone(UTC)
    month = months.split()[time.month - 1]
    return language.gettext("{day} {month}", day=time.day, month=month)


def format_age(age: timedelta, language: Language) -> str:
    """Write a duration as a configuration has it, in its largest unit: ``26h``."""
    number, unit = split_duration(age)
    form = {
        "d": N_("{number}d"),
        "h": N_("{number}h"),
        "m": N_("{number}m"),
        "s": N_("{number}s"),
    }[unit]
    return language.gettext(form, number=_decimal(f"{number:g}", language))


def format_span(span: timedelta, language: Language) -> str:
    """Write how long something took, in its two largest units: ``1 min 28 s``."""
    seconds = round(span.total_seconds())
    days, hours = divmod(seconds // 3600, 24)
    minutes, rest = seconds // 60 % 60, seconds % 60
    parts = [
        days and language.gettext("{number} d", number=days),
        hours and language.gettext("{number} h", number=hours),
        minutes and language.gettext("{number} min", number=minutes),
        rest and language.gettext("{number} s", number=rest),
    ]
    shown = [part for part in parts if part][:2]
    return " ".join(shown) or language.gettext("{number} s", number=0)


def format_size(size: int, language: Language) -> str:
    """Write a number of bytes in decimal units: ``127 MB``."""
    # Translators: the units of bytes, each a thousand of the one before.
    number, units = float(size), language.gettext("B kB MB GB TB PB").split()
    count = len(units)
    while number >= 999.5 and len(units) > 1:
        number, units = number / 1000, units[1:]
    precise = len(units) < count and number < 9.95
    return f"{_decimal(f'{number:.{int(precise)}f}', language)} {units[0]}"


def format_number(number: int, language: Language) -> str:
    """Write a number with its thousands separated: ``12,345``."""
    return f"{number:,}".replace(",", _marks(language)[0])


def _decimal(number: str, language: Language) -> str:
    return number.replace(".", _marks(language)[1])


def _marks(language: Language) -> tuple[str, str]:
    """Return what stands between thousands, and before what is no whole number."""
    # Translators: this number as your language writes it.
    sample = language.gettext("1,234.5")
    return sample[1], sample[-2]
