"""Backup badges and tables in Sphinx, in reStructuredText and MyST.

A role or directive leaves a pending node; the collector gathers them and resolves the
whole project once a build; post-transforms replace them by what every builder knows.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from backup_badge import __version__
from backup_badge.config.host import KEYS
from sphinx_backup_badge.collector import BadgeCollector, unshare
from sphinx_backup_badge.configuration import PREFIX, check_configuration
from sphinx_backup_badge.directives import (
    BadgeDirective,
    BadgeRole,
    TableDirective,
    add_misspelt,
)
from sphinx_backup_badge.headings import HideBadges, Unheard
from sphinx_backup_badge.linking import link_assets, write_assets
from sphinx_backup_badge.nodes import (
    BadgeNode,
    ShownBadge,
    ShownTable,
    TableNode,
    write_html,
)
from sphinx_backup_badge.outputs import (
    begin,
    fail_on_states,
    note_written,
    remember,
    spare_parents,
)
from sphinx_backup_badge.replace import ReplacePending, replace_copies

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension; nothing is read and nobody is asked yet."""
    for name in KEYS:
        app.add_config_value(PREFIX + name, None, "")
    app.connect("config-inited", check_configuration)

    for node in (BadgeNode, TableNode, Unheard):
        app.add_node(node)
    for shown in (ShownBadge, ShownTable):
        app.add_node(shown, html=(write_html, None))
    app.add_role("backup-badge", BadgeRole())
    app.add_directive("backup-badge", BadgeDirective)
    app.add_directive("backup-table", TableDirective)
    add_misspelt(app)

    app.add_transform(HideBadges)
    app.add_env_collector(BadgeCollector)
    app.connect("doctree-read", unshare, priority=999)
    app.add_post_transform(ReplacePending)

    app.connect("env-before-read-docs", begin)
    app.connect("write-started", spare_parents)
    app.connect("write-started", write_assets)
    app.connect("doctree-resolved", replace_copies, priority=900)
    app.connect("doctree-resolved", note_written)
    app.connect("html-page-context", link_assets)
    app.connect("build-finished", remember)
    app.connect("build-finished", fail_on_states, priority=900)
    return {
        "version": __version__,
        # Another version reads the project anew: what is pickled are its classes, and
        # what was written is its rendering.
        "env_version": zlib.crc32(__version__.encode()),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
