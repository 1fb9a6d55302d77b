"""The lines on which the keys of a TOML text stand. tomllib does not tell them."""

from __future__ import annotations

import re

_DEEPEST = 5
"""No path of a configuration has more parts."""


def index_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the first line, from 1, of each path of keys and of its beginnings."""
    table: tuple[str, ...] = ()
    lines: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\[+([^\]]+)\]", line.strip())
        key, equals, _ = line.partition("=")
        if header:
            table = _dotted(header[1])
            table = table[2:] if table[:2] == ("tool", "backup-badge") else table
        elif not equals:
            continue
        here = table if header else (*table, *_dotted(key))
        for length in range(1, min(len(here), _DEEPEST) + 1):
            lines.setdefault(here[:length], number)
    return lines


def line_of(path: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> int | None:
    """Return the line of the longest beginning of a path that has one.

    A key in an inline table gets the line of the table, which is near enough.
    """
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _dotted(key: str) -> tuple[str, ...]:
    parts: list[str] = re.findall(r"""[^."'\s]+|"[^"]*"|'[^']*'""", key)
    return tuple(part.strip("\"'") for part in parts)
