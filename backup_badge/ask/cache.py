"""Remembering answers between builds: one JSON file for each address or status file.

Statuses are stored, not HTTP responses: nothing that was sent to a backup system is
in them. A file an entry makes writers from several processes safe: each replaces whole
entries, and the last one wins.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from backup_badge.documents.fields import Fields
from backup_badge.documents.parse import OURS, parse_json
from backup_badge.files import read_file, replace_file, sweep_temporaries
from backup_badge.values.problem import ProblemError

VERSION = 1
"""The version of an entry's form; entries of any other are ignored."""

_SALT_BYTES = 32

Read = TypeVar("Read")


class Cache:
    """The store in a directory. Trouble with it is never fatal: see ``notices``.

    A key is anything whose ``repr`` tells it from all others, and may hold secrets: its
    digest names the file, salted with what is in this directory alone.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.notices: list[str] = []
        self._salt = b""
        self._is_prepared = False
        self._preparing = threading.Lock()

    def load(
        self, key: object, about: Mapping[str, str], read: Callable[[Fields], Read]
    ) -> Read | None:
        """Return what ``read`` makes of an entry, or None where there is none.

        One that does not say what it is ``about``, or for which ``read`` raises
        ValueError or ProblemError, is another program's or damaged: a notice says so.
        """
        self._salt = self._salt or self._read_salt()
        if not self._salt:
            return None
        path = self._path(key)
        try:
            entry = parse_json(read_file(path), limit=OURS)
            if not isinstance(entry, dict):
                raise ValueError("another program's file")
            if entry.get("version", VERSION) != VERSION:
                return None
            if any(entry.get(name) != value for name, value in about.items()):
                raise ValueError("another program's file")
            return read(Fields(document=entry, origin=path, zone="UTC"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, ProblemError) as error:
            self._notice("cannot be read and is ignored", error)
            return None

    def store(self, key: object, entry: Mapping[str, object]) -> None:
        """Write an entry that :meth:`load` can read. It is its owner's alone to see."""
        content = json.dumps({"version": VERSION, **entry}).encode()
        try:
            self._prepare()
            replace_file(Path(self._path(key)), content, private=True)
        except OSError as error:
            self.forget(key)
            self._notice("cannot be written, so nothing is remembered", error)

    def forget(self, key: object) -> None:
        """Remove an entry, if there is one: what it says is no longer the news."""
        with suppress(OSError):
            if self._salt:
                Path(self._path(key)).unlink()

    def _path(self, key: object) -> str:
        digest = hmac.new(self._salt, repr(key).encode(), hashlib.sha256).hexdigest()
        return f"{self.directory}{os.sep}{digest}.json"

    def _prepare(self) -> None:
        """Make the directory ready to be written in, once a build."""
        with self._preparing:
            if self._is_prepared:
                return
            self._mark_as_cache()
            sweep_temporaries(self.directory)
            self._salt = self._salt or self._read_salt()
            if not self._salt:
                salt = os.urandom(_SALT_BYTES).hex().encode()
                replace_file(self.directory / "salt", salt, private=True)
                # Another build may have begun at the same time: the last one counts.
                self._salt = self._read_salt() or salt
            self._is_prepared = True

    def _read_salt(self) -> bytes:
        with suppress(OSError):
            salt = read_file(f"{self.directory}{os.sep}salt")
            if len(salt) == 2 * _SALT_BYTES:
                return salt
        return b""

    def _mark_as_cache(self) -> None:
        """Keep the directory out of version control and of backups, ours included.

        A directory that holds anything else is not ours alone to hide.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with os.scandir(self.directory) as entries:
            is_empty = next(entries, None) is None
        if is_empty:
            replace_file(self.directory / ".gitignore", b"*\n")
            tag = b"Signature: 8a477f597d28d172789f06886806bc55\n"
            replace_file(self.directory / "CACHEDIR.TAG", tag)

    def _notice(self, what: str, error: Exception) -> None:
        why = error.strerror if isinstance(error, OSError) else "it is damaged"
        notice = f"the cache in {self.directory} {what}: {why}"
        if notice not in self.notices:
            self.notices.append(notice)
