"""Backup status in documentation, resolved while it is built.

Mark, collect, resolve once, describe, render: a host turns what its pages say into
marks, a :class:`Site` resolves them, and a renderer turns badges and tables into the
host's medium.
"""

from __future__ import annotations

from typing import Any

from backup_badge._version import __version__
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.report import Message, Report
from backup_badge.site import Site
from backup_badge.values.mark import BadgeMark, TableMark
from backup_badge.values.problem import (
    BackupBadgeError,
    Category,
    ConfigurationError,
    Problem,
    UsageError,
)
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status
from backup_badge.view.badge import Badge
from backup_badge.view.table import Table

__all__ = [
    "BackupBadgeError",
    "Badge",
    "BadgeMark",
    "Category",
    "ConfigSource",
    "ConfigurationError",
    "Details",
    "Message",
    "Problem",
    "Report",
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


def setup(app: Any) -> dict[str, Any]:
    """Turn on the Sphinx extension for a ``conf.py`` that names it like this package.

    Its own name is ``sphinx_backup_badge``.
    """
    app.setup_extension("sphinx_backup_badge")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
