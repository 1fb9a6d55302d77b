"""Reading one entry of anybody's JSON by configured expressions.

Source of their language: jmespath.org/specification.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from backup_badge.documents.times import read_instant
from backup_badge.provider import (
    Answer,
    Ask,
    Category,
    ProblemError,
    Provider,
    State,
    Status,
)
from backup_badge.values.status import LONGEST

TIMES = ("started", "finished", "last_success", "next_run", "expected_by")
COUNTS = ("errors", "files", "bytes")


class Reader:
    """Reads one entry by the configured expressions."""

    def __init__(
        self, provider: Provider, ask: Ask, answer: Answer, told: Mapping[str, Any]
    ) -> None:
        self._provider = provider
        self._ask = ask
        self._answer = answer
        self._told = told

    def status(self, entry: object) -> Status:
        """Return the status that an entry tells."""
        if "run" in self._told and self._found(entry, "run") is None:
            return self._provider.nothing("it has never run", never_ran=True)
        times = {name: self._time(entry, name) for name in TIMES}
        details = {name: self._count(entry, name) for name in COUNTS}
        reason = self._found(entry, "reason")
        told: dict[str, Any] = {
            **times,
            **details,
            "duration": self._seconds(entry),
            "reason": str(reason)[:500] if reason else None,
        }
        if "word" not in self._told:
            if times["finished"] is None and times["last_success"] is None:
                raise self._untimed()
            return self._provider.exists(self._ask, **told)
        word = self._word(entry)
        states = dict(self._told["states"])
        others = states.pop("*", None)
        if others is not None and word is not None:
            states.setdefault(word, others)
        status = self._provider.said(word, states=states, **told)
        is_timed = {"finished", "last_success"} & self._told.keys()
        ran = status.finished or status.started or status.last_success
        if status.reported is State.SUCCEEDED and is_timed and ran is None:
            # A good word without the time that was asked for is no proof.
            raise self._untimed()
        return status

    def _untimed(self) -> ProblemError:
        why = f"{self._answer.origin} has no time of a backup: see 'finished'"
        public = "it has no time of a backup"
        return self._ask.problem(Category.INVALID_RESPONSE, why, public=public)

    def _word(self, entry: object) -> str | None:
        word = self._found(entry, "word")
        if isinstance(word, bool):
            return str(word).lower()
        return None if word is None else str(word)[:200]

    def _found(self, entry: object, name: str) -> Any:
        if name not in self._told:
            return None
        return search(self._answer, self._told[name], entry)

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


def search(answer: Answer, expression: str, document: object) -> Any:
    """Return what an expression finds. Raises ProblemError where it does not fit."""
    try:
        return _compiled(expression).search(document)
    except (JMESPathError, TypeError, ValueError, RecursionError):
        raise answer.invalid(f"does not fit the expression {expression!r}") from None


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)
