"""Borg's and borgmatic's answers: names, zones, checkpoints, several repositories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from printed import NOW, Printed

from backup_badge.providers.borg import Borg
from backup_badge.providers.borgmatic import Borgmatic
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

OPTIONS = {"command": ["borg", "list", "--json"], "timezone": "UTC"}
MATIC = {"command": ["borgmatic", "list", "--json"], "timezone": "UTC"}
RECORDED = datetime(2026, 11, 28, 9, 53, 42, tzinfo=UTC)
PRINTED = Printed(folder="borg", options=OPTIONS)
sample, case, failing = PRINTED.sample, PRINTED.case, PRINTED.failing


def listed(*archives: tuple[str, str], label: str = "near") -> dict[str, Any]:
    rows = [{"name": name, "start": start} for name, start in archives]
    told = {"location": f"/srv/{label}", "label": label}
    return {"archives": rows, "repository": told}


NEW, OLD = "2026-11-28T03:00:00.000000", "2026-10-28T03:00:00.000000"
ARCHIVES = (
    ("db1-a", NEW),
    ("web-a", "2026-10-01T03:00:00.000000"),
    ("web-b", OLD),
    ("db10-a", OLD),
    ("db1-b.checkpoint", "2026-11-28T04:00:00.000000"),
    ("web-c.checkpoint.1", "2026-11-28T04:00:00.000000"),
    ("bad-a", "yesterday"),
)
BORG = (
    case(
        "an archive only exists",
        State.SUCCEEDED,
        sample("list-good.out"),
        told={"native": "exists", "started": RECORDED, "last_success": None},
    ),
    case(
        "nobody can tell",
        State.UNKNOWN,
        sample("list-good.out"),
        max_age=None,
        category=Category.USAGE,
    ),
    case("stale", State.OVERDUE, sample("list-good.out"), now=NOW + timedelta(days=9)),
    case(
        "in another zone",
        State.SUCCEEDED,
        sample("list-tokyo.out"),
        options={**OPTIONS, "timezone": "Asia/Tokyo"},
        told={"started": RECORDED},
    ),
    case(
        "the same in the wrong zone comes from the future",
        State.UNKNOWN,
        sample("list-format-epoch.out"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no zone is configured",
        State.UNKNOWN,
        sample("list-good.out"),
        options={"command": OPTIONS["command"]},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "borg 2 writes the zone",
        State.SUCCEEDED,
        listed(("db1", "2026-11-28T03:00:00.000000+09:00")),
        options={"command": OPTIONS["command"]},
        told={"started": datetime(2026, 11, 27, 18, tzinfo=UTC)},
    ),
    case(
        "borg info",
        State.SUCCEEDED,
        sample("info-good.out"),
        told={"finished": RECORDED, "files": 2, "bytes": 50889},
    ),
    case(
        "one that lacks files looks the same",
        State.SUCCEEDED,
        sample("info-after-partial.out"),
        told={"native": "exists"},
    ),
    case(
        "borg create left a file",
        State.SUCCEEDED,
        None,
        answers={"file": sample("create-partial.out")},
        options={"file": "create.json", "timezone": "UTC"},
        told={"native": "exists", "files": 1},
    ),
    case("empty", State.UNKNOWN, sample("list-empty.out")),
    case("empty by borg info", State.UNKNOWN, sample("info-empty.out")),
    case("locked, and bypassed", State.SUCCEEDED, sample("list-locked-bypass.out")),
    case(
        "a prefix, newest by time",
        State.OVERDUE,
        listed(*ARCHIVES),
        address="prefix/web-",
        told={"started": datetime(2026, 10, 28, 3, tzinfo=UTC)},
    ),
    case("a prefix", State.SUCCEEDED, listed(*ARCHIVES), address="prefix/db1-"),
    case("a glob", State.OVERDUE, listed(*ARCHIVES), address="glob/*0-%3F"),
    case("a name", State.SUCCEEDED, listed(*ARCHIVES), address="archive/db1-a"),
    case(
        "a name is compared whole",
        State.UNKNOWN,
        listed(*ARCHIVES),
        address="archive/db1",
        category=Category.NOT_FOUND,
    ),
    case(
        "a checkpoint is no archive, by name either",
        State.UNKNOWN,
        listed(*ARCHIVES),
        address="archive/db1-b.checkpoint",
        category=Category.NOT_FOUND,
    ),
    case(
        "nothing but checkpoints",
        State.UNKNOWN,
        listed(*ARCHIVES[4:6]),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "a bad entry costs its own source",
        State.UNKNOWN,
        listed(*ARCHIVES),
        address="prefix/bad",
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no output of borg's",
        State.UNKNOWN,
        {"repository": {}},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "borg info of the repository alone",
        State.UNKNOWN,
        {"repository": {"last_modified": NEW}, "cache": {}},
        category=Category.INVALID_RESPONSE,
    ),
    failing(
        "wrong passphrase",
        Category.UNAUTHORIZED,
        2,
        sample("info-wrong-passphrase.err").decode(),
    ),
    failing(
        "wrong passphrase, --log-json",
        Category.UNAUTHORIZED,
        2,
        sample("info-wrong-passphrase-logjson.err").decode(),
    ),
    failing("wrong passphrase, by its code", Category.UNAUTHORIZED, 52),
    failing(
        "no repository", Category.NOT_FOUND, 2, sample("list-no-repo.err").decode()
    ),
    failing("no repository, by its code", Category.NOT_FOUND, 13),
    failing("locked", Category.UNREACHABLE, 2, sample("list-locked.err").decode()),
    failing(
        "a repository that may only be read",
        Category.UNREACHABLE,
        2,
        "Failed to create/acquire the lock /srv/borg/repo/lock.exclusive ([Errno 13]"
        " Permission denied: '/srv/borg/repo/lock.exclusive.rvq2st1s.tmp').",
    ),
    failing("locked, by its code", Category.UNREACHABLE, 73),
    failing(
        "it moved, and asks", Category.USAGE, 2, sample("list-relocated.err").decode()
    ),
    failing("it moved, by its code", Category.USAGE, 62),
    failing("the host closed", Category.UNREACHABLE, 2, "Connection closed by remote"),
    failing("any other failure", Category.INVALID_RESPONSE, 2, "oh"),
    failing("a warning", Category.INVALID_RESPONSE, 1),
    case(
        "a failing command is never green",
        State.UNKNOWN,
        Said(body=sample("list-good.out"), code=255),
        category=Category.INVALID_RESPONSE,
    ),
)


def matic(name: str, state: State, answer: Any, **more: Any) -> Case:
    return case(name, state, answer, **{"options": MATIC, **more})


TWO = [listed(*ARCHIVES[:2]), listed(("db1-a", OLD), label="far")]
BORGMATIC = (
    matic("its list", State.SUCCEEDED, sample("borgmatic-list.out")),
    matic(
        "its info",
        State.SUCCEEDED,
        sample("borgmatic-info.out"),
        told={"finished": RECORDED, "native": "exists"},
    ),
    matic(
        "a location, of a version without labels",
        State.SUCCEEDED,
        sample("borgmatic-list.out"),
        address="repository/%2Fsrv%2Fborg%2Frepo",
    ),
    matic("the near one", State.SUCCEEDED, TWO, address="repository/near"),
    matic("the far one", State.OVERDUE, TWO, address="repository/far"),
    matic("all: the one that lags behind", State.OVERDUE, TWO),
    matic("all, by prefix", State.OVERDUE, TWO, address="prefix/db1-"),
    matic("all, by glob", State.OVERDUE, TWO, address="glob/db?-*"),
    matic("all, by name", State.OVERDUE, TWO, address="archive/db1-a"),
    matic("one of them is empty", State.UNKNOWN, [TWO[0], listed(label="far")]),
    matic(
        "one and a prefix",
        State.OVERDUE,
        TWO,
        address="repository/near/prefix/web-",
    ),
    matic("one and a glob", State.SUCCEEDED, TWO, address="repository/near/glob/d*"),
    matic("one and a name", State.OVERDUE, TWO, address="repository/far/archive/db1-a"),
    matic(
        "no such label",
        State.UNKNOWN,
        TWO,
        address="repository/other",
        category=Category.NOT_FOUND,
    ),
    matic(
        "two of one label",
        State.UNKNOWN,
        [TWO[0], TWO[0]],
        address="repository/near",
        category=Category.NOT_FOUND,
    ),
    matic("no repository at all", State.UNKNOWN, []),
    matic(
        "a file",
        State.SUCCEEDED,
        None,
        answers={"file": sample("borgmatic-list.out")},
        options={"file": "borgmatic.json", "timezone": "UTC"},
    ),
    matic(
        "one repository fails, and it prints nothing",
        State.UNKNOWN,
        Said(code=1, errors="Repository /srv/far does not exist."),
        category=Category.NOT_FOUND,
    ),
    matic(
        "it moved, and Borg asks",
        State.UNKNOWN,
        Said(code=1, errors=sample("list-relocated.err").decode()),
        category=Category.USAGE,
    ),
)


@pytest.mark.parametrize("one", checks(Borg, BORG), ids=str)
def test_borg(one: Check) -> None:
    """Archives exist, by name and time; the kit holds what every provider must."""
    one()


@pytest.mark.parametrize("one", checks(Borgmatic, BORGMATIC), ids=str)
def test_borgmatic(one: Check) -> None:
    """Each repository is one, and all are as good as the one that lags behind."""
    one()
