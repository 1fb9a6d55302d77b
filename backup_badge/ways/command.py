"""Running a command that the configuration names: bounded, and ended with the build.

The command gets an empty standard input, a minimal environment and a process group of
its own. Between it and the build stands a small supervisor: it ends the group as soon
as the build is gone, however that ended.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from backup_badge.values.problem import Category, ProblemError

MAX_OUTPUT = 4 * 1024 * 1024
"""The most bytes that are read of what a command prints."""
_MAX_ERRORS = 64 * 1024
_PASSED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR")
_NOT_FOUND = 127
_TURNS = threading.BoundedSemaphore(2)
"""Two commands at a time: they share the machine with the build."""
_PIECE = 64 * 1024

# Its standard input is a pipe that the build holds: it ends when the build does.
_SUPERVISOR = """\
import os, signal, subprocess, sys, threading
try:
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
except OSError:
    os._exit(127)
def watch():
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
code = child.wait()
os._exit(code if code >= 0 else 128 - code)
"""


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a command came to: its exit code and what it printed, in bytes."""

    code: int
    output: bytes = field(repr=False)
    errors: bytes = field(default=b"", repr=False)


def command_name(arguments: Sequence[str]) -> str:
    """Return how messages call a command: without its folder, and without ``env``."""
    words = [word for word in arguments if not word.startswith("-")]
    while len(words) > 1 and (words[0] == "env" or "=" in words[0]):
        words.pop(0)
    return words[0].rpartition("/")[2] if words else "?"


def run_command(
    arguments: Sequence[str],
    *,
    environ: Mapping[str, str],
    names: Sequence[str],
    until: float,
    clock: Callable[[], float] = time.monotonic,
) -> Completed:
    """Run a command without a shell, and wait until ``until`` by ``clock``.

    ``names`` are variables of ``environ`` that it gets beside the minimal environment.
    Raises ProblemError: ``usage`` where it cannot be started, ``timeout``,
    ``invalid_response`` where it prints more than :data:`MAX_OUTPUT` bytes.
    """
    if not hasattr(os, "killpg"):
        raise _problem(Category.USAGE, "commands cannot be run on this system")
    if not _TURNS.acquire(timeout=max(until - clock(), 0)):
        raise _too_slow()
    try:
        passed = {name: environ[name] for name in (*_PASSED, *names) if name in environ}
        with _start(arguments, passed) as process:
            try:
                output, errors = _read(process, until, clock)
                code = process.wait(timeout=max(until - clock(), 0.01))
            except subprocess.TimeoutExpired:
                raise _too_slow() from None
            finally:
                _end(process)
    finally:
        _TURNS.release()
    if code == _NOT_FOUND and not output:
        name = command_name(arguments)
        raise _problem(
            Category.USAGE, f"the command {name!r} cannot be found, or be run"
        )
    return Completed(code=code, output=output, errors=errors)


def _start(
    arguments: Sequence[str], environ: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _SUPERVISOR, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise _problem(Category.USAGE, "the command cannot be run") from error


def _read(
    process: subprocess.Popen[bytes], until: float, clock: Callable[[], float]
) -> tuple[bytes, bytes]:
    """Read both outputs to their end."""
    assert process.stdout is not None and process.stderr is not None
    output, errors = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, output)
        selector.register(process.stderr, selectors.EVENT_READ, errors)
        while selector.get_map():
            left = until - clock()
            if left <= 0:
                raise _too_slow()
            for key, _ in selector.select(timeout=min(left, 1.0)):
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.data is output or len(errors) < _MAX_ERRORS:
                    key.data.extend(piece)
            if len(output) > MAX_OUTPUT:
                why = f"the command printed more than {MAX_OUTPUT} bytes"
                raise _problem(Category.INVALID_RESPONSE, why)
    return bytes(output), bytes(errors)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the process group; nothing can ignore this."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _too_slow() -> ProblemError:
    why = "the command took too long: raise 'timeout', or have a job write a file"
    return _problem(Category.TIMEOUT, why)


def _problem(category: Category, message: str) -> ProblemError:
    return ProblemError(category, message)
