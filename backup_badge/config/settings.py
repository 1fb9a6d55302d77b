"""A whole configuration, valid and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from backup_badge.config.keys import OPTIONS
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State

STATUS_FILE_NAME = "backup-status.json"
"""What a published status file is called, in the folder that ``export`` names."""

_DEFAULTS = {option.name: option.default for option in OPTIONS}


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """One ``[providers.NAME]`` table. References are kept, never expanded, here.

    ``label`` is what readers call it; None: its name.
    """

    name: str
    type: str
    options: Mapping[str, Any]
    max_age: timedelta | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group of sources. ``label`` is the left text of its roll-up."""

    name: str
    label: str
    max_age: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A whole configuration, valid and typed. Paths are absolute.

    ``groups`` are those that sources name, in the order in which they are named.
    ``files`` are those that answers depend on: the configuration's own, those that
    providers read, and a status file that is on this machine. ``notices`` are sentences
    for the log, which tell of no fault.
    """

    max_age: timedelta | None = _DEFAULTS["max_age"]
    language: str | None = _DEFAULTS["language"]
    fail_on: frozenset[State] = _DEFAULTS["fail_on"]
    timeout: timedelta = _DEFAULTS["timeout"]
    deadline: timedelta = _DEFAULTS["deadline"]
    concurrency: int = _DEFAULTS["concurrency"]
    cache_dir: Path = Path(_DEFAULTS["cache_dir"])
    cache_ttl: timedelta = _DEFAULTS["cache_ttl"]
    stale_if_error: timedelta = _DEFAULTS["stale_if_error"]
    offline: bool = _DEFAULTS["offline"]
    status_file: str | None = _DEFAULTS["status_file"]
    export: str | None = _DEFAULTS["export"]
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()

    @cached_property
    def addresses(self) -> Mapping[Address, Source]:
        """The first source of each address."""
        addresses: dict[Address, Source] = {}
        for source in self.sources.values():
            if source.address is not None:
                addresses.setdefault(source.address, source)
        return addresses

    @cached_property
    def members(self) -> Mapping[str, tuple[Source, ...]]:
        """The sources of each group, in their order."""
        members: dict[str, list[Source]] = {name: [] for name in self.groups}
        for source in self.sources.values():
            for group in dict.fromkeys(source.groups):
                members.setdefault(group, []).append(source)
        return {name: tuple(sources) for name, sources in members.items()}
