"""Reading a badge the way a person reads the picture."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_SVG = "{http://www.w3.org/2000/svg}"
_UNSEEN = frozenset(
    {"defs", "desc", "metadata", "style", "script", "symbol", "clipPath", "mask"}
    | {"marker", "pattern", "title"}
)
_HIDING = ("display", "visibility", "opacity", "fill-opacity")
_HIDDEN = re.compile(
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*(hidden|collapse)"
    r"|(fill-)?opacity\s*:\s*(0+(\.0*)?|\.0+)%?\s*(;|$))"
)

_MOST_BYTES, _MOST_LETTERS = 256 * 1024, 10_000
"""More than any badge has, and as much as is read and folded in no time."""


class NotAPictureError(ValueError):
    """The answer is no SVG picture that may be read; ``str()`` says why."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What a picture says: its accessible names, and its visible texts in order.

    The names are the root's ``aria-label`` and its first ``<title>``; comments,
    ``<desc>``, other attributes and colours say nothing.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]

    def each(self, change: Callable[[str], str]) -> Picture:
        """Return the picture with each of its texts changed; none stands twice."""
        return Picture(
            names=_unique(map(change, self.names)),
            texts=_unique(map(change, self.texts)),
        )


def read_picture(body: bytes) -> Picture:
    """Return what a picture says, with its white space folded.

    Raises NotAPictureError for hostile or broken XML and for anything but SVG.
    """
    if len(body) > _MOST_BYTES:
        raise NotAPictureError(f"{len(body)} bytes, far more than a badge has")
    root = _parse(body)
    try:
        names = (root.get("aria-label", ""), next(_titles(root), ""))
        texts = tuple(_visible(root))
    except RecursionError:
        raise NotAPictureError("a picture that is nested too deeply") from None
    if sum(map(len, (*names, *texts))) > _MOST_LETTERS:
        raise NotAPictureError("a picture with far more text than a badge has")
    return Picture(names=names, texts=texts).each(_fold)


def _parse(body: bytes) -> Element:
    try:
        root = fromstring(body, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise NotAPictureError("an XML document that defines entities") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        what = "an HTML page, perhaps a login page" if _is_html(body) else "no picture"
        raise NotAPictureError(what) from None
    if root.tag not in (f"{_SVG}svg", "svg"):
        what = "an HTML page, perhaps a login page" if _is_html(body) else "no SVG"
        raise NotAPictureError(what)
    return root


def _is_html(body: bytes) -> bool:
    start = body[:1000].lower()
    return b"<html" in start or b"<!doctype html" in start


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _titles(root: Element) -> Iterator[str]:
    for element in root.iter():
        if _local(element) == "title":
            yield "".join(element.itertext())


def _visible(root: Element) -> Iterator[str]:
    """The texts in the picture; an element that is hidden hides what is in it."""
    stack = [root]
    while stack:
        element = stack.pop()
        if _local(element) in _UNSEEN or _is_hidden(element):
            continue
        if _local(element) in ("text", "foreignObject"):
            yield from _spellings(element)
        else:
            stack += reversed(element)


def _is_hidden(element: Element) -> bool:
    told = [
        f"{name}: {element.get(name)}" for name in _HIDING if name in element.attrib
    ]
    told.append(element.get("style", ""))
    return _HIDDEN.search("; ".join(told)) is not None


def _spellings(element: Element) -> Iterator[str]:
    """The pieces of a text run together, and set apart: both are how it may look."""
    pieces = list(_pieces(element))
    yield "".join(pieces)
    yield " ".join(pieces)


def _pieces(element: Element) -> Iterator[str]:
    if _local(element) in _UNSEEN or _is_hidden(element):
        return
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
