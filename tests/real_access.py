"""Asking a provider as a build does: over real HTTP on loopback, real files, commands.

Beside the kit, which hands a provider its answers, this shows that requests are what
the system's API wants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from backup_badge.http.responses import Response
from backup_badge.options.option import read_options
from backup_badge.provider import Ask, Provider
from backup_badge.values.problem import ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.ways.access import Access
from backup_badge.ways.command import Completed, run_command
from backup_badge.ways.file import read_input
from backup_badge.ways.locator import match_locator
from backup_badge.ways.reach import Request

_PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class RealReach:
    """Reaches what is on this machine, at the time ``at``."""

    at: datetime
    environ: Mapping[str, str]

    def send(self, request: Request) -> Response:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                request.method,
                request.url,
                headers={**request.headers},
                json=request.content,
                verify=str(request.ca_file) if request.ca_file else True,
                timeout=_PATIENCE,
                allow_redirects=False,
            )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(status=answer.status_code, headers=headers, body=answer.content)

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        until = time.monotonic() + _PATIENCE
        return run_command(arguments, environ=self.environ, names=names, until=until)

    def read(self, path: Path) -> tuple[bytes, datetime]:
        return read_input(path)

    def call(self, name: str, function: Callable[[], Any]) -> Any:
        """Call it."""
        return function()

    def begin(self) -> None:
        return

    def now(self) -> datetime:
        return self.at


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
