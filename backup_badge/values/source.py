"""Sources and their addresses: what a page or a configuration may name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any
from unicodedata import category
from urllib.parse import quote, unquote

from backup_badge.values.problem import Problem

_UNWRITABLE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
_EXAMPLE = "such as cloudback:OWNER/REPOSITORY"
RESTORE = "restore:"
"""What the name of a source's restore test begins with."""
RESTORE_LABEL = " restore"
"""What its label ends with where nobody chose one: it begins with the source's."""
_CONTROLS = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, kw_only=True)
class Address:
    """``provider:locator``, where the locator is made of decoded segments."""

    provider: str
    segments: tuple[str, ...]

    @property
    def path(self) -> str:
        """The segments, each percent-encoded on its own, joined by slashes."""
        return _path(self.segments)

    def __str__(self) -> str:
        return f"{self.provider}:{self.path}"


def writable(text: str, instead: str) -> str:
    """Return a text without what no page can hold, and what a terminal would obey.

    See XML 1.0 and UTF-8; of what is printable all can be held.
    """
    return text if text.isprintable() else re.sub(_UNWRITABLE, instead, text)


@lru_cache(maxsize=4096)
def _path(segments: tuple[str, ...]) -> str:
    return "/".join(quote(segment, safe="") for segment in segments)


def parse_address(text: str) -> Address:
    """Read ``provider:segment/segment``; each segment may be percent-encoded.

    Raises ValueError with the rest of a sentence that begins with the address.
    Which segments a provider understands is the provider's to say.
    """
    text = text.strip()
    provider, colon, locator = text.partition(":")
    is_url = re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE)
    if is_url or not colon or not provider.strip() or not locator.strip():
        raise ValueError(f"is not an address {_EXAMPLE}")
    try:
        segments = tuple(
            unquote(segment, errors="strict") for segment in locator.split("/")
        )
    except UnicodeDecodeError:
        raise ValueError("is percent-encoded, but not from UTF-8") from None
    for segment in segments:
        if not segment.strip():
            raise ValueError(f"has an empty segment{_tidied(provider, segments)}")
        if segment in (".", ".."):
            raise ValueError(f"has the segment {segment!r}, which no name can be")
        if not segment.isprintable() and _CONTROLS & set(map(category, segment)):
            raise ValueError("has a control character in it")
    if any(part != part.strip() for part in (provider, *segments)):
        raise ValueError(f"has a space around a segment{_tidied(provider, segments)}")
    return Address(provider=provider, segments=segments)


def _tidied(provider: str, segments: tuple[str, ...]) -> str:
    """Suggest an address without outer spaces and empty segments."""
    kept = tuple(segment.strip() for segment in segments if segment.strip())
    if not kept:
        return ""
    return f". Did you mean '{Address(provider=provider.strip(), segments=kept)}'?"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One backup that is watched.

    ``name`` is the name from the configuration, or the address as written. ``link`` is
    a page of the site or a URL, as the configuration has it. ``system`` is what readers
    call its provider, where that has a label. ``is_labelled`` is False where nobody
    chose the ``label``: the system's own name for a backup is better then, once it is
    known. A source that could not be understood has no address but a problem, and is
    never asked. ``restore`` is another source, which tells how the last restore test
    went; its name is ``restore:NAME``.
    """

    name: str
    address: Address | None
    label: str
    is_labelled: bool = True
    description: str | None = None
    owner: str | None = None
    groups: tuple[str, ...] = ()
    max_age: timedelta | None = None
    link: str | None = None
    system: str | None = None
    problem: Problem | None = None
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    restore: Source | None = None

    @property
    def is_restore(self) -> bool:
        """Whether this is the restore test of another source."""
        return self.name.startswith(RESTORE)


def without_nested(sources: Iterable[Source]) -> list[Source]:
    """Leave out each restore test whose own source is there, too."""
    sources = list(sources)
    nested = {source.restore for source in sources}
    return [source for source in sources if source not in nested]
