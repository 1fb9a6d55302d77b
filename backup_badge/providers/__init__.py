"""The registry of providers: one file a backup system, one line here."""

from __future__ import annotations

from backup_badge.providers.base import Provider, Session
from backup_badge.providers.cloudback import Cloudback
from backup_badge.providers.rackspace import Rackspace

PROVIDERS: dict[str, type[Provider]] = {
    provider.type: provider
    for provider in (
        Cloudback,
        Rackspace,
    )
}

__all__ = ["PROVIDERS", "Provider", "Session"]
