"""The registry of providers: ours, one line each, and those of other packages.

Other packages name theirs in the entry point group ``backup_badge.providers``. Each is
imported only where its type is asked for. Ours win a name.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_badge.provider import Provider

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


def known_types() -> list[str]:
    """Return the types of all providers that are installed, ours first."""
    return [*OURS, *(name for name in sorted(other_providers()) if name not in OURS)]


def find_provider(type_: str) -> Provider:
    """Return the provider of a type: one that cannot be used says why when asked.

    See :class:`backup_badge.other_packages.Unusable`.
    """
    if type_ in OURS:
        return _own(type_)
    # Only a site that names one needs what checks other packages.
    from backup_badge import other_packages

    entry = other_providers().get(type_)
    if entry is None:
        return other_packages.missing(type_, left_out())
    return other_packages.load(entry, tuple(sys.path))


def why_unusable(type_: str) -> str | None:
    """Say why a provider cannot be used: no package brings it, or that one fails."""
    if type_ in OURS:
        return None
    from backup_badge.other_packages import Unusable

    provider = find_provider(type_)
    return provider.why if isinstance(provider, Unusable) else None


@cache
def _own(type_: str) -> Provider:
    entry = EntryPoint(type_, f"{__name__}.{OURS[type_]}", GROUP)
    provider: Provider = entry.load()()
    return provider


def package_of(type_: str) -> str | None:
    """Return the name of the package that brings a provider; None for ours."""
    entry = other_providers().get(type_)
    if type_ in OURS or entry is None:
        return None
    return entry.dist.name if entry.dist else entry.value


def other_providers() -> Mapping[str, EntryPoint]:
    """Return the entry points of other packages, by type; none is loaded."""
    return _found(tuple(sys.path))[0]


def left_out() -> str:
    """Say which packages cannot be looked into for providers; nothing of none."""
    names = ", ".join(_found(tuple(sys.path))[1])
    return names and f"left out, as its entry points cannot be read: {names}"


@cache
def _found(path: tuple[str, ...]) -> tuple[Mapping[str, EntryPoint], list[str]]:
    """Return those of the packages on a path, which is Python's own.

    With the names of packages that are damaged: those cost the others nothing.
    """
    found: dict[str, EntryPoint] = {}
    damaged: dict[str, None] = {}
    for package in distributions():
        try:
            for entry in package.entry_points.select(group=GROUP):
                # The first one on the path is what Python imports.
                found.setdefault(entry.name, entry)
        except Exception:
            # What reads another package's files may raise anything.
            damaged[_name_of(package)] = None
    return found, list(damaged)


def _name_of(package: Distribution) -> str:
    try:
        return str(package.metadata["Name"] or "a package without a name")
    except Exception:
        return "a package whose name cannot be read"
