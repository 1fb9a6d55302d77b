"""A provider of another package that raises ``error`` in ``place``, or answers it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup_badge.provider import LIBRARY, Ask, Locator, Provider, State, Status


class Buggy(Provider):
    """Says that all is well, unless it is told otherwise."""

    type = "buggy"
    ways = (LIBRARY,)
    addresses = ("OWNER/ID",)
    place = ""
    error: BaseException = KeyError()
    answer: Any = Status(reported=State.SUCCEEDED)

    @classmethod
    def fail(cls, place: str) -> None:
        """Raise the error if this is the place for it."""
        if place == cls.place:
            raise cls.error

    def label(self, locator: Locator) -> str:
        """Return the ID."""
        self.fail("label")
        return locator["ID"]

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Find none."""
        self.fail("faults")
        return []

    def from_url(self, host: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Know no URL."""
        self.fail("from_url")
        return None

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Return the answer, and call a library on the way to it."""
        ask.call(self.fail, "call")
        ask.once("index", lambda: self.fail("once"))
        self.fail("read")
        answer: Status = self.answer
        return answer


def install(directory: Path) -> None:
    """Make a package in a directory that brings this provider."""
    package = directory / "buggy_provider-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Name: buggy-provider\nVersion: 1.0\n")
    entry = "[backup_badge.providers]\nbuggy = buggy_provider:Buggy\n"
    (package / "entry_points.txt").write_text(entry)
