"""A case: what a system answers, and what that comes to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from backup_badge.provider import Found
from backup_badge.values.problem import Category
from backup_badge.values.state import State

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
"""The time of a case that names none."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer: a body, an HTTP status or exit code, headers, standard error.

    ``body`` is bytes, a text, or anything that JSON can write.
    """

    body: object = b""
    code: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: str = ""

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body).encode()


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a system answers, and what that comes to.

    ``address`` is a locator, ``options`` are those of the provider as a configuration
    writes them; references stand for a secret that the kit makes up. ``answers`` are
    found by the path and query below the base URL, or by ``file`` and ``command``; any
    other path is answered by 404. ``state`` is the state as judged at ``now`` under
    ``max_age``, ``told`` further fields of the status, ``category`` that of its
    problem, or of the error that is raised instead. ``found`` is what the provider
    lists of these answers, where the case says so.
    """

    name: str
    address: str
    answers: Mapping[str, Said | bytes | str | list[Any] | dict[str, Any]]
    state: State
    options: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    category: Category | None = None
    now: datetime = NOW
    max_age: timedelta | None = None
    found: Sequence[Found] | None = None


def said_of(answer: object) -> Said:
    """Return an answer of a case in its long form."""
    return answer if isinstance(answer, Said) else Said(body=answer)


def with_body(case: Case, key: str, body: object) -> Case:
    """Return the case with another body of one of its answers."""
    said = replace(said_of(case.answers[key]), body=body)
    return replace(case, answers={**case.answers, key: said})
