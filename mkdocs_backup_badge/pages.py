"""Pages: what they are called, what their files say, and where in them a macro is."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from backup_badge import UsageError
from backup_badge.markup.code import visible
from backup_badge.markup.macro import NEAR, as_macros, find_calls
from backup_badge.values.mark import Mark

# The signs of a quotation stand in the middle of a macro that goes over its lines.
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


class Page:
    """A page that is converted: how warnings call it, and how to read its file.

    ``read`` returns the file as its author sees it, front matter included. It is
    called for pages with something to be said of them.
    """

    def __init__(self, name: str, read: Callable[[], str]) -> None:
        self.name = name
        self.read = read

    def place(self, key: object) -> str:
        """Return ``docs/index.md:12``, or less where less is known.

        ``key`` is that of a call, or the beginning of what is nearly one. Of several
        that read the same, each has its own line in turn.
        """
        lines = self._lines.get(key)
        if not lines:
            return self.name
        line = lines.popleft() if len(lines) > 1 else lines[0]
        return f"{self.name}:{line}" if self.name else f"line {line}"

    def locate(self, link: str, *, as_source: bool) -> str | None:
        """Return a link of the configuration as it leads from this page.

        None if it names a page of the site that is not there. With ``as_source`` it
        leads to the source file, for the host to translate.
        """
        return link

    @cached_property
    def _lines(self) -> dict[object, deque[int]]:
        try:
            text = text_of(self.read())
        except (OSError, ValueError):
            return {}
        found: list[tuple[int, object]] = []
        found += [(match.start(), match[0]) for match in NEAR.finditer(text)]
        found += [(call.start, call.key) for call in find_calls(as_macros(text))]
        lines: dict[object, deque[int]] = {}
        line, offset = 1, 0
        for start, key in sorted(found, key=lambda one: one[0]):
            line += text.count("\n", offset, start)
            offset = start
            lines.setdefault(key, deque()).append(line)
        return lines


class SitePage(Page):
    """A page in a site of which all pages are known.

    ``path`` is its own below the folder of pages; ``find`` returns what a path below
    that folder leads to: the path of a source file and its way from this page.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], str],
        *,
        path: str,
        find: Callable[[str], tuple[str, str] | None],
    ) -> None:
        super().__init__(name, read)
        self._path = path
        self._find = find

    def locate(self, link: str, *, as_source: bool) -> str | None:
        """Return the way to a page of the site; other links are as they are."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path:
            return link
        path = posixpath.normpath(unquote(parts.path).strip("/"))
        found = self._find(path)
        if found is None:
            return None
        source, way = found
        if as_source:
            way = posixpath.relpath(source, posixpath.dirname(self._path) or ".")
        return parts._replace(path=way).geturl()


def candidates(path: str) -> Iterator[str]:
    """Return the source files that a path may stand for, with or without its ending."""
    yield path
    for ending in (".md", "/index.md", "/README.md"):
        yield posixpath.normpath(path + ending)


def find_marks(texts: Iterable[str], *, templates: bool) -> Iterator[Mark]:
    """Return what the macros in the texts of pages ask for, without code and comments.

    ``templates`` says that the macros plugin has its own way to write them.
    """
    for text in texts:
        if "backup_" in text:
            text = text_of(as_macros(text) if templates else text)
            for call in find_calls(text):
                if not isinstance(call.asked, UsageError):
                    yield call.asked


def text_of(page: str) -> str:
    """Return the text of a page with spaces for its code and its signs of quotations."""
    return _QUOTE.sub(lambda quote: " " * len(quote[0]), visible(page))


def read(path: Path) -> str:
    """Return what the file of a page says."""
    return path.read_text(encoding="utf-8-sig")


def page_of(file: Any, files: Any, directory: Path) -> Page:
    """Return the page in a file of MkDocs; its name is relative to the directory.

    A file from elsewhere, which a plugin has brought in, is called as in the site.
    """
    name = file.src_uri
    if file.abs_src_path is not None:
        path = Path(file.abs_src_path)
        if path.is_relative_to(directory):
            name = path.relative_to(directory).as_posix()

    def find(path: str) -> tuple[str, str] | None:
        for candidate in candidates(path):
            target = files.get_file_from_path(candidate)
            if target is not None:
                return target.src_uri, target.url_relative_to(file)
        wanted = posixpath.normpath(path.removesuffix(".html").removesuffix("index"))
        for target in files.documentation_pages():
            url = unquote(target.url).removesuffix(".html").removesuffix("index")
            if posixpath.normpath(url) == wanted:
                return target.src_uri, target.url_relative_to(file)
        return None

    return SitePage(
        name, lambda: str(file.content_string), path=file.src_uri, find=find
    )
