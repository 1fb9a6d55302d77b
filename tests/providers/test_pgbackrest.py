"""pgBackRest's ``info``: codes, repositories, damaged pages. From recorded answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from printed import Printed

from backup_badge.providers.pgbackrest import PgBackRest
from backup_badge.testing import Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
COMMAND = {"command": ["pgbackrest", "info", "--output=json"]}
GOOD = datetime(2026, 11, 28, 9, 54, 31, tzinfo=UTC)
DAMAGED = datetime(2026, 11, 28, 9, 54, 52, tzinfo=UTC)
FIRST = datetime(2026, 11, 28, 13, 15, 21, tzinfo=UTC)
SECOND = datetime(2026, 11, 28, 13, 15, 23, tzinfo=UTC)
PRINTED = Printed(folder="pgbackrest", options=COMMAND, address="stanza/main", now=NOW)
case = PRINTED.case


def sample(name: str) -> bytes:
    return PRINTED.sample(f"info-{name}.out")


def read(name: str) -> list[Any]:
    """Return a recorded answer, without what no status tells."""
    stanzas: list[Any] = json.loads(sample(name))
    for stanza in stanzas:
        del stanza["archive"], stanza["cipher"], stanza["db"]
        for backup in stanza["backup"]:
            for key in ("archive", "backrest", "info", "lsn", "prior", "reference"):
                del backup[key]
    return stanzas


def changed(name: str, **status: Any) -> list[Any]:
    """Return a recorded answer with another status."""
    stanzas = read(name)
    stanzas[0]["status"].update(status)
    return stanzas


def with_second(**backup: Any) -> list[Any]:
    """Return the answer of two repositories, the second one's backup changed."""
    stanzas = read("two-repositories")
    stanzas[0]["backup"][1].update(backup)
    return stanzas


OLD = {"timestamp": {"start": 1795300000, "stop": 1795300009}}
UNORDERED = changed("ok")
UNORDERED[0]["backup"].append({**UNORDERED[0]["backup"][0], **OLD})
BESIDE = [{"name": ["junk"], "backup": 7}, *read("ok")]
BEFORE_2_32 = changed("ok")
del BEFORE_2_32[0]["repo"], BEFORE_2_32[0]["backup"][0]["database"]["repo-key"]

CASES = (
    case(
        "a backup of this night",
        State.SUCCEEDED,
        sample("ok"),
        told={
            "native": "exists",
            "finished": GOOD,
            "last_success": GOOD,
            "bytes": 3062607,
            "reason": None,
        },
    ),
    case(
        "the same from a file",
        State.SUCCEEDED,
        None,
        answers={"file": read("ok")},
        options={"file": "info.json"},
    ),
    case(
        "its age cannot be judged",
        State.UNKNOWN,
        read("ok"),
        max_age=None,
        category=Category.USAGE,
        told={"last_success": GOOD, "reason": None},
    ),
    case(
        "an old backup",
        State.OVERDUE,
        read("ok"),
        now=NOW + timedelta(days=2),
        told={"finished": GOOD},
    ),
    case(
        "failures since leave no trace",
        State.COMPLETED_WITH_ERRORS,
        sample("after-failed-backup"),
        told={"last_success": GOOD},
    ),
    case("newest by time", State.SUCCEEDED, UNORDERED, told={"finished": GOOD}),
    case(
        "damaged pages",
        State.COMPLETED_WITH_ERRORS,
        sample("backup-error"),
        told={
            "native": "page checksum errors",
            "finished": DAMAGED,
            "last_success": GOOD,
            "reason": "the newest backup holds damaged pages",
        },
    ),
    case(
        "all stanzas",
        State.COMPLETED_WITH_ERRORS,
        sample("all-stanzas"),
        address="stanza/main/repo/1",
        told={"last_success": GOOD},
    ),
    case(
        "running",
        State.IN_PROGRESS,
        sample("while-running"),
        told={"native": "backup running", "last_success": GOOD, "finished": None},
    ),
    case(
        "running, and the last success is old",
        State.OVERDUE,
        read("while-running"),
        now=NOW + timedelta(days=2),
    ),
    case(
        "the first backup runs",
        State.IN_PROGRESS,
        changed("no-backup", lock={"backup": {"held": True, "size": 9}}),
    ),
    case(
        "running in a stanza that is broken",
        State.FAILED,
        changed("ok", code=3, lock={"backup": {"held": True}}),
    ),
    case(
        "no backup",
        State.FAILED,
        sample("no-backup"),
        told={"native": "no valid backups", "last_success": None},
    ),
    case(
        "no such stanza",
        State.FAILED,
        sample("missing-stanza"),
        told={"native": "missing stanza path"},
    ),
    case(
        "nothing at all",
        State.UNKNOWN,
        sample("nothing"),
        category=Category.NOT_FOUND,
    ),
    case(
        "another stanza",
        State.UNKNOWN,
        read("ok"),
        address="stanza/orders",
        category=Category.NOT_FOUND,
    ),
    *(
        case(
            f"a repository that may not be read, {name}",
            State.UNKNOWN,
            sample(name),
            told={
                "native": "other",
                "reason": "pgBackRest cannot read its repository: run 'info' as the"
                " user who builds",
            },
        )
        for name in ("other-user", "unreadable-as-owner")
    ),
    *(
        case(word, state, changed("ok", code=code), told={"native": word})
        for code, word, state in (
            (3, "missing stanza data", State.FAILED),
            (5, "database mismatch across repos", State.COMPLETED_WITH_ERRORS),
            (6, "requested backup not found", State.UNKNOWN),
        )
    ),
    case(
        "a code that nobody knows",
        State.UNKNOWN,
        changed("ok", code=7),
        category=Category.INVALID_RESPONSE,
        told={"native": "code 7"},
    ),
    case(
        "no code",
        State.UNKNOWN,
        changed("ok", code=None),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "two repositories: the older one counts",
        State.SUCCEEDED,
        sample("two-repositories"),
        told={"finished": FIRST, "reason": "the newest backup in repository 1"},
    ),
    case(
        "the second repository",
        State.SUCCEEDED,
        read("two-repositories"),
        address="stanza/main/repo/2",
        told={"finished": SECOND, "reason": None},
    ),
    case("the second one is old", State.OVERDUE, with_second(**OLD)),
    case(
        "the second one is old, asked for the first",
        State.SUCCEEDED,
        with_second(**OLD),
        address="stanza/main/repo/1",
        told={"finished": FIRST},
    ),
    case(
        "the second one is damaged",
        State.COMPLETED_WITH_ERRORS,
        with_second(error=True),
        told={
            "finished": SECOND,
            "reason": "the newest backup in repository 2 holds damaged pages",
        },
    ),
    case(
        "the second one cannot be read",
        State.COMPLETED_WITH_ERRORS,
        sample("second-unreadable"),
        told={"native": "different across repos", "last_success": FIRST},
    ),
    case(
        "the second one cannot be read, asked for it",
        State.UNKNOWN,
        read("second-unreadable"),
        address="stanza/main/repo/2",
        told={"native": "other", "last_success": None},
    ),
    case(
        "no third repository",
        State.UNKNOWN,
        read("two-repositories"),
        address="stanza/main/repo/3",
        category=Category.NOT_FOUND,
    ),
    case("says ok, and has none", State.UNKNOWN, changed("no-backup", code=0)),
    case("junk beside it", State.SUCCEEDED, BESIDE),
    case("an answer of an old version", State.SUCCEEDED, BEFORE_2_32),
    case(
        "a command that fails",
        State.UNKNOWN,
        Said(body=b"", code=55, errors="ERROR: [055]: unable to load db1.example"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "an option of another version",
        State.UNKNOWN,
        Said(body=b"", code=31, errors="ERROR: [031]: invalid option '--outputs'"),
        category=Category.USAGE,
    ),
)


@pytest.mark.parametrize("one", checks(PgBackRest, CASES), ids=str)
def test_pgbackrest(one: Check) -> None:
    """Codes and backups come to their states; the kit holds what every one must."""
    one()
