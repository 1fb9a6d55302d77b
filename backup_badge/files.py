"""Files: written so that nobody ever sees half of one, read without a risk to hang."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

_CHUNK = 1 << 16
_LARGEST = 16 * 1024 * 1024
"""Bytes: more than any file that we read has."""
_FLAGS: int = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_TEMPORARY = re.compile(r"\..+\.(\d+)-[0-9a-f]{16}")
_LONG_AGO = 3600.0
"""Seconds after which nobody can still be writing a file."""


def read_file(path: str) -> bytes:
    """Return what is in a file of 16 MiB at most. Raises OSError."""
    return read_dated_file(path, most=_LARGEST)[0]


def read_dated_file(path: str, *, most: int) -> tuple[bytes, float]:
    """Return what is in a file of so many bytes at most, and when it was written.

    That is in seconds since 1970. Raises OSError. Anything but a regular file is an
    error: a FIFO never ends, a device may do worse.
    """
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise OSError(errno.EINVAL, "Not a regular file")
    # The file may have been replaced since: opening a FIFO must not wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "Not a regular file")
        content = bytearray()
        while piece := os.read(descriptor, _CHUNK):
            content += piece
            if max(len(content), status.st_size) > most:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return bytes(content), status.st_mtime
    finally:
        os.close(descriptor)


def read_regular_file(path: Path) -> bytes | None:
    """Return what is in a file; None for none, and for a link, a folder or a pipe.

    Raises OSError.
    """
    try:
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
    except FileNotFoundError:
        return None


def digest_of(content: bytes) -> str:
    """Return a short hash, which tells whether a file is still the same."""
    return hashlib.sha256(content).hexdigest()[:16]


def replace_file(
    path: Path, content: bytes, *, private: bool = False, mode: int | None = None
) -> None:
    """Write a file beside its place and move it there in one step.

    ``private`` keeps it readable by its owner alone (mode 0600); any other file gets
    its ``mode``, or the one that the process's umask gives. A directory that is missing
    is made. Raises OSError; the old file then stays.
    """
    name = f".{path.name}.{os.getpid()}-{os.urandom(8).hex()}"
    temporary = path.with_name(name)
    first = 0o600 if private or mode is not None else 0o666
    try:
        file = _create(temporary, first)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _create(temporary, first)
    try:
        with file:
            file.write(content)
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def sweep_temporaries(directory: Path) -> None:
    """Remove what a killed process left of :func:`replace_file`. Raises OSError."""
    with os.scandir(directory) as entries:
        found = [(entry, _TEMPORARY.fullmatch(entry.name)) for entry in entries]
    for entry, match in found:
        with suppress(OSError):
            if match and (
                not _is_running(int(match[1]))
                or time.time() - entry.stat(follow_symlinks=False).st_mtime > _LONG_AGO
            ):
                Path(entry.path).unlink()


def _is_running(process: int) -> bool:
    if os.name != "posix":
        return True
    try:
        # Signal 0 is not sent: it asks whether there is such a process (POSIX, kill).
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _create(path: Path, mode: int) -> IO[bytes]:
    """Open a new file, that has its mode from the first moment."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))
