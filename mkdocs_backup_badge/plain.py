"""Macros in plain text, exchanged for their badges before Markdown reads the page.

Where a macro counts is Markdown's decision, see :mod:`mkdocs_backup_badge.inline`. Most
stand where there is nothing to decide: in a paragraph, a list or a table without a sign
of code, tags, links, headings or attributes. Exchanged here they cost Markdown nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from backup_badge import BadgeMark
from backup_badge.markup.macro import START, Call, read_call
from mkdocs_backup_badge.pages import Page, find_marks, visible

if TYPE_CHECKING:
    from mkdocs_backup_badge.build import Build, Mark

_MACROS = re.compile("<<[^<>]*>>")
_ELEMENT = re.compile(r"\n[ \t]*<[A-Za-z/!?]")
# A macro with nothing in it that Markdown takes out before it is read. Around it stand
# no quotes, which turn by what is beside them, and nothing that is part of a word.
_MACRO = r"(?<![^ \n|(*])<<\s*backup_badge\s*\([^`\\<>\x02]*\)\s*>>(?![^ \n|)*.,;:!?])"
_PLAIN = re.compile(
    rf"\n*+(?> {{0,3}}(?:[-*+] +|[0-9]+\. +)?[*_]*+(?:[\w|(]|{_MACRO})"
    rf"(?:[^`<>#\[\]{{}}\\$\n]++|{_MACRO})*+(?:\n|\Z))++"
)


class _Exchanged(NamedTuple):
    """A block without its macros, and what they ask for."""

    text: str
    marks: list[BadgeMark]


class Plain:
    """The blocks of a build's pages that have macros in them, and what becomes of them.

    Where badges are promised, pages are read ahead: one after the other that takes half
    the time that it takes between everything else that happens to a page.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._exchanged: dict[str, _Exchanged] = {}
        self._read: set[str] = set()

    def read_ahead(self, text: str, page: Page) -> list[Mark]:
        """Return what a page that is still to be converted asks for.

        What an earlier page says in the same words is not repeated.
        """
        if not self._build.defers:
            return find_marks(text)
        macros = _MACROS.findall(text)
        if self._read.issuperset(macros) and len(macros) == text.count("<<"):
            return []
        marks: list[Mark] = []
        text = visible(text).rstrip("\n")
        for start, end in _blocks_with_macros(text):
            block = text[start:end]
            if block in self._exchanged:
                continue
            calls = read_block(block)
            if not calls:
                return find_marks(text)
            # Nothing is stored while badges are promised.
            self._exchanged[block] = self._exchange(block, calls, page, store=str)
            self._read.update(call.text for call in calls)
            marks += self._exchanged[block].marks
        return marks

    def exchange(
        self, text: str, find_page: Callable[[], Page], store: Callable[[str], str]
    ) -> str:
        """Return a page's text with something else in the place of plain badges.

        ``store`` returns a place for HTML. Everything else stays: tables, malformed
        macros, badges with a link that is relative to the page, and whole pages of
        which it is not sure that a blank line ends a block.
        """
        if _reaches_far(text[: text.rfind("<<")]):
            return text
        places = list(_blocks_with_macros(text))
        blocks = [text[start:end] for start, end in places]
        exchanged = self._exchanged if self._build.defers else {}
        new = [block for block in blocks if block not in exchanged]
        if new:
            read = {block: read_block(block) for block in new}
            self._build.start(mark for calls in read.values() for mark in _asked(calls))
            page = find_page()
            for block, calls in read.items():
                exchanged[block] = self._exchange(block, calls, page, store)
        parts, position = [], 0
        for block, (start, end) in zip(blocks, places, strict=True):
            without, marks = exchanged[block]
            self._build.promised.update(marks)
            parts += [text[position:start], without]
            position = end
        return "".join([*parts, text[position:]])

    def _exchange(
        self,
        block: str,
        calls: Iterable[Call],
        page: Page,
        store: Callable[[str], str],
    ) -> _Exchanged:
        parts, position = [], 0
        for call in calls:
            place = self._build.promise_plain(call, page, store)
            parts += [block[position : call.start], place]
            position = call.end
        return _Exchanged("".join([*parts, block[position:]]), _asked(calls))


def _blocks_with_macros(text: str) -> Iterator[tuple[int, int]]:
    """Return where the blocks begin and end in which a macro may be."""
    macro = text.find("<<")
    while macro >= 0:
        before = text.rfind("\n\n", 0, macro)
        start = 0 if before < 0 else before + 2
        end = text.find("\n\n", macro)
        end = len(text) if end < 0 else end
        yield start, end
        macro = text.find("<<", end)


def read_block(block: str) -> list[Call]:
    """Return a block's badges; none if anything else may be meant in it."""
    if not _PLAIN.fullmatch(block):
        return []
    calls = [read_call(block, match) for match in START.finditer(block)]
    return calls if len(_asked(calls)) == len(calls) else []


def _asked(calls: Iterable[Call]) -> list[BadgeMark]:
    return [call.asked for call in calls if isinstance(call.asked, BadgeMark)]


def _reaches_far(text: str) -> bool:
    """Whether something may go on behind a blank line: code, a comment, an element."""
    # Looking for one character first takes a tenth of the time.
    signs = (sign for sign in ("```", "~~~", "///", "<!--") if sign[0] in text)
    return any(sign in text for sign in signs) or bool(_ELEMENT.search("\n" + text))
