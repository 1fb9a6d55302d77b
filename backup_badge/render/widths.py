# ruff: noqa: RUF001 - the table is full of letters that look like others
"""How wide a text is: the advance widths of DejaVu Sans, without kerning.

Verdana, which readers without DejaVu Sans have, is within some per cent of it. Wide
characters are one em in every font; emoji are as wide as in Noto Color Emoji.
"""

from __future__ import annotations

import re
import unicodedata
from math import fsum

# What is drawn into the emoji before it, and what becomes an emoji as a whole.
_ABSORBED = re.compile(r"\u200d\W|[\U0001f3fb-\U0001f3ff]")
_COMPOSED = re.compile(".\ufe0f|[\U0001f1e6-\U0001f1ff]{2}")
_EMOJI = "\U0001f600"

# Thousandths of an em. Latin letters and signs are within 1 % of the font's own
# width, Greek and Cyrillic ones within 2 %.
_TABLE = {
    278: "'ijlıіј",
    284: "ł",
    295: "IJΙІЈ",
    318: " ,.·‘’‚",
    337: "/:;\\|¦ι",
    352: "f",
    361: "-",
    375: "ľ",
    392: "()[]tŧ",
    401: "!¡²³¹‹›",
    411: "r",
    460: '"',
    471: "ªº",
    500: "*_`§¨¯°´¸–†‡",
    523: "szгґ“”„",
    531: "?¿εз",
    552: "Lcζсэє",
    562: "ŁΓνξ",
    579: "Fkυχт",
    592: "vxyγκλςвухчьъ•",
    608: "PTYao«»ÞðøŦΡΤΥπτГРТУкяҐ",
    615: "eδθοабеођ",
    635: "$0123456789ESbdghnpqu{}¢£¤¥µ¶ßþđŋΕΞΣβημρσЕЗлр€",
    656: "KΚαφψинпћџ",
    689: "ABRVXZħΑΒΔΖΛΧАБВХЧЬдц",
    698: "CЄКСЭЯ",
    732: "U",
    750: "HNŊΗΝΠЏИЛНПм",
    775: "&DGÐĐΩЦẞ",
    787: "OQØΘΟΦΨЂЋДОы",
    818: "w",
    838: "#+<=>^~¬±×÷ωЪю←↑→↓−≤≥✓✗",
    863: "MƯΜМФЫф",
    915: "ĦƠжшљњ",
    950: "%щ",
    974: "m¼½¾Ææ",
    994: "@W©®—…™",
    1023: "œЊ№",
    1077: "ŒЉЖШЩЮ",
    1342: "‰",
}
_EMS = {letter: width / 1000 for width, letters in _TABLE.items() for letter in letters}
# The means of what the table leaves out: Hebrew, Arabic (narrow, as it is joined) and
# symbols, told apart by their direction.
_MEANS = {"R": 0.54, "AL": 0.43, "ON": 0.84}


def text_width(text: str, *, tracking: float = 0.0) -> float:
    """Return the width of a text in em; ``tracking`` em follow each visible letter."""
    text = _ABSORBED.sub("", unicodedata.normalize("NFC", text))
    widths = map(_width, _COMPOSED.sub(_EMOJI, text))
    # As exact as can be: sum() rounds differently from Python 3.12 on.
    return fsum(width + tracking for width in widths if width)


def _width(letter: str) -> float:
    category, wide = unicodedata.category(letter), unicodedata.east_asian_width(letter)
    if category in ("Mn", "Me", "Cf"):
        return 0.0
    # An accent doesn't widen a letter, except for the few in the table: Ở is as Ơ.
    parts = unicodedata.normalize("NFD", letter)
    for known in (unicodedata.normalize("NFC", parts[:2]), parts[0]):
        if known in _EMS:
            return _EMS[known]
    is_symbol = category == "So" and not "\u2e80" <= letter < "\ufb00"
    if is_symbol and (wide == "W" or letter >= "\U0001f000"):
        return 1.25
    if wide in "WF":
        return 1.0
    if wide == "H":
        return 0.5
    return _MEANS.get(unicodedata.bidirectional(letter), 0.62)
