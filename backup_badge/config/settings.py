"""The settings: each key declared once, and the record they are read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from backup_badge.options.kinds import (
    COUNT,
    DURATION,
    FLAG,
    FOLDER,
    LINK,
    LOCATION,
    NAMES,
    STATES,
    TABLE,
    TEXT,
)
from backup_badge.options.option import Option
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State

OPTIONS = (
    Option(
        name="max_age",
        kind=DURATION,
        help="Successes older than this are shown as overdue.",
    ),
    Option(
        name="fail_on",
        kind=STATES,
        default=frozenset(),
        help="A source in one of these states fails the build and the check.",
    ),
    Option(
        name="timeout",
        kind=DURATION,
        default=timedelta(seconds=10),
        help="How long one exchange with a backup system may take, body included."
        " It ends at the deadline, too.",
    ),
    Option(
        name="deadline",
        kind=DURATION,
        default=timedelta(seconds=30),
        help="How long a build waits for backup systems, in sum.",
    ),
    Option(
        name="concurrency",
        kind=COUNT,
        default=16,
        help="How many exchanges may be under way at once.",
    ),
    Option(
        name="cache_dir",
        kind=TEXT,
        default=".cache/backup-badge",
        help="Where answers are cached. The directory ignores itself in git.",
    ),
    Option(
        name="cache_ttl",
        kind=DURATION,
        default=timedelta(minutes=5),
        help="How long an answer is fresh: nobody is asked again.",
    ),
    Option(
        name="stale_if_error",
        kind=DURATION,
        default=timedelta(hours=24),
        help="How old an answer may be that stands in for a source that cannot be"
        " asked.",
    ),
    Option(
        name="offline",
        kind=FLAG,
        default=False,
        help="Never open a socket, never run a command: answer from the cache, the"
        " status file and files only."
        " The environment variable BACKUP_BADGE_OFFLINE=1 sets it too.",
    ),
    Option(
        name="status_file",
        kind=LOCATION,
        help="Path or URL of a status file to answer from, instead of the backup"
        " systems. A URL with a query or a password is a secret. The environment"
        " variable BACKUP_BADGE_STATUS_FILE sets it too.",
    ),
    Option(
        name="export",
        kind=FOLDER,
        help="A folder of the built site, such as backup: the build publishes there"
        " what 'backup-badge export' writes, and its pages follow it as it changes.",
    ),
)
"""The keys at the top of a configuration."""

STATUS_FILE_NAME = "backup-status.json"
"""What a published status file is called, in the folder that ``export`` names."""

_DEFAULTS = {option.name: option.default for option in OPTIONS}

SOURCE_OPTIONS = (
    Option(
        name="address",
        kind=TEXT,
        help="What is asked: provider:locator, such as cloudback:acme/website.",
    ),
    Option(
        name="label",
        kind=TEXT,
        help="The left text of the badge; the source's name where there is none.",
    ),
    Option(
        name="description",
        kind=TEXT,
        help="What is backed up, for a column of tables.",
    ),
    Option(
        name="owner",
        kind=TEXT,
        help="Who looks after it, for a column of tables.",
    ),
    Option(
        name="groups",
        kind=NAMES,
        default=(),
        help="The groups the source belongs to, for tables and roll-ups.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="As above, for this source. Without it, the shortest of its groups, else"
        " its provider's, else the one above.",
    ),
    Option(
        name="link",
        kind=LINK,
        help="Where the badge leads: a page of the site (runbooks/orders.md), or an"
        " http, https or mailto URL.",
    ),
    Option(
        name="restore",
        kind=TABLE,
        help="The restore test: a table of its own, [sources.NAME.restore].",
    ),
)
"""The keys of one ``[sources.NAME]`` table."""

GROUP_OPTIONS = (
    Option(
        name="label",
        kind=TEXT,
        help="The left text of the roll-up; the group's name where there is none.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="As above, for the sources of this group.",
    ),
)
"""The keys of one ``[groups.NAME]`` table."""

PROVIDER_OPTIONS = (
    Option(
        name="type",
        kind=TEXT,
        help="The system, where the table's name is another: for a second account.",
    ),
    Option(
        name="label",
        kind=TEXT,
        help="What readers call it, in a table's column; the table's name where there"
        " is none.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="As above, for the sources of this provider.",
    ),
)
"""The keys of every ``[providers.NAME]`` table, beside its system's own."""


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
