"""An answer is read strictly, and within a bound that depends on where it is from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from backup_badge.documents.parse import FOREIGN, LOCAL
from backup_badge.provider import Answer, Category, ProblemError

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def answer(body: bytes, **told: Any) -> Answer:
    return Answer(origin="the answer of example.org", body=body, time=NOW, **told)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"state": "failed", "state": "completed"}', "a key stands twice in it"),
        (b'{"size": NaN}', "NaN is not a number"),
        (b'{"size": 1e999}', "a number that is not finite"),
        (b"[" * 40_000, "nested too deeply"),
        (b"[" + b"[]," * FOREIGN.values + b"[]]", "too many values"),
        (b"<!DOCTYPE html>", "is not JSON"),
        (b"", "is not JSON"),
    ],
)
def test_refused(body: bytes, why: str) -> None:
    """JSON that nobody can rely on is refused, and the sentence says why."""
    with pytest.raises(ProblemError, match=why) as raised:
        answer(body).json()
    assert raised.value.problem.category is Category.INVALID_RESPONSE
    assert str(raised.value).startswith("the answer of example.org ")


def test_bound() -> None:
    """A file or a command may tell ten times what an answer from the network may."""
    many = list(range(2 * FOREIGN.values))
    body = json.dumps(many).encode()
    assert answer(body, limit=LOCAL).json() == many
    with pytest.raises(ProblemError, match="too many values"):
        answer(body).json()


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_zone(zone: str | None) -> None:
    """A reader says which zone the times of a document are in; else they need one."""
    rows = [{"time": "2026-11-28T12:00:00"}]
    (row,) = answer(json.dumps(rows).encode()).rows(zone=zone)
    whole = answer(json.dumps(rows[0]).encode()).fields(zone=zone)
    for told in (row, whole):
        if zone:
            assert told.time("time") == NOW
            continue
        with pytest.raises(ProblemError, match="has no zone"):
            told.time("time")
