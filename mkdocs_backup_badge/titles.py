"""Titles that were read from pages before their badges were, or after: without them.

A title may be read from the text of a page (MkDocs, hooks), from what the macros plugin
made of it, or from finished HTML (the typeset plugin).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

from mkdocs.structure import pages as host

from backup_badge.markup.macro import as_macros, find_calls
from mkdocs_backup_badge import linking
from mkdocs_backup_badge.page_files import exchange

_TAG = re.compile(r"<[^>]*>")


def clean(page: Any, html: str) -> None:
    """Take badges from the title of a MkDocs page and from its table of contents.

    ``html`` is the page's content: what its badges say is no part of a title either.
    """
    places = linking.badges(html) if linking.is_used(html) else ()
    said = {_TAG.sub("", html[start:end]) for start, end in places}
    words = sorted({*said, *map(unescape, said)} - {""}, key=len, reverse=True)
    title = page.title
    if isinstance(title, str) and without_badges(title, words) != title:
        page.title = without_badges(title, words)
    items = [page, *(page.toc or ())]
    while items:
        item = items.pop()
        # What others note of a heading: the typeset plugin its HTML.
        for note in (vars(item), vars(item).get("typeset")):
            for name, value in note.items() if isinstance(note, dict) else ():
                if name == "title" and isinstance(value, str):
                    note[name] = without_badges(value, words)
        items += item.children if item is not page else ()


def without_badges(title: str, words: Iterable[str] = ()) -> str:
    """Return a title without its macros and badges; others as they are."""
    bare = title
    if linking.is_used(title):
        bare = exchange(title, ((*place, "") for place in linking.badges(title)))
    if "backup" in bare:
        # Both ways to write a macro take the same place.
        calls = find_calls(as_macros(bare))
        bare = exchange(bare, ((call.start, call.end, "") for call in calls))
    for text in words:
        bare = bare.replace(text, "")
    return title if bare == title else " ".join(bare.split())


def clean_early_titles() -> None:
    """Have MkDocs read titles from the text of pages without their macros.

    The blog makes the addresses of its posts of them before anything is converted, and
    no plugin is asked.
    """
    read: Callable[[str], str | None] = vars(host)["get_markdown_title"]

    def get_markdown_title(markdown_src: str) -> str | None:
        title = read(markdown_src)
        return title if title is None else without_badges(title)

    if read.__module__ != __name__:
        vars(host)["get_markdown_title"] = get_markdown_title
