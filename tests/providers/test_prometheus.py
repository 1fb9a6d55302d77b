"""Prometheus: queries, and what their answers come to. From recorded answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.providers.prometheus import PRESETS, Prometheus
from backup_badge.testing import Case, Check, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LAST = NOW - timedelta(hours=9)
URL = "https://prometheus.example.org"
DAY = timedelta(hours=26)


def vector(*series: tuple[dict[str, str], object]) -> dict[str, Any]:
    result = [
        {"metric": labels, "value": [NOW.timestamp(), str(value)]}
        for labels, value in series
    ]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def query(text: str) -> str:
    return f"/api/v1/query?query={text.replace(' ', '+')}"


def case(name: str, state: State, answer: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "orders",
        "answers": {query("last"): answer},
        "options": {"url": URL, "key": "job", "finished": "last"},
        "max_age": DAY,
        "now": NOW,
    }
    return Case(name=name, state=state, **{**told, **more})


ORDERS = {"job": "orders"}
GOOD = vector((ORDERS, int(LAST.timestamp())), ({"job": "other"}, 1))
WORDS = {
    "url": URL,
    "key": "job",
    "finished": "last",
    "word": "exit",
    "states": {"0": "succeeded", "1": "completed_with_errors", "2": "failed"},
}


def word(name: str, state: State, value: object, **more: Any) -> Case:
    answers = {query("last"): GOOD, query("exit"): vector((ORDERS, value))}
    return case(name, state, GOOD, options=WORDS, answers=answers, **more)


CASES = (
    case("a success of this night", State.SUCCEEDED, GOOD, told={"finished": LAST}),
    case(
        "the same, without a max_age",
        State.UNKNOWN,
        GOOD,
        max_age=None,
        category=Category.USAGE,
    ),
    case(
        "a success of last week",
        State.OVERDUE,
        vector((ORDERS, LAST.timestamp() - 604800)),
    ),
    case("no series", State.UNKNOWN, vector()),
    case("the series of others", State.UNKNOWN, vector(({"job": "web"}, 1795860000))),
    case(
        "two series",
        State.UNKNOWN,
        vector((ORDERS, 1795860000), ({**ORDERS, "target": "s3"}, 1795860000)),
        told={"reason": "the query found 2 series with job='orders'"},
    ),
    case("never", State.UNKNOWN, vector((ORDERS, 0))),
    case("not a number", State.UNKNOWN, vector((ORDERS, "NaN"))),
    case("infinite", State.UNKNOWN, vector((ORDERS, "+Inf"))),
    case("an age, not a time", State.UNKNOWN, vector((ORDERS, 3600))),
    case(
        "milliseconds",
        State.SUCCEEDED,
        vector((ORDERS, int(LAST.timestamp() * 1000))),
        told={"finished": LAST},
    ),
    case(
        "a scalar",
        State.UNKNOWN,
        {"status": "success", "data": {"resultType": "scalar", "result": [1, "1"]}},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "one series needs no key",
        State.SUCCEEDED,
        vector(({}, int(LAST.timestamp()))),
        options={"url": URL, "finished": "last"},
    ),
    word("a good word", State.SUCCEEDED, 0),
    word("a partial one", State.COMPLETED_WITH_ERRORS, 1),
    word("a bad one", State.FAILED, 2),
    word("an unknown one", State.UNKNOWN, 7, category=Category.INVALID_RESPONSE),
    word("a word that is no number", State.UNKNOWN, "NaN"),
    case(
        "a good word, and no backup yet",
        State.UNKNOWN,
        GOOD,
        options=WORDS,
        answers={
            query("last"): vector((ORDERS, 0)),
            query("exit"): vector((ORDERS, 0)),
        },
        max_age=None,
    ),
)


@pytest.mark.parametrize("one", checks(Prometheus, CASES), ids=str)
def test_prometheus(one: Check) -> None:
    """Times and words come to their states; the kit holds what every provider must."""
    one()


@pytest.mark.parametrize("preset", PRESETS)
def test_presets(preset: str) -> None:
    """A ready-made set of queries answers for the source that its label names."""
    told = PRESETS[preset]
    answers = {}
    for name in ("finished", "word"):
        if name in told:
            value = LAST.timestamp() if name == "finished" else _good(told)
            series = vector(({told["key"]: "orders"}, value))
            answers[query(told[name])] = series
    one = case(
        preset,
        State.SUCCEEDED,
        None,
        answers=answers,
        options={"url": URL, "preset": preset},
    )
    for check in checks(Prometheus, [one])[2:]:
        check()


def _good(told: Any) -> str:
    return next(
        word for word, state in told["states"].items() if state is State.SUCCEEDED
    )
