"""The Markdown extension: macros in a page become badges and tables.

It works in every host that runs Python-Markdown. The plugin hands it the build that
all pages share; on its own it opens one, see :mod:`mkdocs_backup_badge.alone`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.util import Registry

from mkdocs_backup_badge import alone, assets
from mkdocs_backup_badge.blocks import OwnLineProcessor, RowProcessor
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.configuration import KEYS
from mkdocs_backup_badge.inline import MacroProcessor, RenderedProcessor
from mkdocs_backup_badge.pages import Page, find_hidden, find_marks
from mkdocs_backup_badge.placement import Conversion, Place, Reveal

Find = Callable[[Markdown, str], tuple[Build, Page]]


class BackupBadgeExtension(Extension):
    """Python-Markdown's extension ``backup_badge``; its options are the settings.

    ``find`` returns the build and the page for what is converted. Without it the
    extension finds both by itself, and puts the style sheet into the page.
    """

    def __init__(self, *, find: Find | None = None, **options: Any) -> None:
        self.config = {key: ["", text] for key, text in KEYS.items()}
        self.options: dict[str, Any] = {}
        self._find = find
        super().__init__(**options)

    def setConfig(self, key: str, value: Any) -> None:
        """Take an option as it is: the core tells the right from the wrong ones."""
        self.options[key] = value

    def extendMarkdown(self, md: Markdown) -> None:
        """Register what a page goes through."""
        conversion = Conversion(md, self._find or self._find_alone)
        register(md.preprocessors, Begin(md, conversion))
        register(md.preprocessors, Hide(md, conversion))
        register(md.parser.blockprocessors, RowProcessor(md.parser))
        register(md.parser.blockprocessors, OwnLineProcessor(md.parser, conversion))
        register(md.inlinePatterns, MacroProcessor(md, conversion))
        register(md.inlinePatterns, RenderedProcessor(md, conversion))
        register(md.treeprocessors, Place(md, conversion))
        register(md.treeprocessors, Reveal(md, conversion))
        if self._find is None:
            register(md.postprocessors, Finish(md, conversion))

    def _find_alone(self, md: Markdown, text: str) -> tuple[Build, Page]:
        return alone.find(md, text, self.options)


class Begin(Preprocessor):
    """Has everything in a page asked together, before it is read."""

    priority = 1000

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(md)
        self._conversion = conversion

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines as they are."""
        text = "\n".join(lines)
        self._conversion.begin(text)
        if marks := find_marks(text):
            self._conversion.build.start(marks)
        return lines


class Hide(Preprocessor):
    """Finds what only looks like a fence, after real ones were taken out."""

    priority = -1000

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(md)
        self._conversion = conversion

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines as they are."""
        self._conversion.hidden = find_hidden("\n".join(lines))
        return lines


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
