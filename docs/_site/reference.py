"""Writes what the code declares into the pages and the README: ``make docs``.

A page has a place for it, between two comments::

    <!-- Generated: settings -->
    <!-- End of what is generated. -->
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import declared
import examples_of_options
import sentences

DOCS = Path(__file__).resolve().parents[1]
PAGES = [DOCS.with_name("README.md"), *sorted(DOCS.rglob("*.md"))]

PARTS: dict[str, Callable[[], str]] = {
    **declared.PARTS,
    **examples_of_options.PARTS,
    **sentences.PARTS,
}

_END = "<!-- End of what is generated. -->"
_PLACE = re.compile(rf"<!-- Generated: ([\w -]+) -->\n(.*?){re.escape(_END)}", re.S)


def filled(text: str) -> str:
    """Return a page with its generated parts as they are to be now."""

    def part(place: re.Match[str]) -> str:
        return (
            f"<!-- Generated: {place[1]} -->\n\n{PARTS[place[1]]().strip()}\n\n{_END}"
        )

    return _PLACE.sub(part, text)


def main() -> None:
    """Fill all pages."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if (new := filled(text)) != text:
            page.write_text(new, encoding="utf-8")
            print(page.relative_to(DOCS.parent))
    for text in sentences.unsaid():
        print(f"advice.toml tells what to do about what is said no more: {text}")


if __name__ == "__main__":
    main()
