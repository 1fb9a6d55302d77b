"""How the style sheet gets into a page that has a badge, and into no other."""

from __future__ import annotations

import re
from html import escape

from backup_badge.render.html import STYLESHEET_NAME, stylesheet

ASSET = f"assets/{STYLESHEET_NAME}"
"""Where the style sheet is in a site."""

_USED = re.compile(r'<(?:span|a|table) class="backup-(?:badge|badge-error|table)[ "]')
_PLACE = re.compile(r"<link\b[^>]*\bstylesheet\b|</head\s*>", re.IGNORECASE)


def is_used(html: str) -> bool:
    """Whether there is a badge, a table or an error message of ours."""
    return "backup-" in html and _USED.search(html) is not None


def link(html: str, href: str) -> str:
    """Return a page with a link to the style sheet in its head.

    Before the first other one: a site's own style sheets have the last word.
    """
    element = f'<link rel="stylesheet" href="{escape(href)}">'
    place = _PLACE.search(html)
    if place is None:
        return html + element
    return f"{html[: place.start()]}{element}\n{html[place.start() :]}"


def style_element() -> str:
    """Return the style sheet for the middle of a page."""
    return f"<style>\n{stylesheet()}</style>"
