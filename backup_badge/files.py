"""Files: written so that nobody ever sees half of one, read without ceremony."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

_CHUNK = 1 << 16
_BINARY: int = getattr(os, "O_BINARY", 0)


def read_file(path: str) -> bytes:
    """Return what is in a file. Raises OSError.

    For many small ones: it takes four calls to the system, a file object takes nine.
    """
    descriptor = os.open(path, os.O_RDONLY | _BINARY)
    try:
        return b"".join(iter(partial(os.read, descriptor, _CHUNK), b""))
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


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file beside its place and move it there in one step.

    ``private`` keeps it readable by its owner alone (mode 0600); any other file gets
    the mode that the process's umask gives. A directory that is missing is made.
    Raises OSError; the old file then stays.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    mode = 0o600 if private else 0o666
    try:
        file = _create(temporary, mode)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _create(temporary, mode)
    try:
        with file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _create(path: Path, mode: int) -> IO[bytes]:
    """Open a new file, that has its mode from the first moment."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))
