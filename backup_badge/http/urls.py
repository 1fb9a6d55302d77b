"""Where requests may go: https, or this machine itself."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit


def check_url(text: str, *, anonymous: bool = False) -> str:
    """Return the base URL if it is https, or http to loopback only.

    Where requests are ``anonymous`` plain http may go anywhere. Raises ValueError,
    which never tells the text: a secret may have strayed there.
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
    if is_plain(text) and not anonymous:
        raise ValueError("must use https: plain http goes to loopback only")
    if re.search(r"[\s?#]", text) or not text.isprintable():
        raise ValueError("must be a base URL, without a query or a fragment")
    return text


def check_location(text: str) -> str:
    """Return the URL of a document, which may be secret: it may hold a credential.

    Raises ValueError, which never tells the text.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not is_url(text) or re.search(r"\s", text) or not text.isprintable():
        raise ValueError("must be a URL such as https://example.org/backup-status.json")
    is_secret = "@" in parts.netloc or parts.query
    if is_secret and is_plain(text):
        raise ValueError(
            "must use https: a secret goes over plain http to loopback only"
        )
    return text


def is_plain(url: str) -> bool:
    """Whether what is sent to a right URL can be read on its way: no credential may."""
    parts = urlsplit(url)
    return parts.scheme != "https" and not is_loopback(parts.hostname or "")


def is_url(location: str) -> bool:
    """Whether a path or URL is to be fetched rather than opened."""
    return location.lower().startswith(("http://", "https://"))


def is_remote(location: str) -> bool:
    """Whether a text means to be a URL, a right one or a wrong one."""
    return bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*://|https?:)", location, re.I))


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
