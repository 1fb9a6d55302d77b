"""Macros in running text: found where Markdown reads text, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import HTML_RE, InlineProcessor
from markdown.util import STX

from backup_badge.markup.macro import NEAR, START, Call, is_escaped, misspelt, read_call
from mkdocs_backup_badge.conversion import Carried, Conversion

Handled = tuple[Element | None, int | None, int | None]

_NOTHING: Handled = (None, None, None)
_STASHED = re.compile("\x02[^\x03]*\x03")
_HTML = re.compile(HTML_RE, re.DOTALL)
_RENDERED = r'<(a|span) class="backup-badge(?: |-error")'
_REACH = 4000
"""How many characters the HTML of one badge has at most."""


class MacroProcessor(InlineProcessor):
    """Turns macros into elements that are carried to their place."""

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(START.pattern, md)
        self._conversion = conversion
        self._tags = Tags()

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return what stands for the macro that begins at a match, if one does."""
        if self._tags.cover(data, m.start()):
            return _NOTHING
        call = read_call(data, m)
        start, end = m.start(), call.end
        if STX in call.text:
            call = self._whole(call)
        if is_escaped(data, start):
            start -= 1
            one = Carried(text=call.text)
        else:
            one = Carried(call=call)
        self._tags.pass_over(data, start, end)
        return self._conversion.carry(one), start, end

    def _whole(self, call: Call) -> Call:
        """Read a macro again with what other processors took out of it put back."""
        text = _STASHED.sub("", self.unescape(call.text))
        match = START.match(text)
        return read_call(text, match) if match else call


class Tags:
    """Where Markdown will find HTML tags and comments in a text.

    They are found by Markdown's own expression, each part of a text once: what stands
    in one is not text.
    """

    def __init__(self) -> None:
        self._data = self._head = self._rest = ""
        self._found: Iterator[re.Match[str]] = iter(())
        self._tag: re.Match[str] | None = None

    def cover(self, data: str, place: int) -> bool:
        """Whether a place in a text is in a tag; places are asked for in order."""
        if data is not self._data:
            self._data = data
            self._found = _HTML.finditer(data, self._beginning(data, place))
            self._tag = next(self._found, None)
        while self._tag is not None and self._tag.end() <= place:
            self._tag = next(self._found, None)
        return self._tag is not None and self._tag.start() < place

    def pass_over(self, data: str, start: int, end: int) -> None:
        """Note that Markdown exchanges a part of the text, and goes on behind it."""
        self._head, self._rest = data[:start], data[end:]

    def _beginning(self, data: str, place: int) -> int:
        """Return where to begin: behind what was exchanged in the same text."""
        begin = len(data) - len(self._rest)
        is_same = (
            len(self._head) < begin <= place
            and data.startswith(STX, len(self._head))
            and data.startswith(self._head)
            and data.endswith(self._rest)
        )
        return begin if is_same else 0


class NearMissProcessor(InlineProcessor):
    """Warns of what was meant as a macro and is none; the text stays as it is."""

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(NEAR.pattern, md)
        self.compiled_re = NEAR
        self._conversion = conversion
        self._tags = Tags()

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return nothing."""
        error = misspelt(data, m)
        if error is not None and not self._tags.cover(data, m.start()):
            page = self._conversion.page
            self._conversion.build.report.fault(error, page.place(m[0]))
        return _NOTHING


class RenderedProcessor(InlineProcessor):
    """Carries badges that are HTML already, from the macros plugin's module.

    Their text is not Markdown, and in a heading it is not part of the heading's.
    """

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(_RENDERED, md)
        self._conversion = conversion

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return what stands for the badge that begins at a match."""
        tags = re.compile(f"<(/?){m[1]}[ >]")
        depth = 0
        for tag in tags.finditer(data, m.start(), m.start() + _REACH):
            depth += -1 if tag[1] else 1
            if not depth:
                one = Carried(html=data[m.start() : tag.end()])
                return self._conversion.carry(one), m.start(), tag.end()
        return _NOTHING
