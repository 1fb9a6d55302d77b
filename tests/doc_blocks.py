"""The code blocks of the documentation, as the tests of its snippets read them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]

_BLOCK = re.compile(
    r"(?:<!-- Not run: (?P<reason>[^>]+) -->\n\n?)?"
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<language>[^\n`]*)\n(?P<text>.*?)"
    r"^(?P=indent)(?P=fence) *$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A code block: its page (a path in the project), line, language and text.

    ``told`` is the paragraph above it. ``reason`` says why it is not run, where the
    page says so::

        <!-- Not run: it needs two machines -->
    """

    page: str
    line: int
    language: str
    text: str
    told: str
    reason: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    """Yield the blocks of all pages, in their order."""
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        for found in _BLOCK.finditer(page):
            yield Block(
                page=path.relative_to(CHECKOUT).as_posix(),
                line=page.count("\n", 0, found.start("fence")) + 1,
                language=found["language"].strip(),
                text=textwrap.dedent(found["text"]),
                told=page[: found.start()].rstrip().rpartition("\n\n")[2],
                reason=found["reason"],
            )


BLOCKS = [*blocks()]
"""All of them."""


TUTORIAL = "docs/tutorial/index.md"
"""A page whose blocks are run one after another, by ``test_first_handbook.py``."""


def run_as(*languages: str) -> list[Block]:
    """Return the blocks in one of these languages that are to be run by themselves."""
    return [
        block
        for block in BLOCKS
        if block.language in languages and not block.reason and block.page != TUTORIAL
    ]
