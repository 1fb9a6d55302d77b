"""Where a redirect may lead."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from backup_badge.values.problem import Category, ProblemError

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def redirected(url: str, target: str, *, confidential: bool) -> str:
    """Return where a redirect leads; refuse what is unsafe to follow.

    Raises ProblemError, whose message goes on after the name of the host.
    """
    here = urlsplit(url)
    try:
        there = urlsplit(urljoin(url, target))
        unsafe = there.scheme not in ("http", "https") or not there.hostname
        unsafe = unsafe or there.username is not None
        other = _identity(here) != _identity(there)
    except ValueError:
        unsafe = other = True
    downgrade = not unsafe and here.scheme == "https" and there.scheme == "http"
    if unsafe or downgrade or (other and confidential):
        why = "and a credential never goes there" if confidential else "which is unsafe"
        raise ProblemError(
            Category.INVALID_RESPONSE,
            f"redirects to another place, {why}: configure the URL that answers itself",
        )
    return there.geturl()


def _identity(parts: SplitResult) -> tuple[str, str | None, int | None]:
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default
