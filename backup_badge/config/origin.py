"""The sources of a configuration: its file, the host's values, the environment."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from backup_badge.config.lines import index_lines, line_of
from backup_badge.files import read_file
from backup_badge.http.urls import is_remote, is_url
from backup_badge.options.references import find_reference
from backup_badge.values.problem import ConfigurationError

FILE_NAME = "backup-badge.toml"
TABLES = ("providers", "groups", "sources")
_PATHS = ("cache_dir", "status_file")
_FILE = re.compile(r"^(?:.*_)?file$")
"""The names of options of providers that are paths, see ``PATH``."""
_STATUS_FILE = "BACKUP_BADGE_STATUS_FILE"


@dataclass(frozen=True, kw_only=True)
class ConfigSource:
    """Values from one place: a file, ``conf.py``, ``mkdocs.yml``, the environment.

    ``directory`` is what its relative paths are relative to; ``prefix`` is what
    stands before a key there; ``text`` is searched for line numbers.
    """

    values: Mapping[str, Any] = field(repr=False)
    origin: str
    directory: Path
    prefix: str = ""
    text: str = field(default="", repr=False)

    def has(self, path: tuple[str, ...]) -> bool:
        """Whether the values hold the key at the end of the path."""
        values: object = self.tables
        for key in path:
            if not isinstance(values, Mapping) or key not in values:
                return False
            values = values[key]
        return True

    def place(self, path: tuple[str, ...]) -> str:
        """Say where a key stands: ``backup-badge.toml:12`` or ``conf.py``."""
        line = self.line(path)
        return f"{self.origin}:{line}" if line else self.origin

    def line(self, path: tuple[str, ...]) -> int | None:
        """Return the line of a key, from 1, where a text was read that has it."""
        return line_of(path, self._lines)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether it is a file of another user than the one who builds, or root.

        Who may write it must not choose what this user runs.
        """
        try:
            owner = (self.directory / self.origin).stat().st_uid
        except OSError:
            return False
        return hasattr(os, "geteuid") and owner not in (0, os.geteuid())

    @cached_property
    def tables(self) -> dict[str, Any]:
        """The values with keys that are texts: YAML and Python know others."""
        return _with_text_keys(self.values, depth=4)

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        return index_lines(self.text)


def _with_text_keys(values: Mapping[Any, Any], *, depth: int) -> dict[str, Any]:
    return {
        str(key): _with_text_keys(value, depth=depth - 1)
        if depth > 1 and isinstance(value, Mapping)
        else value
        for key, value in values.items()
    }


def file_source(directory: Path, config: str | None) -> ConfigSource | None:
    """Read the configuration file of a site: the named one, or the one found.

    Found is ``backup-badge.toml`` in the directory, else the nearest
    ``pyproject.toml`` upwards. Raises ConfigurationError when it cannot be read.
    """
    if config is not None:
        return _read_file(directory / config, called=config)
    if os.path.lexists(directory / FILE_NAME):
        return _read_file(directory / FILE_NAME)
    for parent in (directory, *directory.parents):
        path = parent / "pyproject.toml"
        if os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises OSError.
            return _read_file(path) if _mentions_us(path) else None
    return None


def _mentions_us(path: Path) -> bool:
    """Whether a project speaks of us; one that doesn't is not ours to fault."""
    try:
        return b"backup-badge" in path.read_bytes()
    except OSError:
        return False


def _read_file(path: Path, *, called: str | None = None) -> ConfigSource:
    called = called or path.name
    text = _read_text(path, called=called)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"{path.name}:{line[1]}" if line else path.name
        written = text.split("\n")[int(line[1]) - 1] if line else ""
        hint = _toml_hint(str(error), written)
        raise ConfigurationError([f"{place}: not valid TOML: {error}{hint}"]) from None
    except RecursionError:
        raise ConfigurationError([f"{called}: is nested too deeply"]) from None
    except ValueError as error:
        raise ConfigurationError([f"{called}: cannot be read: {error}"]) from None
    if path.name == "pyproject.toml":
        tool = values.get("tool")
        values = tool.get("backup-badge", {}) if isinstance(tool, dict) else {}
        if not isinstance(values, dict):
            what = "'backup-badge' must be a table, [tool.backup-badge]"
            raise ConfigurationError([f"{path.name}: {what}"])
    return ConfigSource(
        values=values, origin=path.name, directory=path.parent, text=text
    )


def _toml_hint(fault: str, line: str) -> str:
    """Say what may be wrong with a line; never what it holds, which may be a secret."""
    is_value = fault.startswith(("Invalid value", "Expected newline"))
    if is_value and re.match(r"\s*[\w.-]+\s*=\s*[^\s\"'\[{]", line):
        return '. A text stands in quotes: key = "text"'
    if fault.startswith(("Illegal character '\\n'", "Unterminated string")):
        return ". The quotes do not end"
    if re.match(r"\s*[\w.-]+\s*:", line):
        return '. In TOML it is written: key = "text"'
    return ""


def _read_text(path: Path, *, called: str) -> str:
    """Read a file, and nothing else: a FIFO or a device might never end."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return read_file(str(path)).decode("utf-8-sig").replace("\r\n", "\n")
        what = "is a directory, not a file" if stat.S_ISDIR(mode) else "is not a file"
    except FileNotFoundError:
        what = "there is no such file"
    except UnicodeDecodeError as error:
        what = f"is not in UTF-8 (byte {error.start + 1})"
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        what = f"cannot be read: {why}"
    raise ConfigurationError([f"{called}: {what}"])


def environment_source(environ: Mapping[str, str]) -> ConfigSource:
    """Return what ``BACKUP_BADGE_*`` variables say; they win over everything else.

    A URL stays where it is, and is referred to: it may be a signed one.
    """
    values: dict[str, Any] = {}
    offline = environ.get("BACKUP_BADGE_OFFLINE", "").strip().lower()
    if offline not in ("", "0", "false", "no", "off"):
        values["offline"] = True
    location = environ.get(_STATUS_FILE)
    if location:
        is_secret = is_url(location.strip())
        values["status_file"] = f"${{{_STATUS_FILE}}}" if is_secret else location
    return ConfigSource(values=values, origin="environment", directory=Path.cwd())


def merge(sources: Iterable[ConfigSource]) -> dict[str, Any]:
    """Return the values of all sources; a later one wins over an earlier one.

    Tables are united key by key, everything else is replaced as a whole. Relative
    paths become absolute, those of providers and sources too.
    """
    merged: dict[str, Any] = {}
    for source in sources:
        for key, value in source.tables.items():
            if key in TABLES:
                merged[key] = _united(merged.get(key), value, source.directory)
            elif key in _PATHS and _is_path(key, value):
                merged[key] = str(source.directory / value)
            else:
                merged[key] = value
    return merged


def _is_path(key: str, value: object) -> bool:
    if not isinstance(value, str) or not value.strip():
        return False
    return key != "status_file" or not (is_remote(value) or find_reference(value))


def _united(
    below: object, above: object, directory: Path, *, levels: int = 2
) -> object:
    """Return a table united with one that wins over it, so many levels deep.

    ``directory`` is what relative paths of the upper one are relative to.
    """
    if not isinstance(above, Mapping) or not levels:
        return above
    united = dict(below) if isinstance(below, Mapping) else {}
    for key, value in above.items():
        if levels == 1 and _FILE.search(key) and _is_path(key, value):
            united[key] = str(directory / value.strip())
        elif levels == 1 and key == "restore":
            united[key] = _united(united.get(key), value, directory, levels=1)
        else:
            united[key] = _united(united.get(key), value, directory, levels=levels - 1)
    return united
