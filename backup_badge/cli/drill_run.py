"""Running a team's restore script: bounded, and how it ended is always known."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType

from backup_badge.options.kinds import format_duration

_TIMED_OUT, _CANNOT_RUN, _NOT_FOUND = 124, 126, 127
"""Exit codes, as timeout(1) of GNU coreutils and the shells have them."""
_BY_SIGNAL = 128
"""What a shell adds to the number of the signal that ended a command."""
_GRACE = 10.0
"""Seconds to tidy up in, after which a command is killed."""
_TICK = 0.1
_FORWARDED = ("SIGHUP", "SIGINT", "SIGTERM")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a drill ended. ``code`` is the exit code; ``reason`` says what is wrong.

    The times are in UTC.
    """

    started: datetime
    finished: datetime
    duration: timedelta
    code: int
    reason: str | None


@dataclass
class Signals:
    """The signals that the drill itself has got. The command gets them from it."""

    received: list[signal.Signals] = field(default_factory=list)

    def note(self, number: int, frame: FrameType | None) -> None:
        """Remember a signal, instead of ending at once."""
        self.received.append(signal.Signals(number))


@contextmanager
def held_signals() -> Iterator[Signals]:
    """Hold what would end the drill, until how it ended is written down.

    What is ignored, as after ``nohup``, stays so.
    """
    signals = Signals()
    numbers = [getattr(signal, name) for name in _FORWARDED if hasattr(signal, name)]
    held = [n for n in numbers if signal.getsignal(n) is not signal.SIG_IGN]
    usual = {number: signal.signal(number, signals.note) for number in held}
    try:
        yield signals
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def run_drill(
    command: Sequence[str], signals: Signals, *, timeout: timedelta | None
) -> Ended:
    """Run a command on the standard streams, and wait for its end.

    It is asked to end (SIGTERM) after ``timeout``, and by a signal that came to the
    drill; ten seconds later it is killed. It has not succeeded then, whatever its exit
    code.
    """
    started, begun = datetime.now(UTC), time.monotonic()
    try:
        running = _Running(command)
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError)
        code = _NOT_FOUND if is_missing else _CANNOT_RUN
        reason = (
            "the command cannot be found" if is_missing else "the command cannot be run"
        )
    else:
        code, reason = running.wait(signals, timeout)
    return Ended(
        started=started,
        finished=datetime.now(UTC),
        duration=timedelta(seconds=time.monotonic() - begun),
        code=code,
        reason=reason or None,
    )


class _Running:
    """A command that runs, with all that it starts where the system has groups.

    On a terminal it stays in the foreground, where it may read what is typed: then it
    is in the drill's own group, and is signalled alone. Else it has no terminal at all:
    one that is read in the background stops whoever reads it.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._has_group = hasattr(os, "killpg") and not os.isatty(0)
        self._process = subprocess.Popen(command, start_new_session=self._has_group)

    def wait(self, signals: Signals, timeout: timedelta | None) -> tuple[int, str]:
        """Return the exit code, and why it is not 0."""
        begun = time.monotonic()
        until = begun + timeout.total_seconds() if timeout else float("inf")
        kill_at, is_late = float("inf"), False
        while (code := self._poll()) is None:
            now = time.monotonic()
            if now >= kill_at:
                self._send("SIGKILL")
            elif kill_at == float("inf") and (signals.received or now >= until):
                is_late = not signals.received
                self._send("SIGTERM" if is_late else signals.received[0].name)
                kill_at = now + _GRACE
        if is_late or signals.received:
            # What it has started may not have heard.
            self._send("SIGKILL")
        if is_late and timeout:
            return _TIMED_OUT, f"it took longer than {format_duration(timeout)}"
        if signals.received:
            return _by_signal(signals.received[0])
        if code < 0:
            return _by_signal(-code)
        return code, f"its exit code was {code}" if code else ""

    def _poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=_TICK)
        return None

    def _send(self, name: str) -> None:
        number = getattr(signal, name, signal.SIGTERM)
        if not self._has_group:
            self._process.send_signal(number)
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def _by_signal(number: int) -> tuple[int, str]:
    known = number in {one.value for one in signal.Signals}
    name = signal.Signals(number).name if known else f"signal {number}"
    return _BY_SIGNAL + number, f"it was ended by {name}"
