"""Taking the time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable


def run(command: list[str]) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True)


def in_turns(
    names: Iterable[str], measured: Callable[[str], float], rounds: int = 11
) -> dict[str, list[float]]:
    """Return the seconds of each in each round: machines change their pace."""
    taken = [{name: measured(name) for name in names} for _ in range(rounds)]
    return {name: [one[name] for one in taken] for name in taken[0]}


def timed(measured: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    begin = time.perf_counter()
    measured()
    return time.perf_counter() - begin
