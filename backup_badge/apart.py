"""Asking in a process of its own, while a host goes on with its work.

Python does one thing at a time: threads that ask take from the host's reading what they
gain by waiting. A process uses another core, can be ended whatever it hangs in, and
leaves no thread in a host that forks. It is Python again, with the same search path and
environment; what it is to ask, and the answers, are in files that have no name.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from weakref import finalize

from backup_badge.asking import Asking
from backup_badge.memory import Memory
from backup_badge.problems import Problem
from backup_badge.settings import Settings
from backup_badge.sources import Address
from backup_badge.status import Status

_BOOT = (
    "import sys; sys.path[:] = sys.argv[1:]\n"
    "from backup_badge.apart import answer; answer()"
)
_GRACE = 1.0
"""Seconds that the process has, after the deadline, to say what it got."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What the process is to ask; ``until`` is monotonic, as one machine counts it."""

    settings: Settings
    addresses: tuple[Address, ...]
    until: float


@dataclass(frozen=True, kw_only=True)
class Report:
    """What it found out, and its sentences on what went wrong beside the sources."""

    answers: Mapping[Address, Status | Problem] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class Apart(Asking):
    """Asks for the first that is started in a process, as long as that is possible.

    What is left is asked here, by threads, when it is collected: none is alive before.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._process: subprocess.Popen[bytes] | None = None
        self._report: IO[bytes] | None = None
        self._end: Callable[[], object] = lambda: None
        self._away: set[Address] = set()
        self._waiting: set[Address] = set()

    def has_time_for(self, addresses: Iterable[Address]) -> bool:
        """Whether all are answered, or half of the deadline is left at least."""
        if self._process is not None and self._process.poll() is not None:
            self._fetch()
        return super().has_time_for(addresses)

    def collect(self, addresses: Iterable[Address]) -> dict[Address, Status | Problem]:
        """Return the answers to what was started, at the deadline at the latest."""
        addresses = set(addresses)
        if addresses & self._away:
            self._fetch()
        if addresses & self._waiting:
            waiting, self._waiting = sorted(self._waiting, key=str), set()
            super()._submit(waiting)
        return super().collect(addresses)

    def close(self) -> None:
        """End the process as well; what it was to ask is left."""
        super().close()
        self._end()
        self._process = self._report = None
        self._waiting |= self._away
        self._away.clear()

    @property
    def _is_idle(self) -> bool:
        return super()._is_idle and not self._away and not self._waiting

    def _submit(self, addresses: Iterable[Address]) -> None:
        addresses = tuple(addresses)
        if self._process is None and not self._away:
            task = Task(
                settings=self._settings, addresses=addresses, until=self._begin()
            )
            # No process, no room for a file: then not.
            with suppress(OSError, ValueError):
                self._process, self._report = _open(task)
                # Also where a host forgets to close what it began.
                self._end = finalize(
                    self, _end, self._process, self._report, os.getpid()
                )
                self._away.update(addresses)
                return
        self._waiting.update(addresses)

    def _fetch(self) -> None:
        """Take over the answers; what has none is to be asked here."""
        assert self._process is not None and self._report is not None
        end = self._begin() + _GRACE
        while self._process.poll() is None and self._clock() < end:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.02)
            self._watch()
        report = Report()
        if self._process.poll() == 0:
            self._report.seek(0)
            with suppress(EOFError, pickle.UnpicklingError):
                report = pickle.load(self._report)
        self._answers.update(report.answers)
        self._memory.note(report.notices)
        self._away -= report.answers.keys()
        self.close()


def _open(task: Task) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Start the process; raises OSError or ValueError where that cannot be done."""
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
    return process, report


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
