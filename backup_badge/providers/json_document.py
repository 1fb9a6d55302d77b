"""A JSON document of anybody's: from a URL, a file or a command, read by JMESPath.

Source of the language: jmespath.org/specification.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from backup_badge.documents.times import read_instant
from backup_badge.provider import (
    COMMAND,
    EXPRESSION,
    FILE,
    STATE_TABLE,
    TEXT,
    TIME_ZONE,
    Answer,
    Ask,
    Category,
    Found,
    Http,
    Locator,
    Option,
    Provider,
    Status,
    Unlisted,
    basic,
    bearer,
)
from backup_badge.providers.json_presets import PRESETS
from backup_badge.values.status import LONGEST

_TIMES = ("started", "finished", "last_success", "next_run", "expected_by")
_COUNTS = ("errors", "files", "bytes")


class JsonDocument(Provider):
    """One document, or one entry of a list or table in it."""

    type = "json"
    ways = (Http(credentials=(bearer(), basic())), FILE, COMMAND)
    own = (
        Option(
            name="preset",
            kind=TEXT,
            help=f"A well-known document: {', '.join(PRESETS)}. It fills in the rest.",
        ),
        Option(
            name="at",
            kind=EXPRESSION,
            help="Where the document's entries are: a list, or a table by name.",
        ),
        Option(
            name="key",
            kind=EXPRESSION,
            help="What tells the entries of a list apart, for entry/VALUE.",
        ),
        Option(
            name="word", kind=EXPRESSION, help="The system's own word for the state."
        ),
        Option(
            name="states",
            kind=STATE_TABLE,
            help="What the words mean. Any other word is unknown.",
        ),
        *(
            Option(name=name, kind=EXPRESSION, help=f"The status's {name!r}, a time.")
            for name in _TIMES
        ),
        *(
            Option(name=name, kind=EXPRESSION, help=f"The number of {name}.")
            for name in _COUNTS
        ),
        Option(
            name="duration",
            kind=EXPRESSION,
            help="How long it took, in seconds, where that was measured.",
        ),
        Option(name="reason", kind=EXPRESSION, help="Why it went wrong, in words."),
        Option(
            name="timezone",
            kind=TIME_ZONE,
            help="The zone of times that are written without one.",
        ),
    )
    addresses = ("document", "entry/KEY-VALUE")

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """There must be something to read, and a table for its words."""
        faults = super().faults(options)
        preset = options.get("preset")
        if preset is not None and preset not in PRESETS:
            faults.append(f"names the unknown preset {preset!r}: {', '.join(PRESETS)}")
        told = {**PRESETS.get(preset or "", {}), **_given(options)}
        if not told.keys() & {"word", "finished", "last_success"}:
            faults.append("needs 'word', 'finished' or 'last_success', or a 'preset'")
        if "word" in told and "states" not in told:
            faults.append("needs 'states': what its words mean")
        return faults

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the entry, and read it."""
        told = _told(ask)
        answer = ask.document()
        entry = _entry(ask, answer, told, locator)
        return _Reader(self, ask, answer, told).status(entry)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the entries of the list or the table."""
        told = _told(ask)
        answer = ask.document()
        document = answer.json()
        if "at" in told:
            document = _search(answer, told["at"], document)
        elif not isinstance(document, list):
            raise Unlisted("it is one document: 'at' may say where its entries are")
        for name in _entry_names(answer, told, document):
            yield Found(segments=("entry", name), label=name)


def _entry_names(
    answer: Answer, told: Mapping[str, Any], document: object
) -> list[str]:
    """Return what tells the entries apart, each once."""
    if isinstance(document, dict) and "key" not in told:
        return list(document)
    if not isinstance(document, list):
        raise answer.invalid("has no list or table of entries")
    found = [_search(answer, told.get("key", "name"), one) for one in document]
    named = (str(one) for one in found if isinstance(one, (str, int)))
    return list(dict.fromkeys(named))


class _Reader:
    """Reads one entry by the configured expressions."""

    def __init__(
        self, provider: Provider, ask: Ask, answer: Answer, told: Mapping[str, Any]
    ) -> None:
        self._provider = provider
        self._ask = ask
        self._answer = answer
        self._told = told

    def status(self, entry: object) -> Status:
        if "run" in self._told and self._found(entry, "run") is None:
            return self._provider.nothing("it has never run")
        times = {name: self._time(entry, name) for name in _TIMES}
        details = {name: self._count(entry, name) for name in _COUNTS}
        reason = self._found(entry, "reason")
        told = {**times, **details, "reason": str(reason)[:500] if reason else None}
        told["duration"] = self._seconds(entry)
        if "word" not in self._told:
            if times["finished"] is None and times["last_success"] is None:
                return self._provider.nothing("it has no time of a backup")
            return self._provider.exists(self._ask, **told)
        word = self._found(entry, "word")
        if isinstance(word, bool):
            word = str(word).lower()
        states = dict(self._told["states"])
        others = states.pop("*", None)
        word = None if word is None else str(word)[:200]
        if others is not None and word is not None:
            states.setdefault(word, others)
        return self._provider.said(word, states=states, **told)

    def _found(self, entry: object, name: str) -> Any:
        if name not in self._told:
            return None
        return _search(self._answer, self._told[name], entry)

    def _time(self, entry: object, name: str) -> datetime | None:
        value = self._found(entry, name)
        try:
            return read_instant(value, zone=self._told.get("timezone"))
        except ValueError as error:
            raise self._answer.invalid(f"has a {name!r} that {error}") from None

    def _count(self, entry: object, name: str) -> int | None:
        value = self._found(entry, name)
        return value if type(value) is int and 0 <= value < 2**63 else None

    def _seconds(self, entry: object) -> int | None:
        value = self._found(entry, "duration")
        is_number = type(value) in (int, float) and 0 <= value <= LONGEST
        return round(value) if is_number else None


def _entry(
    ask: Ask, answer: Answer, told: Mapping[str, Any], locator: Locator
) -> object:
    document = answer.json()
    if "at" in told:
        document = _search(answer, told["at"], document)
    if locator.kind == "document":
        if isinstance(document, (dict, list)) and document:
            return document
        raise answer.invalid("has nothing in it")
    wanted = locator["KEY-VALUE"]
    if isinstance(document, dict) and "key" not in told:
        found = [document[wanted]] if wanted in document else []
    elif isinstance(document, list):
        key = told.get("key", "name")
        found = [e for e in document if _is_named(answer, key, e, wanted)]
    else:
        raise answer.invalid("has no list or table of entries")
    if len(found) != 1:
        what = f"{len(found)} entries" if found else "no entry"
        raise ask.problem(Category.NOT_FOUND, f"{answer.origin} has {what} {wanted!r}")
    return found[0]


def _is_named(answer: Answer, key: str, entry: object, wanted: str) -> bool:
    found = _search(answer, key, entry)
    return isinstance(found, (str, int)) and str(found) == wanted


def _told(ask: Ask) -> dict[str, Any]:
    """Return the options, those of the preset below them."""
    preset = ask.options.get("preset")
    return {**PRESETS.get(preset or "", {}), **_given(ask.options)}


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, ())}


def _search(answer: Answer, expression: str, document: object) -> Any:
    try:
        return _compiled(expression).search(document)
    except (JMESPathError, TypeError, ValueError, RecursionError):
        raise answer.invalid(f"does not fit the expression {expression!r}") from None


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)
