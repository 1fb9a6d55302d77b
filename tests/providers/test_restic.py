"""restic's answers: snapshots by host, path and tag, exit codes, what a job said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from printed import NOW, Printed

from backup_badge.providers.restic import Restic
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.ways.locator import match_locator

COMMAND = {"command": ["restic", "snapshots", "--json", "--no-lock"]}
PRINTED = Printed(folder="restic", options=COMMAND)
sample, case, failing = PRINTED.sample, PRINTED.case, PRINTED.failing


def snapshot(time: str, **more: Any) -> dict[str, Any]:
    told = {"time": time, "hostname": "db1", "paths": ["/srv/orders"], "tags": None}
    return {**told, **more}


def job(*messages: dict[str, Any] | str) -> bytes:
    lines = (m if isinstance(m, str) else json.dumps(m) for m in messages)
    return "\n".join(lines).encode()


def ran(name: str, state: State, body: bytes, **more: Any) -> Case:
    told = {"address": "run", "answers": {"file": body}, "options": {"file": "run"}}
    return case(name, state, None, **{**told, **more})


def ended(code: int, **more: Any) -> dict[str, Any]:
    return {
        "message_type": "exit",
        "code": code,
        "time": "2026-11-28T03:00:00Z",
        **more,
    }


OLD, NEW = "2026-11-01T02:00:00Z", "2026-11-28T03:00:00.123456789+01:00"
SUMMARY = {
    "message_type": "summary",
    "total_files_processed": 12,
    "data_added": 400,
    "backup_start": "2026-11-28T02:00:00Z",
    "backup_end": "2026-11-28T02:30:00Z",
}
ERROR = {"message_type": "error", "item": "/srv/secret", "error": {"message": "x"}}
REPOSITORY = [
    snapshot(NEW),
    snapshot(OLD, hostname="web1", tags=["nightly", "db"]),
    snapshot("2026-11-28T04:00:00Z", paths=["/etc", "/srv/shop"], tags=["nightly"]),
    snapshot("yesterday", hostname="bad"),
    "junk",
]
SUMMED = snapshot(
    NEW,
    summary={
        "backup_start": NEW,
        "backup_end": "2026-11-28T02:30:00Z",
        "total_files_processed": 4024,
        "data_added": 17,
    },
)
NEWEST = datetime(2026, 11, 28, 2, 0, 0, 123456, UTC)
CASES = (
    case(
        "a snapshot only exists",
        State.SUCCEEDED,
        sample("snapshots-good.out"),
        told={
            "native": "exists",
            "started": datetime(2026, 11, 28, 9, 51, 13, 552482, UTC),
            "finished": None,
            "last_success": None,
        },
    ),
    case(
        "without a max_age nobody can tell",
        State.UNKNOWN,
        sample("snapshots-good.out"),
        max_age=None,
        category=Category.USAGE,
    ),
    case(
        "stale",
        State.OVERDUE,
        sample("snapshots-good.out"),
        now=NOW + timedelta(days=9),
    ),
    case(
        "one that lacks files looks the same",
        State.SUCCEEDED,
        sample("snapshots-after-partial.out"),
        told={"native": "exists"},
    ),
    case("empty", State.UNKNOWN, sample("snapshots-empty.out")),
    case("no match", State.UNKNOWN, sample("snapshots-no-match.out")),
    case(
        "groups of a host",
        State.SUCCEEDED,
        sample("snapshots-group-by-host.out"),
        address="host/db1",
        told={"started": datetime(2026, 11, 28, 9, 53, 14, 475619, UTC)},
    ),
    case(
        "another group",
        State.SUCCEEDED,
        sample("snapshots-group-by-host.out"),
        address="host/web1/path/srv/restic/other",
    ),
    case(
        "two hosts",
        State.SUCCEEDED,
        sample("snapshots-two-hosts-latest1.out"),
        address="host/web1",
    ),
    case(
        "a stale lock of another's",
        State.SUCCEEDED,
        sample("snapshots-stale-shared-lock.out"),
    ),
    case(
        "locked, and read with --no-lock",
        State.SUCCEEDED,
        sample("snapshots-while-locked-no-lock.out"),
    ),
    case("a host and a path", State.SUCCEEDED, REPOSITORY, address="host/db1/path/etc"),
    case(
        "newest by time, wherever it stands",
        State.SUCCEEDED,
        REPOSITORY[2::-1],
        address="path/srv/orders",
        told={"started": NEWEST},
    ),
    case(
        "a path is compared whole",
        State.UNKNOWN,
        REPOSITORY,
        address="path/srv",
        category=Category.NOT_FOUND,
    ),
    case("a tag", State.SUCCEEDED, REPOSITORY, address="tag/nightly"),
    case("a tag of a host", State.OVERDUE, REPOSITORY, address="host/web1/tag/nightly"),
    case(
        "all three",
        State.OVERDUE,
        REPOSITORY,
        address="host/web1/tag/db/path/%2Fsrv%2Forders",
    ),
    case(
        "a tag and a path", State.OVERDUE, REPOSITORY, address="tag/db/path/srv/orders"
    ),
    case(
        "no such host",
        State.UNKNOWN,
        REPOSITORY,
        address="host/db2",
        category=Category.NOT_FOUND,
    ),
    case(
        "a bad entry costs its own host",
        State.UNKNOWN,
        REPOSITORY,
        address="host/bad",
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a time without a zone",
        State.UNKNOWN,
        [snapshot("2026-11-28T03:00:00")],
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "from the future",
        State.UNKNOWN,
        [snapshot("2030-01-01T00:00:00Z"), snapshot(NEW)],
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "the summary of newer versions",
        State.SUCCEEDED,
        [SUMMED],
        told={
            "started": NEWEST,
            "finished": datetime(2026, 11, 28, 2, 30, tzinfo=UTC),
            "files": 4024,
            "bytes": 17,
        },
    ),
    case(
        "a file",
        State.SUCCEEDED,
        None,
        answers={"file": sample("snapshots-good.out")},
        options={"file": "snapshots.json"},
    ),
    failing("wrong password", Category.UNAUTHORIZED, 12),
    failing(
        "wrong password, before 0.17",
        Category.UNAUTHORIZED,
        1,
        sample("wrong-password.err").decode(),
    ),
    failing(
        "no password", Category.UNAUTHORIZED, 1, sample("no-password.err").decode()
    ),
    failing("no repository", Category.NOT_FOUND, 10),
    failing(
        "no repository, before 0.17",
        Category.NOT_FOUND,
        1,
        sample("no-repo.err").decode(),
    ),
    failing("locked", Category.UNREACHABLE, 11),
    failing(
        "locked, before 0.17",
        Category.UNREACHABLE,
        1,
        sample("snapshots-while-exclusively-locked.err").decode(),
    ),
    failing(
        "a repository that may only be read",
        Category.UNREACHABLE,
        1,
        sample("snapshots-readonly-repository.txt").decode(),
    ),
    failing(
        "a host that is down",
        Category.UNREACHABLE,
        1,
        'Fatal: unable to open config file: Head "https://s3.example.org/":'
        " dial tcp: lookup s3.example.org: no such host\n"
        "Is there a repository at the following location?",
    ),
    failing("any other failure", Category.INVALID_RESPONSE, 1, "Fatal: oh"),
    failing("a code that nobody knows", Category.INVALID_RESPONSE, 77),
    failing("interrupted", Category.INVALID_RESPONSE, 130),
    case(
        "a failing command is never green",
        State.UNKNOWN,
        Said(body=sample("snapshots-good.out"), code=1),
        category=Category.INVALID_RESPONSE,
    ),
    ran(
        "a job that ended well",
        State.SUCCEEDED,
        job(SUMMARY, ended(0)),
        max_age=None,
        told={
            "started": datetime(2026, 11, 28, 2, tzinfo=UTC),
            "finished": datetime(2026, 11, 28, 3, tzinfo=UTC),
            "last_success": datetime(2026, 11, 28, 3, tzinfo=UTC),
            "files": 12,
            "bytes": 400,
            "native": "exit code 0",
        },
    ),
    ran(
        "a job of restic 0.14",
        State.SUCCEEDED,
        sample("backup-good.out") + job(ended(0)),
        told={"files": 2},
    ),
    ran(
        "a job that left files out",
        State.COMPLETED_WITH_ERRORS,
        sample("backup-partial.out") + sample("backup-partial.err") + job(ended(3)),
        told={"errors": 1, "reason": "some files could not be read"},
    ),
    ran(
        "the same without its exit code",
        State.COMPLETED_WITH_ERRORS,
        job(ERROR, SUMMARY),
        told={"native": "error"},
    ),
    ran(
        "a newer version tells the exit code by itself",
        State.COMPLETED_WITH_ERRORS,
        job(SUMMARY, {"message_type": "exit_error", "code": 3, "message": "/srv"}),
        told={"native": "exit code 3"},
    ),
    ran(
        "a summary alone tells only that there is a snapshot",
        State.SUCCEEDED,
        job(SUMMARY),
        told={"native": "exists"},
    ),
    ran(
        "and needs a max_age",
        State.UNKNOWN,
        job(SUMMARY),
        max_age=None,
        category=Category.USAGE,
    ),
    ran(
        "a summary without a time",
        State.UNKNOWN,
        sample("backup-good.out"),
        category=Category.INVALID_RESPONSE,
    ),
    ran("a job that failed", State.FAILED, job("Fatal: no", ended(1))),
    ran("it was interrupted", State.STOPPED, job(ended(130))),
    ran(
        "a wrong password",
        State.FAILED,
        job(ended(12)),
        told={"reason": "the repository's password was wrong"},
    ),
    ran(
        "an unknown exit code is a failure",
        State.FAILED,
        job(SUMMARY, ended(77)),
        told={"native": "exit code 77"},
    ),
    ran("still running", State.UNKNOWN, job({"message_type": "status"})),
    ran(
        "a dry run saves nothing",
        State.UNKNOWN,
        job({**SUMMARY, "dry_run": True}, ended(0)),
    ),
    ran(
        "the last of several runs",
        State.FAILED,
        job(
            SUMMARY,
            ended(0, time="2026-11-27T03:00:00Z"),
            {"message_type": "exit_error", "code": 11},
            ended(11),
        ),
        told={
            "last_success": datetime(2026, 11, 27, 3, tzinfo=UTC),
            "native": "exit code 11",
            "files": None,
        },
    ),
    ran(
        "several calls in one run: an error of any of them counts",
        State.COMPLETED_WITH_ERRORS,
        job(ERROR, SUMMARY, {"message_type": "status"}, SUMMARY, ended(0)),
        told={"errors": 1, "files": None, "reason": "some files could not be read"},
    ),
    ran(
        "several calls that went well",
        State.SUCCEEDED,
        job(SUMMARY, SUMMARY, ended(0)),
        told={"finished": datetime(2026, 11, 28, 3, tzinfo=UTC), "files": None},
    ),
    ran(
        "a failure that a pipe hides, told by a newer version",
        State.FAILED,
        job({"message_type": "exit_error", "code": 12}, ended(0)),
        told={"native": "exit code 12"},
    ),
    ran(
        "the worst of several calls",
        State.FAILED,
        job(
            {"message_type": "exit_error", "code": 1},
            SUMMARY,
            {"message_type": "exit_error", "code": 3},
            ended(3),
        ),
        told={"native": "exit code 1"},
    ),
    ran(
        "a failure that a pipe hides, told by restic 0.14",
        State.UNKNOWN,
        job("Fatal: wrong password or no key found", ended(0)),
    ),
    ran(
        "an exit without its code",
        State.UNKNOWN,
        job(SUMMARY, {"message_type": "exit"}),
        category=Category.INVALID_RESPONSE,
    ),
    ran(
        "no output of restic's",
        State.UNKNOWN,
        b"Files: 1 new\nsnapshot saved\n",
        category=Category.INVALID_RESPONSE,
    ),
)


@pytest.mark.parametrize(
    ("address", "label"),
    [("latest", "restic"), ("run", "restic"), ("host/db1/path/srv/orders", "orders")],
)
def test_labels(address: str, label: str) -> None:
    """An address that names nothing is called by the system."""
    locator = match_locator(Restic.addresses, tuple(address.split("/")))
    assert locator is not None
    assert Restic().label(locator) == label


@pytest.mark.parametrize("one", checks(Restic, CASES), ids=str)
def test_restic(one: Check) -> None:
    """Snapshots exist, jobs say how they ended; the kit holds what all must keep."""
    one()
