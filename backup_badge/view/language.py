"""The language of a page: its words, from a catalogue that translators wrote.

Sentences stand in the code in English, and are looked up where a page is described. A
catalogue is a file of GNU gettext, ``locale/LANGUAGE/LC_MESSAGES/backup_badge.mo``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

_CATALOGUES = Path(__file__).parents[1] / "locale"
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z0-9]+))*")


@dataclass(frozen=True, kw_only=True)
class Language:
    """What the words for a page are looked up in.

    ``code`` is the language of the words, as in an attribute ``lang``; ``page`` is
    that of the page, where it is known.
    """

    code: str = "en"
    page: str | None = None
    _words: NullTranslations = field(
        default_factory=NullTranslations, repr=False, compare=False
    )

    @property
    def lang(self) -> str | None:
        """The language of the words, where it is another than the page's around them.

        A page of which nothing is known is taken for English.
        """
        is_same = _base(self.page or "en") == _base(self.code)
        return None if is_same else self.code

    def look_up(self, message: str) -> str:
        """Return a message as it is written, with ``{names}`` in it."""
        return self._words.gettext(message)

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a message, with values in the place of its ``{names}``."""
        return self.look_up(message).format(**values)

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Return the form of a message for a number, which is ``{number}`` in it."""
        form = self._words.ngettext(one, many, number)
        return form.format(number=number, **values)


ENGLISH = Language()
"""The language of the messages in the code."""


@lru_cache(maxsize=64)
def find_language(wanted: str | None, page: str | None = None) -> Language:
    """Return the language for a page: the one that is ``wanted``, or the page's own.

    Both are written as in ``de``, ``pt-BR`` or ``pt_BR``. Of a region that has no
    catalogue it is the language without the region, and else English.
    """
    found = _TAG.fullmatch(wanted or page or "")
    if found is not None:
        base, region = found[1].lower(), found[2]
        codes = [f"{base}_{region.upper()}"] if region else []
        for code in (*codes, base):
            path = _CATALOGUES / code / "LC_MESSAGES" / "backup_badge.mo"
            if path.is_file():
                with path.open("rb") as file:
                    words = GNUTranslations(file)
                return Language(code=code.replace("_", "-"), page=page, _words=words)
    return Language(page=page)


def languages() -> tuple[str, ...]:
    """Return the languages that there is a catalogue for, and English."""
    found = (path.name for path in _CATALOGUES.iterdir() if path.is_dir())
    return tuple(sorted({"en", *found}))


def _base(code: str) -> str:
    return re.split("[-_]", code)[0].lower()
