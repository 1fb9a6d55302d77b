"""The registry of providers: ours, one line each, and those of other packages.

Other packages name theirs in the entry point group ``backup_badge.providers``. They are
imported only where their type is asked for. Ours win a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from backup_badge.provider import (
    Ask,
    Category,
    Locator,
    Option,
    ProblemError,
    Provider,
    State,
    Status,
    Way,
)
from backup_badge.providers.aws_backup import AwsBackup
from backup_badge.providers.backrest import Backrest
from backup_badge.providers.barman import Barman
from backup_badge.providers.borg import Borg
from backup_badge.providers.borgmatic import Borgmatic
from backup_badge.providers.cloudback import Cloudback
from backup_badge.providers.cnpg import CloudNativePG
from backup_badge.providers.duplicati import Duplicati
from backup_badge.providers.gatus import Gatus
from backup_badge.providers.github import GitHub
from backup_badge.providers.gitlab import GitLab
from backup_badge.providers.healthchecks import Healthchecks
from backup_badge.providers.json_document import JsonDocument
from backup_badge.providers.k8up import K8up
from backup_badge.providers.kopia import Kopia
from backup_badge.providers.longhorn import Longhorn
from backup_badge.providers.pgbackrest import PgBackRest
from backup_badge.providers.prometheus import Prometheus
from backup_badge.providers.proxmox import Proxmox
from backup_badge.providers.rackspace import Rackspace
from backup_badge.providers.restic import Restic
from backup_badge.providers.uptime_kuma import UptimeKuma
from backup_badge.providers.velero import Velero
from backup_badge.providers.volsync import VolSync
from backup_badge.providers.wal_g import WalG

GROUP = "backup_badge.providers"

OURS: Mapping[str, Provider] = {
    provider.type: provider
    for provider in (
        AwsBackup(),
        Backrest(),
        Barman(),
        Borg(),
        Borgmatic(),
        Cloudback(),
        CloudNativePG(),
        Duplicati(),
        Gatus(),
        GitHub(),
        GitLab(),
        Healthchecks(),
        JsonDocument(),
        K8up(),
        Kopia(),
        Longhorn(),
        PgBackRest(),
        Prometheus(),
        Proxmox(),
        Rackspace(),
        Restic(),
        UptimeKuma(),
        Velero(),
        VolSync(),
        WalG(),
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

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Its options are those that its package would know."""
        return []

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self.why)


def known_types() -> list[str]:
    """Return the types of all providers that are installed, ours first."""
    return [*OURS, *(name for name in sorted(other_providers()) if name not in OURS)]


@cache
def find_provider(type_: str) -> Provider:
    """Return the provider of a type: one that cannot be used is :class:`Unusable`."""
    if type_ in OURS:
        return OURS[type_]
    entry = other_providers().get(type_)
    if entry is None:
        return Unusable(
            f"no package that is installed brings the provider {type_!r}: install it,"
            " or set 'type' to a system that is known"
        )
    try:
        provider = entry.load()()
        why = _undeclared(provider, type_)
    except (Exception, SystemExit) as error:
        # Whatever another package does when it is imported costs its sources alone. Its
        # words may hold a secret; which module is missing is none.
        missing = f": {error}" if isinstance(error, ImportError) else ""
        why = f"it raises {type(error).__name__}{missing}"
    if why:
        package = package_of(type_)
        return Unusable(f"the package {package} of the provider {type_!r} fails: {why}")
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


@cache
def other_providers() -> Mapping[str, EntryPoint]:
    """Return the entry points of other packages, by type; none is loaded."""
    try:
        return {entry.name: entry for entry in entry_points(group=GROUP)}
    except Exception:
        # Some package's list is damaged. Whoever needs a provider is told of none.
        return {}
