"""Taking the time."""

from __future__ import annotations

import os
import random
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path


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


def side_by_side(commands: Mapping[Path, list[str]]) -> dict[Path, float]:
    """Return the processor's seconds of commands that share a core, each in a folder.

    They have to succeed. Whatever slows one of them slows the others. Where a system
    does not let a core be chosen, they share all.

    Each has other variables in its environment. That moves what Python keeps in
    memory, by which its cache of attributes goes: how well it does is chance, but for
    the same program much the same one each time, and worth some per cent.
    """
    choose = None
    if hasattr(os, "sched_setaffinity"):
        choose = partial(os.sched_setaffinity, 0, {min(os.sched_getaffinity(0))})
    running = {
        subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_padding()},
            preexec_fn=choose,
        ): folder
        for folder, command in commands.items()
    }
    seconds = {}
    for process, folder in running.items():
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        seconds[folder] = used.ru_utime + used.ru_stime
    return seconds


def _padding() -> dict[str, str]:
    name = "PAD" * random.randrange(12)
    return {f"{name}{number}": "" for number in range(random.randrange(400))}


def compared(ours: list[float], theirs: list[float]) -> tuple[float, float | None]:
    """Return the median of the rounds' ratios, and its standard error.

    The error is that of a median of normal values, whose spread the quartiles tell; of
    a few rounds there is none.
    """
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    if len(ratios) < 8:
        return statistics.median(ratios), None
    low, _, high = statistics.quantiles(ratios, n=4)
    return statistics.median(ratios), 0.93 * (high - low) / len(ratios) ** 0.5


def timed(measured: Callable[[], None]) -> float:
    """Return the seconds that something takes."""
    begin = time.perf_counter()
    measured()
    return time.perf_counter() - begin
