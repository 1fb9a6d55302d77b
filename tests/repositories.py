"""Real repositories of restic and Borg, to save data in and to ask about."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from real_tools import told

from backup_badge.provider import Provider
from backup_badge.values.status import Status

UNREADABLE = "/proc/self/mem"
"""A file that nobody can read from its beginning, root included."""


@dataclass
class Repository:
    """One repository, and ``data`` to save in it.

    ``program`` makes it, ``listing`` is the command that is asked by default, and
    ``names`` are the variables that this needs.
    """

    root: Path
    environ: dict[str, str]
    program: ClassVar[str]
    provider: ClassVar[type[Provider]]
    listing: ClassVar[tuple[str, ...]]
    names: ClassVar[tuple[str, ...]]

    @classmethod
    def made(cls, root: Path, folders: tuple[str, ...], **environ: str) -> Self:
        """Make folders with a file each; the repository stands beside them."""
        for name in folders:
            (root / name).mkdir()
            (root / name / "file").write_text(name)
        own = {"PATH": os.environ["PATH"], "HOME": str(root / "home")}
        return cls(root, {**own, **environ})

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        """Run the program, whatever its exit code."""
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.root,
            env={**self.environ, **more},
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )

    def told(self, address: str, command: tuple[str, ...] = (), **more: Any) -> Status:
        """Return the judged status of one address."""
        return self.all_told(address, command=command, **more)[address]

    def all_told(
        self,
        *addresses: str,
        command: tuple[str, ...] = (),
        provider: type[Provider] | None = None,
        options: Mapping[str, object] | None = None,
        environ: Mapping[str, str] | None = None,
        **more: Any,
    ) -> dict[str, Status]:
        """Return the judged statuses of addresses, as one build has them."""
        asked = {"command": [*(command or self.listing)], "env": [*self.names]}
        return told(
            provider or self.provider,
            *addresses,
            options={**asked, **(options or {})},
            environ={**self.environ, **(environ or {})},
            **more,
        )
