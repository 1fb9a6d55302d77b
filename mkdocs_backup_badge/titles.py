"""Titles that were read from pages before their badges were, or after: without them.

A title may be read from the text of a page (MkDocs, hooks), from what the macros plugin
made of it, or from finished HTML (the typeset plugin).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mkdocs.structure import pages as host

from backup_badge.markup.macro import as_macros, find_calls
from mkdocs_backup_badge.assets import is_used

_BADGE = re.compile(r"<(a|span)\b[^>]*\bbackup-badge\b")


def without_badges(title: str) -> str:
    """Return a title without its macros and badges; others as they are."""
    if "backup" not in title:
        return title
    parts, position = [], 0
    # Both signs have two characters: places are the same.
    for call in find_calls(as_macros(title)):
        parts.append(title[position : call.start])
        position = call.end
    bare = _without_html("".join([*parts, title[position:]]))
    return title if bare == title else " ".join(bare.split())


def clean(page: Any) -> None:
    """Take badges from the title of a MkDocs page and from its table of contents."""
    title = page.title
    if isinstance(title, str) and without_badges(title) != title:
        page.title = without_badges(title)
    _clean(vars(page).get("typeset"))
    for item in page.toc or ():
        _clean_item(item)


def clean_early_titles() -> None:
    """Have MkDocs read titles from the text of pages without their macros.

    The blog makes the addresses of its posts of them before anything is converted, and
    nobody is asked.
    """
    read: Callable[[str], str | None] = vars(host)["get_markdown_title"]
    if read.__module__ == __name__:
        return

    def get_markdown_title(markdown_src: str) -> str | None:
        title = read(markdown_src)
        return title if title is None else without_badges(title)

    vars(host)["get_markdown_title"] = get_markdown_title


def _clean_item(item: Any) -> None:
    _clean(vars(item))
    for child in item.children:
        _clean_item(child)


def _clean(notes: object) -> None:
    """Take badges from what somebody noted of a heading."""
    if not isinstance(notes, dict):
        return
    for name, value in notes.items():
        if isinstance(value, str):
            notes[name] = without_badges(value)
        elif isinstance(value, dict):
            _clean(value)


def _without_html(html: str) -> str:
    if not is_used(html):
        return html
    parts, position = [], 0
    while start := _BADGE.search(html, position):
        parts.append(html[position : start.start()])
        position = _end(html, start)
    return "".join([*parts, html[position:]])


def _end(html: str, start: re.Match[str]) -> int:
    depth = 0
    for tag in re.compile(rf"<(/?){start[1]}\b[^>]*>").finditer(html, start.start()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(html)
