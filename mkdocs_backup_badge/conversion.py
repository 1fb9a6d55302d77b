"""What the processors of one Markdown instance share while it converts a page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import AtomicString

from backup_badge.markup.macro import Call
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.pages import Page

Find = Callable[[Markdown, str], tuple[Build, Page]]

KEY = "data-backup-mark"
"""The attribute of an element that stands for a macro until the page is done."""

MARKER = re.compile("\x02backup-badge:([0-9]+)\x03")
"""Its text while Markdown reads a line: also what copies the text is then found."""

# No other conversion of this process uses the same number.
_NUMBERS = itertools.count(1)


@dataclass(kw_only=True)
class Carried:
    """What an element stands for: a macro, HTML that is finished, or literal text."""

    call: Call | None = None
    html: str = ""
    text: str = ""


class Conversion:
    """One page after another. ``find`` returns the build and the page for a text.

    It is called for pages with macros only.
    """

    def __init__(self, md: Markdown, find: Find) -> None:
        self.md = md
        self._find = find
        self.begin("")

    def begin(self, text: str) -> None:
        """Begin with another page."""
        self._text = text
        self._found: tuple[Build, Page] | None = None
        self.carried: dict[str, Carried] = {}
        self.is_revealed = False

    @property
    def is_open(self) -> bool:
        """Whether the page has anything of ours."""
        return self._found is not None

    @property
    def build(self) -> Build:
        """The build that the page is part of."""
        return self._where[0]

    @property
    def page(self) -> Page:
        """The page that is converted."""
        return self._where[1]

    @property
    def _where(self) -> tuple[Build, Page]:
        if self._found is None:
            self._found = self._find(self.md, self._text)
        return self._found

    def carry(self, one: Carried) -> Element:
        """Return an element that stands for something, and takes attributes for it."""
        key = str(next(_NUMBERS))
        self.carried[key] = one
        element = Element("span", {KEY: key})
        element.text = AtomicString(f"\x02backup-badge:{key}\x03")
        return element

    def words(self, text: str) -> str:
        """Return a text with words for the macros that were copied into it."""
        return MARKER.sub(self._words, text)

    def _words(self, match: re.Match[str]) -> str:
        one = self.carried.get(match[1])
        if one is None:
            return ""
        return self.build.words(one.call, self.page) if one.call else one.text
