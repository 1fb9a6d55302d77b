"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file beside its place and move it there in one step.

    ``private`` keeps it readable by its owner alone (mode 0600); any other file gets
    the mode that the process's umask gives. Raises OSError; the old file then stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    temporary.touch(0o600 if private else 0o666, exist_ok=False)
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
