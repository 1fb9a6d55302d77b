"""Badges as SVG pictures, for READMEs and other pages that can't hold our markup.

A picture has no ``id``, script or link: many fit in one page, and none refers to
anything outside itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import ceil

from backup_badge.render.widths import text_width
from backup_badge.values.source import writable
from backup_badge.values.state import Color, State
from backup_badge.view.badge import Badge
from backup_badge.view.colours import BOXES, INKS, LABEL, TEXT

# On the greys of dark pages it is read when it is brighter. Only a picture of its own
# hears of them: markup within a page doesn't know how dark that page is.
_SHINE = (
    "<style>@media (prefers-color-scheme:dark)"
    "{svg:root{filter:brightness(1.5)}}</style>"
)
# Strokes in a square of 10 by 10, as few fonts have the characters of all signs.
_SIGNS = {
    State.FAILED: "M2 2l6 6M8 2l-6 6",
    State.OVERDUE: "M5 1a4 4 0 1 0 .01 0M5 2.8v2.4l1.6 1.2",
    State.COMPLETED_WITH_ERRORS: "M5 1.2v4.6M5 8.8v0",
    State.STOPPED: "M2.8 2.8h4.4v4.4h-4.4zM4.2 4.2h1.6v1.6h-1.6z",
    State.UNKNOWN: "M3 3.2a2 2 0 1 1 3 1.7q-1 .6-1 1.5M5 9v0",
    State.DELETED: "M1.5 5h7",
    State.SKIPPED: "M1.5 2l3 3-3 3M5.5 2l3 3-3 3",
    State.IN_PROGRESS: "M8.6 5a3.6 3.6 0 1 1-1.6-3M7.4 0v2.4h-2.4",
    State.SCHEDULED: "M1.2 5h0M5 5h0M8.8 5h0",
    State.SUCCEEDED: "M1.2 5.4l2.6 2.6 5-5.6",
}


@dataclass(frozen=True, kw_only=True)
class _Style:
    """The measures of a look, in pixels; ``tracking``, between letters, is in em."""

    height: int = 20
    size: int = 11
    padding: int = 6
    radius: int = 0
    tracking: float = 0.0
    boxed: bool = True
    glossy: bool = False


_STYLES = {
    "flat": _Style(radius=3),
    "flat-square": _Style(),
    "plastic": _Style(radius=4, glossy=True),
    "for-the-badge": _Style(height=28, size=10, padding=12, tracking=0.1),
    "text": _Style(size=14, padding=2, boxed=False),
}


def render_badge(badge: Badge) -> str:
    """Return a badge as an SVG document: the same badge, the same bytes.

    The badge's link is left out: a page that shows a picture links the picture.
    """
    style, color = _STYLES[badge.style], badge.state.color
    label, message, title = map(_plain, (badge.label, badge.message, badge.title))
    if badge.style == "for-the-badge":
        label, message = label.upper(), message.upper()
    label_width, message_width = _measure(label, style), _measure(message, style)
    split = ceil(label_width) + 2 * style.padding if label else 0
    start = split + style.padding + round((1.25 + 2 * style.tracking) * style.size)
    width = start + ceil(message_width) + style.padding
    fill = BOXES[color]
    drawn = _boxes(split, width, fill, style) if style.boxed else [_SHINE]
    if label:
        drawn.append(_write(label, style.padding, label_width, Color.GREY, style))
    drawn.append(_sign(badge.state, split + style.padding, style))
    drawn.append(_write(message, start, message_width, color, style))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{style.height}" viewBox="0 0 {width} {style.height}" role="img" '
        f'aria-label="{escape(title)}" style="font-kerning:none">'
        f"<title>{escape(title)}</title>{''.join(drawn)}</svg>\n"
    )


def _plain(text: str) -> str:
    return " ".join(writable(text, " ").split())


def _measure(text: str, style: _Style) -> float:
    return round(text_width(text, tracking=style.tracking) * style.size, 2)


def _boxes(split: int, width: int, fill: str, style: _Style) -> list[str]:
    """The label's box up to ``split``, the message's from there on, and the gloss."""
    radius, size = style.radius, f'height="{style.height}"'
    message = f'<rect x="{split}" {size} width='
    boxes = [f'{message}"{width - split}" rx="{radius}" fill="{fill}"/>']
    if split:
        # Under the message's box, with the round corners between them filled in.
        label = f'<rect {size} width="{split + 2 * radius}" rx="{radius}"'
        boxes.insert(0, f'{label} fill="{LABEL}"/>')
        boxes.append(f'{message}"{radius + 1}" fill="{fill}"/>')
    if style.glossy:
        boxes.append(
            '<rect width="100%" height="50%" rx="3" fill="#fff" fill-opacity=".08"/>'
            f'<rect x=".5" y=".5" width="{width - 1}" height="{style.height - 1}" '
            f'rx="{radius - 0.5}" fill="none" stroke="#000" stroke-opacity=".25"/>'
        )
    return boxes


def _sign(state: State, x: int, style: _Style) -> str:
    scale = style.size / 11
    return (
        f'<path transform="translate({x} {style.height / 2 - 5 * scale:.4g}) '
        f'scale({scale:.4g})" fill="none" stroke="{_ink(state.color, style)}" '
        'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" '
        f'd="{_SIGNS[state]}"/>'
    )


def _write(text: str, x: int, width: float, color: Color, style: _Style) -> str:
    """A text, stretched or squeezed to its width in whatever font there is."""
    # The middle stays where it is when a text runs from right to left.
    return (
        f'<text x="{x + width / 2:.6g}" y="{style.height / 2 + 0.365 * style.size:.4g}"'
        f' text-anchor="middle" textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'
        f' font-family="DejaVu Sans,Verdana,Geneva,sans-serif" font-size="{style.size}"'
        f' letter-spacing="{style.tracking * style.size:g}" unicode-bidi="plaintext"'
        f' fill="{_ink(color, style)}">{escape(text)}</text>'
    )


def _ink(color: Color, style: _Style) -> str:
    return TEXT if style.boxed else INKS[color]
