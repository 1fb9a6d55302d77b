"""Macros on their way through Markdown's tree: collected, put in their place, revealed.

Until the tree is done a macro is an element without text: what makes anchors, titles
and tables of contents from headings meanwhile comes out as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from html import escape, unescape
from xml.etree.ElementTree import Element, SubElement

from markdown.extensions.footnotes import NBSP_PLACEHOLDER
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from backup_badge import UsageError
from backup_badge.markup.macro import START, find_calls
from mkdocs_backup_badge.conversion import KEY, Carried, Conversion

Parents = Mapping[Element, Element]

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_NO_TABLES = {*_HEADINGS, "p", "summary"}
_LEFT_ALONE = {"code", "pre", "script", "style"}
_HREF = re.compile(r'(?<= href=")(?![a-z][a-z0-9+.-]*:|//)[^"]*(?=")', re.IGNORECASE)
_MARK = re.compile(rf'<(span|div)[^<>]* {KEY}="[^<>]*>(?:<a [^<>]*></a>)*([^<>]*)</\1>')
_MISPLACED = UsageError(
    "backup table: a table cannot stand in a line of text: give it a line of its own"
)
_UNREAD = UsageError("Markdown reads no macros in this place, and shows their text")


class _Step(Treeprocessor):
    def __init__(self, conversion: Conversion) -> None:
        super().__init__(conversion.md)
        self._conversion = conversion


class Collect(_Step):
    """Resolves all marks of a page together, and takes the text from the elements."""

    def run(self, root: Element) -> None:
        """Write words where Markdown copied text: an image's text, or in a link."""
        conversion = self._conversion
        if not conversion.carried:
            return
        build, _ = conversion.where
        asked = (one.call.asked for one in conversion.carried.values() if one.call)
        build.resolve(one for one in asked if not isinstance(one, UsageError))
        for element in root.iter():
            one = conversion.carried.get(element.get(KEY, ""))
            if one is not None:
                element.text = AtomicString(one.text)
            else:
                element.text = self._copied(element.text)
            element.tail = self._copied(element.tail)
            for name, value in element.attrib.items():
                element.set(name, self._copied(value) or "")
        blocks = self.md.htmlStash.rawHtmlBlocks
        for index, block in enumerate(blocks):
            if isinstance(block, str) and "\x02backup-badge:" in block:
                blocks[index] = conversion.words(block, in_html=True)

    def _copied(self, text: str | None) -> str | None:
        if not text or "\x02backup-badge:" not in text:
            return text
        return type(text)(self._conversion.words(text))


class Place(_Step):
    """Gives every macro its HTML, as the place where it stands allows it."""

    def run(self, root: Element) -> None:
        """Give tables a place between paragraphs, and show relative links to hosts."""
        if self._conversion.is_mentioned:
            self._warn_of_unread(root)
        carried = self._conversion.carried
        if not carried:
            return
        parents = {child: parent for parent in root.iter() for child in parent}
        keys = {key for key, one in carried.items() if one.is_table}
        tables = {element for element in parents if element.get(KEY) in keys}
        for parent in dict.fromkeys(parents[table] for table in tables):
            if parent.tag == "p" and parent in parents:
                _part(parent, parents[parent], tables)
        parents = {child: parent for parent in root.iter() for child in parent}
        for element in list(root.iter()):
            one = carried.get(element.get(KEY, ""))
            if one is not None:
                self._fill(one, element, parents)

    def _fill(self, one: Carried, element: Element, parents: Parents) -> None:
        build, page = self._conversion.where
        if one.call is not None:
            tag = parents[element].tag
            fits = self.md.is_block_level(tag) and tag not in _NO_TABLES
            if one.is_table and not fits:
                one.html = build.show_error(_MISPLACED, one.call, page)
            else:
                linked = "a" not in _ancestors(element, parents)
                as_source = "relpath" in self.md.treeprocessors
                one.html = build.show(
                    one.call, page, linked=linked, as_source=as_source
                )
        attributes = {k: v for k, v in element.attrib.items() if k != KEY}
        if attributes:
            tag = "div" if one.is_table else "span"
            html = one.html or escape(one.text, quote=False)
            one.html = f"<{tag}{_attributes(attributes)}>{html}</{tag}>"
        for link in _HREF.findall(one.html):
            # The host translates it, as it does with all links of the page.
            SubElement(element, "a", {"href": unescape(link)})

    def _warn_of_unread(self, root: Element) -> None:
        """Note the macros that Markdown took for text, or for an attribute's."""
        for element in root.iter():
            texts = [element.tail, *element.attrib.values()]
            if element.tag not in _LEFT_ALONE:
                texts.append(element.text)
            for text in texts:
                if text and START.search(text) and not isinstance(text, AtomicString):
                    build, page = self._conversion.where
                    for call in find_calls(text):
                        build.report.fault(_UNREAD, page.place(call.key))


class Reveal(_Step):
    """Lets the macros show."""

    def run(self, root: Element) -> None:
        """Put the HTML of the macros where Markdown takes it from."""
        conversion = self._conversion
        _clean(getattr(self.md, "toc_tokens", []))
        for heading in root.iter():
            if heading.tag in _HEADINGS and heading.find(f".//*[@{KEY}]") is not None:
                # Who noted the heading for another page has the same elements.
                heading[:] = [deepcopy(child) for child in heading]
        for parent in list(root.iter()):
            for index, child in enumerate(parent):
                if KEY in child.attrib:
                    parent[index] = self._revealed(child)
        conversion.is_revealed = True

    def _revealed(self, element: Element) -> Element:
        """Return what takes the place of an element; nothing for another page's."""
        one = self._conversion.carried.get(element.get(KEY, ""))
        # An element without a name is written as its text alone.
        revealed: Element = Element(None)  # type: ignore[arg-type]
        revealed.tail = element.tail
        if one is not None and one.html:
            links = (escape(link.get("href") or "") for link in element)
            html = _HREF.sub(lambda _: next(links), one.html)
            revealed.text = self.md.htmlStash.store(html)
        elif one is not None:
            revealed.text = one.text
        return revealed


def _part(paragraph: Element, parent: Element, tables: set[Element]) -> None:
    """Part a paragraph where a table has its lines in it to itself."""
    inside = (child for child in paragraph if child in tables)
    alone = {table for table in inside if _is_alone(paragraph, table)}
    if not alone:
        return
    parts: list[Element] = [Element("p")]
    parts[0].text = paragraph.text
    for child in list(paragraph):
        if child in alone:
            child.tag = "div"
            after = Element("p")
            after.text = (child.tail or "").lstrip()
            child.tail = None
            parts += [child, after]
        else:
            parts[-1].append(child)
    kept = [part for part in parts if part in alone or _has_rest(part)]
    first = next((part for part in kept if part not in alone), None)
    if first is not None:
        first.attrib.update(paragraph.attrib)
    elif paragraph.attrib:
        holder = Element("div", paragraph.attrib)
        holder.extend(kept)
        kept = [holder]
    for part in kept:
        part.tail = "\n"
    kept[-1].tail = paragraph.tail
    index = list(parent).index(paragraph)
    parent[index : index + 1] = kept


def _is_alone(paragraph: Element, table: Element) -> bool:
    index = list(paragraph).index(table)
    before = (paragraph[index - 1].tail if index else paragraph.text) or ""
    after = (table.tail or "").replace(NBSP_PLACEHOLDER, "")
    follower = paragraph[index + 1] if index + 1 < len(paragraph) else None
    begins = not index or "\n" in before or paragraph[index - 1].tag == "br"
    ends = (
        follower is None
        or "\n" in after
        or follower.tag == "br"
        or follower.get("class") == "footnote-backref"
    )
    around = before.rpartition("\n")[2] + after.partition("\n")[0]
    return begins and ends and not around.strip()


def _has_rest(paragraph: Element) -> bool:
    """Whether anything is left of a part that stands before or behind a table."""
    text = (paragraph.text or "").strip()
    if not text and len(paragraph) and paragraph[0].tag == "br":
        paragraph.text = (paragraph[0].tail or "").lstrip()
        paragraph.remove(paragraph[0])
    return bool(len(paragraph) or (paragraph.text or "").strip())


def _ancestors(element: Element, parents: Parents) -> Iterator[str]:
    while element in parents:
        element = parents[element]
        yield element.tag


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name}="{escape(value or name)}"' for name, value in attributes.items()
    )


def _clean(tokens: list[dict[str, object]]) -> None:
    """Take our elements from the entries of a table of contents."""
    for token in tokens:
        html = token.get("html")
        if isinstance(html, str) and KEY in html:
            token["html"] = " ".join(_MARK.sub(r"\2", html).split())
        children = token.get("children")
        if isinstance(children, list):
            _clean(children)
