"""An answer, from whichever way, and what can be read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from backup_badge.documents.fields import Fields
from backup_badge.documents.parse import FOREIGN, LOCAL, Limit, RefusedError, parse_json
from backup_badge.http.redaction import Redact, redact_value, redactor
from backup_badge.values.problem import Category, ProblemError

_SAMPLE = re.compile(
    r"(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>[^}]*)\})?\s+(?P<value>\S+)"
)
_SHORTEST = 6
"""Letters of a variable's value that may be a secret."""
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sample of Prometheus' text format: its name, labels and value."""

    name: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a system said.

    ``origin`` is how messages call it. ``time`` is when it was said (UTC): of a file,
    when that was written. ``code`` is a command's exit code or an HTTP status, 0 for a
    file. ``limit`` bounds how much JSON is read. ``headers`` are in lower case.
    ``errors`` is what a command printed on its standard error: to be read, never to be
    shown. ``secrets`` are taken out of every text, after it was decoded.
    """

    origin: str
    body: bytes = field(repr=False)
    time: datetime
    code: int = 0
    limit: Limit = FOREIGN
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    errors: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    local: bool = field(default=False, repr=False)

    def redacted(self, text: str) -> str:
        """Return a text that was read from the answer, without the secrets."""
        return self._redact(text)

    @property
    def validator(self) -> str | None:
        """The server's name for this version of the answer: an ETag or a date."""
        name = self.headers.get("etag") or self.headers.get("last-modified")
        return name if name and name == self._redact(name) else None

    def invalid(self, why: str) -> ProblemError:
        """Return the error that says what is wrong with the answer."""
        return ProblemError(Category.INVALID_RESPONSE, f"{self.origin} {why}")

    def json(self) -> Any:
        """Return the answer as JSON. Raises ProblemError (``invalid_response``).

        See :func:`backup_badge.documents.parse.parse_json` for what is refused.
        """
        return self._document

    def fields(self, *, zone: str | None = None) -> Fields:
        """Return the JSON object. Raises ProblemError for anything else.

        ``zone`` is that of times which the system writes without one.
        """
        document = self.json()
        if not isinstance(document, dict):
            raise self.invalid(self._unlike("is no JSON object"))
        return Fields(document=document, origin=self.origin, zone=zone)

    def rows(self, key: str = "", *, zone: str | None = None) -> list[Fields]:
        """Return the objects of a list: the answer itself, or the list in a field.

        What is no object is left out: one bad entry costs nobody else anything.
        Raises ProblemError where there is no list.
        """
        rows = self.fields().document.get(key) if key else self.json()
        if not isinstance(rows, list):
            where = f" in {key!r}" if key else ""
            raise self.invalid(f"has no list{where}")
        found = (row for row in rows if isinstance(row, dict))
        return [Fields(document=row, origin=self.origin, zone=zone) for row in found]

    def text(self) -> str:
        """Return the answer as text (UTF-8). Raises ProblemError for another."""
        return self._text

    def lines(self) -> list[str]:
        """Return the lines that are not empty, without the space around them."""
        return [line.strip() for line in self.text().splitlines() if line.strip()]

    def messages(self) -> list[Fields]:
        """Return the JSON objects of an answer that has one a line (JSON Lines).

        Lines that do not begin with a brace are left out: they are for people. Raises
        ProblemError for an object that is cut off.
        """
        lines = [line for line in self.lines() if line.startswith("{")]
        return [
            Fields(document=self._decoded(line), origin=self.origin) for line in lines
        ]

    def samples(self, name: str = "") -> Iterator[Sample]:
        """Return the samples of Prometheus' text format, those of one name if given.

        Raises ProblemError for a line that is none.
        """
        for line in self.lines():
            if line.startswith("#"):
                continue
            found = _SAMPLE.match(line)
            if found is None:
                raise self.invalid("is not in Prometheus' text format")
            if name in ("", found["name"]):
                yield self._sample(found)

    def _sample(self, found: re.Match[str]) -> Sample:
        try:
            value = float(found["value"])
        except ValueError:
            raise self.invalid(f"has no number for {found['name']!r}") from None
        labels = dict(_LABEL.findall(found["labels"] or ""))
        return Sample(name=found["name"], labels=labels, value=value)

    @cached_property
    def _redact(self) -> Redact:
        return redactor(self.secrets)

    @cached_property
    def _text(self) -> str:
        try:
            text = self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self.invalid("is no text in UTF-8") from None
        return self._redact(text)

    @cached_property
    def _document(self) -> Any:
        return self._decoded(self.body)

    def _decoded(self, text: str | bytes) -> Any:
        content = text.encode() if isinstance(text, str) else text
        try:
            document = parse_json(content, limit=self.limit)
        except RefusedError as error:
            raise self.invalid(f"is JSON that cannot be relied on: {error}") from None
        except ValueError:
            raise self.invalid(self._unlike("is not JSON")) from None
        return redact_value(document, self._redact) if self.secrets else document

    def _unlike(self, what: str) -> str:
        is_local = self.limit is LOCAL
        return what if is_local else f"{what} (a login page, perhaps)"


def may_be_secret(value: str) -> bool:
    """Whether the value of a command's variable must not be repeated.

    Commands are told "1" and "yes" by variables, too, and where a repository is. An
    answer without these letters and paths could not be read any more.
    """
    is_path = value.startswith("/") and Path(value).exists()
    return len(value) >= _SHORTEST and not is_path
