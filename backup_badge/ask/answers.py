"""What is remembered of addresses between builds, and for how long it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from backup_badge.ask.cache import Account, Cache, account_of, cache_key
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings
from backup_badge.values.source import Address
from backup_badge.values.status import CLOCK_SKEW, Status


class Memory:
    """The last answers, by account and address. ``now`` tells the time in UTC."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime],
        environ: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._now = now
        self._environ = environ
        self.cache = Cache(settings.cache_dir)
        self._accounts: dict[str, Account] = {}

    def recall(self, address: Address) -> Status | None:
        """Return the last answer, if it may still stand in for a failing source."""
        status = self.cache.read(self._key(address), address)
        if status is None or status.checked is None:
            return None
        age = self._now() - status.checked
        return status if -CLOCK_SKEW <= age <= self._settings.stale_if_error else None

    def is_fresh(self, status: Status) -> bool:
        """Whether an answer is so young that nobody need be asked."""
        if status.checked is None:
            return False
        return self._now() - status.checked <= self._settings.cache_ttl

    def keep(self, address: Address, status: Status) -> None:
        """Remember an answer that was had just now; one with a problem is none."""
        if status.problem is None:
            self.cache.write(self._key(address), address, status)

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what went wrong with remembering."""
        return tuple(self.cache.notices)

    def _key(self, address: Address) -> str:
        name = address.provider
        if name not in self._accounts:
            provider = provider_settings(name, self._settings.providers)
            self._accounts[name] = account_of(provider, self._environ)
        return cache_key(address, self._accounts[name])
