"""The command as the tests run it: in this process, or as a person at a terminal."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from cloud import Cloud

from backup_badge.cli import main

COMMAND = [sys.executable, "-P", "-m", "backup_badge.cli"]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run of the command came to."""

    code: int
    out: str
    err: str


def run(*arguments: str, stdin: str = "") -> Ran:
    """Run the command in this process; whatever it does not catch is raised."""
    # The library writes text to some streams, and bytes to what is below them.
    written, err, code = io.BytesIO(), io.StringIO(), 0
    out = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    usual, sys.stdin = sys.stdin, io.StringIO(stdin)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main.main(list(arguments), prog_name="backup-badge")
    except SystemExit as error:
        code = int(error.code or 0)
    finally:
        sys.stdin = usual
    return Ran(code=code, out=written.getvalue().decode(), err=err.getvalue())


def run_on_terminal(
    *arguments: str, columns: int = 80, environ: Mapping[str, str] | None = None
) -> Ran:
    """Run the command with all its streams on a terminal; ``out`` is what it shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    left_out = ("NO_COLOR", "COLUMNS", "CI")
    kept = {k: v for k, v in os.environ.items() if k not in left_out}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**kept, "TERM": "xterm", **(environ or {})},
    )
    os.close(slave)
    shown = b""
    with os.fdopen(master, "rb", buffering=0) as terminal:
        while part := _read(terminal):
            shown += part
    code = process.wait(timeout=30)
    return Ran(code=code, out=shown.decode().replace("\r\n", "\n"), err="")


def _read(terminal: io.RawIOBase) -> bytes:
    try:
        return terminal.read(65536) or b""
    except OSError:  # How Linux says that nobody has the terminal open any more.
        return b""


def configure(directory: Path, cloud: Cloud, *, head: str = "", **words: str) -> None:
    """Configure a source for each keyword, whose badge says what the keyword holds.

    An underscore in a keyword is a hyphen in the name of the source.
    """
    lines = [head, "[providers.cloudback]", f'url = "{cloud.url}"']
    for keyword, word in words.items():
        name = keyword.replace("_", "-")
        cloud.badges["acme", name] = word
        lines += [f'[sources."{name}"]', f'address = "cloudback:acme/{name}"']
    (directory / "backup-badge.toml").write_text("\n".join([*lines, ""]))
