"""The calls that read an account; whatever comes back is about that account.

Source: the documents that the package names. All times are in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from backup_badge.provider import Ask, Fields
from backup_badge.providers.rackspace.documents import check_about, check_account


@dataclass(frozen=True)
class Calls:
    """Asks below one account's endpoint. Every call raises ProblemError."""

    ask: Ask

    def get(self, path: str, **query: str) -> Fields:
        """Return a document that names no other account."""
        answer = self.ask.get(path, **query).fields(zone="UTC")
        check_account(answer, unquote(self.ask.base.rpartition("/")[2]))
        return answer

    def one(self, kind: str, identifier: str) -> Fields:
        """Ask for a backup, restore or configuration, and for no other one."""
        document = self.get(f"/{kind}s/{quote(identifier, safe='')}")
        check_about(document, kind, identifier)
        return document

    def history(self, configuration: str) -> Fields:
        """Ask for the latest activities of a configuration."""
        return self.get(f"/configurations/{quote(configuration, safe='')}/activities")
