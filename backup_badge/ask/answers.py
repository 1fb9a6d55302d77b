"""The answers that the cache remembers, by account and source, and how they count."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from backup_badge.ask.cache import Cache
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings
from backup_badge.documents.fields import Fields
from backup_badge.documents.records import full_record, read_status
from backup_badge.values.source import Source
from backup_badge.values.status import CLOCK_SKEW, Status


class Answers:
    """What was last said of sources. ``now`` tells the time in UTC.

    An account is all that decides an answer: the provider and each of its options, the
    source's own included, with what the references in them stand for in ``environ``.
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
        self._accounts: dict[tuple[str, str], str] = {}

    def recall(self, source: Source) -> Status | None:
        """Return the last answer, however old; one with a problem is none."""
        about = {"address": str(source.address)}
        status = self._cache.load(self._key(source), about, _read_status)
        if status is None or status.problem or self._age(status) < -CLOCK_SKEW:
            return None
        return status

    def is_fresh(self, status: Status) -> bool:
        """Whether an answer is so young that nobody need be asked."""
        return self._age(status) <= self._settings.cache_ttl

    def may_stand_in(self, status: Status) -> bool:
        """Whether an answer may stand in for a source that cannot be asked."""
        return self._age(status) <= self._settings.stale_if_error

    def keep(self, source: Source, status: Status) -> None:
        """Remember what was said just now; with a problem it replaces what was."""
        if status.problem:
            self.forget(source)
            return
        entry = {"address": str(source.address), "status": full_record(status)}
        self._cache.store(self._key(source), entry)

    def forget(self, source: Source) -> None:
        """Remember nothing of an address: there was news that is no status."""
        self._cache.forget(self._key(source))

    def _age(self, status: Status) -> timedelta:
        return self._now() - status.checked if status.checked else timedelta.max

    def _key(self, source: Source) -> object:
        assert source.address is not None
        key = source.address.provider, repr(sorted(source.options.items()))
        if key not in self._accounts:
            provider = provider_settings(key[0], self._settings.providers)
            options = sorted({**provider.options, **source.options}.items())
            self._accounts[key] = re.sub(
                r"\$\{(\w+)\}",
                lambda reference: repr(self._environ.get(reference[1])),
                repr((provider.name, provider.type, options)),
            )
        # What an answer means may depend on the age that is allowed.
        return self._accounts[key], str(source.address), source.max_age


def _read_status(entry: Fields) -> Status:
    return read_status(entry.table("status"))
