"""What reaches backup systems in a build: the network, commands, files."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from backup_badge.config.settings import Settings
from backup_badge.http.redaction import redactor
from backup_badge.http.responses import Response
from backup_badge.values.problem import Category, Problem, ProblemError
from backup_badge.ways.command import Completed, run_command
from backup_badge.ways.file import read_input
from backup_badge.ways.reach import Exchange, Request, Trace

if TYPE_CHECKING:
    from backup_badge.http.client import Client

Result = TypeVar("Result")

OFFLINE = Problem(
    category=Category.OFFLINE,
    message="nothing is asked, because 'offline' is set",
)


@dataclass
class BuildReach:
    """Reaches systems within the build's deadline. Used from several threads.

    ``client`` returns the one client of the build; it is made when the first request
    is, as the network library takes long to be imported. ``until`` tells when the time
    for waiting is over, by ``clock`` (monotonic seconds). ``trace`` is told of each
    exchange.
    """

    settings: Settings
    environ: Mapping[str, str] = field(repr=False)
    client: Callable[[], Client]
    until: Callable[[], float]
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic
    trace: Trace | None = None

    def begin(self) -> None:
        """Refuse to ask where ``offline`` is set."""
        if self.settings.offline:
            raise ProblemError(OFFLINE.category, OFFLINE.message)

    def send(self, request: Request) -> Response:
        """Make one exchange over the network."""

        def send() -> Response:
            return self.client().send(
                request.method,
                request.url,
                headers=request.headers,
                content=request.content,
                confidential=request.confidential,
                shown=request.shown,
                ca_file=request.ca_file,
            )

        if self.trace is None:
            return send()
        path = redactor(request.secrets)(request.path)
        made = Exchange(what=request.method, path=path, place=request.shown)
        return self._traced(made, send, lambda r: (f"status {r.status}", len(r.body)))

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        """Run a command within ``timeout`` and what is left of the deadline."""

        def run() -> Completed:
            until = self.clock() + self.settings.timeout.total_seconds()
            return run_command(
                arguments,
                environ=self.environ,
                names=names,
                until=min(until, self.until()),
                clock=self.clock,
            )

        made = Exchange(what="command", path=arguments[0].rpartition("/")[2])
        return self._traced(
            made, run, lambda done: (f"exit code {done.code}", len(done.output))
        )

    def read(self, path: Path) -> tuple[bytes, datetime]:
        """Read a file, offline too."""
        made = Exchange(what="file", path=path.name)
        return self._traced(
            made, partial(read_input, path), lambda read: ("read", len(read[0]))
        )

    def call(self, name: str, function: Callable[[], Result]) -> Result:
        """Call a library's function. How many entries it returns is told, no more."""
        made = Exchange(what="call", path=name.strip("_"))
        return self._traced(made, function, lambda found: (_counted(found), 0))

    def _traced(
        self,
        made: Exchange,
        make: Callable[[], Result],
        describe: Callable[[Result], tuple[str, int]],
    ) -> Result:
        """Make an exchange, and tell of it what came of it."""
        if self.trace is None:
            return make()
        begun = self.clock()
        came, size = "", 0
        try:
            result = make()
            came, size = describe(result)
            return result
        except ProblemError as error:
            came = str(error)
            raise
        finally:
            took = self.clock() - begun
            self.trace(replace(made, came=came, size=size, seconds=took))


def _counted(found: object) -> str:
    if not isinstance(found, Sized):
        return "done"
    return "1 entry" if len(found) == 1 else f"{len(found)} entries"
