"""What the processors of one Markdown instance share while it converts a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from markdown import Markdown
from markdown.util import AtomicString

from backup_badge.markup.macro import Call
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.pages import Page, find_hidden

Find = Callable[[Markdown, str], tuple[Build, Page]]


@dataclass(eq=False)
class Carried:
    """A macro, or HTML that is one already, on its way to its place in the page.

    ``index`` is its number among Markdown's stashed pieces of HTML.
    """

    index: int
    call: Call | None
    html: str = ""


class Conversion:
    """One page after another. ``find`` returns the build and the page for a text.

    It is called for pages with macros only.
    """

    def __init__(self, md: Markdown, find: Find) -> None:
        self._md = md
        self._find = find
        self.begin("")

    def begin(self, text: str) -> None:
        """Begin with another page."""
        self._text = text
        self._found: tuple[Build, Page] | None = None
        self._hidden: set[object] | None = None
        self.carried: dict[str, Carried] = {}
        self.links: ElementTree.Element | None = None
        self.is_revealed = False

    @property
    def hidden(self) -> set[object]:
        """The keys of the macros that stand in what only looks like code.

        Asked for once the page went through all preprocessors: real fences are gone.
        """
        if self._hidden is None:
            lines: list[str] = self._md.lines  # type: ignore[attr-defined]
            self._hidden = find_hidden("\n".join(lines))
        return self._hidden

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
            self._found = self._find(self._md, self._text)
        return self._found

    def carry(self, call: Call | None, html: str = "") -> ElementTree.Element:
        """Return an element that stands for a macro, and takes attributes for it."""
        placeholder = self._md.htmlStash.store("")
        index = self._md.htmlStash.html_counter - 1
        self.carried[placeholder] = Carried(index, call, html)
        element = ElementTree.Element("span")
        element.text = AtomicString(placeholder)
        return element
