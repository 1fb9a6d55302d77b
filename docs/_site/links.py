"""Checks the links of a built site: files and anchors, without any network."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page links, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and anchors."""
        for name, value in attrs:
            if value and name in ("href", "src") and tag != "base":
                self.links.append(value)
            elif value and (name == "id" or (name == "name" and tag == "a")):
                self.anchors.add(value)


def read(site: Path) -> dict[Path, Page]:
    """Return all pages of a site."""
    return {
        path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    }


def external_links(site: Path) -> list[str]:
    """Return the links that lead to other sites, each once."""
    links = {link for page in read(site).values() for link in page.links}
    return sorted(link for link in links if urlsplit(link).netloc)


def broken_links(site: Path) -> list[str]:
    """Return what leads nowhere: ``PAGE: LINK``. Links to other sites are not asked."""
    pages = read(site)
    broken = []
    for path, page in pages.items():
        for link in dict.fromkeys(page.links):
            if not _leads_somewhere(link, path, pages):
                broken.append(f"{path.relative_to(site)}: {link}")
    return broken


def _leads_somewhere(link: str, path: Path, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return False
    anchor = unquote(parts.fragment)
    # Of what is no page, or of a text that the browser looks for, no anchor is known.
    if not anchor or target not in pages or anchor.startswith(":~:"):
        return True
    return anchor in pages[target].anchors
