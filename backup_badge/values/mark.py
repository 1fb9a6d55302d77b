"""What an author asks for in a page: a badge or a table."""

from __future__ import annotations

from dataclasses import dataclass

from backup_badge.values.state import State

STYLES = ("flat", "flat-square", "plastic", "for-the-badge", "text")
"""The looks of a badge, as Shields names them; ``text`` has no box."""

COLUMNS = (
    "source",
    "description",
    "owner",
    "provider",
    "state",
    "last_success",
    "started",
    "finished",
    "duration",
    "next_run",
    "max_age",
    "restore",
    "restored",
    "files",
    "size",
    "errors",
    "restorable",
    "message",
    "checked",
)
"""The columns that a table can have."""

DEFAULT_COLUMNS = ("source", "state", "last_success", "restore", "message")
"""The columns of a table that asks for none, as far as they have a value."""

RESTORE_COLUMNS = frozenset({"restore", "restored"})
"""The columns that tell of restore tests."""


@dataclass(frozen=True, kw_only=True)
class BadgeMark:
    """A badge asked for in a page: a name or an address.

    ``group:NAME`` is a roll-up, ``restore:NAME`` the restore test of a source.
    """

    target: str
    label: str | None = None
    link: str | None = None
    style: str = STYLES[0]
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableMark:
    """A table asked for in a page; without targets and groups, of every source.

    ``headings`` are the columns that an author names otherwise, with those names. The
    rows are those of the ``states``, ``owners`` and ``providers`` alone, where given.
    """

    targets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    headings: tuple[tuple[str, str], ...] = ()
    sort: str = "state"
    states: frozenset[State] = frozenset()
    owners: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    caption: str | None = None
    classes: tuple[str, ...] = ()


Mark = BadgeMark | TableMark
