"""The accesses of one build: one for all sources that share a system and options."""

from __future__ import annotations

from collections.abc import Mapping

from backup_badge.config.settings import Settings
from backup_badge.config.systems import locator_of, provider_settings, system_of
from backup_badge.providers import find_provider
from backup_badge.values.source import Address, Source
from backup_badge.ways.access import Access
from backup_badge.ways.locator import Locator
from backup_badge.ways.reach import Reach


class Accesses:
    """Opens the systems of a build. References are looked up in ``environ``."""

    def __init__(
        self, settings: Settings, reach: Reach, environ: Mapping[str, str]
    ) -> None:
        self._settings = settings
        self._reach = reach
        self._environ = environ
        self._accesses: dict[tuple[str, str], Access] = {}

    def of_provider(self, name: str, own: Mapping[str, object]) -> Access:
        """Return the access to a system, one for all sources that share options."""
        settings = provider_settings(name, self._settings.providers)
        key = name, repr(sorted(own.items()))
        if key not in self._accesses:
            # Another package's may raise: its sources have a problem then.
            provider = find_provider(settings.type)
            provider.faults({**settings.options, **own})
            self._accesses[key] = Access(
                name=settings.name,
                provider=provider,
                given={**settings.options, **own},
                reach=self._reach,
                environ=self._environ,
            )
        return self._accesses[key]

    def of_source(self, source: Source, address: Address) -> tuple[Access, Locator]:
        """Return the access for a source, and its locator. May raise anything."""
        access = self.of_provider(address.provider, source.options)
        provider = system_of(address.provider, self._settings.providers)
        return access, locator_of(address, provider)
