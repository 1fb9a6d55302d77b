"""Configurations that nobody reads: another name, another place, another table."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from backup_badge.config.faults import Faults
from backup_badge.config.keys import OPTIONS
from backup_badge.config.origin import FILE_NAME
from backup_badge.providers import OURS
from backup_badge.values.spelling import nearest

_ELSEWHERE = ("docs", "doc", "source", "docs/source", "doc/source")
_PARENTS = 3
"""How many directories upwards a file in the wrong place is looked for."""

_OURS = r"(?:(?:sphinx|mkdocs)[-_.]?)?backup[-_. ]?badge"
_FILE = re.compile(rf"\.?{_OURS}\.(toml|ya?ml|json)", re.IGNORECASE)
_TABLE = re.compile(
    rf"""^[ \t]*\[+\s*((?:tool\s*\.\s*)?["']?{_OURS})["']?\s*[.\]]""",
    re.IGNORECASE | re.MULTILINE,
)
_RIGHT_TABLE = "tool.backup-badge"
_BESIDE = "beside conf.py, mkdocs.yml or zensical.toml, or where the command runs"
_NAME_IT = "name it by the option 'config' (of the command: -c)"
_SETTINGS = tuple(option.name for option in OPTIONS)


def misnamed(directory: Path) -> Iterator[str]:
    """Say which file, or table of ``pyproject.toml``, of a site is nearly right."""
    for name in _named_like_ours(directory):
        if name != FILE_NAME:
            yield f"{name} is not read: {_rename(name)}"
    for parent in (directory, *directory.parents):
        path = parent / "pyproject.toml"
        if os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises OSError.
            table, line = _table_like_ours(path)
            if table and table != _RIGHT_TABLE:
                place = f"{os.path.relpath(path, directory)}:{line}"
                yield f"{place}: [{table}] is not read: write [{_RIGHT_TABLE}]"
            return


def misplaced(directory: Path) -> Iterator[str]:
    """Say where near a site's directory a configuration stands that is not read."""
    near = [directory / name for name in _ELSEWHERE]
    for other in (*near, *directory.parents[:_PARENTS]):
        for name in _named_like_ours(other):
            place = os.path.relpath(other / name, directory)
            rename = "" if name == FILE_NAME else f"{_rename(name)}, and "
            yield f"{place} is not read: {rename}move it {_BESIDE}, or {_NAME_IT}"
        path = other / "pyproject.toml"
        if _table_like_ours(path)[0] == _RIGHT_TABLE:
            place = os.path.relpath(path, directory)
            yield (
                f"{place} is not read: only the nearest pyproject.toml upwards is;"
                f" {_NAME_IT}"
            )


def table_fault(key: str, value: object) -> str:
    """Say what to do with a table at the top that belongs elsewhere, if it does."""
    if not isinstance(value, Mapping):
        return ""
    if key == "tool" or re.fullmatch(_OURS, key, re.IGNORECASE):
        return (
            f"[{key}] is a table of pyproject.toml: here settings stand at the top, and"
            " tables are called [sources.NAME]"
        )
    for kind, is_one in (("sources", "address" in value), ("providers", key in OURS)):
        if is_one:
            return f"[{key}] is no table of its own: write [{kind}.{key}]"
    return ""


def setting_fault(path: tuple[str, ...], faults: Faults, *, near: bool = False) -> str:
    """Say where a setting belongs that TOML puts into the table above it.

    Nothing for a key that is none, nor ``near`` one.
    """
    key = nearest(path[-1], _SETTINGS) if near else path[-1]
    if key not in _SETTINGS:
        return ""
    source, _ = faults.holder(path)
    where = "at the top, above the first table"
    if source.origin == "pyproject.toml":
        where = f"right below [{_RIGHT_TABLE}], above its other tables"
    elif source.prefix:
        where = f"outside of {path[0]}, as {source.prefix}{key}"
    return f"{key!r} is a setting: settings stand {where}"


def _named_like_ours(directory: Path) -> list[str]:
    try:
        names = os.listdir(directory)  # noqa: PTH208 - The names are all that is needed.
    except OSError:
        return []
    return sorted(name for name in names if _FILE.fullmatch(name))


def _rename(name: str) -> str:
    is_toml = name.lower().endswith(".toml")
    return f"{'' if is_toml else 'write it in TOML, and '}call it {FILE_NAME}"


def _table_like_ours(path: Path) -> tuple[str, int]:
    """Return the table that means us in a ``pyproject.toml``, and its line.

    That is the right one, if it is there.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "", 0
    tables: dict[str, int] = {}
    for found in _TABLE.finditer(text):
        table = re.sub(r"[\s\"']", "", found[1])
        tables.setdefault(table, text.count("\n", 0, found.start(1)) + 1)
    if _RIGHT_TABLE in tables:
        return _RIGHT_TABLE, tables[_RIGHT_TABLE]
    return next(iter(tables.items()), ("", 0))
