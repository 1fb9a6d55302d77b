"""What the command may assume of the terminal that it writes to, if it is one."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta


def terminal_width() -> int | None:
    """Return the width of the terminal in cells; None: the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def wants_colour() -> bool:
    """Whether to use colour: on a terminal that has it, unless NO_COLOR is set."""
    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and not os.environ.get("NO_COLOR")


class Progress:
    """A line on stderr for who waits longer than a second and is there to see it."""

    def __init__(self, *, limit: timedelta) -> None:
        self._limit = limit.total_seconds()
        self._seen = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._what = ""
        self._began = 0.0
        self._shown = ""

    @contextmanager
    def showing(self, what: str) -> Iterator[None]:
        """Show the line while the block runs, as soon as it takes a second."""
        self._what, self._began = what, time.monotonic()
        try:
            yield
        finally:
            if self._shown:
                self._write("")

    def tick(self) -> None:
        """Bring the line up to date."""
        seconds = int(time.monotonic() - self._began)
        line = f"{self._what}: {seconds} s, at most {self._limit:g} s"
        if self._seen and seconds and line != self._shown:
            self._write(line)

    def _write(self, line: str) -> None:
        # Back to the left, the line, and what an earlier one left there erased.
        fitting = line[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write(f"\r{fitting}\x1b[K")
        sys.stderr.flush()
        self._shown = line
