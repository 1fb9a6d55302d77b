"""The Markdown extension: macros in a page become badges and tables.

It works in every host that runs Python-Markdown. The plugin hands it the build that
all pages share; on its own it opens one, see :mod:`mkdocs_backup_badge.alone`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from backup_badge.config.host import KEYS
from mkdocs_backup_badge import alone, inline, placement
from mkdocs_backup_badge.blocks import RowProcessor
from mkdocs_backup_badge.conversion import Conversion, Find

NAMES = ("backup_badge", "backup-badge", "mkdocs_backup_badge")
"""What the extension may be called in ``markdown_extensions``, its own name first."""


def options_of(configs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a host's ``mdx_configs`` hold for the extension."""
    found = (configs.get(name) or {} for name in NAMES)
    return {key: value for options in found for key, value in options.items()}


class BackupBadgeExtension(Extension):
    """Python-Markdown's extension ``backup_badge``; its options are the settings.

    ``find`` returns what a page's conversion is part of. Without it the extension
    finds that by itself, and puts style sheet and scripts into the page.
    """

    def __init__(self, find: Find | None = None, /, **options: Any) -> None:
        self.config = {key: ["", text] for key, text in KEYS.items()}
        self.options: dict[str, Any] = {}
        self._find = find
        super().__init__(**options)

    def setConfig(self, key: str, value: Any) -> None:
        """Take an option as it is: the core tells the right from the wrong ones."""
        self.options[key] = value

    def extendMarkdown(self, md: Markdown) -> None:
        """Register all that a macro passes through."""
        one = Conversion(md, self._find or partial(alone.find, self.options))
        pre, blocks = md.preprocessors, md.parser.blockprocessors
        text, tree = md.inlinePatterns, md.treeprocessors
        # Before all others: what warnings count lines in.
        pre.register(_Begin(one), "backup_badge_begin", 1000)
        # After indented code (80), before tables (75).
        blocks.register(RowProcessor(md.parser), "backup_badge_row", 76)
        # After code spans (190), before escapes (180).
        text.register(inline.TagProcessor(md), "backup_badge_tag", 186)
        text.register(inline.MacroProcessor(one), "backup_badge", 185)
        text.register(inline.NearMissProcessor(one), "backup_badge_near", 184.5)
        text.register(inline.RenderedProcessor(one), "backup_badge_rendered", 184)
        # Right after Markdown has read running text ("inline", 20).
        tree.register(placement.Collect(one), "backup_badge_collect", 19.999)
        # After attribute lists (8) and tables of contents (5), before hosts translate
        # links ("relpath": MkDocs 0, the blog's excerpts 1).
        tree.register(placement.Place(one), "backup_badge_place", 1.5)
        # After everything that reads headings (autorefs and others: 0).
        tree.register(placement.Reveal(one), "backup_badge_reveal", -1000)
        # After raw HTML is back (30).
        if self._find is None:
            post = alone.Finish(one)
            md.postprocessors.register(post, "backup_badge_finish", -1000)


class _Begin(Preprocessor):
    """Begins with another page."""

    def __init__(self, conversion: Conversion) -> None:
        super().__init__(conversion.md)
        self._conversion = conversion

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines as they are."""
        self._conversion.begin("\n".join(lines))
        return lines
