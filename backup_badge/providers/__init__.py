"""The registry of providers: ours, one line each, and those of other packages.

Other packages name theirs in the entry point group ``backup_badge.providers``. Each is
imported only where its type is asked for. Ours win a name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from backup_badge.provider import (
    Ask,
    Category,
    Found,
    Locator,
    Option,
    ProblemError,
    Provider,
    State,
    Status,
    Way,
)

GROUP = "backup_badge.providers"

OURS: Mapping[str, str] = {
    "aws-backup": "aws_backup:AwsBackup",
    "backrest": "backrest:Backrest",
    "barman": "barman:Barman",
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
    "pgbackrest": "pgbackrest:PgBackRest",
    "prometheus": "prometheus:Prometheus",
    "proxmox": "proxmox:Proxmox",
    "rackspace": "rackspace:Rackspace",
    "restic": "restic:Restic",
    "uptime-kuma": "uptime_kuma:UptimeKuma",
    "velero": "velero:Velero",
    "volsync": "volsync:VolSync",
    "wal-g": "wal_g:WalG",
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
        self.why = why

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Its options are those that its package would know."""
        return []

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self.why)

    def discover(self, ask: Ask) -> Iterable[Found]:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self.why)


def known_types() -> list[str]:
    """Return the types of all providers that are installed, ours first."""
    return [*OURS, *(name for name in sorted(other_providers()) if name not in OURS)]


def find_provider(type_: str) -> Provider:
    """Return the provider of a type: one that cannot be used is :class:`Unusable`."""
    if type_ in OURS:
        return _own(type_)
    entry = other_providers().get(type_)
    if entry is None:
        return Unusable(
            f"no package that is installed brings the provider {type_!r}: install it,"
            " or set 'type' to a system that is known"
        )
    return _loaded(entry, tuple(sys.path))


@cache
def _own(type_: str) -> Provider:
    entry = EntryPoint(type_, f"{__name__}.{OURS[type_]}", GROUP)
    provider: Provider = entry.load()()
    return provider


@cache
def _loaded(entry: EntryPoint, path: tuple[str, ...]) -> Provider:
    """Return the provider of another package. Whatever that does is contained."""
    try:
        provider = entry.load()()
        why = _undeclared(provider, entry.name)
    except (Exception, SystemExit) as error:
        # Whatever another package does when it is imported costs its sources alone. Its
        # words may hold a secret; which module is missing is none.
        missing = f": {error}" if isinstance(error, ImportError) else ""
        why = f"it raises {type(error).__name__}{missing}"
    if why:
        package = package_of(entry.name)
        return Unusable(
            f"the package {package} of the provider {entry.name!r} fails: {why}"
        )
    assert isinstance(provider, Provider)
    return provider


def package_of(type_: str) -> str | None:
    """Return the name of the package that brings a provider; None for ours."""
    entry = other_providers().get(type_)
    if type_ in OURS or entry is None:
        return None
    return entry.dist.name if entry.dist else entry.value


def _undeclared(provider: object, type_: str) -> str:
    """Say what another package's provider does not declare as it should, if anything.

    May raise anything.
    """
    if not isinstance(provider, Provider):
        return "it is no Provider"
    if provider.type != type_:
        return f"its 'type' is {provider.type!r:.60}"
    for name, find, kind in (
        ("ways", lambda: provider.ways, Way),
        ("addresses", lambda: provider.addresses, str),
        ("options", provider.options, Option),
    ):
        values = find()
        is_right = isinstance(values, tuple) and all(
            isinstance(v, kind) for v in values
        )
        if not is_right or (name != "options" and not values):
            return f"its {name!r} are wrong"
    is_table = isinstance(provider.states, Mapping)
    if not is_table or not all(isinstance(s, State) for s in provider.states.values()):
        return "its 'states' are wrong"
    return ""


def other_providers() -> Mapping[str, EntryPoint]:
    """Return the entry points of other packages, by type; none is loaded."""
    return _found(tuple(sys.path))


@cache
def _found(path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Return those of the packages on a path, which is Python's own."""
    try:
        return {entry.name: entry for entry in entry_points(group=GROUP)}
    except Exception:
        # Some package's list is damaged. Whoever needs a provider is told of none.
        return {}
