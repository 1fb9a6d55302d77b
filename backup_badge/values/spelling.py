"""The nearest of many known words, found in a bounded time."""

from __future__ import annotations

import difflib
from bisect import bisect
from functools import lru_cache

_SIMILAR = 0.6
"""The least similarity of a suggestion, from 0 to 1."""

_FEW = 32
"""So many known words are all compared; of more, only the neighbours of the word."""

_NEIGHBOURS = 4
"""Known words on each side of a word, in alphabetical order, that are compared."""

_LONGEST = 100
"""Characters of the longest word that is compared: the time grows with its square."""


@lru_cache(maxsize=1024)
def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that is nearest to a misspelt one, if one is near.

    Of many known words those are compared that begin or end like it: a thousand
    misspelt names among a thousand known ones take a fraction of a second.
    """
    word = word.casefold()
    if len(word) > _LONGEST:
        return None
    folded, forwards, backwards = _sorted(known)
    candidates = list(folded)
    if len(candidates) > _FEW:
        candidates = _around(word, forwards)
        candidates += [name[::-1] for name in _around(word[::-1], backwards)]
    near = difflib.get_close_matches(word, set(candidates), n=1, cutoff=_SIMILAR)
    return folded[near[0]] if near else None


@lru_cache(maxsize=8)
def _sorted(known: tuple[str, ...]) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the words by their lower case, and sorted by their beginnings and ends."""
    folded = {name.casefold(): name for name in known if len(name) <= _LONGEST}
    return folded, sorted(folded), sorted(name[::-1] for name in folded)


def _around(word: str, words: list[str]) -> list[str]:
    place = bisect(words, word)
    return words[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS]
