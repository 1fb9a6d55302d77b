"""Remembering answers between builds: one JSON file for each address or status file.

Statuses are stored, not HTTP responses: nothing that was sent to a backup system is
in them. A file an entry makes writers from several processes safe: each replaces whole
entries, and the last one wins.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from backup_badge.config.settings import ProviderSettings
from backup_badge.documents.fields import Fields
from backup_badge.documents.records import read_status, status_record
from backup_badge.files import read_file, replace_file
from backup_badge.options.references import expand
from backup_badge.providers import PROVIDERS
from backup_badge.values.problem import ProblemError
from backup_badge.values.source import Address
from backup_badge.values.status import Status

VERSION = 1
"""The version of an entry's form; entries of any other are ignored."""

Read = TypeVar("Read")


Account = str
"""What tells one account from all others, in one line."""


def account_of(provider: ProviderSettings, environ: Mapping[str, str]) -> Account:
    """Return everything that chooses the account, and nothing that is secret.

    Neither a token nor an API key has a part in it.
    """
    options = {
        option.name: _expanded(provider.options.get(option.name), environ)
        for option in PROVIDERS[provider.type].options
        if not option.secret
    }
    return json.dumps([provider.name, provider.type, sorted(options.items())])


def cache_key(address: Address, account: Account) -> str:
    """Return what tells an address of one account from all others, as a hash."""
    return hashlib.sha256(f"{account}\n{address}".encode()).hexdigest()


def _expanded(value: str | None, environ: Mapping[str, str]) -> str | None:
    try:
        return expand(value, environ) if value else None
    except ProblemError:
        return value


class Cache:
    """The store in a directory. Trouble with it is never fatal: see ``notices``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.notices: list[str] = []
        self._is_marked = False

    def read(self, key: str, address: Address) -> Status | None:
        """Return what is remembered of an address, however old, or None."""
        status = self.load(key, {"address": str(address)}, _read_status)
        return status if status and status.checked and not status.problem else None

    def write(self, key: str, address: Address, status: Status) -> None:
        """Remember a status that was had just now."""
        record = {**status_record(status), "validator": status.validator}
        self.store(key, {"address": str(address), "status": record})

    def load(
        self, key: str, about: Mapping[str, str], read: Callable[[Fields], Read]
    ) -> Read | None:
        """Return what ``read`` makes of an entry, or None where there is none.

        One that does not say what it is ``about``, or for which ``read`` raises
        ValueError or ProblemError, is another program's or damaged: a notice says so.
        """
        path = self._path(key)
        try:
            entry = json.loads(read_file(path))
            if not isinstance(entry, dict):
                raise ValueError("another program's file")
            if entry.get("version", VERSION) != VERSION:
                return None
            if any(entry.get(name) != value for name, value in about.items()):
                raise ValueError("another program's file")
            return read(Fields(document=entry, origin=path))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError, ProblemError) as error:
            self._notice("cannot be read and is ignored", error)
            return None

    def store(self, key: str, entry: Mapping[str, object]) -> None:
        """Write an entry that :meth:`load` can read. It is its owner's alone to see."""
        content = json.dumps({"version": VERSION, **entry}).encode()
        try:
            if not self._is_marked:
                self._mark_as_cache()
                self._is_marked = True
            replace_file(Path(self._path(key)), content, private=True)
        except OSError as error:
            self._notice("cannot be written, so nothing is remembered", error)

    def _path(self, key: str) -> str:
        return f"{self.directory}{os.sep}{key}.json"

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


def _read_status(entry: Fields) -> Status:
    record = entry.table("status")
    return read_status(record, validator=record.text("validator"))
