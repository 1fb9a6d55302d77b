"""Asking a provider as a build does: over real HTTP on loopback, real files, commands.

Beside the kit, which hands a provider its answers, this shows that requests are what
the system's API wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from real_reach import RealReach

from backup_badge.options.option import read_options
from backup_badge.provider import Ask, Provider
from backup_badge.values.problem import ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.ways.access import Access
from backup_badge.ways.locator import match_locator


class RealAsker:
    """One configured system, asked for any number of sources in one build."""

    def __init__(
        self,
        provider: type[Provider],
        given: Mapping[str, Any],
        *,
        at: datetime,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._provider = provider()
        options, faults = read_options(provider.options(), given)
        assert not faults, faults
        assert not self._provider.faults(options)
        environ = environ or {}
        reach = RealReach(at=at, environ=environ)
        self._at = at
        self._access = Access(
            name=provider.type,
            provider=self._provider,
            given=options,
            reach=reach,
            environ=environ,
        )

    def status(self, address: str, *, max_age: timedelta | None = None) -> Status:
        """Return the judged status of a source, as a build would have it."""
        segments = tuple(address.split("/"))
        locator = match_locator(self._provider.addresses, segments)
        assert locator is not None
        ask = Ask(now=self._at, max_age=max_age, access=self._access)
        try:
            status = self._provider.read(ask, locator)
        except ProblemError as error:
            status = Status(reported=State.UNKNOWN, problem=error.problem)
        return judge(replace(status, checked=self._at), max_age=max_age, now=self._at)
