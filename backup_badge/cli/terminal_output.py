"""Writing to the standard streams, whatever they are: a terminal, a pipe, closed."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


def open_closed_streams() -> None:
    """Put the null device in the place of each standard stream that is closed.

    Otherwise the next file that is opened, or a socket, would take its number.
    """
    for number, (name, mode) in enumerate(
        (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
    ):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # It takes the lowest number that is free.
        if getattr(sys, name) is None:
            stream = open(number, mode, closefd=False, encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, stream)


def write(text: str) -> None:
    """Print to standard output. A reader who has gone changes no exit code."""
    try:
        click.echo(text, nl=False, color=wants_colour())
    except BrokenPipeError:
        forget("stdout")


def say(text: str) -> None:
    """Print a line to standard error, if anybody can read it."""
    try:
        click.echo(text, err=True)
    except OSError:
        forget("stderr")


def forget(name: str) -> None:
    """Put the null device in the place of a stream that cannot be written.

    Python would try once more when it exits, and change the exit code.
    """
    with suppress(OSError, ValueError):
        getattr(sys, name).close()
    null = os.open(os.devnull, os.O_WRONLY)
    setattr(sys, name, open(null, "w", closefd=False, encoding="utf-8"))  # noqa: SIM115


def terminal_width() -> int | None:
    """Return the width of the terminal in cells; None: the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def wants_colour() -> bool:
    """Whether to use colour: on a terminal that has it, unless NO_COLOR is set."""
    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and not os.environ.get("NO_COLOR")


class Progress:
    """A bar on stderr, shown after a second on a terminal that somebody sees."""

    def __init__(self, *, limit: timedelta) -> None:
        self._limit = limit.total_seconds()
        able = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        # A job in CI may have a terminal that nobody looks at.
        self._seen = able and not os.environ.get("CI")
        self._what = ""
        self._began = 0.0
        self._bar: ProgressBar[int] | None = None

    @contextmanager
    def showing(self, what: str) -> Iterator[None]:
        """Show the bar while the block runs, as soon as it takes a second."""
        self._what, self._began = what, time.monotonic()
        try:
            yield
        finally:
            if self._bar is not None:
                self._draw(self._bar.render_finish)
            self._bar = None

    def tick(self, done: int, of: int) -> None:
        """Bring the bar up to date: ``done`` of so many have their answer."""
        if not self._seen or time.monotonic() - self._began < 1:
            return
        if self._bar is None:
            label = f"{self._what}, {self._limit:g} s at most"
            self._bar = click.progressbar(
                length=of, label=label, file=sys.stderr, show_eta=False, show_pos=True
            )
        self._draw(partial(self._bar.update, done - self._bar.pos))

    def _draw(self, step: Callable[[], None]) -> None:
        try:
            step()
        except OSError:
            self._seen = False
            forget("stderr")
