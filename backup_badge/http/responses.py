"""What an answer is worth: its status explained, its JSON read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from backup_badge.documents.fields import Fields
from backup_badge.http.redaction import redact_value, redactor
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
    except (ValueError, OverflowError):
        return 0.0
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return max((time - datetime.now(UTC)).total_seconds(), 0.0)


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


class _TwiceError(ValueError):
    """An object has a field twice: which of the two holds is not to be guessed."""


def read_json(
    response: Response, *, host: str, secrets: Iterable[str | None] = ()
) -> Fields:
    """Read the answer's body as a JSON object, without the secrets that were sent.

    Raises ProblemError (``invalid_response``) for anything else, and for an object
    that has a field twice.
    """
    document = None
    why = "is something other than a JSON object; check the URL (a login page, perhaps)"
    try:
        read = json.loads(
            response.body, parse_constant=_refuse_constant, object_pairs_hook=_object
        )
        document = redact_value(read, redactor(secrets))
    except _TwiceError:
        why = "has a field that stands twice in it"
    except (ValueError, RecursionError):
        pass
    if not isinstance(document, dict):
        message = f"the answer of {host} {why}"
        raise ProblemError(Category.INVALID_RESPONSE, message)
    return Fields(document=document, origin=f"the answer of {host}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _TwiceError
    return fields


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
