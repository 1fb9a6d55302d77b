"""Macros in running text: found where Markdown reads text, and nowhere else."""

from __future__ import annotations

import re
from typing import ClassVar
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import HTML_RE, InlineProcessor
from markdown.util import STX

from backup_badge.markup.macro import NEAR, START, Call, is_escaped, misspelt, read_call
from mkdocs_backup_badge.assets import badges
from mkdocs_backup_badge.conversion import Carried, Conversion

Handled = tuple[Element | None, int | None, int | None]

_NOTHING: Handled = (None, None, None)
_STASHED = re.compile("\x02[^\x03]*\x03")
_HTML = re.compile(HTML_RE, re.DOTALL)


class _Inline(InlineProcessor):
    expression: ClassVar[re.Pattern[str]]

    def __init__(self, conversion: Conversion) -> None:
        super().__init__(self.expression.pattern, conversion.md)
        self.compiled_re = self.expression
        self._conversion = conversion
        self._tags = Tags()


class MacroProcessor(_Inline):
    """Turns macros into elements that are carried to their place."""

    expression = START

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
        # Counted from the end, which stays where it is while macros are exchanged.
        self._tag: tuple[int, int] | None = None

    def cover(self, data: str, place: int) -> bool:
        """Whether a place in a text is in a tag; places are asked for in order."""
        if not self._goes_on(data, place):
            self._find(data, 0)
        self._data = data
        while self._tag is not None and len(data) - self._tag[1] <= place:
            self._find(data, len(data) - self._tag[1])
        return self._tag is not None and len(data) - self._tag[0] < place

    def pass_over(self, data: str, start: int, end: int) -> None:
        """Note that Markdown exchanges a part of the text, and goes on behind it."""
        self._head, self._rest = data[:start], data[end:]
        if self._tag is not None and len(data) - self._tag[0] < end:
            self._find(data, end)

    def _find(self, data: str, begin: int) -> None:
        found = _HTML.search(data, begin)
        size = len(data)
        self._tag = (size - found.start(), size - found.end()) if found else None

    def _goes_on(self, data: str, place: int) -> bool:
        """Whether this is the text of before, with something exchanged."""
        if data is self._data:
            return True
        return (
            len(self._head) < len(data) - len(self._rest) <= place
            and data.startswith(STX, len(self._head))
            and data.startswith(self._head)
            and data.endswith(self._rest)
        )


class NearMissProcessor(_Inline):
    """Warns of what was meant as a macro and is none; the text stays as it is."""

    expression = NEAR

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return nothing."""
        error = misspelt(data, m)
        if error is not None and not self._tags.cover(data, m.start()):
            page = self._conversion.page
            self._conversion.build.report.fault(error, page.place(m[0]))
        return _NOTHING


class RenderedProcessor(_Inline):
    """Carries badges that are HTML already, from the macros plugin's module.

    Their text is not Markdown, and in a heading it is not part of the heading's.
    """

    expression = re.compile('<(a|span) class="backup-badge(?: |-error)')

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return what stands for the badge that begins at a match."""
        start, end = next(badges(data, m.start()))
        return self._conversion.carry(Carried(html=data[start:end])), start, end
