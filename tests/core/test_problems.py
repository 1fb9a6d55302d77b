"""The errors and the suggestions that people read."""

from __future__ import annotations

import pickle

import pytest

from backup_badge.values.problem import (
    PASSING,
    BackupBadgeError,
    Category,
    ConfigurationError,
    Problem,
    ProblemError,
    UsageError,
    did_you_mean,
)


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("orders-bd", ["orders-db", "website"], " Did you mean 'orders-db'?"),
        ("ORDERS-DB", ["orders-db"], " Did you mean 'orders-db'?"),
        ("orders-db", ["Orders-DB"], " Did you mean 'Orders-DB'?"),
        ("orders", ["ORDERS-DB"], " Did you mean 'ORDERS-DB'?"),
        ("completely else", ["orders-db"], ""),
        ("", ["orders-db"], ""),
        ("orders-db", [], ""),
    ],
)
def test_did_you_mean(word: str, known: list[str], hint: str) -> None:
    """The nearest known word is suggested as it is spelt, or none."""
    assert did_you_mean(word, known) == hint


MANY = [f"{name}-{number:03}" for name in ("orders", "mail") for number in range(500)]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("ordrs-123", "orders-123"),
        ("Orders-123x", "orders-123"),
        ("mial-499", "mail-499"),
        ("xmail-007", "mail-007"),
        ("completely else", ""),
        ("orders-123" * 10**5, ""),
    ],
)
def test_did_you_mean_one_of_many(word: str, hint: str) -> None:
    """Of many known words a near one is found, and of a word without end none."""
    assert did_you_mean(word, MANY) == (f" Did you mean {hint!r}?" if hint else "")
    assert did_you_mean("orders-db", ["orders-db" * 10**5]) == ""


def test_categories() -> None:
    """The categories are those of the design; only silence is no news."""
    assert [category.value for category in Category] == [
        "usage",
        "unknown_source",
        "unreachable",
        "timeout",
        "unauthorized",
        "not_found",
        "rate_limited",
        "invalid_response",
        "offline",
    ]
    assert set(Category) - PASSING == {
        Category.USAGE,
        Category.UNKNOWN_SOURCE,
        Category.UNAUTHORIZED,
        Category.NOT_FOUND,
        Category.INVALID_RESPONSE,
    }


def test_one_tree() -> None:
    """Whoever catches the root catches all, and each error tells its sentences."""
    configuration = ConfigurationError(iter(["one", "two"]))
    problem = ProblemError(Category.TIMEOUT, "it is slow")
    assert isinstance(configuration, UsageError)
    for error in (configuration, problem):
        assert isinstance(error, BackupBadgeError)
    assert (configuration.faults, str(configuration)) == (("one", "two"), "one\ntwo")
    assert problem.problem == Problem(category=Category.TIMEOUT, message="it is slow")
    assert str(problem) == "it is slow"
    assert pickle.loads(pickle.dumps(problem.problem)) == problem.problem
