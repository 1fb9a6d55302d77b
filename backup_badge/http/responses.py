"""What an answer is worth: its status explained."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from backup_badge.values.problem import Category, ProblemError

_FIRST_TIME = 10**8
"""Smaller numbers are seconds from now: as a time they would lie in the year 1973."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """An answer read whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def validator(self) -> str | None:
        """The server's name for this version of the answer: an ETag or a date."""
        return self.headers.get("etag") or self.headers.get("last-modified")


CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
"""The headers that ask for an answer only if it has changed (RFC 9110)."""


def conditional(validator: str | None) -> dict[str, str]:
    """Return the header that asks for an answer only if it has changed (RFC 9110)."""
    validator = (validator or "").strip()
    if not (validator and validator.isascii() and validator.isprintable()):
        return {}
    is_etag = validator.startswith(('"', "W/"))
    return {"If-None-Match" if is_etag else "If-Modified-Since": validator}


def retry_after(value: str | None) -> float:
    """Read a ``Retry-After`` header (RFC 9110): seconds or a date, as seconds from now.

    Zero where there is none, or none that can be understood.
    """
    if value is None:
        return 0.0
    if value.isascii() and value.strip().isdigit():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max((then - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return 0.0


def is_rate_limited(response: Response) -> bool:
    """Whether an answer asks for fewer requests.

    By its status (RFC 6585), or as GitHub and others refuse who has none left: with
    403 and a header that says so.
    """
    if response.status == 403:
        return "retry-after" in response.headers or _has_none_left(response)
    return response.status == 429


def requested_pause(response: Response) -> float | None:
    """Return after how many seconds a server wants to be asked again; None: not said.

    ``Retry-After`` says so, or where no request is left, when the next ones are given
    out: ``X-RateLimit-Reset``, as a time (Unix) or in seconds.
    """
    if "retry-after" in response.headers:
        return retry_after(response.headers["retry-after"])
    if not _has_none_left(response) or not is_rate_limited(response):
        return None
    for name in ("x-ratelimit-reset", "ratelimit-reset"):
        value = response.headers.get(name, "").strip()
        if value.isascii() and value.isdecimal():
            seconds = float(value)
            is_time = seconds > _FIRST_TIME
            return max(seconds - time.time(), 0.0) if is_time else seconds
    return None


def _has_none_left(response: Response) -> bool:
    names = ("x-ratelimit-remaining", "ratelimit-remaining")
    return any(response.headers.get(name, "").strip() == "0" for name in names)


def check(response: Response, *, host: str) -> None:
    """Raise ProblemError for an answer whose status is not a success.

    The sentence tells the reader of the build's log what to do.
    """
    if 200 <= response.status < 300:
        return
    kind = 429 if is_rate_limited(response) else response.status
    category, advice = _ADVICE.get(kind, (Category.INVALID_RESPONSE, ""))
    if response.status >= 500:
        category, advice = Category.UNREACHABLE, "it is in trouble; try again later"
    what = f"{host} answered {response.status}"
    raise ProblemError(category, f"{what}: {advice}" if advice else what)


_ADVICE = {
    401: (
        Category.UNAUTHORIZED,
        "it does not accept the credential; check it and when it expires",
    ),
    403: (
        Category.UNAUTHORIZED,
        "the credential is not allowed to see this; check its rights and the tenant",
    ),
    404: (
        Category.NOT_FOUND,
        "it knows no such backup; check the address, and the 'url'",
    ),
    410: (
        Category.NOT_FOUND,
        "the backup is gone; check the address",
    ),
    429: (
        Category.RATE_LIMITED,
        "it asks for fewer requests; raise 'cache_ttl' or build from a status file",
    ),
}
