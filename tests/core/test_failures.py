"""How commands fail: by exit code, by words, and never with what they wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backup_badge.documents.fields import Fields
from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.answer import Answer, may_be_secret
from backup_badge.ways.failure import Failure, check_exit

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
FAILURES = (
    Failure(category=Category.UNREACHABLE, words=("Locked",), advice="wait"),
    Failure(category=Category.UNAUTHORIZED, codes=(12, 13), advice="see the key"),
)

REFUSED = (
    (2, "borg: error: argument <command>: invalid choice: 'repo-list' (choose from"),
    (2, "borg list: error: the following arguments are required: NAME, PATH"),
    (2, "borg: error: unrecognized arguments: --bypass-lock"),
    (1, "Unrecognized arguments: repo-list"),
    (1, "unknown flag: --group-by"),
    (1, 'unknown command "snapshotz" for "restic"'),
    (31, "ERROR: [031]: invalid option '--outputt=json'"),
    (48, "ERROR: [048]: invalid command 'infoo'"),
)
"""What borg, borgmatic, restic, kubectl and pgBackRest say to a wrong argument."""


def answer(body: bytes = b"", **more: Any) -> Answer:
    return Answer(origin="the command 'tool'", body=body, time=NOW, **more)


@pytest.mark.parametrize(
    ("code", "errors", "category", "advice"),
    [
        (12, "", Category.UNAUTHORIZED, "see the key"),
        (12, "locked", Category.UNAUTHORIZED, "see the key"),
        (1, "is LOCKED by root", Category.UNREACHABLE, "wait"),
        (1, "secret", Category.INVALID_RESPONSE, "exit code 1"),
        (200, "", Category.INVALID_RESPONSE, "exit code 200"),
        (255, "", Category.INVALID_RESPONSE, "exit code 255"),
        *(
            (code, errors, Category.USAGE, "this version does not know")
            for code, errors in REFUSED
        ),
    ],
)
def test_failures(code: int, errors: str, category: Category, advice: str) -> None:
    """The code tells before the words, and any other code is a failure, too."""
    with pytest.raises(ProblemError) as caught:
        check_exit(answer(code=code, errors=errors), FAILURES)
    assert caught.value.problem.category is category
    assert advice in str(caught.value) and "'tool'" in str(caught.value)
    assert not errors or errors not in str(caught.value)


def test_success() -> None:
    """A command that ended well may have warned."""
    said = answer(errors="locked")
    assert check_exit(said, FAILURES) is said


def test_what_may_be_secret(tmp_path: Path) -> None:
    """All that a command's variable says, but for short words and paths that exist."""
    words = ["", "1", "yes", "false", "correct horse", "/not/a/path/here"]
    paths = [str(tmp_path), str(tmp_path / "none")]
    found = [may_be_secret(value) for value in (*words, *paths)]
    assert found == [False, False, False, False, True, True, False, True]


def test_messages() -> None:
    """Objects stand one a line; lines for people are left out, no cut one is."""
    said = answer(b'warning\n{"a": "x-key"}\n\n {"a": 2}\n', secrets=("key",))
    assert [one.document for one in said.messages()] == [{"a": "x-***"}, {"a": 2}]
    with pytest.raises(ProblemError):
        answer(b'{"a": 1}\n{"a": ').messages()


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        ("2026-11-28T12:00:00Z", None, NOW),
        ("2026-11-28T21:00:00.123456789+09:00", None, NOW.replace(microsecond=123456)),
        ("2026-11-28T21:00:00", "Asia/Tokyo", NOW),
        (NOW.timestamp(), None, NOW),
        (None, None, None),
    ],
)
def test_instants(value: object, zone: str | None, expected: datetime | None) -> None:
    """A time has a zone of its own, or the one that is configured."""
    fields = Fields(document={"time": value}, origin="the file")
    assert fields.instant("time", zone=zone) == expected


def test_an_instant_without_a_zone() -> None:
    """It is refused, with the option that helps."""
    fields = Fields(document={"time": "2026-11-28T21:00:00"}, origin="the file")
    with pytest.raises(ProblemError, match=r"'time' that has no zone.*'timezone'"):
        fields.instant("time")
