"""Taking the time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable


def run(command: list[str]) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True)


def best(measured: Callable[[], None], rounds: int = 7) -> float:
    """Return the seconds of the fastest of some rounds."""
    return min(timed(measured) for _ in range(rounds))


def timed(measured: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    begin = time.perf_counter()
    measured()
    return time.perf_counter() - begin
