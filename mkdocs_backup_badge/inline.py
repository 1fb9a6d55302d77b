"""Macros in running text: found where Markdown reads text, and nowhere else."""

from __future__ import annotations

import re
from typing import ClassVar
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor, InlineProcessor
from markdown.util import STX

from backup_badge.markup.macro import NEAR, START, Call, is_escaped, misspelt, read_call
from mkdocs_backup_badge.conversion import Carried, Conversion
from mkdocs_backup_badge.linking import badges

Handled = tuple[Element | None, int | None, int | None]

_NOTHING: Handled = (None, None, None)
_STASHED = re.compile("\x02[^\x03]*\x03")


class TagProcessor(HtmlInlineProcessor):
    """Keeps HTML tags and comments with macros in them, as Markdown does later."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(HTML_RE, md)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return what stands for a tag or a comment."""
        if START.search(m[0]) or NEAR.search(m[0]):
            return super().handleMatch(m, data)
        return _NOTHING


class _Inline(InlineProcessor):
    expression: ClassVar[re.Pattern[str]]

    def __init__(self, conversion: Conversion) -> None:
        super().__init__(self.expression.pattern, conversion.md)
        self.compiled_re = self.expression
        self._conversion = conversion


class MacroProcessor(_Inline):
    """Turns macros into elements that are carried to their place."""

    expression = START

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return what stands for the macro that begins at a match, if one does."""
        call = read_call(data, m)
        start, end = m.start(), call.end
        if STX in call.text:
            call = self._whole(call)
        if is_escaped(data, start):
            start -= 1
            one = Carried(text=call.text)
        else:
            one = Carried(call=call)
        return self._conversion.carry(one), start, end

    def _whole(self, call: Call) -> Call:
        """Read a macro again with what other processors took out of it put back."""
        text = _STASHED.sub("", self.unescape(call.text))
        match = START.match(text)
        return read_call(text, match) if match else call


class NearMissProcessor(_Inline):
    """Warns of what was meant as a macro and is none; the text stays as it is."""

    expression = NEAR

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return nothing."""
        error = misspelt(data, m)
        if error is not None:
            build, page = self._conversion.where
            build.report.fault(error, page.place(m[0]))
        return _NOTHING


class RenderedProcessor(_Inline):
    """Carries badges that are HTML already, from the macros plugin's module."""

    expression = re.compile('<(a|span) class="backup-badge(?: |-error)')

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> Handled:
        """Return what stands for the badge that begins at a match."""
        start, end = next(badges(data, m.start()))
        return self._conversion.carry(Carried(html=data[start:end])), start, end
