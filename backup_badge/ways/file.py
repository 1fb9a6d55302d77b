"""Reading a file that the configuration names: a real file, of a bounded size."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from backup_badge.values.problem import Category, ProblemError

MAX_SIZE = 4 * 1024 * 1024
"""The most bytes that are read of a file."""


def read_input(path: Path) -> tuple[bytes, datetime]:
    """Return what is in a file, and when it was written (UTC).

    Raises ProblemError: ``not_found`` where there is none, ``unauthorized`` where it
    may not be read, ``invalid_response`` for what is no file or too large.
    """
    try:
        with open(path, "rb", opener=_not_waiting) as file:
            known = os.fstat(file.fileno())
            if not stat.S_ISREG(known.st_mode):
                raise _problem(Category.INVALID_RESPONSE, f"{path.name} is no file")
            content = file.read(MAX_SIZE + 1)
    except PermissionError:
        raise _problem(
            Category.UNAUTHORIZED, f"{path.name} may not be read by who builds"
        ) from None
    except FileNotFoundError:
        raise _problem(Category.NOT_FOUND, f"there is no file {path.name}") from None
    except OSError as error:
        why = f"{path.name} cannot be read: {error.strerror}"
        raise _problem(Category.INVALID_RESPONSE, why) from None
    if len(content) > MAX_SIZE:
        why = f"{path.name} is larger than {MAX_SIZE} bytes"
        raise _problem(Category.INVALID_RESPONSE, why)
    return content, datetime.fromtimestamp(known.st_mtime, UTC)


def _not_waiting(path: str, flags: int) -> int:
    """Open a file without waiting: a named pipe would, until somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _problem(category: Category, message: str) -> ProblemError:
    return ProblemError(category, message)
