"""Answering from a status file instead of asking the backup systems.

One that is fetched is remembered between builds with its host's validator: while it is
fresh it costs no request, then one without a body, as long as it has not changed.
Where its host is silent the remembered one stands in.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from backup_badge.ask.cache import Cache
from backup_badge.config.settings import Settings
from backup_badge.documents.fields import Fields
from backup_badge.documents.parse import OURS, parse_json
from backup_badge.documents.records import SCHEMA, read_status
from backup_badge.files import read_file
from backup_badge.http.responses import check
from backup_badge.http.urls import is_url
from backup_badge.options.references import find_reference
from backup_badge.values.problem import PASSING, Category, Problem, ProblemError
from backup_badge.values.source import RESTORE, Source
from backup_badge.values.status import CLOCK_SKEW, Status, format_time, unresolved

if TYPE_CHECKING:
    from backup_badge.http.client import Client


@dataclass(frozen=True, kw_only=True)
class StatusFile:
    """The statuses that were written down at ``generated`` (UTC).

    ``content`` is the whole document. Of one that was fetched, ``checked`` is when its
    host was asked (UTC), ``validator`` the host's name for this version of it, and
    ``problem`` why an older one stands in.
    """

    location: str
    generated: datetime | None
    sources: Fields
    content: Mapping[str, Any] = field(repr=False)
    checked: datetime | None = None
    validator: str | None = None
    problem: Problem | None = None

    def status(self, source: Source) -> Status:
        """Return what the file says of a source, not judged yet.

        A source is found by its name or else by its address, and one that is not in
        the file is ``offline``: nothing is guessed. Where a source has options of its
        own, its address alone does not tell which it is.
        """
        address = str(source.address)
        found = [self._named.get(source.name)]
        found += [] if source.options else [self._addressed.get(address)]
        for entry in found:
            if isinstance(entry, dict) and entry.get("address") == address:
                try:
                    status = read_status(
                        Fields(document=entry, origin=self.sources.origin, zone="UTC")
                    )
                    stale = status.stale or self.problem is not None
                    problem = status.problem or self.problem
                    return replace(status, problem=problem, stale=stale, from_file=True)
                except ProblemError as error:
                    return unresolved(error.problem)
        missing = f"{source.name} is not in the status file {self.location}"
        return unresolved(
            Problem(category=Category.OFFLINE, message=f"{missing}: export it again")
        )

    @cached_property
    def _named(self) -> dict[str, object]:
        """The entries by name; restore tests stand in those of their sources."""
        entries = self.sources.document
        restores = {
            f"{RESTORE}{name}": entry["restore"]
            for name, entry in entries.items()
            if isinstance(entry, dict) and entry.get("restore")
        }
        return {**entries, **restores}

    @cached_property
    def _addressed(self) -> dict[str, object]:
        """The first entry of each address."""
        addressed: dict[str, object] = {}
        for entry in self._named.values():
            if isinstance(entry, dict) and isinstance(entry.get("address"), str):
                addressed.setdefault(entry["address"], entry)
        return addressed


def open_status_file(path: Path) -> StatusFile:
    """Open a status file on this machine. Raises ProblemError (``offline``)."""
    try:
        return parse_status_file(read_file(str(path)), location=path.name)
    except OSError as error:
        raise ProblemError(
            Category.OFFLINE,
            f"the status file {path.name} cannot be read: {error.strerror}",
        ) from error


def load_status_file(
    location: str,
    fetch: Callable[[StatusFile | None], StatusFile | Problem],
    *,
    called: str,
    settings: Settings,
    cache: Cache,
    now: Callable[[], datetime],
) -> StatusFile | Problem:
    """Open a status file, or get that of a URL: remembered while fresh, or fetched.

    Messages say ``called``: a URL may be a secret.

    ``fetch`` is called with the one that is remembered, if any. That stands in where
    its host is silent, as long as ``stale_if_error`` allows; any answer that is no
    status file is news, which no older one hides. ``now`` tells the time in UTC.
    """
    if not is_url(location):
        try:
            return open_status_file(Path(location))
        except ProblemError as error:
            return error.problem
    known, age = _recall(location, cache, called=called), timedelta.max
    if known is not None and known.checked is not None:
        age = now() - known.checked
    if known is None or not -CLOCK_SKEW <= age < timedelta.max:
        known = None
    elif age <= settings.cache_ttl:
        return known
    answer = fetch(known)
    if isinstance(answer, StatusFile):
        _keep(location, replace(answer, checked=now()), cache)
    elif answer.category not in PASSING:
        cache.forget(_key(location))
    elif known and age <= settings.stale_if_error:
        return replace(known, problem=answer)
    return answer


def fetch_status_file(
    url: str, client: Client, known: StatusFile | None = None, *, called: str
) -> StatusFile:
    """Fetch a status file, unless ``known`` is it. Raises ProblemError.

    The user and the password in a URL are sent as HTTP Basic (RFC 7617).
    """
    validator = known.validator if known else None
    # Its host may stand in a variable, like the rest of it.
    host = called if find_reference(called) else None
    plain, credentials = _split_credentials(url)
    response = client.get(
        plain,
        accept="application/json",
        credentials=credentials,
        validator=validator,
        shown=host,
    )
    if known and response.status == 304:
        return known
    check(response, host=f"the status file's host ({called})")
    file = parse_status_file(response.body, location=called)
    return replace(file, validator=response.validator)


def _split_credentials(url: str) -> tuple[str, dict[str, str] | None]:
    """Return a URL without its user and password, and the header that sends them."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    name, _, password = user.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    header = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    return parts._replace(netloc=host).geturl(), header


def _key(url: str) -> object:
    return "status file", url


def _recall(url: str, cache: Cache, *, called: str) -> StatusFile | None:
    def read(entry: Fields) -> StatusFile:
        file = _read(entry.table("document").document, location=called)
        checked, validator = entry.time("checked"), entry.text("validator")
        return replace(file, checked=checked, validator=validator)

    return cache.load(_key(url), {"location": called}, read)


def _keep(url: str, file: StatusFile, cache: Cache) -> None:
    entry = {
        "location": file.location,
        "checked": format_time(file.checked),
        "validator": file.validator,
        "document": file.content,
    }
    cache.store(_key(url), entry)


def parse_status_file(content: bytes, *, location: str) -> StatusFile:
    """Read a status file's bytes. Raises ProblemError (``invalid_response``)."""
    try:
        document = parse_json(content, limit=OURS)
    except ValueError:
        document = None
    return _read(document, location=location)


def _read(document: object, *, location: str) -> StatusFile:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ProblemError(
            Category.INVALID_RESPONSE,
            f"{location} is no status file of schema {SCHEMA}: write it with"
            " 'backup-badge export' or 'backup-badge status --format json'",
        )
    origin = f"the status file {location}"
    fields = Fields(document=document, origin=origin, zone="UTC")
    return StatusFile(
        location=location,
        generated=fields.time("generated"),
        sources=fields.table("sources"),
        content=document,
    )
