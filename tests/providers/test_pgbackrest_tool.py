"""Real repositories of pgBackRest: the provider reads what ``info`` prints."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from postgres import Cluster, cluster
from real_tools import category, told, tool

from backup_badge.providers.pgbackrest import PgBackRest
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.values.status import Status

pytestmark = pytest.mark.slow

CONFIGURATION = """\
[global]
repo1-path={root}/first
repo2-path={root}/second
repo1-bundle=y
repo2-bundle=y
repo1-retention-full=9
repo2-retention-full=9
log-path={root}
lock-path={root}/lock
log-level-file=off
start-fast=y
compress-type=lz4
archive-check=n
[main]
pg1-path={root}/data
pg1-port=54991
pg1-socket-path={root}
pg1-user=postgres
"""
STANZA = "stanza/main"
FIRST = "stanza/main/repo/1"
SECOND = "stanza/main/repo/2"


@dataclass
class Repositories:
    """Two repositories of one stanza."""

    server: Cluster

    def program(self, *arguments: str) -> tuple[str, ...]:
        configuration = f"--config={self.server.root}/pgbackrest.conf"
        return ("pgbackrest", configuration, *arguments)

    def run(self, *arguments: str, code: int = 0) -> None:
        self.server.run(*self.program("--stanza=main", *arguments), code=code)

    def save(self, repository: int, *, code: int = 0) -> None:
        self.run(f"--repo={repository}", "--type=full", "backup", code=code)

    def told(self, *addresses: str, **more: Any) -> list[Status]:
        command = self.server.command(*self.program("info", "--output=json"))
        found = told(
            PgBackRest,
            *addresses,
            options={"command": command},
            environ=self.server.environ,
            **more,
        )
        return [found[address] for address in addresses]


@pytest.fixture(scope="module")
def repositories() -> Iterator[Repositories]:
    """Yield two repositories that the tests of this module fill, one after another."""
    tool("pgbackrest")
    with cluster(archive="true") as server:
        root = server.root
        server.write("pgbackrest.conf", CONFIGURATION.format(root=root))
        yield Repositories(server)


def is_recent(time: datetime | None) -> bool:
    return time is not None and abs(datetime.now(UTC) - time) < timedelta(minutes=10)


def test_from_nothing_to_damage(repositories: Repositories) -> None:
    """A stanza is read right at each step of its life.

    It is one test, as each step needs the ones before it, and they take their time.
    """
    (missing,) = repositories.told(STANZA)
    assert category(missing) is Category.NOT_FOUND

    repositories.run("stanza-create")
    (empty,) = repositories.told(STANZA)
    assert (empty.state, empty.native) == (State.FAILED, "no valid backups")

    repositories.save(1)
    stanza, first, second = repositories.told(STANZA, FIRST, SECOND)
    assert stanza.state is State.COMPLETED_WITH_ERRORS
    assert stanza.native == "different across repos"
    assert first.state is State.SUCCEEDED
    assert is_recent(first.finished) and is_recent(stanza.last_success)
    assert (second.state, second.last_success) == (State.FAILED, None)

    repositories.save(2)
    stanza, second = repositories.told(STANZA, SECOND)
    assert (stanza.state, second.state) == (State.SUCCEEDED, State.SUCCEEDED)
    assert stanza.finished == first.finished
    (unjudged,) = repositories.told(STANZA, max_age=None)
    assert unjudged.state is State.UNKNOWN and "max_age" in str(unjudged.problem)
    (stale,) = repositories.told(STANZA, max_age=timedelta(microseconds=1))
    assert stale.state is State.OVERDUE

    with running(repositories):
        (status,) = repositories.told(STANZA)
        assert (status.state, status.native) == (State.IN_PROGRESS, "backup running")
        assert status.last_success == second.finished
    (status,) = repositories.told(STANZA)
    assert status.state is State.SUCCEEDED, "what was ended leaves no trace"

    damage(repositories.server)
    repositories.save(1)
    stanza, first = repositories.told(STANZA, FIRST)
    assert stanza.state is first.state is State.COMPLETED_WITH_ERRORS
    assert first.native == "page checksum errors"
    assert first.last_success is not None and first.last_success < first.finished

    repositories.server.stop()
    repositories.save(1, code=56)
    (unchanged,) = repositories.told(FIRST)
    assert unchanged.finished == first.finished

    repository = repositories.server.root / "first"
    repository.chmod(0)
    try:
        (first,) = repositories.told(FIRST)
    finally:
        repository.chmod(0o700)
    assert (first.state, first.native) == (State.UNKNOWN, "other")
    assert str(repository) not in repr(first)


def test_a_command_that_fails(repositories: Repositories) -> None:
    """An option that pgBackRest does not know is a problem, and not shown."""
    command = repositories.server.command("pgbackrest", "info", "--outputs=json")
    found = told(
        PgBackRest,
        STANZA,
        options={"command": command},
        environ=repositories.server.environ,
    )
    assert category(found[STANZA]) is Category.USAGE
    assert "outputs" not in str(found[STANZA].problem)


@contextmanager
def running(repositories: Repositories) -> Iterator[None]:
    """Have a backup wait for a checkpoint, and end it."""
    options = ("--stanza=main", "--no-start-fast", "--repo=1", "backup")
    server = repositories.server
    server.sql("create table orders as select generate_series(1, 1000) as number")
    with server.begun(*repositories.program(*options)):
        lock = server.root / "lock" / "main-backup.lock"
        until = time.monotonic() + 60
        while not lock.exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        yield


def damage(server: Cluster) -> None:
    """Write into a page of a table, behind the server's back."""
    server.sql("checkpoint")
    path = server.root / "data" / server.sql("select pg_relation_filepath('orders')")
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"damage")
        os.fsync(file.fileno())
