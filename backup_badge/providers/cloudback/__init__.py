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

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Ask for a badge, and read the word off it."""
        return read_badge(ask.get(f"/badge/{locator}"))
