"""Taking the time."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterable


def run(command: list[str]) -> None:
    """Run a command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True)


def counted(command: list[str]) -> int:
    """Return how many instructions a command takes, its children left out.

    Needs valgrind. Other work on the machine makes no difference to it.
    """
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    # Where strings are in a dictionary is chance, unless it is said.
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*valgrind, *command], env=environ, check=True, capture_output=True, text=True
    )
    return int(re.findall(r"Collected : ([0-9]+)", done.stderr)[-1])


def in_turns(
    names: Iterable[str], measured: Callable[[str], float], rounds: int = 11
) -> dict[str, list[float]]:
    """Return the seconds of each in each round: machines change their pace.

    Every other round goes backwards: what comes later in a round tends to take longer.
    """
    names = list(names)
    taken = []
    for number in range(rounds):
        order = reversed(names) if number % 2 else names
        taken.append({name: measured(name) for name in order})
    return {name: [one[name] for one in taken] for name in names}


def timed(measured: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    begin = time.perf_counter()
    measured()
    return time.perf_counter() - begin
