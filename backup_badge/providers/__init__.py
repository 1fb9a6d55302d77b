"""The registry of providers: ours, one line each, and those of other packages.

Other packages name theirs in the entry point group ``backup_badge.providers``. They are
imported only where their type is asked for. Ours win a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from backup_badge.provider import Ask, Category, Locator, ProblemError, Provider, Status
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
        return OURS[type_]
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


@cache
def _others() -> Mapping[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}
