"""Reading a file that the configuration names: a real file, of a bounded size."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from backup_badge.files import read_dated_file
from backup_badge.values.problem import Category, ProblemError

MAX_SIZE = 4 * 1024 * 1024
"""The most bytes that are read of a file."""


def read_input(path: Path) -> tuple[bytes, datetime]:
    """Return what is in a file, and when it was written (UTC).

    Raises ProblemError: ``not_found`` where there is none, ``unauthorized`` where it
    may not be read, ``invalid_response`` for what is no file or too large.
    """
    try:
        content, written = read_dated_file(str(path), most=MAX_SIZE)
        return content, datetime.fromtimestamp(written, UTC)
    except FileNotFoundError:
        category, why = Category.NOT_FOUND, f"there is no file {path.name}"
    except PermissionError:
        category = Category.UNAUTHORIZED
        why = f"{path.name} may not be read by who builds"
    except (OSError, ValueError, OverflowError) as error:
        category = Category.INVALID_RESPONSE
        what = error.strerror if isinstance(error, OSError) else "it has no right date"
        why = f"{path.name} cannot be read: {what}"
    missing = "there is no document of it yet"
    public = missing if category is Category.NOT_FOUND else None
    raise ProblemError(category, why, public=public)
