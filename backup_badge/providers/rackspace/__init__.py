"""Rackspace Cloud Backup v2.

Source: Rackspace Cloud Backup v2 guide, "Retrieve backup status", and the public API
guide of the same service for configurations, activities and the identity call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backup_badge.provider import (
    ACCOUNT,
    SECRET,
    URL,
    Access,
    Ask,
    Entry,
    Found,
    Http,
    Locator,
    Option,
    Provider,
    Status,
    header,
)
from backup_badge.providers.rackspace.backups import Backups
from backup_badge.providers.rackspace.documents import STATES
from backup_badge.providers.rackspace.held import held
from backup_badge.providers.rackspace.login import log_in
from backup_badge.providers.rackspace.restores import Restores


class Rackspace(Provider):
    """Single backups, a configuration's latest run, and its latest restore."""

    type = "rackspace"
    ways = (Http(credentials=(header("X-Auth-Token", option="token"),)),)
    own = (
        Option(
            name="tenant",
            kind=ACCOUNT,
            help="The project's ID; with a user, the catalogue's where not given.",
        ),
        Option(name="region", kind=ACCOUNT, help="dfw, ord, iad, lon, hkg or syd."),
        Option(name="username", kind=ACCOUNT, help="The user to obtain a token for."),
        Option(name="api_key", kind=SECRET, secret=True, help="The user's API key."),
        Option(
            name="identity_url",
            kind=URL,
            default="https://identity.api.rackspacecloud.com/v2.0",
            help="Where a token is obtained.",
        ),
    )
    addresses = ("backup/ID", "configuration/ID", "restore/CONFIGURATION")
    states = STATES

    def faults(self, options: Mapping[str, Any]) -> list[str]:
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

    def label(self, locator: Locator) -> str:
        """An ID means nothing to a reader: its beginning is enough to tell it."""
        return f"{locator.kind} {locator.segments[1][:8]}"

    def login(self, access: Access) -> Entry:
        """Find the account's endpoint, and a token for it."""
        return log_in(access)

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Ask for a backup, or for what a configuration's latest run came to."""
        if locator.kind == "restore":
            return Restores(ask).status(locator["CONFIGURATION"])
        return Backups(ask).status(locator)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the configurations: a backup is one run, and soon an old one."""
        return held(ask)
