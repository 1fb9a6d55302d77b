"""Cloudback's status badge.

Source: Cloudback documentation, "Backup Status Badge": the two URL formats and the
six status words.
"""

from __future__ import annotations

from backup_badge.provider import Ask, Http, Locator, Provider, Status
from backup_badge.providers.cloudback.word import STATES, read_badge


class Cloudback(Provider):
    """Badges, anonymously: no credential is sent, and none may be."""

    type = "cloudback"
    ways = (
        Http(
            default="https://app.cloudback.it",
            accept="image/svg+xml",
            conditional=True,
        ),
    )
    addresses = ("PLATFORM/ACCOUNT/SUBJECT_TYPE/SUBJECT_NAME", "OWNER/REPOSITORY")
    states = STATES
    dated = False

    def from_url(self, host: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Read the URL of a badge, or of a repository on GitHub."""
        if host in ("app.cloudback.it", "cloudback.it") and path[:1] == ("badge",):
            return path[1:] if len(path) in (3, 5) else None
        if host not in ("github.com", "www.github.com") or len(path) < 2:
            return None
        if len(path) == 3 and path[1] == "repository":
            return ("github", *path)
        return (path[0], path[1].removesuffix(".git"))

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Ask for a badge, and read the word off it."""
        return read_badge(ask.get(f"/badge/{locator}"))
