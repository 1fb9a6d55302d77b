"""Answering from a status file instead of asking the backup systems."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from backup_badge.fields import Fields
from backup_badge.problems import Category, ProblemError
from backup_badge.records import SCHEMA, read_status
from backup_badge.responses import check
from backup_badge.sources import Source
from backup_badge.status import Status, unresolved

if TYPE_CHECKING:
    from backup_badge.http import Client


@dataclass(frozen=True, kw_only=True)
class StatusFile:
    """The statuses that were written down at ``generated`` (UTC)."""

    location: str
    generated: datetime | None
    sources: Fields

    def status(self, source: Source) -> Status:
        """Return what the file says of a source, not judged yet.

        A source is found by its name or else by its address, and one that is not in
        the file is ``offline``: nothing is guessed.
        """
        entries, address = self.sources.document, str(source.address)
        for name in (source.name, *entries):
            entry = entries.get(name)
            if isinstance(entry, dict) and entry.get("address") == address:
                try:
                    return read_status(replace(self.sources, document=entry))
                except ProblemError as error:
                    return unresolved(error.problem.category, error.problem.message)
        return unresolved(
            Category.OFFLINE,
            f"{source.name} is not in the status file {self.location}: export it again",
        )


def is_url(location: str) -> bool:
    """Whether a status file is to be fetched rather than opened."""
    return location.lower().startswith(("http://", "https://"))


def open_status_file(path: Path) -> StatusFile:
    """Open a status file on this machine. Raises ProblemError (``offline``)."""
    try:
        return parse_status_file(path.read_bytes(), location=path.name)
    except OSError as error:
        raise ProblemError(
            Category.OFFLINE,
            f"the status file {path.name} cannot be read: {error.strerror}",
        ) from error


def fetch_status_file(url: str, client: Client) -> StatusFile:
    """Fetch a status file, anonymously. Raises ProblemError.

    What it says never tells the query: that of a signed URL is a credential.
    """
    response = client.get(url, accept="application/json")
    location = urlsplit(url)._replace(query="", fragment="").geturl()
    check(response, host=f"the status file's host ({location})")
    return parse_status_file(response.body, location=location)


def parse_status_file(content: bytes, *, location: str) -> StatusFile:
    """Read a status file's bytes. Raises ProblemError (``invalid_response``)."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ProblemError(
            Category.INVALID_RESPONSE,
            f"{location} is no status file of schema {SCHEMA}: write it with"
            " 'backup-badge export' or 'backup-badge status --format json'",
        )
    fields = Fields(document=document, origin=f"the status file {location}")
    return StatusFile(
        location=location,
        generated=fields.time("generated"),
        sources=fields.table("sources"),
    )
