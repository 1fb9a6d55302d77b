"""Everything that a page with macros goes through, in a Markdown instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.util import Registry

from mkdocs_backup_badge import alone, assets
from mkdocs_backup_badge.blocks import OwnLineProcessor, RowProcessor
from mkdocs_backup_badge.conversion import Conversion, Find
from mkdocs_backup_badge.inline import MacroProcessor, RenderedProcessor
from mkdocs_backup_badge.placement import Place, Reveal

__all__ = ["Conversion", "Find", "join", "join_rendered"]


def join(md: Markdown, find: Find | None, options: Mapping[str, Any]) -> Conversion:
    """Register all processors and return what they share.

    Without ``find`` the extension works alone, with ``options`` as its settings.
    """
    conversion = Conversion(md, find or alone.finder(options))
    register(md.parser.blockprocessors, RowProcessor(md.parser))
    register(md.parser.blockprocessors, OwnLineProcessor(md.parser, conversion))
    register(md.inlinePatterns, MacroProcessor(md, conversion))
    register(md.treeprocessors, Place(md, conversion))
    register(md.treeprocessors, Reveal(md, conversion))
    if find is None:
        register(md.postprocessors, Finish(md, conversion))
    return conversion


def join_rendered(md: Markdown, conversion: Conversion) -> None:
    """Register what carries badges that are HTML already."""
    register(md.inlinePatterns, RenderedProcessor(md, conversion))


class Finish(Postprocessor):
    """Adds the style sheet to a page that needs it, where there is no plugin to."""

    priority = -1000

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(md)
        self._conversion = conversion

    def run(self, text: str) -> str:
        """Return the page, or a heading that is looked at, with what it needs."""
        if not self._conversion.is_revealed or not assets.is_used(text):
            return text
        alone.enforce(self._conversion.build)
        return f"{text}\n{assets.style_element()}"


def register(registry: Registry[Any], processor: Any) -> None:
    """Register a processor under a name of ours, with its own priority."""
    name = f"backup_badge_{type(processor).__name__.lower()}"
    registry.register(processor, name, processor.priority)
