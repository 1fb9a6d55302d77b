"""Asking real programs: commands are run and files are read as in a build."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backup_badge.http.responses import Response
from backup_badge.options.option import read_options
from backup_badge.provider import Access, Ask, Provider
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.source import parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.ways.command import Completed, run_command
from backup_badge.ways.file import read_input
from backup_badge.ways.locator import match_locator
from backup_badge.ways.reach import Request

DAY = timedelta(hours=26)


def tool(name: str) -> str:
    """Return where a program is, or skip."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"this machine has no {name} to make repositories with")
    return found


@dataclass
class Machine:
    """Runs commands and reads files, in an environment of its own."""

    environ: Mapping[str, str]
    ran: int = field(default=0)

    def send(self, request: Request) -> Response:
        """Refuse: no program here is asked over HTTP."""
        raise AssertionError(request.url)

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        """Run a command for no longer than a minute."""
        self.ran += 1
        until = time.monotonic() + 60
        return run_command(arguments, environ=self.environ, names=names, until=until)

    def read(self, path: Path) -> tuple[bytes, datetime]:
        """Read a file."""
        return read_input(path)

    def call(self, name: str, function: Callable[[], Any]) -> Any:
        """Call it."""
        return function()

    def begin(self) -> None:
        """Nothing is offline."""

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC)


def told(
    provider: type[Provider],
    *addresses: str,
    options: Mapping[str, object],
    environ: Mapping[str, str],
    max_age: timedelta | None = DAY,
) -> dict[str, Status]:
    """Return the judged statuses of some addresses, as one build has them.

    The command runs at most once.
    """
    given, faults = read_options(provider.options(), options)
    assert not faults, faults
    machine, made = Machine(environ), provider()
    shared: dict[str, Any] = {"reach": machine, "environ": environ, "given": given}
    access = Access(name=provider.type, provider=made, **shared)
    statuses = {}
    for address in addresses:
        segments = parse_address(f"{provider.type}:{address}").segments
        locator = match_locator(provider.addresses, segments)
        assert locator is not None, address
        ask = Ask(now=machine.now(), max_age=max_age, access=access)
        try:
            status = made.read(ask, locator)
        except ProblemError as error:
            status = Status(reported=State.UNKNOWN, problem=error.problem)
        now = machine.now()
        status = replace(status, checked=now)
        statuses[address] = judge(status, max_age=max_age, now=now)
    assert machine.ran <= 1
    return statuses


def category(status: Status) -> Category | None:
    """Return the category of the problem of a status that is unknown."""
    assert status.state is State.UNKNOWN, status
    return status.problem.category if status.problem else None
