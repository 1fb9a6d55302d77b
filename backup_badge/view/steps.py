"""How a status came about, step by step: what was asked, said and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from backup_badge.values.source import Source
from backup_badge.values.status import Status, format_time, label_for
from backup_badge.view.summary import format_age
from backup_badge.view.wording import explain, for_the_log
from backup_badge.ways.locator import Locator
from backup_badge.ways.reach import Exchange

Step = tuple[str, str]
"""What it is about, and a line on it."""

_TIMES = ("started", "finished", "last_success", "next_run", "expected_by")


def exchange_steps(made: Sequence[Exchange], locator: Locator) -> Iterator[Step]:
    """Tell of each exchange, without what the locator says."""
    hide = placeholders(locator)
    for number, exchange in enumerate(made, start=1):
        if exchange.what in ("command", "file", "call"):
            what = f"the {exchange.what} {exchange.path}"
        else:
            path = _without_values(hide(exchange.path)) or "/ (the URL itself)"
            what = f"{exchange.what} {path} at {exchange.place}"
        size = f", {exchange.size} bytes" if exchange.size else ""
        came = f"{exchange.came}{size}, {exchange.seconds:.2f} s"
        yield f"asked {number}" if len(made) > 1 else "asked", f"{what}: {came}"


def status_steps(source: Source, status: Status, *, now: datetime) -> Iterator[Step]:
    """Tell what was said, and what that was judged to be."""
    if status.native is not None:
        yield "said", f"{status.native!r}, which means {status.reported.message}"
    elif status.problem is None or status.stale:
        yield "said", f"no word; its answer means {status.reported.message}"
    if status.name and label_for(source, status) == status.name != source.label:
        yield "label", f"{status.name!r}, as its system calls it: none is configured"
    for name in _TIMES:
        time = getattr(status, name)
        if time is not None:
            age = f" ({format_age(now - time)})" if time <= now else ""
            yield name.replace("_", " "), f"{format_time(time)}{age}"
    if status.checked is not None:
        yield "answered", f"{format_time(status.checked)}"
    yield "judged", f"{status.state.message}: {explain(source, for_the_log(status))}"


def placeholders(locator: Locator) -> Callable[[str], str]:
    """Return a function that puts the form's names in the place of a locator's words.

    They are found in a path or a query, encoded or not, and between quotation marks.
    """
    names: dict[str, str] = {}
    for name, value in locator.values.items():
        for written in (value, quote(value, safe=""), quote(value, safe="/")):
            names.setdefault(written, name)
    words = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    if not words:
        return lambda text: text
    pattern = re.compile(rf"(?<![\w%-])(?:{words})(?![\w%-])")
    return lambda text: pattern.sub(lambda found: names[found[0]], text)


def quoted_placeholders(locator: Locator) -> Callable[[str], str]:
    """Return the same for a sentence, in which words stand between quotation marks."""
    hide = placeholders(locator)
    return lambda text: re.sub(
        r"(['\"])(.+?)\1", lambda found: f"{found[1]}{hide(found[2])}{found[1]}", text
    )


def _without_values(path: str) -> str:
    """Return a path whose query has names alone; placeholders stay."""
    path, mark, query = path.partition("?")
    shown = [
        part if re.fullmatch(r"[\w.-]+=[A-Z][A-Z0-9_-]*", part) else _named(part)
        for part in query.split("&")
    ]
    return f"{path}{mark}{'&'.join(shown)}" if mark else path


def _named(part: str) -> str:
    return f"{part.partition('=')[0]}=..."
