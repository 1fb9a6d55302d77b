"""Where requests may go: https, or this machine itself."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit


def check_url(text: str) -> str:
    """Return the base URL if it is https, or http to loopback only.

    Raises ValueError, which never tells the text: a secret may have strayed there.
    """
    text = text.rstrip("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("must be a URL such as https://example.org") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user or a password")
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("must be a URL such as https://example.org")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must use https: plain http goes to loopback only")
    if re.search(r"[\s?#]", text) or not text.isprintable():
        raise ValueError("must be a base URL, without a query or a fragment")
    return text


def is_url(location: str) -> bool:
    """Whether a path or URL is to be fetched rather than opened."""
    return location.lower().startswith(("http://", "https://"))


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
