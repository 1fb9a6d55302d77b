"""Keeping the places of badges in pages until all answers are there.

A host converts its pages one after another. Were a page to wait for its own badges,
nothing else would be done meanwhile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable


class Promises:
    """What stands in pages for HTML that is still to come.

    Nobody else can write it: a page has no way to know its name.
    """

    def __init__(self) -> None:
        self._name = f"backup{os.urandom(8).hex()}"
        self._element = f"{self._name}e"
        self._elements = re.compile(f'<(span|div) id="{self._element}([0-9]+)"></\\1>')
        self._words = re.compile(f"{self._name}w([0-9]+)w")
        self._shows: list[Callable[[], str]] = []

    def make(self, show: Callable[[], str], *, tag: str) -> str:
        """Return an element for what ``show`` will return.

        ``tag`` is ``span`` or, for what is a block, ``div``: Markdown treats them
        differently.
        """
        return f'<{tag} id="{self._element}{self._add(show)}"></{tag}>'

    def make_word(self, show: Callable[[], str]) -> str:
        """Return a word for what ``show`` will return: to Markdown it means nothing."""
        return f"{self._name}w{self._add(show)}w"

    def _add(self, show: Callable[[], str]) -> int:
        self._shows.append(show)
        return len(self._shows) - 1

    def keep(self, html: str) -> str:
        """Return a page with everything in it that was promised."""
        if self._name not in html:
            return html
        html = self._words.sub(lambda match: self._shows[int(match[1])](), html)
        if self._element in html:
            html = self._elements.sub(lambda match: self._shows[int(match[2])](), html)
        return html
