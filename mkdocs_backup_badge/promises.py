"""Keeping the places of badges in pages until all answers are there.

A host converts its pages one after another. Were a page to wait for its own badges,
nothing else would be done meanwhile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache, cached_property

_CAPITALS = str.maketrans("0123456789abcdef", "ABCDEFGHIKLMNOPQ")
_NUMBER = re.compile("([0-9]+)w")
_NO_TEXT = re.compile('<span class="backup-badge-sign"[^>]*>[^<]*</span>|<[^>]*>')


class Promises:
    """What stands in pages for HTML that is still to come.

    Nobody else can write it: a page has no way to know its name. That is in capitals,
    which are rare in a page: Python finds soonest that there are none.
    """

    def __init__(self) -> None:
        self._name = f"BACKUP{os.urandom(8).hex().translate(_CAPITALS)}"
        self._shows: list[Callable[[], str]] = []
        self._texts: dict[str, str] = {}

    def make(self, show: Callable[[], str], *, tag: str) -> str:
        """Return an element for what ``show`` will return, which is asked once.

        ``tag`` is ``span`` or, for what is a block, ``div``: Markdown treats them
        differently.
        """
        return f'<{tag} id="{self._name}e{self._add(show)}"></{tag}>'

    def make_word(self, show: Callable[[], str]) -> str:
        """Return a word for what ``show`` will return: to Markdown it means nothing."""
        return f"{self._name}w{self._add(show)}w"

    def _add(self, show: Callable[[], str]) -> int:
        self._shows.append(cache(show))
        return len(self._shows) - 1

    def keep(self, html: str) -> str:
        """Return a page with everything in it that was promised."""
        if not self._is_in(html):
            return html
        html = self._fill(html, self._show)
        if not self._texts:
            return html
        first, *others = html.split(f"<!--{self._name}s")
        parts = [first]
        for other in others:
            number, _, rest = other.partition("s-->")
            parts[-1] = parts[-1].removesuffix(self._text(number))
            parts += [self._show(number), rest]
        return "".join(parts)

    def say(self, html: str) -> str:
        """Return a page with the text of the badges that were promised, and the rest.

        :meth:`keep` then puts in the badges. This is for a search: reading the HTML of
        a badge takes it longer than everything else that a badge costs.
        """
        return self._fill(html, self._say) if self._is_in(html) else html

    def _is_in(self, html: str) -> bool:
        # From the end that takes half the time.
        return html.rfind(self._name) >= 0

    def _fill(self, html: str, show: Callable[[str], str]) -> str:
        word = f"{self._name}w"
        first, *others = html.split(word)
        parts = [first]
        for other in others:
            # What an excerpt cuts off in the middle stays as it is.
            found = _NUMBER.match(other)
            parts += [show(found[1]), other[found.end() :]] if found else [word, other]
        html = "".join(parts)
        if f"{self._name}e" in html:
            html = self._elements.sub(lambda match: show(match[2]), html)
        return html

    def _show(self, number: str) -> str:
        return self._shows[int(number)]()

    def _say(self, number: str) -> str:
        html = self._show(number)
        if "<table " in html:
            return html
        return f"{self._text(number)}<!--{self._name}s{number}s-->"

    def _text(self, number: str) -> str:
        if number not in self._texts:
            self._texts[number] = _NO_TEXT.sub("", self._show(number))
        return self._texts[number]

    @cached_property
    def _elements(self) -> re.Pattern[str]:
        return re.compile(f'<(span|div) id="{self._name}e([0-9]+)"></\\1>')
