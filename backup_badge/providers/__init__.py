"""The registry of providers: ours, one line each, and those of other packages.

Other packages name theirs in the entry point group ``backup_badge.providers``. Each is
imported only where its type is asked for. Ours win a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from backup_badge.provider import Ask, Category, Locator, ProblemError, Provider, Status

GROUP = "backup_badge.providers"

OURS: Mapping[str, str] = {
    "backrest": "backrest:Backrest",
    "borg": "borg:Borg",
    "borgmatic": "borgmatic:Borgmatic",
    "cloudback": "cloudback:Cloudback",
    "cnpg": "cnpg:CloudNativePG",
    "duplicati": "duplicati:Duplicati",
    "gatus": "gatus:Gatus",
    "github": "github:GitHub",
    "gitlab": "gitlab:GitLab",
    "healthchecks": "healthchecks:Healthchecks",
    "json": "json_document:JsonDocument",
    "k8up": "k8up:K8up",
    "kopia": "kopia:Kopia",
    "longhorn": "longhorn:Longhorn",
    "prometheus": "prometheus:Prometheus",
    "rackspace": "rackspace:Rackspace",
    "restic": "restic:Restic",
    "uptime-kuma": "uptime_kuma:UptimeKuma",
    "velero": "velero:Velero",
    "volsync": "volsync:VolSync",
}
"""Types, and where in this package the class of each is."""


class Unusable(Provider):
    """Stands for a provider whose package is missing or broken.

    Its sources are unknown and say why; the build goes on.
    """

    type = ""
    ways = ()
    addresses = ("LOCATOR...",)

    def __init__(self, why: str) -> None:
        self._why = why

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self._why)


def known_types() -> list[str]:
    """Return the types of all providers that are installed, ours first."""
    return [*OURS, *(name for name in sorted(_others()) if name not in OURS)]


@cache
def find_provider(type_: str) -> Provider:
    """Return the provider of a type: one that cannot be used is :class:`Unusable`."""
    if type_ in OURS:
        return _own(type_)
    entry = _others().get(type_)
    if entry is None:
        return Unusable(f"no package that is installed brings the provider {type_!r}")
    try:
        provider = entry.load()()
        if not isinstance(provider, Provider) or provider.type != type_:
            raise TypeError("it is no provider of this type")
        provider.options()
    except Exception as error:
        # Whatever another package does when it is imported costs its sources alone.
        what = f"{type(error).__name__}: {error}"[:200]
        name = entry.dist.name if entry.dist else entry.value
        return Unusable(f"the package {name} of the provider {type_!r} fails: {what}")
    return provider


def _own(type_: str) -> Provider:
    entry = EntryPoint(type_, f"{__name__}.{OURS[type_]}", GROUP)
    provider: Provider = entry.load()()
    return provider


@cache
def _others() -> Mapping[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}
