"""Documents of anybody's: times, words, entries, presets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.providers.json_document import JsonDocument
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.values.status import Details

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LAST = NOW - timedelta(hours=9)
DAY = timedelta(hours=26)
WORDS = {"ok": "succeeded", "warn": "completed_with_errors", "bad": "failed"}


def case(name: str, state: State, body: object, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "document",
        "answers": {"file": body},
        "options": {"file": "manifest.json", "finished": "created"},
        "max_age": DAY,
        "now": NOW,
    }
    return Case(name=name, state=state, **{**told, **more})


def worded(name: str, state: State, word: object, **more: Any) -> Case:
    options = {
        "file": "manifest.json",
        "word": "result",
        "states": WORDS,
        "finished": more.pop("field", "created"),
        "reason": "why",
        "bytes": "size",
    }
    body = {"result": word, "created": LAST.isoformat(), "size": 7, "why": "so"}
    return case(name, state, body, options=options, **more)


TIME = "2026-11-28T03:05:11.123456789Z"
FAILED = {
    "success": False,
    "time": TIME,
    "error": "",
    "stderr": "/srv/secret: permission denied on dingo by cloud_user",
    "duration": 1,
}
# From resticprofile's documentation of its status file.
BACKUP = {
    "success": True,
    "time": "2021-03-24T16:36:56.831077Z",
    "error": "",
    "stderr": "",
    "duration": 16,
    "files_new": 215,
    "files_changed": 0,
    "files_unmodified": 0,
    "dirs_new": 58,
    "dirs_changed": 0,
    "dirs_unmodified": 0,
    "files_total": 215,
    "bytes_added": 296536447,
    "bytes_total": 362952485,
}


def profile(name: str, state: State, blocks: object, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "entry/orders",
        "options": {"file": "status.json", "preset": "resticprofile"},
    }
    body = {"profiles": {"orders": blocks}}
    return case(f"resticprofile: {name}", state, body, **{**told, **more})


ENTRIES = {
    "file": "dumps.json",
    "at": "dumps",
    "key": "name",
    "word": "result",
    "states": WORDS,
}
DUMPS = {"dumps": [{"name": "a/b", "result": "ok"}, {"name": "c", "result": "bad"}]}
CASES = (
    case(
        "a time alone, under a max_age",
        State.SUCCEEDED,
        {"created": "2026-11-28T03:00:00.123456789Z"},
    ),
    case(
        "a time alone, without a max_age",
        State.UNKNOWN,
        {"created": "2026-11-28T03:00:00Z"},
        max_age=None,
        category=Category.USAGE,
    ),
    case("an old one", State.OVERDUE, {"created": "2026-11-01T03:00:00Z"}),
    case("seconds", State.SUCCEEDED, {"created": LAST.timestamp()}),
    case("milliseconds", State.SUCCEEDED, {"created": int(LAST.timestamp() * 1000)}),
    case(
        "no zone",
        State.UNKNOWN,
        {"created": "2026-11-28T03:00:00"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no zone, and one is configured",
        State.SUCCEEDED,
        {"created": "2026-11-28T12:00:00"},
        options={
            "file": "manifest.json",
            "finished": "created",
            "timezone": "Asia/Tokyo",
        },
        told={"finished": datetime(2026, 11, 28, 3, tzinfo=UTC)},
    ),
    case(
        "no time",
        State.UNKNOWN,
        {"created": None},
        category=Category.INVALID_RESPONSE,
    ),
    worded("a good word", State.SUCCEEDED, "ok", told={"bytes": 7, "finished": LAST}),
    worded(
        "a good word without the time that was asked for",
        State.UNKNOWN,
        "ok",
        field="made",
        category=Category.INVALID_RESPONSE,
    ),
    worded("a warning", State.COMPLETED_WITH_ERRORS, "warn"),
    worded("a bad word", State.FAILED, "bad", told={"reason": "so"}),
    worded(
        "an unknown word",
        State.UNKNOWN,
        "fine",
        told={"native": "fine"},
        category=Category.INVALID_RESPONSE,
    ),
    worded("no word", State.UNKNOWN, None, category=Category.INVALID_RESPONSE),
    case(
        "one of a list",
        State.FAILED,
        DUMPS,
        address="entry/c",
        options=ENTRIES,
    ),
    case(
        "one with a slash in its name",
        State.SUCCEEDED,
        DUMPS,
        address="entry/a%2Fb",
        options=ENTRIES,
        max_age=None,
    ),
    case(
        "none of a list",
        State.UNKNOWN,
        DUMPS,
        address="entry/d",
        options=ENTRIES,
        category=Category.NOT_FOUND,
    ),
    case(
        "a command's output",
        State.SUCCEEDED,
        None,
        answers={"command": {"created": LAST.isoformat()}},
        options={"command": ["dumps", "--json"], "finished": "created"},
    ),
    case(
        "a command that fails",
        State.UNKNOWN,
        None,
        answers={"command": Said(body={"created": LAST.isoformat()}, code=1)},
        options={"command": ["dumps", "--json"], "finished": "created"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a URL, with a token",
        State.SUCCEEDED,
        None,
        answers={"url": {"created": LAST.isoformat()}},
        options={
            "url": "https://example.org",
            "token": "${TOKEN}",
            "finished": "created",
        },
    ),
    profile(
        "a backup by resticprofile",
        State.SUCCEEDED,
        {"backup": BACKUP},
        told={
            "finished": datetime(2021, 3, 24, 16, 36, 56, 831077, UTC),
            "files": 215,
            "bytes": 296536447,
        },
        now=datetime(2021, 3, 24, 18, tzinfo=UTC),
    ),
    profile("an old one", State.OVERDUE, {"backup": BACKUP}),
    profile(
        "counts are 0 where nobody counted",
        State.SUCCEEDED,
        {"backup": {"success": True, "time": TIME, "files_total": 0, "bytes_added": 0}},
        told={"files": None, "bytes": None},
    ),
    profile(
        "one that failed hides the last success",
        State.FAILED,
        {"backup": {**FAILED, "error": "exit status 1"}},
        told={"reason": None, "last_success": None, "native": "false"},
    ),
    profile(
        "files that could not be read",
        State.COMPLETED_WITH_ERRORS,
        {"backup": {**FAILED, "error": "exit status 3"}},
        told={"reason": None, "native": "exit status 3"},
    ),
    profile(
        "it never ran",
        State.UNKNOWN,
        {"check": BACKUP},
        told={"reason": "it has never run", "native": None, "never_ran": True},
    ),
    profile(
        "a block that says nothing",
        State.UNKNOWN,
        {"backup": {"time": TIME}},
        category=Category.INVALID_RESPONSE,
    ),
    profile(
        "no such profile",
        State.UNKNOWN,
        {"backup": BACKUP},
        address="entry/other",
        category=Category.NOT_FOUND,
    ),
    profile(
        "a check that failed, beside a backup that did not",
        State.FAILED,
        {"backup": {"success": True, "time": TIME}, "check": FAILED},
        options={"file": "status.json", "preset": "resticprofile-check"},
    ),
    profile(
        "the backup beside a check that failed",
        State.SUCCEEDED,
        {"backup": {"success": True, "time": TIME}, "check": FAILED},
    ),
    profile(
        "a check that never ran",
        State.UNKNOWN,
        {"backup": BACKUP},
        options={"file": "status.json", "preset": "resticprofile-check"},
        told={"reason": "it has never run"},
    ),
    profile(
        "old backups were forgotten",
        State.SUCCEEDED,
        {"retention": {"success": True, "time": TIME}},
        options={"file": "status.json", "preset": "resticprofile-retention"},
    ),
    *(
        case(
            f"a job of Borg's that ended with {code!r}",
            state,
            {"exit": code, "finished": TIME},
            options={"file": "job.json", "preset": "borg-job"},
            **more,
        )
        for code, state, more in (
            (0, State.SUCCEEDED, {}),
            (1, State.COMPLETED_WITH_ERRORS, {}),
            (107, State.COMPLETED_WITH_ERRORS, {}),
            (2, State.FAILED, {}),
            (52, State.FAILED, {}),
            (127, State.FAILED, {}),
            (130, State.FAILED, {}),
            (None, State.UNKNOWN, {"category": Category.INVALID_RESPONSE}),
        )
    ),
    case(
        "no reason is none",
        State.FAILED,
        {"result": "bad", "why": False},
        options={
            "file": "manifest.json",
            "word": "result",
            "states": WORDS,
            "reason": "why",
        },
        told={"reason": None},
    ),
    case(
        "a command that ssh ended",
        State.UNKNOWN,
        None,
        answers={"command": Said(body={"created": LAST.isoformat()}, code=255)},
        options={"command": ["ssh", "db1", "dumps"], "finished": "created"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a restore that was tried",
        State.FAILED,
        {
            "started": "2026-11-28T03:00:00Z",
            "finished": "2026-11-28T04:00:00Z",
            "exit": 3,
        },
        options={"file": "drill.json", "preset": "drill"},
        told={"native": "3"},
    ),
    case(
        "a drill",
        State.SUCCEEDED,
        {
            "source": "orders-db",
            "started": "2026-11-28T03:00:00Z",
            "finished": "2026-11-28T03:14:00Z",
            "exit": 0,
            "duration": 840,
            "reason": None,
            "by": "cron",
            "last_success": "2026-11-28T03:14:00Z",
        },
        options={"file": "drill.json", "preset": "drill"},
        told={"details": Details(duration=840)},
    ),
    case(
        "a drill of last year",
        State.OVERDUE,
        {"finished": "2025-11-28T04:00:00Z", "exit": 0, "duration": -1},
        options={"file": "drill.json", "preset": "drill"},
        told={"details": Details()},
    ),
)


@pytest.mark.parametrize("one", checks(JsonDocument, CASES), ids=str)
def test_json(one: Check) -> None:
    """Expressions pick what a document says; the kit holds what every provider must."""
    one()
