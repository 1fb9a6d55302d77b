"""A process that asks, and leaves its answers in a file that has no name.

It is Python again, with the host's search path and environment.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, NamedTuple
from weakref import finalize

from backup_badge.asking import Asking
from backup_badge.memory import Memory
from backup_badge.problems import Problem
from backup_badge.settings import Settings
from backup_badge.sources import Address
from backup_badge.status import Status

_BOOT = (
    "import sys; sys.path[:] = sys.argv[1:]\n"
    "from backup_badge.worker import answer; answer()"
)


class Task(NamedTuple):
    """What the process is to ask; ``until`` is monotonic, as one machine counts it."""

    settings: Settings
    addresses: tuple[Address, ...]
    until: float


class Report(NamedTuple):
    """What it found out, and its sentences on what went wrong beside the sources."""

    answers: Mapping[Address, Status | Problem]
    notices: tuple[str, ...]


_NOTHING = Report(MappingProxyType({}), ())


class Worker:
    """The process, as its host sees it. It ends when nobody has a use for it."""

    def __init__(self, process: subprocess.Popen[bytes], report: IO[bytes]) -> None:
        self._process = process
        self._report = report
        self.end = finalize(self, _end, process, report, os.getpid())

    @property
    def is_done(self) -> bool:
        """Whether it has ended, however."""
        return self._process.poll() is not None

    def wait(self, seconds: float) -> None:
        """Wait until it is done, or a time is over."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=seconds)

    def report(self) -> Report:
        """Return what it left: nothing, unless it did all of its task."""
        if self._process.poll() == 0:
            self._report.seek(0)
            with suppress(EOFError, pickle.UnpicklingError):
                report: Report = pickle.load(self._report)
                return report
        return _NOTHING


def start_worker(task: Task) -> Worker:
    """Start a process; raises OSError or ValueError where that cannot be done."""
    if "py" not in Path(sys.executable or "").name.lower():
        raise ValueError("Python is part of another program here")
    with ExitStack() as opened:
        report = opened.enter_context(TemporaryFile())
        with TemporaryFile() as told:
            pickle.dump(task, told)
            told.seek(0)
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, *map(str, sys.path)],
                stdin=told,
                stdout=report,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        opened.pop_all()
    return Worker(process, report)


def _end(process: subprocess.Popen[bytes], report: IO[bytes], host: int) -> None:
    """End it, unless this is a copy of the host, made by a fork."""
    if os.getpid() == host:
        process.kill()
        process.wait()
        report.close()


def answer() -> None:
    """Do the task on standard input, and leave the report on standard output."""
    # Who interrupts a build interrupts the host, which then ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    task: Task = pickle.load(sys.stdin.buffer)
    now = partial(datetime.now, UTC)
    memory = Memory(task.settings, now=now, environ=os.environ)
    asking = Asking(
        task.settings,
        memory,
        clock=time.monotonic,
        now=now,
        environ=os.environ,
        watch=partial(_end_with, os.getppid()),
        until=task.until,
    )
    asking.start(task.addresses)
    answers = asking.collect(task.addresses)
    # Whatever Python's start-up files have printed.
    sys.stdout.flush()
    report = sys.stdout.buffer
    report.seek(0)
    report.truncate()
    pickle.dump(Report(answers=answers, notices=memory.notices), report)
    report.flush()
    # Not by way of threads that hang.
    os._exit(0)


def _end_with(parent: int) -> None:
    """End when the host is gone."""
    if os.getppid() != parent:
        os._exit(1)
