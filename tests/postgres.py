"""A PostgreSQL server of its own, which refuses to run as root, to make backups of."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_USERS = ("postgres", "nobody")
_PORT = "54991"
_SETTINGS = """\
port = {port}
unix_socket_directories = '{root}'
listen_addresses = ''
wal_level = replica
archive_mode = on
archive_command = '{archive}'
fsync = off
"""


@dataclass
class Cluster:
    """One server in a directory of its own, and what runs beside it as its user."""

    root: Path
    user: str
    programs: Path
    runs: bool = field(default=False)

    @property
    def environ(self) -> dict[str, str]:
        path = f"{self.programs}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.root), "LC_ALL": "C.UTF-8"}

    @property
    def address(self) -> str:
        return f"host={self.root} port={_PORT} user=postgres"

    def command(self, *arguments: str) -> list[str]:
        """Return a command as the server's user runs it."""
        if os.geteuid() != 0:
            return list(arguments)
        return ["runuser", "-u", self.user, "--", *arguments]

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a program to its end, and return what it printed."""
        with self.begun(*arguments) as process:
            output, errors = process.communicate(timeout=60)
        assert process.returncode == code, errors
        return output

    @contextmanager
    def begun(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Start a program, and end it and all that it started."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with process:
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)

    def write(self, name: str, text: str) -> Path:
        """Write a file that the server's user owns."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if os.geteuid() == 0:
            for one in (path, *path.relative_to(self.root).parents):
                shutil.chown(self.root / one, self.user)
        return path

    def sql(self, statement: str) -> str:
        """Return what a statement found."""
        place = ("-h", str(self.root), "-p", _PORT, "-U", "postgres")
        return self.run("psql", "-qAtX", *place, "-c", statement).strip()

    def start(self) -> None:
        log = str(self.root / "server.log")
        # A server that inherits the pipes would keep them open.
        subprocess.run(
            self.command("pg_ctl", "-D", "data", "-w", "-l", log, "start"),
            cwd=self.root,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        self.runs = True

    def stop(self) -> None:
        if self.runs:
            self.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
            self.runs = False


@contextmanager
def cluster(archive: str) -> Iterator[Cluster]:
    """Yield a server that runs, with an ``archive_command``; ``{root}`` is its place.

    Skips where there is no PostgreSQL, or no user but root to run it as.
    """
    programs, user = _programs(), _user()
    # Short, as it holds sockets, and outside of what only the suite's user may enter.
    root = Path(tempfile.mkdtemp(prefix="cluster-", dir="/tmp"))
    made = Cluster(root=root, user=user, programs=programs)
    try:
        if os.geteuid() == 0:
            shutil.chown(root, user)
        made.run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-k", "-N")
        command = archive.format(root=root)
        settings = _SETTINGS.format(root=root, port=_PORT, archive=command)
        # The last setting counts, so the file that initdb made is gone.
        made.write("data/postgresql.conf", settings)
        made.start()
        yield made
    finally:
        with suppress(AssertionError, subprocess.SubprocessError):
            made.stop()
        shutil.rmtree(root, ignore_errors=True)


def _programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = folders[0] if folders else Path(shutil.which("initdb") or "")
    if found.name != "initdb":
        pytest.skip("this machine has no PostgreSQL server to make backups of")
    return found.parent


def _user() -> str:
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {one.pw_name for one in pwd.getpwall()}
    found = next((name for name in _USERS if name in known), None)
    if found is None or shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and nobody else is here")
    return found
