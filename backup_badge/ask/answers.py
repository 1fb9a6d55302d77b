"""The answers that the cache remembers, by account and address, and how they count."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from backup_badge.ask.cache import Cache
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings
from backup_badge.documents.fields import Fields
from backup_badge.documents.records import read_status, status_record
from backup_badge.values.source import Address
from backup_badge.values.status import CLOCK_SKEW, Status


class Answers:
    """What was last said of addresses. ``now`` tells the time in UTC.

    An account is all that decides an answer: the provider and each of its options, with
    what the references in them stand for in ``environ``.
    """

    def __init__(
        self,
        settings: Settings,
        cache: Cache,
        *,
        now: Callable[[], datetime],
        environ: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._now = now
        self._environ = environ
        self._accounts: dict[str, str] = {}

    def recall(self, address: Address) -> Status | None:
        """Return the last answer, however old; one with a problem is none."""
        about = {"address": str(address)}
        status = self._cache.load(self._key(address), about, _read_status)
        if status is None or status.problem or self._age(status) < -CLOCK_SKEW:
            return None
        return status

    def is_fresh(self, status: Status) -> bool:
        """Whether an answer is so young that nobody need be asked."""
        return self._age(status) <= self._settings.cache_ttl

    def may_stand_in(self, status: Status) -> bool:
        """Whether an answer may stand in for a source that cannot be asked."""
        return self._age(status) <= self._settings.stale_if_error

    def keep(self, address: Address, status: Status) -> None:
        """Remember what was said just now; with a problem it replaces what was."""
        if status.problem:
            self.forget(address)
            return
        record = {**status_record(status), "validator": status.validator}
        entry = {"address": str(address), "status": record}
        self._cache.store(self._key(address), entry)

    def forget(self, address: Address) -> None:
        """Remember nothing of an address: there was news that is no status."""
        self._cache.forget(self._key(address))

    def _age(self, status: Status) -> timedelta:
        return self._now() - status.checked if status.checked else timedelta.max

    def _key(self, address: Address) -> object:
        name = address.provider
        if name not in self._accounts:
            provider = provider_settings(name, self._settings.providers)
            options = repr(sorted(provider.options.items()))
            self._accounts[name] = re.sub(
                r"\$\{(\w+)\}",
                lambda reference: repr(self._environ.get(reference[1])),
                repr((name, provider.type, options)),
            )
        return self._accounts[name], str(address)


def _read_status(entry: Fields) -> Status:
    record = entry.table("status")
    return read_status(record, validator=record.text("validator"))
