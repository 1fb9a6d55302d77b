"""Asking for badges, and reading the word off one.

Source: Cloudback documentation, "Backup Status Badge". The badge is an SVG picture
whose markup is not documented, so the word is read as a person would read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from backup_badge.http.responses import check
from backup_badge.providers.base import Session
from backup_badge.providers.cloudback.svg import NotAPictureError, picture_texts
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Status

if TYPE_CHECKING:
    from backup_badge.http.client import Client

STATES = {
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "in progress": State.IN_PROGRESS,
    "scheduled": State.SCHEDULED,
    "deleted": State.DELETED,
    "unknown": State.UNKNOWN,
}
"""The six words of the documentation's table, and what they mean."""

_WORD = re.compile(
    r"(?<![^\W_])(succeeded|failed|in[\s_\u2010-]?progress|scheduled|deleted|unknown)(?![^\W_])",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"(?<![^\W_])(not|never|no|none|nothing|partial(ly)?|partly"
    r"|with[\s_-]+(errors|warnings|issues))(?![^\W_])|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Badges(Session):
    """The badges of one service."""

    client: Client
    url: str

    def fetch(self, segments: tuple[str, ...], known: Status | None) -> Status:
        """Ask for a badge, and read it."""
        host = urlsplit(self.url).netloc
        path = "/".join(quote(segment, safe="") for segment in segments)
        response = self.client.get(
            f"{self.url}/badge/{path}",
            accept="image/svg+xml",
            validator=known.validator if known else None,
        )
        if response.status == 304 and known:
            return known
        check(response, host=host)
        status = read_badge(response.body, host=host)
        return replace(status, validator=response.validator)


def read_badge(body: bytes, *, host: str) -> Status:
    """Read the status off a badge, an SVG document.

    Raises ProblemError (``invalid_response``) when it says none of the six words or
    more than one, or is no picture at all.
    """
    try:
        texts = picture_texts(body)
    except NotAPictureError as error:
        raise _invalid(f"{host} answered with {error}, not with a badge") from None
    words = {_canonical(word) for text in texts for word in _WORD.findall(text)}
    denied = any(_DENIAL.search(text) for text in texts)
    if len(words) != 1 or denied:
        what = "more than one status" if len(words) > 1 else "no status that is known"
        raise _invalid(f"the badge of {host} says {what}: {_quote(texts)}")
    word = words.pop()
    return Status(reported=STATES[word], native=word)


def _canonical(word: str) -> str:
    return "in progress" if word.lower().startswith("in") else word.lower()


def _quote(texts: Iterable[str]) -> str:
    said = " | ".join(texts)
    return repr(said if len(said) <= 80 else f"{said[:77]}...") if said else "nothing"


def _invalid(why: str) -> ProblemError:
    return ProblemError(Category.INVALID_RESPONSE, why)
