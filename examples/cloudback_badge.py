"""The picture of a badge service: flat, a label and a word, each with its shadow.

Words and colours from the Cloudback documentation, Backup Status Badge. Markup isn't
documented there; this is that of common badge services.
"""

from __future__ import annotations

import html

COLOURS = {"failed": "#e05d44", "deleted": "#9f9f9f", "unknown": "#9f9f9f"}
BADGE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" \
role="img" aria-label="Cloudback: {word}"><title>Cloudback: {word}</title>
<linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" \
stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/></linearGradient>
<clipPath id="r"><rect width="{width}" height="20" rx="3" fill="#fff"/></clipPath>
<g clip-path="url(#r)"><rect width="70" height="20" fill="#555"/>
<rect x="70" width="{right}" height="20" fill="{colour}"/>
<rect width="{width}" height="20" fill="url(#s)"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,sans-serif" font-size="11">
<text aria-hidden="true" x="35" y="15" fill="#010101" fill-opacity=".3">Cloudback</text>
<text x="35" y="14">Cloudback</text>
<text aria-hidden="true" x="{x}" y="15" fill="#010101" fill-opacity=".3">{word}</text>
<text x="{x}" y="14">{word}</text></g></svg>
"""


def draw_badge(word: str) -> str:
    """Return an SVG that says ``Cloudback: word``; any word will do."""
    right = 10 + 7 * len(word)
    return BADGE.format(
        word=html.escape(word),
        colour=COLOURS.get(word, "#4c1"),
        right=right,
        width=70 + right,
        x=70 + right / 2,
    )
