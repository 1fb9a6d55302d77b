"""The one table of colours: the style sheet, pictures and endpoints agree with it."""

from __future__ import annotations

from backup_badge.values.state import Color

TEXT = "#fff"
"""The text in the boxes."""

LABEL = "#48525c"
"""The left box."""

BOXES = {
    Color.RED: "#8a1210",
    Color.AMBER: "#956000",
    Color.GREY: "#5b6670",
    Color.GREEN: "#1a7340",
}
"""The right box: white text on it has a contrast of at least 4.5 : 1."""

INKS = {
    Color.RED: "#da342e",
    Color.AMBER: "#a46700",
    Color.GREY: "#6d767e",
    Color.GREEN: "#13873f",
}
"""Text without a box in a picture, which is read on white and on black."""
