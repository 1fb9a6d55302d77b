"""Titles that were read from pages before their badges were, or after: without them.

A title may be read from the text of a page (MkDocs, hooks), from what the macros plugin
made of it, or from finished HTML (the typeset plugin).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

from mkdocs.structure import pages as host

from backup_badge.markup.macro import as_macros, find_calls
from mkdocs_backup_badge.assets import is_used

_BADGE = re.compile(r"<(a|span)\b[^>]*\bbackup-badge\b")
_ANY_TAG = re.compile(r"<[^>]*>")


def clean(page: Any, html: str = "") -> None:
    """Take badges from the title of a MkDocs page and from its table of contents.

    ``html`` is the page's content: what its badges say is no part of a title either.
    """
    places = _badges(html) if is_used(html) else ()
    said = {_ANY_TAG.sub("", html[start:end]) for start, end in places}
    words = sorted({*said, *map(unescape, said)} - {""}, key=len, reverse=True)
    title = page.title
    if isinstance(title, str) and without_badges(title, words) != title:
        page.title = without_badges(title, words)
    _clean(vars(page).get("typeset"), words)
    for item in page.toc or ():
        _clean_item(item, words)


def without_badges(title: str, words: Iterable[str] = ()) -> str:
    """Return a title without its macros and badges; others as they are."""
    bare = _without(title, _badges(title)) if is_used(title) else title
    if "backup" in bare:
        # Both ways to write a macro take the same place.
        calls = find_calls(as_macros(bare))
        bare = _without(bare, ((call.start, call.end) for call in calls))
    for text in words:
        bare = bare.replace(text, "")
    return title if bare == title else " ".join(bare.split())


def clean_early_titles() -> None:
    """Have MkDocs read titles from the text of pages without their macros.

    The blog makes the addresses of its posts of them before anything is converted, and
    no plugin is asked.
    """
    read: Callable[[str], str | None] = vars(host)["get_markdown_title"]
    if read.__module__ == __name__:
        return

    def get_markdown_title(markdown_src: str) -> str | None:
        title = read(markdown_src)
        return title if title is None else without_badges(title)

    vars(host)["get_markdown_title"] = get_markdown_title


def _clean_item(item: Any, words: Iterable[str]) -> None:
    _clean(vars(item), words)
    for child in item.children:
        _clean_item(child, words)


def _clean(notes: object, words: Iterable[str]) -> None:
    """Take badges from what somebody noted of a heading."""
    if not isinstance(notes, dict):
        return
    for name, value in notes.items():
        if isinstance(value, str):
            notes[name] = without_badges(value, words)
        _clean(value, words)


def _badges(html: str) -> Iterator[tuple[int, int]]:
    """Yield where the badges in HTML begin and end."""
    end = 0
    while start := _BADGE.search(html, end):
        depth, end = 0, len(html)
        for tag in re.compile(rf"<(/?){start[1]}\b[^>]*>").finditer(
            html, start.start()
        ):
            depth += -1 if tag[1] else 1
            if not depth:
                end = tag.end()
                break
        yield start.start(), end


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    parts, position = [], 0
    for start, end in places:
        parts.append(text[position:start])
        position = end
    return "".join([*parts, text[position:]])
