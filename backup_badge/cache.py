"""Remembering answers between builds: one small JSON file for each address.

Statuses are stored, not HTTP responses: nothing that was sent to a backup system is
in them. A file a entry makes writers from several processes safe: each replaces whole
entries, and the last one wins.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from backup_badge.fields import Fields
from backup_badge.files import replace_file
from backup_badge.options import expand
from backup_badge.problems import ProblemError
from backup_badge.providers import PROVIDERS
from backup_badge.records import read_status, status_record
from backup_badge.settings import ProviderSettings
from backup_badge.sources import Address
from backup_badge.status import Status

VERSION = 1
"""The version of an entry's form; entries of any other are ignored."""


def cache_key(
    address: Address, provider: ProviderSettings, environ: Mapping[str, str]
) -> str:
    """Return what tells an address of one account from all others, as a hash.

    Made of everything that chooses the account and nothing that is secret: neither
    a token nor an API key has a part in it.
    """
    options = {
        option.name: _expanded(provider.options.get(option.name), environ)
        for option in PROVIDERS[provider.type].options
        if not option.secret
    }
    account = [provider.name, provider.type, sorted(options.items()), str(address)]
    return hashlib.sha256(json.dumps(account).encode()).hexdigest()


def _expanded(value: str | None, environ: Mapping[str, str]) -> str | None:
    try:
        return expand(value, environ) if value else None
    except ProblemError:
        return value


@dataclass
class Cache:
    """The store in a directory. Trouble with it is never fatal: see ``notices``."""

    directory: Path
    notices: list[str] = field(default_factory=list)

    def read(self, key: str, address: Address) -> Status | None:
        """Return what is remembered of an address, however old, or None."""
        path = self._path(key)
        try:
            entry = json.loads(path.read_bytes())
            if not isinstance(entry, dict):
                raise ValueError("another program's file")
            if entry.get("version", VERSION) != VERSION:
                return None
            if entry.get("address") != str(address):
                raise ValueError("another program's file")
            record = Fields(document=entry, origin=str(path)).table("status")
            status = replace(read_status(record), validator=record.text("validator"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError, ProblemError) as error:
            self._notice("cannot be read and is ignored", error)
            return None
        return status if status.checked and status.problem is None else None

    def write(self, key: str, address: Address, status: Status) -> None:
        """Remember a status that was had just now."""
        entry = {
            "version": VERSION,
            "address": str(address),
            "status": {**status_record(status), "validator": status.validator},
        }
        content = json.dumps(entry, indent=1).encode()
        try:
            self._mark_as_cache()
            replace_file(self._path(key), content, private=True)
        except OSError as error:
            self._notice("cannot be written, so nothing is remembered", error)

    def _path(self, key: str) -> Path:
        return self.directory / f"{key}.json"

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
