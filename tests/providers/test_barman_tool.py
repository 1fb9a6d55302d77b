"""Real backups of Barman: the provider reads what ``list-backups`` prints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from postgres import Cluster, cluster
from real_tools import category, told, tool

from backup_badge.providers.barman import Barman
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.values.status import Status

pytestmark = pytest.mark.slow

CONFIGURATION = """\
[barman]
barman_home = {root}/barman
barman_user = {user}
barman_lock_directory = {root}
configuration_files_directory = {root}/nothing
log_file = {root}/barman.log
[orders]
description = Orders
conninfo = {address} dbname=postgres
streaming_conninfo = {address}
backup_method = postgres
archiver = on
immediate_checkpoint = true
path_prefix = {root}/programs
"""
ORDERS = "server/orders"
ARCHIVE = "cp %p {root}/barman/orders/$(cat {root}/where)/%f"


@dataclass
class Backups:
    """Backups of one server."""

    server: Cluster

    @property
    def orders(self) -> Path:
        return self.server.root / "barman" / "orders"

    def program(self, *arguments: str) -> tuple[str, ...]:
        return ("barman", "-c", f"{self.server.root}/barman.conf", *arguments)

    def run(self, *arguments: str, code: int = 0) -> None:
        self.server.run(*self.program(*arguments), code=code)

    def list(self, name: str = "orders") -> list[str]:
        program = self.program("-f", "json", "list-backups", name)
        return self.server.command(*program)

    def told(
        self,
        address: str = ORDERS,
        *,
        command: list[str] | None = None,
        zone: str = "UTC",
        **more: Any,
    ) -> Status:
        return told(
            Barman,
            address,
            options={"command": command or self.list()},
            environ={**self.server.environ, "TZ": zone},
            **more,
        )[address]

    def copies_with(self, script: str) -> None:
        """Have Barman copy with a program that does what the script says."""
        real = self.server.programs / "pg_basebackup"
        path = self.server.write(
            "programs/pg_basebackup",
            f'#!/bin/sh\n[ "$1" = --version ] && exec {real} --version\n{script}\n',
        )
        path.chmod(0o755)


@pytest.fixture(scope="module")
def backups() -> Iterator[Backups]:
    """Yield a server without backups, which the tests of this module fill."""
    tool("barman")
    with cluster(archive=ARCHIVE) as server:
        text = CONFIGURATION.format(
            root=server.root, user=server.user, address=server.address
        )
        server.write("barman.conf", text)
        for place in ("incoming", "elsewhere"):
            server.write(f"barman/orders/{place}/none", "").unlink()
        server.write("where", "incoming")
        made = Backups(server)
        made.copies_with(f'exec {server.programs}/pg_basebackup "$@"')
        yield made


def test_from_nothing_to_failure(backups: Backups) -> None:
    """A server is read right at each step of its life.

    It is one test, as each step needs the ones before it, and they take their time.
    """
    empty = backups.told()
    assert (category(empty), empty.native) == (None, None)

    # Barman wants to see a WAL file first. Later ones take another way at first.
    archived(backups)
    backups.server.write("where", "elsewhere")
    backups.run("backup", "orders")
    waiting = backups.told()
    assert (waiting.state, waiting.native) == (State.IN_PROGRESS, "WAITING_FOR_WALS")
    assert (waiting.finished, waiting.last_success) == (None, None)
    assert backups.told(max_age=timedelta(microseconds=1)).state is State.OVERDUE

    backups.server.write("where", "incoming")
    for path in (backups.orders / "elsewhere").iterdir():
        path.rename(backups.orders / "incoming" / path.name)
    archived(backups)
    backups.run("check-backup", "orders", "latest")
    done = backups.told()
    assert (done.state, done.native) == (State.SUCCEEDED, "DONE")
    assert done.finished is not None and done.details.bytes
    assert abs(datetime.now(UTC) - done.finished) < timedelta(minutes=10)
    assert backups.told(max_age=timedelta(microseconds=1)).state is State.OVERDUE
    assert backups.told(zone="Asia/Tokyo").finished == done.finished

    backups.copies_with("sleep 60")
    with backups.server.begun(*backups.program("backup", "orders")):
        started = until(backups, "STARTED")
        assert started.state is State.IN_PROGRESS
        assert started.last_success == done.finished

    time.sleep(1.1)  # The ID of a backup is the second in which it began.
    backups.copies_with("exit 1")
    backups.run("backup", "orders", code=1)
    failed = backups.told()
    assert (failed.state, failed.native) == (State.FAILED, "FAILED")
    assert failed.last_success == done.finished

    backups.server.stop()
    backups.run("backup", "orders", code=1)
    assert backups.told().native == "FAILED"


def test_failures(backups: Backups) -> None:
    """An unknown server, and a Barman that is not configured, are told apart."""
    unknown = backups.told("server/web", command=backups.list("web"))
    assert category(unknown) is Category.NOT_FOUND
    assert "no server of this name" in str(unknown.problem)
    command = backups.server.command(
        "barman", "-c", "/nonexistent", "list-backups", "orders"
    )
    assert category(backups.told(command=command)) is Category.INVALID_RESPONSE


def archived(backups: Backups) -> None:
    """Wait until a WAL file has arrived, and have Barman take it."""
    ends = time.monotonic() + 60
    backups.server.sql("select pg_switch_wal()")
    while not any((backups.orders / "incoming").iterdir()) and time.monotonic() < ends:
        time.sleep(0.05)
    time.sleep(0.2)
    backups.run("archive-wal", "orders")


def until(backups: Backups, word: str) -> Status:
    """Wait for a word, and return the status."""
    ends = time.monotonic() + 60
    status = backups.told()
    while status.native != word and time.monotonic() < ends:
        time.sleep(0.1)
        status = backups.told()
    return status
