"""What is really asked: HTTP on loopback, commands, files; as in a build."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from backup_badge.http.responses import Response
from backup_badge.ways.command import Completed, run_command
from backup_badge.ways.file import read_input
from backup_badge.ways.reach import Request

_PATIENCE = 60.0


@dataclass(kw_only=True)
class RealReach:
    """Reaches what is on this machine, at the time ``at`` or now.

    Commands run for no longer than a minute.
    """

    environ: Mapping[str, str]
    at: datetime | None = None

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
        return self.at or datetime.now(UTC)
