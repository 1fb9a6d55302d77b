"""The Markdown extension: macros in a page become badges and tables.

It works in every host that runs Python-Markdown. The plugin hands it the build that
all pages share; on its own it opens one, see :mod:`mkdocs_backup_badge.alone`.

A page without a macro costs a look at its text: what a macro goes through is imported,
and joins in, where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from mkdocs_backup_badge.configuration import KEYS

if TYPE_CHECKING:
    from mkdocs_backup_badge.pages import Page
    from mkdocs_backup_badge.plain import Plain
    from mkdocs_backup_badge.processors import Conversion, Find

_FIRST = 1000
_WHOLE = 22
"""After snippets (32) and fenced code (25), before a host looks for anchors (21)."""


class BackupBadgeExtension(Extension):
    """Python-Markdown's extension ``backup_badge``; its options are the settings.

    ``find`` returns what a page's conversion is part of. Without it the extension
    finds that by itself, and puts the style sheet into the page. ``plain`` returns
    what exchanges badges in plain text, for a host in which they are promised.
    """

    def __init__(
        self,
        find: Find | None = None,
        plain: Callable[[], Plain] | None = None,
        /,
        **options: Any,
    ) -> None:
        self.config = {key: ["", text] for key, text in KEYS.items()}
        self.options: dict[str, Any] = {}
        self._find = find
        self._plain = plain
        super().__init__(**options)

    def setConfig(self, key: str, value: Any) -> None:
        """Take an option as it is: the core tells the right from the wrong ones."""
        self.options[key] = value

    def extendMarkdown(self, md: Markdown) -> None:
        """Have an eye on what a page says."""
        join = _Join(md, self._find, self._plain, self.options)
        md.preprocessors.register(_Begin(join), "backup_badge_begin", _FIRST)
        md.preprocessors.register(join, "backup_badge_join", _WHOLE)


class _Join(Preprocessor):
    """Has everything join in that a page with something of ours goes through."""

    def __init__(
        self,
        md: Markdown,
        find: Find | None,
        plain: Callable[[], Plain] | None,
        options: Mapping[str, Any],
    ) -> None:
        super().__init__(md)
        self._find = find
        self._plain = plain
        self._options = options
        self._lines: list[str] = []
        self._conversion: Conversion | None = None
        self._carries_rendered = False

    def begin(self, lines: list[str]) -> None:
        """Begin with another page."""
        self._lines = lines.copy()
        if self._conversion is not None:
            self._conversion.begin(self._text)

    def run(self, lines: list[str]) -> list[str]:
        """Join in where there is a macro, or a badge that is HTML already.

        Macros in plain text are exchanged at once, and need nobody to join in.
        """
        text = "\n".join(lines)
        if self._plain is not None and "backup_badge" in text:
            text = self._plain().exchange(text, self._page, self.md.htmlStash.store)
            lines = text.split("\n")
        is_rendered = 'class="backup-' in text
        if self._conversion is None and ("backup_" in text or is_rendered):
            from mkdocs_backup_badge.processors import join

            self._conversion = join(self.md, self._find, self._options)
            self._conversion.begin(self._text)
        if self._conversion is not None and is_rendered and not self._carries_rendered:
            from mkdocs_backup_badge.processors import join_rendered

            join_rendered(self.md, self._conversion)
            self._carries_rendered = True
        if self._conversion is None:
            self._lines = []  # The host keeps this object longer than the page.
        return lines

    @property
    def _text(self) -> str:
        """The page as it began."""
        return "\n".join(self._lines)

    def _page(self) -> Page:
        assert self._find is not None
        return self._find(self.md, self._text)[1]


class _Begin(Preprocessor):
    """Shows a page as it begins to what may join in."""

    def __init__(self, join: _Join) -> None:
        super().__init__(join.md)
        self._join = join

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines as they are."""
        self._join.begin(lines)
        return lines
