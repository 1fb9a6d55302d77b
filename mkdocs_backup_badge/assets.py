"""How the style sheet and the scripts get into a page that needs them, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from backup_badge.config.settings import STATUS_FILE_NAME
from backup_badge.render.assets import (
    SCRIPT_NAME,
    STYLESHEET_NAME,
    TABLE_SCRIPT_NAME,
    stylesheet,
)

FOLDER = "assets"
"""Where the files are in a site."""

_CLASS = 'class="backup-'
_ENDS = (" ", '"', "-")
_TAGS = ("<span ", "<a ", "<table ")
# One sign comes first in either case: a search can jump to it.
_PLACE = re.compile(r"<(?:link\b[^>]*\bstylesheet\b|/head\s*>)", re.IGNORECASE)


def is_used(html: str) -> bool:
    """Whether there is a badge, a table or an error message of ours."""
    return html.rfind(_CLASS) >= 0 and (_has(html, "badge") or _has(html, "table"))


def link(
    html: str, relative: Callable[[str], str], *, export: str | None, within: str
) -> str:
    """Return a page with links to what it needs in its head, if it needs anything.

    ``relative`` tells a page's way to a file of the site; ``export`` is the folder in
    which statuses are published. ``within`` is the page, or the part of it in which
    alone something of ours can be. The links stand before the first style sheet's: a
    site's own sheets have the last word.
    """
    if not is_used(within):
        return html
    folder = escape(relative(FOLDER))
    elements = [f'<link rel="stylesheet" href="{folder}/{STYLESHEET_NAME}">']
    if _has(within, "table"):
        elements.append(_script(f"{folder}/{TABLE_SCRIPT_NAME}"))
    status = ""
    if export:
        status = escape(relative(f"{export}/{STATUS_FILE_NAME}"))
        status = f' data-status="{status}"'
    elements.append(_script(f"{folder}/{SCRIPT_NAME}", status))
    place = _PLACE.search(html)
    if place is None:
        return html + "\n".join(elements)
    # Pages are long: a slice on each side would copy this one twice.
    return html.replace(place[0], "\n".join([*elements, place[0]]), 1)


def style_element() -> str:
    """Return the style sheet for the middle of a page."""
    return f"<style>\n{stylesheet()}</style>"


def _has(html: str, what: str) -> bool:
    # From the end: what a page says stands behind its navigation, which is long.
    start = f"{_CLASS}{what}"
    at = html.rfind(start)
    while at >= 0 and not (
        html.startswith(_ENDS, at + len(start)) and html.endswith(_TAGS, 0, at)
    ):
        at = html.rfind(start, 0, at)
    return at >= 0


def _script(href: str, attributes: str = "") -> str:
    return f'<script defer src="{href}"{attributes}></script>'
