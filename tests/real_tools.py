"""Asking real programs: commands are run and files are read as in a build."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from real_reach import RealReach

from backup_badge.options.option import read_options
from backup_badge.provider import Access, Ask, Provider
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.source import parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.ways.command import Completed
from backup_badge.ways.locator import match_locator

DAY = timedelta(hours=26)


def tool(name: str) -> str:
    """Return where a program is, or skip."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"this machine has no {name} to make repositories with")
    return found


@dataclass(kw_only=True)
class Machine(RealReach):
    """Counts the commands that were run."""

    ran: int = field(default=0)

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        """Run a command."""
        self.ran += 1
        return super().run(arguments, names)


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
    machine, made = Machine(environ=environ), provider()
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
