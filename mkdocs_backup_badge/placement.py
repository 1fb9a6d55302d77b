"""Macros on their way through Markdown's tree: carried, put in their place, revealed.

Until the tree is done a macro stands for nothing: what makes anchors, titles and
tables of contents from headings meanwhile comes out as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from xml.etree import ElementTree

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE

from backup_badge import TableMark, UsageError
from mkdocs_backup_badge.conversion import Carried, Conversion

_ONE_LINE = {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary"}
_PLACEHOLDER = HTML_PLACEHOLDER.partition("%")[0]
_HREF = re.compile(r'(?<= href=")[^"]*(?=")')
_MISPLACED = UsageError(
    "backup table: a table cannot stand in a line of text: give it a line of its own"
)


class Place(Treeprocessor):
    """Gives every macro its HTML, as the place where it stands allows it.

    After attribute lists (8), and before tables of contents are made (5).
    """

    priority = 7.5

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(md)
        self._conversion = conversion

    def run(self, root: ElementTree.Element) -> None:
        """Replace the elements that stand for macros by placeholders in the text."""
        carried = self._conversion.carried
        if not carried:
            return
        calls = [one.call for one in carried.values() if one.call]
        marks = [call.asked for call in calls if not isinstance(call.asked, UsageError)]
        self._conversion.build.start(marks)
        parents = {child: parent for parent in root.iter() for child in parent}
        elements = []
        for element in root.iter():
            if element.tag == "span" and element.text in carried:
                elements.append(element)
            if element.attrib:
                self._fill_attributes(element)
        for one in carried.values():
            # Shown only where another extension took the element apart.
            one.html = one.html or (escape(one.call.text) if one.call else "")
        for element in elements:
            self._fill(carried[element.text or ""], element, parents)
        carriers = set(elements)
        for parent in {parents[element] for element in elements}:
            _flatten(parent, carriers)
        self._have_links_looked_at(root)

    def _fill(
        self,
        one: Carried,
        element: ElementTree.Element,
        parents: Mapping[ElementTree.Element, ElementTree.Element],
    ) -> None:
        build, page = self._conversion.build, self._conversion.page
        is_table = one.call is not None and isinstance(one.call.asked, TableMark)
        if one.call is None:
            pass
        elif is_table and not self._holds_table(parents[element], element):
            one.html = build.show_error(_MISPLACED, one.call, page)
        else:
            linked = "a" not in _ancestors(element, parents)
            one.html = build.promise(one.call, page, linked=linked)
        if element.attrib:
            tag = "div" if is_table else "span"
            one.html = f"<{tag}{_attributes(element)}>{one.html}</{tag}>"

    def _holds_table(
        self, parent: ElementTree.Element, element: ElementTree.Element
    ) -> bool:
        if parent.tag != "p":
            return self.md.is_block_level(parent.tag) and parent.tag not in _ONE_LINE
        around = (parent.text or "") + (element.tail or "")
        if len(parent) > 1 or around.strip():
            return False
        parent.text = element.tail = None
        if parent.attrib:
            parent.tag = "div"
        return True

    def _fill_attributes(self, element: ElementTree.Element) -> None:
        """Replace macros in an image's text, or in a link, by text."""
        for name, value in element.attrib.items():
            if value and self._conversion.carried and _PLACEHOLDER in value:
                text = HTML_PLACEHOLDER_RE.sub(self._text_for, value)
                element.set(name, text)

    def _text_for(self, match: re.Match[str]) -> str:
        one = self._conversion.carried.get(match[0])
        if one is None or one.call is None:
            return match[0]
        return self._conversion.build.show_text(one.call, self._conversion.page)

    def _have_links_looked_at(self, root: ElementTree.Element) -> None:
        """Show the badges' relative links to the host, which translates them."""
        holder = ElementTree.Element("p")
        for one in self._conversion.carried.values():
            for link in _HREF.findall(one.html):
                ElementTree.SubElement(holder, "a", {"href": unescape(link)})
        if len(holder):
            self._conversion.links = holder
            root.append(holder)


class Reveal(Treeprocessor):
    """Lets the macros show. After everything that reads headings."""

    priority = -1000

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(md)
        self._conversion = conversion

    def run(self, root: ElementTree.Element) -> None:
        """Put the HTML of the macros where Markdown takes it from."""
        conversion = self._conversion
        if conversion.links is not None:
            root.remove(conversion.links)
            links = (escape(link.get("href") or "") for link in conversion.links)
        for one in conversion.carried.values():
            html = _HREF.sub(lambda _: next(links), one.html)
            self.md.htmlStash.rawHtmlBlocks[one.index] = html
        conversion.is_revealed = True


def _ancestors(
    element: ElementTree.Element,
    parents: Mapping[ElementTree.Element, ElementTree.Element],
) -> Iterator[str]:
    while element in parents:
        element = parents[element]
        yield element.tag


def _attributes(element: ElementTree.Element) -> str:
    return "".join(
        f' {name}="{escape(value or name)}"' for name, value in element.attrib.items()
    )


def _flatten(parent: ElementTree.Element, carriers: set[ElementTree.Element]) -> None:
    """Put the text of some of an element's children in their places."""
    kept: list[ElementTree.Element] = []
    texts = [[parent.text or ""]]
    for child in parent:
        if child in carriers:
            texts[-1] += [child.text or "", child.tail or ""]
        else:
            kept.append(child)
            texts.append([child.tail or ""])
    parent[:] = kept
    parent.text = "".join(texts[0])
    for child, tail in zip(kept, texts[1:], strict=True):
        child.tail = "".join(tail)
