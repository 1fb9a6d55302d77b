"""A secret is taken out of what a service says, however it is written there."""

from __future__ import annotations

import base64
import html
import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from backup_badge.http.redaction import redactor
from backup_badge.provider import Answer

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SECRET = "AbC/dEf+MARKER/xyz=="
AS_BASE64 = base64.b64encode(f"demo:{SECRET}".encode()).decode()

VEILED = {
    "plain": SECRET,
    "in-a-sentence": f"bad token {SECRET}, sorry",
    "upper-case": SECRET.upper(),
    "percent-encoded": quote(SECRET),
    "percent-encoded-whole": quote(SECRET, safe=""),
    "percent-encoded-twice": quote(quote(SECRET, safe="")),
    "every-byte-percent-encoded": "".join(f"%{ord(c):02x}" for c in SECRET),
    "html": html.escape(SECRET).replace("/", "&#x2F;"),
    "every-letter-an-entity": "".join(f"&#{ord(c)};" for c in SECRET),
    "json-in-json": json.dumps({"key": SECRET}).replace("/", "\\/"),
    "escaped-in-json-in-json": "".join(f"\\u{ord(c):04x}" for c in SECRET),
    "escaped-as-in-c": "".join(f"\\x{ord(c):02x}" for c in SECRET),
    "form": SECRET.replace("+", " "),
    "hexadecimal": SECRET.encode().hex(),
    "user-and-password": f"Basic {AS_BASE64}",
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64-for-urls": base64.urlsafe_b64encode(f"a{SECRET}b".encode()).decode(),
}


@pytest.mark.parametrize("text", VEILED.values(), ids=VEILED)
def test_veiled(text: str) -> None:
    """Neither the secret nor what it can be read from is left, in any field."""
    body = json.dumps({text: [text, {"deep": [[text]]}], "count": 1}).encode()
    document = Answer(origin="it", body=body, time=NOW, secrets=(SECRET,)).json()
    left = json.dumps(document)
    assert "***" in left
    assert "MARKER" not in left.upper()
    assert text not in left
    assert document["count"] == 1


@pytest.mark.parametrize(
    "escape", [{"/": "\\/"}, {c: f"\\u{ord(c):04x}" for c in SECRET}]
)
def test_escaped(escape: dict[str, str]) -> None:
    """How the document's own letters are escaped makes no difference."""
    written = "".join(escape.get(letter, letter) for letter in SECRET)
    body = f'{{"state": "bad token {written}"}}'.encode()
    document = Answer(origin="it", body=body, time=NOW, secrets=(SECRET,)).json()
    assert document == {"state": "bad token ***"}


@pytest.mark.parametrize(
    ("secret", "text", "left"),
    [
        ("tok", "token tok, tok", "token ***, ***"),
        ("t", "completed", "completed"),
        ("1", "2026-11-21T01:11:11Z", "2026-11-21T01:11:11Z"),
        ("", "completed", "completed"),
        (None, "100% of R&D", "100% of R&D"),
        ("demo-key", "100% of R&D \\o/", "100% of R&D \\o/"),
        ("(.*)+secret", "no (.*)+secret", "no ***"),
        ("sécret-é", "a sécret-é", "a ***"),
    ],
)
def test_short_and_odd(secret: str | None, text: str, left: str) -> None:
    """A short secret is looked for between separators: it may be part of any word."""
    assert redactor([secret])(text) == left


def test_longest_first() -> None:
    """Of two secrets that begin alike nothing is left."""
    assert redactor(["secret", "secret-key"])("secret-key") == "***"
