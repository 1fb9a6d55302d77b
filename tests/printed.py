"""Cases of what a program printed: recorded answers, exit codes, ages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backup_badge.testing import Case, Said
from backup_badge.values.problem import Category
from backup_badge.values.state import State

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(hours=26)


@dataclass(frozen=True, kw_only=True)
class Printed:
    """The answers of one program, run as ``options`` say.

    ``folder`` below ``providers/samples`` holds what was recorded; ``address`` is what
    a case is about that names none, ``now`` when it is judged.
    """

    folder: str
    options: Mapping[str, Any]
    address: str = "latest"
    now: datetime = NOW

    def sample(self, name: str) -> bytes:
        """Return a recorded answer."""
        samples = Path(__file__).with_name("providers") / "samples"
        return (samples / self.folder / name).read_bytes()

    def case(self, name: str, state: State, answer: Any, **more: Any) -> Case:
        """Return a case of the command's answer, judged by the age of a day."""
        told: dict[str, Any] = {
            "address": self.address,
            "answers": {"command": answer},
            "options": self.options,
            "max_age": DAY,
            "now": self.now,
        }
        return Case(name=name, state=state, **{**told, **more})

    def failing(
        self, name: str, category: Category, code: int, errors: str = ""
    ) -> Case:
        """Return a case of a command that fails, and prints to its standard error."""
        said = Said(body=b"", code=code, errors=errors)
        return self.case(name, State.UNKNOWN, said, category=category)
