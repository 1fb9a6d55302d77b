"""Taking secrets out of what a service says, after it was decoded."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

HIDDEN = "***"
_SHORT = 6
"""A secret of fewer characters is looked for between separators only."""
_ENCODED = re.compile(r"[%&\\]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)

Redact = Callable[[str], str]


def redactor(secrets: Iterable[str | None]) -> Redact:
    """Return a function that replaces these secrets in a text by ``***``.

    They are found plain, percent-encoded, as hexadecimal digits, within Base64, and
    escaped as HTML or JSON do, in any case of letters.
    """
    needles = {needle for secret in secrets if secret for needle in _needles(secret)}
    if not needles:
        return lambda text: text
    # The longest first: one secret may be the beginning of another one.
    pattern = re.compile("|".join(sorted(needles, key=len, reverse=True)), re.I)

    def redact(text: str) -> str:
        text = pattern.sub(HIDDEN, text)
        decoded = text
        for _ in range(3):
            if not _ENCODED.search(decoded):
                break
            decoded = html.unescape(unquote(_ESCAPE.sub(_unescaped, decoded)))
            if pattern.search(decoded):
                return HIDDEN
        return text

    return redact


def redact_value(value: Any, redact: Redact) -> Any:
    """Return a JSON value with every text in it redacted, the names of fields too."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [redact_value(item, redact) for item in value]
    if isinstance(value, dict):
        return {redact(key): redact_value(item, redact) for key, item in value.items()}
    return value


def _needles(secret: str) -> Iterator[str]:
    """The regular expressions that find a secret."""
    if len(secret) < _SHORT:
        yield rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])"
        return
    raw = secret.encode(errors="replace")
    plain = [secret, secret.replace("+", " "), quote(raw, safe=""), raw.hex()]
    yield from map(re.escape, (*plain, *_base64(raw)))


def _base64(raw: bytes) -> Iterator[str]:
    """What Base64 makes of a secret, wherever it stands in the text encoded."""
    for before, first in ((0, 0), (1, 2), (2, 3)):
        # Only the digits that hold no bit of what stands before and after.
        last = (before + len(raw)) * 8 // 6
        code = b64encode(b"\0" * before + raw).decode()[first:last]
        yield code
        yield code.translate({ord("+"): "-", ord("/"): "_"})


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else match[3]
