"""What reaches systems, as the ways need it; the test kit has one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from backup_badge.http.responses import Response
from backup_badge.ways.command import Completed


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP exchange to make.

    One that is ``confidential`` holds a credential and never leaves its origin.
    ``shown`` is how messages call the origin. ``ca_file`` holds certificates to trust.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: object = field(default=None, repr=False)
    confidential: bool = False
    shown: str = ""
    ca_file: Path | None = None


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

    def begin(self) -> None:
        """Raise ProblemError (``offline``) where nothing may be asked."""

    def now(self) -> datetime:
        """Tell the time (UTC)."""
