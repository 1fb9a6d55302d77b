"""What the processors of one Markdown instance share while it converts a page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import AtomicString

from backup_badge import TableMark
from backup_badge.markup.macro import Call
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.page_files import Page

Find = Callable[[Markdown, str], tuple[Build, Page]]

KEY = "data-backup-mark"
"""The attribute of an element that stands for a macro until the page is done."""

MARKER = re.compile(
    rf'(?:<span {KEY}="[0-9]+">)?\x02backup-badge:([0-9]+)\x03(?:</span>)?'
)
"""Its text while Markdown reads a line, by which copies of it are found."""

# No other conversion of this process uses the same number.
_NUMBERS = itertools.count(1)


@dataclass(kw_only=True)
class Carried:
    """What an element stands for: a macro, HTML that is finished, or literal text."""

    call: Call | None = None
    html: str = ""
    text: str = ""

    @property
    def is_table(self) -> bool:
        """Whether this is the macro of a table."""
        return self.call is not None and isinstance(self.call.asked, TableMark)


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
    def where(self) -> tuple[Build, Page]:
        """The build that the page is part of, and the page."""
        if self._found is None:
            self._found = self._find(self.md, self._text)
        return self._found

    @property
    def is_mentioned(self) -> bool:
        """Whether a macro may be anywhere in the page, snippets included."""
        lines: list[str] = self.md.lines  # type: ignore[attr-defined]
        return any("backup_" in line for line in lines)

    def carry(self, one: Carried) -> Element:
        """Return an element that stands for something, and takes attributes for it."""
        key = str(next(_NUMBERS))
        self.carried[key] = one
        element = Element("span", {KEY: key})
        element.text = AtomicString(f"\x02backup-badge:{key}\x03")
        return element

    def words(self, text: str, *, in_html: bool = False) -> str:
        """Return a text with words for the macros that were copied into it."""

        def say(match: re.Match[str]) -> str:
            one = self.carried.get(match[1], Carried())
            build, page = self.where
            words = build.words(one.call, page) if one.call else one.text
            return escape(words) if in_html else words

        return MARKER.sub(say, text)
