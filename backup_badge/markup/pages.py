"""Finding marks in the source files of pages, without any host.

Reads reStructuredText, MyST, and Markdown with our macros. It is tolerant: what a host
would refuse is passed over, as the build tells of it. Code is not searched.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path

from backup_badge.markup.code import visible
from backup_badge.markup.macro import as_macros, find_calls
from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.markup.myst_code import visible_myst
from backup_badge.markup.rst_code import AFTER, BEFORE, visible_rst
from backup_badge.values.mark import Mark
from backup_badge.values.problem import UsageError

SUFFIXES = (".md", ".rst", ".txt")
"""The endings of the names of files that are pages."""

# What hosts and tools write, beside hidden directories.
_NOT_PAGES = frozenset({"_build", "_sources", "node_modules"})

_HOST_FILES = ("mkdocs.yml", "zensical.toml", "properdocs.yml")
"""What names the extensions that the pages below are read with."""

_MENTION = re.compile(r"backup[-_](?:badge|table)")
_LEAD = r"(?P<lead>[ \t]*+(?:(?:[-*+]|#\.|\d+[.)])[ \t]+)*+)"
_RST_ROLE = re.compile(
    rf"{BEFORE}:backup-badge:`(?P<text>[^`]+)`{AFTER}"
    rf"|{BEFORE}`(?P<before>[^`]+)`:backup-badge:{AFTER}"
)
_MYST_ROLE = re.compile(
    r"(?<!\\)\{backup-badge\}(?P<ticks>`+)(?P<text>[^`]+)(?P=ticks)"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_TITLED = re.compile(r".+<(?P<target>[^<>]+)>", re.DOTALL)
_RST_DIRECTIVE = re.compile(
    rf"^{_LEAD}\.\. (?:\|[^|\n]+\|[ \t]+)?"
    r"backup-(?P<kind>badge|table)::(?P<arguments>.*)$",
    re.MULTILINE,
)
_MYST_DIRECTIVE = re.compile(
    rf"^{_LEAD}(?P<fence>`{{3,}}|~{{3,}}|:{{3,}})[ \t]*\{{"
    r"backup-(?P<kind>badge|table)\}(?P<arguments>.*)$",
    re.MULTILINE,
)
_OPTION = re.compile(r"\s*:?(?P<name>[a-z]+):(?:\s+(?P<value>.*?)\s*)?$")


@dataclass(frozen=True, kw_only=True)
class Use:
    """A mark, or why there can be no telling, and the line (from 1) where it begins."""

    path: Path
    line: int
    mark: Mark | UsageError


def find_pages(directory: Path) -> list[Path]:
    """Return what is named like a page in a directory and those below it, sorted.

    Hosts follow links to directories, so this does, into each directory once. Raises
    OSError.
    """
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for parent, directories, names in os.walk(
        directory, onerror=_raise, followlinks=True
    ):
        status = Path(parent).stat()
        is_new = (status.st_dev, status.st_ino) not in seen
        seen.add((status.st_dev, status.st_ino))
        directories[:] = [
            name
            for name in sorted(directories)
            if is_new and name not in _NOT_PAGES and not name.startswith(".")
        ]
        found += [
            Path(parent, name)
            for name in names
            if is_new and name.endswith(SUFFIXES) and not name.startswith(".")
        ]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def find_uses(path: Path) -> list[Use]:
    """Return the marks of one page, in their order. Raises OSError."""
    if not path.is_file():
        raise OSError(errno.EINVAL, "it is no file, or a link that leads to none")
    content = path.read_bytes()
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    if not _MENTION.search(text):
        return []
    found: list[tuple[int, Mark | UsageError]] = []
    if (start := text.find("\ufffd")) >= 0 and "\ufffd".encode() not in content:
        found.append((start, UsageError("the page is not written in UTF-8")))
    if path.suffix == ".md":
        found += _markdown(text, nested=_takes_nested_fences(path) or None)
    else:
        found += _rst(visible_rst(text))
    uses, line, position = [], 1, 0
    for start, mark in sorted(found, key=lambda at: at[0]):
        line += text.count("\n", position, start)
        position = start
        uses.append(Use(path=path, line=line, mark=mark))
    return uses


def _takes_nested_fences(page: Path) -> bool:
    """Whether the site of a page names the extension that finds fences in lists."""
    for directory in page.absolute().parents:
        for name in _HOST_FILES:
            with suppress(OSError):
                return b"superfences" in (directory / name).read_bytes()
    return False


def find_macros(text: str, *, nested: bool | None = None) -> Iterator[tuple[int, Mark]]:
    """Yield the marks of macros, those of the macros plugin too, with their places.

    ``nested`` is that of :func:`visible`.
    """
    if not _MENTION.search(text):
        return
    calls = list(find_calls(visible(text, nested=nested)))
    if "{{" in text:
        written = find_calls(as_macros(visible(text, nested=nested, html=True)))
        calls += [call for call in written if text[call.start] == "{"]
    for call in calls:
        if not isinstance(call.asked, UsageError):
            yield call.start, call.asked


def _markdown(text: str, *, nested: bool | None) -> Iterator[tuple[int, Mark]]:
    """Yield the marks of a page that Python-Markdown may convert, or MyST."""
    yield from find_macros(text, nested=nested)
    own, embedded = visible_myst(text)
    yield from _directives(own, _MYST_DIRECTIVE)
    yield from _roles(own, _MYST_ROLE)
    yield from _rst(embedded)


def _rst(text: str) -> Iterator[tuple[int, Mark]]:
    yield from _directives(text, _RST_DIRECTIVE)
    yield from _roles(text, _RST_ROLE)


def _roles(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, Mark]]:
    for role in pattern.finditer(text):
        said = role["text"] or role["before"]
        titled = _TITLED.fullmatch(said)
        target = titled["target"] if titled else said
        if not _BLANK_LINE.search(said):
            with suppress(UsageError):
                yield role.start(), badge_mark(" ".join(target.split()), {})


def _directives(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, Mark]]:
    """Yield the marks of directives; what is in one of them is no other."""
    end = 0
    while found := pattern.search(text, end):
        lines = _lines(text, found.end() + 1)
        body = list(takewhile(partial(_belongs, found), lines))
        end = found.end() + sum(len(line) + 1 for line in body)
        with suppress(UsageError):
            yield found.start(), _directive(found["kind"], found["arguments"], body)


def _lines(text: str, position: int) -> Iterator[str]:
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        yield text[position:end]
        position = end + 1


def _belongs(directive: re.Match[str], line: str) -> bool:
    """Whether a line below a directive is still part of it."""
    if fence := directive.groupdict().get("fence"):
        return not line.strip().startswith(fence) or bool(line.strip().strip(fence[0]))
    indent = len(line) - len(line.lstrip())
    return not line.strip() or indent > len(directive["lead"])


def _directive(kind: str, arguments: str, body: Iterable[str]) -> Mark:
    if kind == "badge":
        return badge_mark(arguments, {})
    targets = arguments.replace(",", " ").split()
    options: dict[str, object] = {}
    for line in body:
        option = _OPTION.match(line)
        if option is None:
            targets.append(line.strip().strip("-"))
        elif option["name"] == "group":
            options["group"] = option["value"]
    return table_mark(targets, options)
