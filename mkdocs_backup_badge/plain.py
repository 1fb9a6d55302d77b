"""Macros in plain text, exchanged for their badges before Markdown reads the page.

Where a macro counts is Markdown's decision, see :mod:`mkdocs_backup_badge.inline`. Most
stand where there is nothing to decide: in a paragraph, a list or a table without a sign
of code, tags, links, headings or attributes. Exchanged here they cost Markdown nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from backup_badge import BadgeMark
from mkdocs_backup_badge.macro import START, Call, read_call


class Block(NamedTuple):
    """Lines between blank ones: where, what stands around its badges, the badges."""

    start: int
    end: int
    around: list[str]
    calls: list[Call]


_ELEMENT = re.compile(r"\n[ \t]*<[A-Za-z/!?]")
_PLAIN = re.compile(
    r"\n*+(?> {0,3}(?:[-*+] +|[0-9]+\. +)?[*_]*[\w|(][^`<>#\[\]{}\\$\n]*(?:\n|\Z))++"
)
# What Markdown takes out of a macro before it is read.
_TAKEN = re.compile(r"[`\\\x02]")
# What may stand right before a badge and behind it: no quotes, which turn by what is
# beside them, and nothing that is part of a word.
_BEFORE = frozenset(("", *" \n|(*"))
_BEHIND = frozenset(("", *" \n|)*.,;:!?"))


def exchange(text: str, put: Callable[[Sequence[Call]], Sequence[str | None]]) -> str:
    """Return a page's text with what ``put`` returns in the place of plain badges.

    Everything else stays: what ``put`` returns None for, tables, malformed macros, and
    whole pages of which it is not sure that a blank line ends a block.
    """
    if _reaches_far(text[: text.rfind("<<")]):
        return text
    found = list(_plain_blocks(text))
    if not found:
        return text
    places = iter(put([call for block in found for call in block.calls]))
    parts, position = [], 0
    for block in found:
        parts.append(text[position : block.start])
        for before, call in zip(block.around, block.calls, strict=False):
            parts += [before, next(places) or call.text]
        parts.append(block.around[-1])
        position = block.end
    return "".join([*parts, text[position:]])


def _reaches_far(text: str) -> bool:
    """Whether something may go on behind a blank line: code, a comment, an element."""
    signs = ("```", "~~~", "///", "<!--")
    return any(sign in text for sign in signs) or bool(_ELEMENT.search("\n" + text))


def _plain_blocks(text: str) -> Iterator[Block]:
    position = 0
    while (macro := text.find("<<", position)) >= 0:
        start = text.rfind("\n\n", position, macro)
        start = position if start < 0 else start + 2
        end = text.find("\n\n", macro)
        end = len(text) if end < 0 else end
        if block := _read(text, start, end):
            yield block
        position = end


def _read(text: str, start: int, end: int) -> Block | None:
    """Return a block with its badges, unless something else may be meant in it."""
    calls, around, position = [], [], start
    while match := START.search(text, position, end):
        call = read_call(text, match)
        before = text[position : call.start]
        is_apart = before[-1:] in _BEFORE and text[call.end : call.end + 1] in _BEHIND
        is_whole = isinstance(call.asked, BadgeMark) and not _TAKEN.search(call.text)
        if not is_apart or not is_whole:
            return None
        calls.append(call)
        around.append(before)
        position = call.end
    around.append(text[position:end])
    if position > end or not _PLAIN.fullmatch("x".join(around)):
        return None
    return Block(start, end, around, calls)
