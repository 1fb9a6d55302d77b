"""Backup status in documentation, resolved while it is built.

Mark, collect, resolve once, describe, render: a host turns what its pages say into
marks, a :class:`Site` resolves them, and a renderer turns badges and tables into the
host's medium.

Each name is imported when it is first used: a site without a badge pays for none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_badge._version import __version__
    from backup_badge.view.badge import Badge
    from backup_badge.config.load import load
    from backup_badge.config.origin import Layer
    from backup_badge.markup.mark_options import BadgeMark, TableMark, badge_mark, table_mark
    from backup_badge.values.problem import (
        BackupBadgeError,
        Category,
        ConfigurationError,
        Problem,
        UsageError,
    )
    from backup_badge.config.settings import Settings
    from backup_badge.site import Site
    from backup_badge.values.source import Source
    from backup_badge.values.state import State
    from backup_badge.values.status import Details, Status
    from backup_badge.view.table import Table

__all__ = [
    "BackupBadgeError",
    "Badge",
    "BadgeMark",
    "Category",
    "ConfigurationError",
    "Details",
    "Layer",
    "Problem",
    "Settings",
    "Site",
    "Source",
    "State",
    "Status",
    "Table",
    "TableMark",
    "UsageError",
    "__version__",
    "badge_mark",
    "load",
    "table_mark",
]

_HOMES = {
    "_version": ("__version__",),
    "badge": ("Badge",),
    "configuration": ("load",),
    "layers": ("Layer",),
    "marks": ("BadgeMark", "TableMark", "badge_mark", "table_mark"),
    "problems": (
        "BackupBadgeError",
        "Category",
        "ConfigurationError",
        "Problem",
        "UsageError",
    ),
    "settings": ("Settings",),
    "site": ("Site",),
    "sources": ("Source",),
    "states": ("State",),
    "status": ("Details", "Status"),
    "table": ("Table",),
}
"""The modules that the public names are defined in."""


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            value: object = getattr(import_module(f"backup_badge.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'backup_badge' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
