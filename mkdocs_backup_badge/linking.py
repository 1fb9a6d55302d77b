"""How the style sheet and the scripts get into a page that needs them, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from backup_badge.config.settings import STATUS_FILE_NAME
from backup_badge.render.assets import (
    SCRIPT_NAME,
    STYLESHEET_NAME,
    TABLE_SCRIPT_NAME,
    inline_block,
    words_name,
)
from backup_badge.view.language import Language

FOLDER = "assets"
"""Where the files are in a site."""

# As we write it, and as a minifier does: quotes, order and spaces are no matter.
_OURS = re.compile(r"backup-(badge|table)(?![\w])")
_TAG = re.compile(r"<(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+>")
_CLASS = re.compile(
    r"\sclass\s*=\s*(?:\"[^\"]*(?<![\w-])backup-{0}|'[^']*(?<![\w-])backup-{0}"
    r"|backup-{0})".format("(?:badge|table)"),
    re.IGNORECASE,
)
_BADGE = re.compile(r"<(a|span)\b[^>]*\bbackup-badge\b")
_PLACE = re.compile(
    r"<!--.*?-->|<link\b[^>]*\bstylesheet\b|</head\s*>", re.IGNORECASE | re.DOTALL
)
_SCRIPT = '<script defer src="{}"{}></script>'
_LINK = re.compile(rf"<link\b[^>]*\b{re.escape(STYLESHEET_NAME)}")


def is_used(html: str) -> bool:
    """Whether there is a badge, a table or an error message of ours."""
    return any(_kinds(html))


def badges(html: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield where the badges in HTML begin and end, from a place on."""
    while begin := _BADGE.search(html, start):
        depth, start = 0, len(html)
        for tag in re.compile(rf"<(/?){begin[1]}\b[^>]*>").finditer(
            html, begin.start()
        ):
            depth += -1 if tag[1] else 1
            if not depth:
                start = tag.end()
                break
        yield begin.start(), start


def link(
    html: str, relative: Callable[[str], str], language: Language, *, export: str | None
) -> str:
    """Return a page with links to what it needs in its head.

    ``relative`` tells a page's way to a file of the site; ``language`` is that of the
    words for the scripts; ``export`` is the folder in
    which statuses are published. The links stand before the first style sheet's: a
    site's own sheets have the last word.
    """
    if _LINK.search(html):
        return html
    folder = escape(relative(FOLDER))
    elements = [f'<link rel="stylesheet" href="{folder}/{STYLESHEET_NAME}">']
    if words := words_name(language):
        elements.append(_SCRIPT.format(f"{folder}/{words}", ""))
    if "table" in _kinds(html):
        elements.append(_SCRIPT.format(f"{folder}/{TABLE_SCRIPT_NAME}", ""))
    status = ""
    if export:
        status = escape(relative(f"{export}/{STATUS_FILE_NAME}"))
        status = f' data-status="{status}"'
    elements.append(_SCRIPT.format(f"{folder}/{SCRIPT_NAME}", status))
    found = (place for place in _PLACE.finditer(html) if place[0][:2] != "<!")
    place = next(found, None)
    at = place.start() if place else len(html)
    return "".join([html[:at], "\n".join([*elements, ""]), html[at:]])


def inline(html: str, language: Language) -> str:
    """Return a page that carries what it needs itself, once, if it needs anything."""
    block = inline_block(language)
    return f"{html}\n{block}" if is_used(html) and block not in html else html


def _kinds(html: str) -> Iterator[str]:
    """Return ``badge`` and ``table`` for each element with a class of that name."""
    for found in _OURS.finditer(html):
        start = html.rfind("<", 0, found.start())
        tag = _TAG.match(html, start) if start >= 0 else None
        if tag is not None and _CLASS.search(tag[0]):
            yield found[1]
