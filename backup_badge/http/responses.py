"""What an answer is worth: its status explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from backup_badge.values.problem import Category, ProblemError


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
        time = parsedate_to_datetime(value)
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        return max((time - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return 0.0


def check(response: Response, *, host: str) -> None:
    """Raise ProblemError for an answer whose status is not a success.

    The sentence tells the reader of the build's log what to do.
    """
    if 200 <= response.status < 300:
        return
    category, advice = _ADVICE.get(response.status, (Category.INVALID_RESPONSE, ""))
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
        "it knows no such backup; check the address",
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
