"""The registry of providers: ours, one line each, and those of other packages.

Other packages name theirs in the entry point group ``backup_badge.providers``. They are
imported only where their type is asked for. Ours win a name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from backup_badge.provider import Ask, Category, Locator, ProblemError, Provider, Status
from backup_badge.providers.cloudback import Cloudback
from backup_badge.providers.healthchecks import Healthchecks
from backup_badge.providers.json_document import JsonDocument
from backup_badge.providers.prometheus import Prometheus
from backup_badge.providers.rackspace import Rackspace
from backup_badge.providers.velero import Velero

GROUP = "backup_badge.providers"

OURS: Mapping[str, Provider] = {
    provider.type: provider
    for provider in (
        Cloudback(),
        Healthchecks(),
        JsonDocument(),
        Prometheus(),
        Rackspace(),
        Velero(),
    )
}


class Unusable(Provider):
    """Stands for a provider whose package is missing or broken.

    Its sources are unknown and say why; the build goes on.
    """

    type = ""
    ways = ()
    addresses = ("LOCATOR...",)

    def __init__(self, why: str) -> None:
        self.why = why

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self.why)


def known_types() -> list[str]:
    """Return the types of all providers that are installed, ours first."""
    return [*OURS, *(name for name in sorted(_others()) if name not in OURS)]


def find_provider(type_: str) -> Provider:
    """Return the provider of a type: one that cannot be used is :class:`Unusable`."""
    if type_ in OURS:
        return OURS[type_]
    entry = _others().get(type_)
    if entry is None:
        return Unusable(f"no package that is installed brings the provider {type_!r}")
    return _loaded(entry)


@cache
def _loaded(entry: EntryPoint) -> Provider:
    try:
        provider: object = entry.load()()
        if not isinstance(provider, Provider) or provider.type != entry.name:
            raise TypeError("it is no provider of this type")
        provider.options()
    except Exception as error:
        # Whatever another package does when it is imported costs its sources alone.
        what = f"{type(error).__name__}: {error}"[:200]
        name = entry.dist.name if entry.dist else entry.value
        why = f"the package {name} of the provider {entry.name!r} fails: {what}"
        return Unusable(why)
    return provider


def _others() -> Mapping[str, EntryPoint]:
    return _found(tuple(sys.path))


@cache
def _found(path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Return the providers of the packages on a path, which is Python's own."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}
