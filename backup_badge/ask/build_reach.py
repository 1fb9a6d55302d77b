"""What reaches backup systems in a build: the network, commands, files."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backup_badge.config.settings import Settings
from backup_badge.http.responses import Response
from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.command import Completed, run_command
from backup_badge.ways.file import read_input
from backup_badge.ways.reach import Request

if TYPE_CHECKING:
    from backup_badge.http.client import Client


@dataclass
class BuildReach:
    """Reaches systems within the build's deadline. Used from several threads.

    ``client`` returns the one client of the build; it is made when the first request
    is, as the network library takes long to be imported. ``until`` tells when the time
    for waiting is over, by ``clock`` (monotonic seconds).
    """

    settings: Settings
    environ: Mapping[str, str] = field(repr=False)
    client: Callable[[], Client]
    until: Callable[[], float]
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic

    def begin(self) -> None:
        """Refuse to ask where ``offline`` is set."""
        if self.settings.offline:
            raise ProblemError(
                Category.OFFLINE, "nothing is asked, because 'offline' is set"
            )

    def send(self, request: Request) -> Response:
        """Make one exchange over the network."""
        return self.client().send(
            request.method,
            request.url,
            headers=request.headers,
            content=request.content,
            confidential=request.confidential,
            shown=request.shown,
            ca_file=request.ca_file,
        )

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        """Run a command within ``timeout`` and what is left of the deadline."""
        until = self.clock() + self.settings.timeout.total_seconds()
        return run_command(
            arguments,
            environ=self.environ,
            names=names,
            until=min(until, self.until()),
            clock=self.clock,
        )

    def read(self, path: Path) -> tuple[bytes, datetime]:
        """Read a file, offline too."""
        return read_input(path)
