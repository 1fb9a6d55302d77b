"""Locators: what an address says behind the colon, in the forms a provider declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

_NAME = re.compile(r"[A-Z][A-Z0-9_-]*")


@dataclass(frozen=True, kw_only=True)
class Locator:
    """A locator that has the ``form`` of one that its provider declares.

    ``values`` holds the segments for which capitals stand in the form. Segments are
    decoded; ``str()`` encodes each on its own.
    """

    form: str
    segments: tuple[str, ...]
    values: Mapping[str, str] = field(hash=False)

    @property
    def kind(self) -> str:
        """The form's first segment, where that is a word: ``slug`` of ``slug/SLUG``."""
        first = self.form.partition("/")[0]
        return "" if _NAME.fullmatch(first.removesuffix("...")) else first

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def __str__(self) -> str:
        return "/".join(quote(segment, safe="") for segment in self.segments)


def match_locator(forms: tuple[str, ...], segments: tuple[str, ...]) -> Locator | None:
    """Return the locator with the first form that fits, or None.

    In a form capitals stand for one segment, ``NAME...`` for one and all that follow;
    any other segment stands for itself.
    """
    for form in forms:
        values = _match(form.split("/"), segments)
        if values is not None:
            return Locator(form=form, segments=segments, values=values)
    return None


def _match(parts: list[str], segments: tuple[str, ...]) -> dict[str, str] | None:
    rest = parts[-1].endswith("...")
    if len(segments) < len(parts) or (len(segments) > len(parts) and not rest):
        return None
    values: dict[str, str] = {}
    for number, part in enumerate(parts):
        if rest and number == len(parts) - 1:
            values[part.removesuffix("...")] = "/".join(segments[number:])
        elif _NAME.fullmatch(part):
            values[part] = segments[number]
        elif part != segments[number]:
            return None
    return values
