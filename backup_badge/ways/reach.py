"""What reaches systems, as the ways need it; the test kit has one of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from backup_badge.http.responses import Response
from backup_badge.ways.command import Completed


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP exchange to make.

    One that is ``confidential`` holds a credential and never leaves its origin.
    ``shown`` is how messages call the origin. ``ca_file`` holds certificates to trust.
    ``path`` is the part of the URL that was asked for, and ``secrets`` must not be
    repeated where that is told.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: object = field(default=None, repr=False)
    confidential: bool = False
    shown: str = ""
    ca_file: Path | None = None
    path: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One exchange that was made, for a trace: no secret is in it.

    ``what`` is a method, ``file``, ``command`` or ``call`` (of a library); ``path`` is
    that of a URL below the configured one, or a name. ``came`` is a status, an exit
    code, a number of entries or a problem; ``size`` is in bytes, ``seconds`` is the
    time taken.
    """

    what: str
    path: str
    place: str = ""
    came: str = ""
    size: int = 0
    seconds: float = 0.0


Result = TypeVar("Result")
Trace = Callable[[Exchange], None]


class Reach(Protocol):
    """Makes exchanges, runs commands, reads files. Used from several threads."""

    def send(self, request: Request) -> Response:
        """Make one exchange, whatever its status. Raises ProblemError."""

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        """Run a command with these variables beside the minimal environment.

        Raises ProblemError.
        """

    def read(self, path: Path) -> tuple[bytes, datetime]:
        """Return a file's content and its time (UTC). Raises ProblemError."""

    def call(self, name: str, function: Callable[[], Result]) -> Result:
        """Return what a library's function returns, which the name stands for.

        Raises ProblemError: so does the function.
        """

    def begin(self) -> None:
        """Raise ProblemError (``offline``) where nothing may be asked."""

    def now(self) -> datetime:
        """Tell the time (UTC)."""
