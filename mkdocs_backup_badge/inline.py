"""Macros in running text: found where they count, left alone where they do not."""

from __future__ import annotations

import re
from collections.abc import Set
from html import escape
from xml.etree import ElementTree

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import STX

from backup_badge.markup.macro import START, Call, is_escaped, read_call
from mkdocs_backup_badge.conversion import Conversion

_REACH = 4000
"""How far back a place is looked at: the bound that keeps hostile text cheap."""

_RAW_TAGS = ("code", "kbd", "pre", "samp", "script", "style", "textarea", "var")
_FENCE = re.compile(r"^[ \t]*(?:~~~|```)", re.MULTILINE)
_RENDERED = r'<(a|span) class="backup-badge(?: |-error")'
_STASHED = re.compile("\x02[^\x03]*\x03")


class MacroProcessor(InlineProcessor):
    """Turns macros into elements that are carried to their place.

    After code spans (190), before backslash escapes (180).
    """

    priority = 185

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(START.pattern, md)
        self._conversion = conversion

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | str | None, int | None, int | None]:
        """Return what stands for the macro that begins at a match, if one does."""
        call = read_call(data, m)
        end = call.end
        if is_raw(data, call, self._conversion.hidden):
            return None, None, None
        if STX in call.text:
            call = self._whole(call)
        if is_escaped(data, m.start()):
            literal = self.md.htmlStash.store(escape(call.text, quote=False))
            return literal, m.start() - 1, end
        return self._conversion.carry(call), m.start(), end

    def _whole(self, call: Call) -> Call:
        """Read a macro again with what other processors took out of it put back."""
        text = _STASHED.sub("", self.unescape(call.text))
        match = START.match(text)
        return read_call(text, match) if match else call


class RenderedProcessor(InlineProcessor):
    """Carries badges that are HTML already, from the macros plugin's module.

    Their text is not Markdown, and in a heading it is not part of the heading's.
    """

    priority = 184

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(_RENDERED, md)
        self._conversion = conversion

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        """Return what stands for the badge that begins at a match."""
        tags = re.compile(f"<(/?){m[1]}[ >]")
        depth = 0
        for tag in tags.finditer(data, m.start(), m.start() + _REACH):
            depth += -1 if tag[1] else 1
            if not depth:
                html = data[m.start() : tag.end()]
                return self._conversion.carry(None, html), m.start(), tag.end()
        return None, None, None


def is_raw(text: str, call: Call, hidden: Set[object]) -> bool:
    """Whether a macro is in a comment, an HTML tag or what its author wrote as code.

    Python-Markdown gets at these only after macros have been looked for, or not at
    all: a fence in a list may be a paragraph to it, or several. ``hidden`` are the keys
    of macros that a page has nowhere else.
    """
    place = call.start
    before = text[max(place - _REACH, 0) : place]
    if "<" in before and (_in_comment(text, before, place) or _in_tag(before)):
        return True
    after = text[place : place + _REACH]
    in_fence = any(len(_FENCE.findall(part)) % 2 == 1 for part in (before, after))
    return in_fence or call.key in hidden


def _in_comment(text: str, before: str, place: int) -> bool:
    start = before.rfind("<!--")
    if start < 0 or "-->" in before[start:]:
        return False
    return text.find("-->", place, place + _REACH) >= 0


def _in_tag(before: str) -> bool:
    """Whether text ends in a tag's attribute, or in an element that holds code."""
    tag = before[before.rfind("<") :]
    if tag[1:2].isalpha() and ">" not in tag and tag.count('"') + tag.count("'"):
        return tag.count('"') % 2 == 1 or tag.count("'") % 2 == 1
    return any(
        before.rfind(f"<{name}>") > before.rfind(f"</{name}>")
        or before.rfind(f"<{name} ") > before.rfind(f"</{name}>")
        for name in _RAW_TAGS
    )
