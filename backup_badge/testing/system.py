"""A system that answers as a case says, whatever the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from backup_badge.http.responses import Response
from backup_badge.testing.case import Case, said_of
from backup_badge.ways.command import Completed
from backup_badge.ways.reach import Request

Result = TypeVar("Result")
SECRET = "kit-secret-4711"
"""What every reference of a case stands for."""


class CaseSystem:
    """Answers from a case, whatever the way. Notes the commands that are run."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.commands: list[tuple[str, ...]] = []

    def send(self, request: Request) -> Response:
        """Answer by the path and query, else by 404."""
        path = "/" + request.url.partition("://")[2].partition("/")[2]
        asked = {unquote(path), unquote(path.partition("?")[0]), path}
        for key, said in self._case.answers.items():
            if key in asked or f"/{key}" in asked or (key == "url" and path == "/"):
                found = said_of(said)
                return Response(
                    status=200 if found.code is None else found.code,
                    headers=found.headers,
                    body=found.content,
                )
        return Response(status=404, headers={}, body=b"")

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        """Answer by ``command``."""
        self.commands.append(arguments)
        found = said_of(self._case.answers["command"])
        return Completed(
            code=found.code or 0, output=found.content, errors=found.errors.encode()
        )

    def read(self, path: Path) -> tuple[bytes, datetime]:
        """Answer by ``file``, written just now."""
        return said_of(self._case.answers["file"]).content, self._case.now

    def call(self, name: str, function: Callable[[], Result]) -> Result:
        """Call it."""
        return function()

    def begin(self) -> None:
        """Refuse nothing."""
        return

    def now(self) -> datetime:
        """Tell the time of the case."""
        return self._case.now


class Secrets(dict[str, str]):
    """An environment in which every variable is set, to the same secret."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return SECRET

    def get(self, name: str, default: object = None) -> str:
        """Return the secret."""
        return SECRET
