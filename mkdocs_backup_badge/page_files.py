"""Pages: what they are called, what their files say, and where in them a macro is."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backup_badge.markup.code import visible
from backup_badge.markup.macro import NEAR, Call, as_macros, find_calls, misspelt
from backup_badge.values.mark import Mark
from backup_badge.values.problem import UsageError
from backup_badge.view.links import page_path


class Page:
    """A page that is converted: how warnings call it, and how to read its file.

    ``read`` returns the file as its author sees it, front matter included. It is
    called for pages with something to be said of them. In a site whose pages are known
    ``path`` is the page's own below their folder, and ``find`` returns what a path
    below that folder leads to: a source file's path, and the way to it from here.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], str],
        *,
        path: str = "",
        find: Callable[[str], tuple[str, str] | None] | None = None,
    ) -> None:
        self.name = name
        self._read = read
        self._path = path
        self._find = find

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
        path = page_path(link)
        if self._find is None or path is None:
            return link
        found = self._find(path)
        if found is None:
            return None
        source, way = found
        if as_source:
            way = posixpath.relpath(source, posixpath.dirname(self._path) or ".")
        return urlsplit(link)._replace(path=way).geturl()

    @cached_property
    def _lines(self) -> dict[object, deque[int]]:
        try:
            text = visible(self._read(), html=True)
        except (OSError, ValueError):
            return {}
        found: list[tuple[int, object]] = []
        near = (match for match in NEAR.finditer(text) if misspelt(text, match))
        found += [(match.start(), match[0]) for match in near]
        found += [(call.start, call.key) for call in find_calls(as_macros(text))]
        lines: dict[object, deque[int]] = {}
        line, offset = 1, 0
        for start, key in sorted(found, key=lambda one: one[0]):
            line += text.count("\n", offset, start)
            offset = start
            lines.setdefault(key, deque()).append(line)
        return lines


def candidates(path: str) -> Iterator[str]:
    """Return the source files that a path may stand for, with or without its ending."""
    yield path
    for ending in (".md", "/index.md", "/README.md"):
        yield posixpath.normpath(path + ending)


def find_marks(readers: Iterable[Callable[[], str]]) -> Iterator[Mark]:
    """Return what the macros in the texts of pages ask for, in code or not.

    What is code is for Markdown to say, later. A source that is asked in vain costs a
    request, and no word in the log.
    """
    for reader in readers:
        # The host says what is wrong with a file, if it is a page at all.
        with suppress(OSError, ValueError):
            text = reader()
            calls = find_calls(as_macros(text)) if "backup_" in text else ()
            yield from (c.asked for c in calls if not isinstance(c.asked, UsageError))


def with_words(text: str, words: Callable[[Call], str]) -> str:
    """Return the text of a page with words for its macros."""
    if "backup_" not in text:
        return text
    calls = find_calls(visible(text))
    return exchange(text, ((call.start, call.end, words(call)) for call in calls))


def exchange(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with something else in places: begin, end, what stands there."""
    parts, position = [], 0
    for start, end, other in places:
        parts += [text[position:start], other]
        position = end
    return "".join([*parts, text[position:]])


def page_language(theme: Any) -> str | None:
    """Return the language of the pages, as a theme's configuration tells it.

    Some themes call it ``language``, as Material; those of MkDocs itself ``locale``.
    """
    told = theme.get("language") or theme.get("locale")
    return str(told) if told else None


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
        return None

    return Page(name, lambda: str(file.content_string), path=file.src_uri, find=find)
