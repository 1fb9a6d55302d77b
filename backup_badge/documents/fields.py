"""Reading the fields of a foreign JSON document, once, at the border."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from backup_badge.documents.times import read_instant, read_time
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.source import writable

_LONGEST_NAME = 80
_OBEYED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no name needs: controls, line ends, and what turns the text around it."""
_DIGITS = re.compile(r"[0-9]{1,19}")


class Fields:
    """A JSON object, and where it is from. An absent or null field is None.

    What a state rests on (words, flags, times) must have its right shape, or reading
    raises ProblemError (``invalid_response``). A count is a detail: one of the wrong
    shape is not told. ``zone`` is that of times which are written without one: where
    there is none, they are refused.
    """

    def __init__(
        self, *, document: Mapping[str, Any], origin: str, zone: str | None = None
    ) -> None:
        self.document = document
        self.origin = origin
        self.zone = zone

    def invalid(self, why: str) -> ProblemError:
        """Return the error that says what is wrong with the document."""
        return ProblemError(Category.INVALID_RESPONSE, f"{self.origin} {why}")

    def text(self, key: str) -> str | None:
        """Return a text, with a sign in the place of what no page can hold."""
        text: str | None = self._typed(key, str, "a text")
        return text and writable(text, "\N{REPLACEMENT CHARACTER}")

    def name(self, key: str) -> str | None:
        """Return what something is called, for readers: one line, not too long.

        It is a detail, too.
        """
        value = self.document.get(key)
        words = _OBEYED.sub(" ", value).split() if isinstance(value, str) else ()
        name = " ".join(words)
        is_long = len(name) > _LONGEST_NAME
        return f"{name[: _LONGEST_NAME - 1].rstrip()}…" if is_long else name or None

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        flag: bool | None = self._typed(key, bool, "true or false")
        return flag

    def time(self, key: str) -> datetime | None:
        """Return a time in UTC, from ISO 8601."""
        text = self.text(key)
        try:
            return read_time(text, zone=self.zone) if text else None
        except ValueError as error:
            raise self.invalid(f"has a {key!r} that {error}") from None

    def instant(self, key: str, *, zone: str | None = None) -> datetime | None:
        """Return a time in UTC, from ISO 8601 or in seconds or milliseconds since 1970.

        A text without a zone is in ``zone``, or refused where that is None.
        """
        try:
            return read_instant(self.document.get(key), zone=zone)
        except ValueError as error:
            raise self.invalid(f"has a {key!r} that {error}") from None

    def count(self, key: str) -> int | None:
        """Return a whole number of at least 0, and of no more than 63 bits."""
        value = self.document.get(key)
        return value if type(value) is int and 0 <= value < 2**63 else None

    def long(self, key: str) -> int | None:
        """Return a count that may be written as a text, as 64-bit numbers are."""
        value = self.document.get(key)
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            return Fields(document={key: int(value)}, origin=self.origin).count(key)
        return self.count(key)

    def table(self, key: str) -> Fields:
        """Return the object in a field, empty where there is none."""
        document = self._typed(key, dict, "an object") or {}
        return self._within(document)

    def tables(self, key: str) -> Iterator[Fields]:
        """Return the objects in a list; a document without the list is invalid."""
        items = self.document.get(key)
        if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
            raise self.invalid(f"has no list of objects in {key!r}")
        return map(self._within, items)

    def _within(self, document: Mapping[str, Any]) -> Fields:
        return Fields(document=document, origin=self.origin, zone=self.zone)

    def _typed(self, key: str, kind: type, what: str) -> Any:
        value = self.document.get(key)
        if value is not None and not isinstance(value, kind):
            raise self.invalid(f"has a {key!r} that is not {what}")
        return value
