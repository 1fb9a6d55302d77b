"""Adding sources to a configuration file, which keeps all else that is in it."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from backup_badge.files import read_file, replace_file
from backup_badge.values.problem import UsageError

Tables = Mapping[str, Mapping[str, Any]]


def write_tables(tables: Tables, *, path: Path | None) -> str:
    """Return ``[sources.NAME]`` tables in TOML, as the file at a path has them."""
    prefix = (*_prefix(path), "sources")
    blocks = []
    for name, table in tables.items():
        header = ".".join(tomlkit.key(part).as_string() for part in (*prefix, name))
        lines = [f"{key} = {_value(value)}" for key, value in table.items()]
        blocks.append("\n".join([f"[{header}]", *lines, ""]))
    return "\n".join(blocks)


def add_sources(path: Path, tables: Tables) -> None:
    """Put sources behind all that is in a file, or into a new one, in one step.

    Raises UsageError where the file is no longer what it was, or has its sources in a
    form that cannot be added to; OSError where it cannot be read or written.
    """
    path = path.resolve()
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    old = read_file(str(path)) if path.exists() else b""
    added = write_tables(tables, path=path).encode()
    if b"\r\n" in old:
        added = added.replace(b"\n", b"\r\n")
    between = b"" if not old.strip() else b"\n" if old.endswith(b"\n") else b"\n\n"
    if b"\r\n" in old:
        between = between.replace(b"\n", b"\r\n")
    new = old + between + added
    _check(path, old, new, tables)
    replace_file(path, new, mode=mode)


def _check(path: Path, old: bytes, new: bytes, tables: Tables) -> None:
    """Check that the new text says what the old one says, and the sources besides."""
    try:
        holder = expected = _values(old)
        for key in (*_prefix(path), "sources"):
            holder = holder.setdefault(key, {})
        holder.update(tables)
        is_right = _values(new) == expected
    except (ValueError, AttributeError):
        is_right = False
    if not is_right:
        raise UsageError(
            f"{path.name}: nothing is written, as [sources.NAME] tables cannot be added"
            " at its end: see how its sources are written"
        )


def _values(text: bytes) -> dict[str, Any]:
    return tomllib.loads(text.decode("utf-8-sig"))


def _prefix(path: Path | None) -> tuple[str, ...]:
    is_project = path is not None and path.name == "pyproject.toml"
    return ("tool", "backup-badge") if is_project else ()


def _value(value: object) -> str:
    return tomlkit.item(value).as_string()
