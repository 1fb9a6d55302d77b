"""The grammar of addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.values.source import Address, parse_address, writable


@pytest.mark.parametrize(
    ("text", "provider", "segments"),
    [
        ("cloudback:acme/website", "cloudback", ("acme", "website")),
        ("  cloudback:acme/website\n", "cloudback", ("acme", "website")),
        ("second:a/b/c/d", "second", ("a", "b", "c", "d")),
        ("rackspace:backup/0d95d699", "rackspace", ("backup", "0d95d699")),
        ("c:acme%2Ftools/build%20images", "c", ("acme/tools", "build images")),
        ("c:acme/build images", "c", ("acme", "build images")),
        ("c:%C3%BC/ü", "c", ("ü", "ü")),
        ("c:%41%62", "c", ("Ab",)),
        ("c:%252F", "c", ("%2F",)),
        ("c:100%/50%zz", "c", ("100%", "50%zz")),
        ("c:a+b/a&b?c#d", "c", ("a+b", "a&b?c#d")),
        ("c:a:b/…/...", "c", ("a:b", "…", "...")),
        ("c:پشتیبان‌گیری/👩‍💻", "c", ("پشتیبان‌گیری", "👩‍💻")),
        ("c:a%C2%A0b", "c", ("a\N{NO-BREAK SPACE}b",)),
        ("c:..%2F..%2Fx", "c", ("../../x",)),
    ],
)
def test_address(text: str, provider: str, segments: tuple[str, ...]) -> None:
    """An address is a provider and segments, each decoded on its own, once."""
    address = parse_address(text)
    assert (address.provider, address.segments) == (provider, segments)
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *[(text, "is not an address") for text in ("", ":", "c:", ":a/b", "website")],
        *[(text, "an empty segment") for text in ("c:/", "c:a//b", "c:a/", "c:/a")],
        *[(text, "an empty segment") for text in ("c:a/%20", "c:a/%C2%A0/b")],
        *[
            (f"c:{x}", "a space around")
            for x in (" a/b", "a /b", "a/b%20", "a/%C2%A0b")
        ],
        ("c :a/b", "a space around"),
        ("https://app.cloudback.it/badge/a/b", "is not an address"),
        *[(text, "which no name can be") for text in ("c:./a", "c:a/..", "c:%2E%2e/a")],
        *[(text, "not from UTF-8") for text in ("c:%FF", "c:a/%C3%28", "c:%ED%A0%80")],
        *[(f"c:a%{code}b", "a control") for code in ("00", "0A", "09", "1B", "7F")],
        *[(f"c:a{char}b", "a control") for char in "\0\r\x9b\u2028\u2029\ud800"],
    ],
)
def test_no_address(text: str, why: str) -> None:
    """What no backup can be called is refused, with the rest of a sentence."""
    with pytest.raises(ValueError, match=why):
        parse_address(text)


@given(st.lists(st.text(min_size=1), min_size=1).map(tuple))
def test_round_trip(segments: tuple[str, ...]) -> None:
    """Whatever an address holds, its text is plain ASCII that reads as the same."""
    try:
        text = str(Address(provider="c", segments=segments))
        address = parse_address(text)
    except ValueError:
        return
    assert address.segments == segments
    assert text.isascii()
    assert address.path.count("/") == len(segments) - 1
    assert not set(address.path) & set(" ?#\\:@")


def test_what_no_page_can_hold() -> None:
    """Every sign that XML forbids or a terminal obeys goes, and no other."""
    forbidden = "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]"
    for sign in map(chr, range(0x11000)):
        expected = "a?b" if re.match(forbidden, sign) else f"a{sign}b"
        assert writable(f"a{sign}b", "?") == expected
