"""Rackspace Cloud Backup v2.

Source: Rackspace Cloud Backup v2 guide, "Retrieve backup status", and the public API
guide of the same service for configurations, activities and the identity call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from backup_badge.options.kinds import ACCOUNT, SECRET, URL
from backup_badge.options.option import Option
from backup_badge.providers.base import Provider, Session

if TYPE_CHECKING:
    from backup_badge.http.client import Client


class Rackspace(Provider):
    """Asks for single backups and for the latest run of a configuration."""

    type: ClassVar[str] = "rackspace"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            name="tenant",
            kind=ACCOUNT,
            help="The project's ID; with a user, the catalogue's where not given.",
        ),
        Option(
            name="region",
            kind=ACCOUNT,
            help="dfw, ord, iad, lon, hkg or syd.",
        ),
        Option(
            name="url",
            kind=URL,
            help="The API's endpoint, instead of a region: what stands before /v2.",
        ),
        Option(
            name="token",
            kind=SECRET,
            secret=True,
            help="An authentication token, instead of a user and an API key.",
        ),
        Option(
            name="username",
            kind=ACCOUNT,
            help="The user to obtain a token for.",
        ),
        Option(
            name="api_key",
            kind=SECRET,
            secret=True,
            help="The user's API key.",
        ),
        Option(
            name="identity_url",
            kind=URL,
            default="https://identity.api.rackspacecloud.com/v2.0",
            help="Where a token is obtained.",
        ),
    )
    addresses: ClassVar[tuple[str, ...]] = ("backup/ID", "configuration/ID")

    @classmethod
    def faults(cls, options: Mapping[str, Any]) -> list[str]:
        """A credential must be complete, and must have a place to go to."""
        faults = []
        user = options["username"] is not None and options["api_key"] is not None
        if options["token"] is None and not user:
            faults.append("needs 'token', or 'username' and 'api_key'")
        if not user and options["tenant"] is None:
            faults.append("needs 'tenant'")
        if not user and options["region"] is None and options["url"] is None:
            faults.append("needs 'region' or 'url'")
        return faults

    @classmethod
    def accepts(cls, segments: tuple[str, ...]) -> bool:
        """Whether this is ``backup/ID`` or ``configuration/ID``."""
        return len(segments) == 2 and segments[0] in ("backup", "configuration")

    @classmethod
    def label(cls, segments: tuple[str, ...]) -> str:
        """An ID means nothing to a reader: its beginning is enough to tell it."""
        return f"{segments[0]} {segments[1][:8]}"

    @classmethod
    def host(cls, options: Mapping[str, Any]) -> str:
        """The endpoint, or the region that it is in."""
        return str(options["url"] or options["region"])

    @classmethod
    def load(cls) -> None:
        """Import the account and its backups."""
        import backup_badge.providers.rackspace.backups  # noqa: F401

    @classmethod
    def open(
        cls, options: Mapping[str, Any], client: Client, environ: Mapping[str, str]
    ) -> Session:
        """Begin asking; a token is obtained when the first request needs it."""
        from backup_badge.providers.rackspace.account import Account
        from backup_badge.providers.rackspace.backups import Backups

        return Backups(account=Account(client, options, environ))
