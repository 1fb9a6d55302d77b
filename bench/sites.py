"""The sites that are built: with badges, and with words in their place.

A site is "words", "badges", or "unused": the words, with the extension switched on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a site is: ``badges`` and ``sections`` are those of one page."""

    pages: int
    badges: int
    sections: int
    sources: int = 100

    @property
    def marks(self) -> int:
        """How many badges the site shows."""
        return self.pages * self.badges


LARGE = Size(pages=200, badges=5, sections=2)
"""A handbook of short pages: two sections of eighty words on each."""

SMALL = Size(pages=20, badges=50, sections=0)

CHAPTER = 20
"""How many pages a chapter has: in Sphinx its first page lists the others."""

WORDS = "{source}: succeeded"
MARKDOWN = '<< backup_badge("cloudback:acme/{source}") >>'
RST = ":backup-badge:`cloudback:acme/{source}`"

# Both Markdown and reStructuredText.
SECTION = """
Part {part}
----------

When an alert names this system, find out first what readers of it notice, and only then
what the machines say. The *queue* is the first place to look at: a depth that grows for
more than ten minutes means that ``workers`` have stopped, and a restart of one of them
is harmless. The **dashboard** shows the last day; a week is better for comparison.

- first, check the queue, and write down its depth
- then call somebody who has seen it before

What was done is noted in the log, with the time::

    systemctl status worker@{part}
"""


def write_mkdocs(folder: Path, site: str, *, size: Size, url: str, theme: str) -> None:
    """Write a site for MkDocs, with its search, into a new folder."""
    plugins = "search" if site == "words" else "search, backup-badge"
    settings = f"site_name: Handbook\ntheme: {theme}\nplugins: [{plugins}]\n"
    pages = _pages(MARKDOWN if site == "badges" else WORDS, size)
    files = {f"docs/{name}.md": text for name, text in pages.items()}
    _write(folder, {**files, "mkdocs.yml": settings}, url)


def write_sphinx(folder: Path, site: str, *, size: Size, url: str) -> None:
    """Write a site for Sphinx into a new folder."""
    extensions = "" if site == "words" else '"sphinx_backup_badge"'
    settings = f'project = "Handbook"\nextensions = [{extensions}]\n'
    pages = _pages(RST if site == "badges" else WORDS, size)
    names = list(pages)
    for first in range(0, len(names), CHAPTER):
        below = names[first + 1 : first + CHAPTER]
        below += names[CHAPTER::CHAPTER] if first == 0 else []
        pages[names[first]] += "\n.. toctree::\n\n   " + "\n   ".join(below) + "\n"
    files = {f"{name}.rst": text for name, text in pages.items()}
    _write(folder, {**files, "conf.py": settings}, url)


def _write(folder: Path, files: dict[str, str], url: str) -> None:
    # Answers stay fresh for all rounds.
    settings = f'cache_ttl = "1h"\n\n[providers.cloudback]\nurl = "{url}"\n'
    for name, text in {**files, "backup-badge.toml": settings}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _pages(badge: str, size: Size) -> dict[str, str]:
    """Return the texts of a site's pages: on each a title, badges and sections."""
    pages = {}
    for page in range(size.pages):
        numbers = range(page * size.badges, (page + 1) * size.badges)
        sources = (f"site{number % size.sources}" for number in numbers)
        badges = (f"\nStatus {badge.format(source=source)}.\n" for source in sources)
        sections = (SECTION.format(part=part + 1) for part in range(size.sections))
        title = f"System {page}\n{'=' * 10}\n"
        pages[f"page{page}" if page else "index"] = "".join((title, *badges, *sections))
    return pages
