"""The places a configuration comes from, laid over each other, each with its lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backup_badge.values.problem import ConfigurationError

FILE_NAME = "backup-badge.toml"
TABLES = ("providers", "sources")
_PATHS = ("cache_dir", "status_file")


@dataclass(frozen=True, kw_only=True)
class ConfigSource:
    """Values from one place: a file, ``conf.py``, ``mkdocs.yml``, the environment.

    ``directory`` is what its relative paths are relative to; ``prefix`` is what
    stands before a key there; ``text`` is searched for line numbers.
    """

    values: Mapping[str, Any]
    origin: str
    directory: Path
    prefix: str = ""
    text: str = ""

    def place(self, path: tuple[str, ...]) -> str:
        """Say where a key stands: ``backup-badge.toml:12`` or ``conf.py``."""
        line = self.line(path)
        return f"{self.origin}:{line}" if line else self.origin

    def line(self, path: tuple[str, ...]) -> int | None:
        """Return the line of a key, from 1, where a text was read that has it."""
        return _line_of(path, self.text) if self.text else None


def file_source(directory: Path, config: str | None) -> ConfigSource | None:
    """Read the configuration file of a site: the named one, or the one found.

    Found is ``backup-badge.toml`` in the directory, else the nearest
    ``pyproject.toml`` upwards. Raises ConfigurationError when it cannot be read.
    """
    if config is not None:
        path = directory / config
        if not path.is_file():
            raise ConfigurationError([f"{config}: there is no such file"])
        return _read_file(path)
    if (directory / FILE_NAME).is_file():
        return _read_file(directory / FILE_NAME)
    for parent in (directory, *directory.parents):
        path = parent / "pyproject.toml"
        if path.is_file():
            return _read_file(path) if _mentions_us(path) else None
    return None


def _mentions_us(path: Path) -> bool:
    """Whether a project speaks of us; one that doesn't is not ours to fault."""
    try:
        return b"backup-badge" in path.read_bytes()
    except OSError:
        return False


def _read_file(path: Path) -> ConfigSource:
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = f"{path.name}:{line[1]}" if line else path.name
        raise ConfigurationError([f"{place}: not valid TOML: {error}"]) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError([f"{path.name}: cannot be read: {error}"]) from None
    if path.name == "pyproject.toml":
        tool = values.get("tool")
        values = tool.get("backup-badge", {}) if isinstance(tool, dict) else {}
        if not isinstance(values, dict):
            what = "'backup-badge' must be a table, [tool.backup-badge]"
            raise ConfigurationError([f"{path.name}: {what}"])
    return ConfigSource(
        values=values, origin=path.name, directory=path.parent, text=text
    )


def environment_source(environ: Mapping[str, str]) -> ConfigSource:
    """Return what ``BACKUP_BADGE_*`` variables lay over everything else."""
    values: dict[str, Any] = {}
    offline = environ.get("BACKUP_BADGE_OFFLINE", "").strip().lower()
    if offline not in ("", "0", "false", "no", "off"):
        values["offline"] = True
    if environ.get("BACKUP_BADGE_STATUS_FILE"):
        values["status_file"] = environ["BACKUP_BADGE_STATUS_FILE"]
    return ConfigSource(values=values, origin="environment", directory=Path.cwd())


def lay_over(merged: dict[str, Any], layer: ConfigSource) -> None:
    """Lay a layer over what is there: tables key by key, everything else whole.

    Keys become texts: YAML and Python know others.
    """
    for key, value in layer.values.items():
        if key in TABLES:
            merged[key] = _united(merged.get(key), value, levels=2)
        elif key in _PATHS and isinstance(value, str) and value.strip():
            is_url = key == "status_file" and "://" in value
            merged[key] = value if is_url else str(layer.directory / value)
        else:
            merged[str(key)] = value


def _united(below: object, above: object, *, levels: int) -> object:
    """Return a table laid over another, so many levels deep."""
    if not isinstance(above, Mapping) or not levels:
        return above
    united = dict(below) if isinstance(below, Mapping) else {}
    for key, value in above.items():
        united[str(key)] = _united(united.get(str(key)), value, levels=levels - 1)
    return united


def has(values: object, path: tuple[str, ...]) -> bool:
    """Whether nested tables hold the key at the end of the path."""
    for key in path:
        if not isinstance(values, Mapping):
            return False
        texts = {str(known): value for known, value in values.items()}
        if key not in texts:
            return False
        values = texts[key]
    return True


def _line_of(path: tuple[str, ...], text: str) -> int | None:
    """Find the line of a key: the first that shares the most of its path.

    tomllib tells no lines. A key in an inline table gets the line of the table, which
    is near enough to be found.
    """
    table: tuple[str, ...] = ()
    most, found = 0, None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\[+([^\]]+)\]", line.strip())
        key, equals, _ = line.partition("=")
        if header:
            table = _dotted(header[1])
            table = table[2:] if table[:2] == ("tool", "backup-badge") else table
        elif not equals:
            continue
        here = table if header else (*table, *_dotted(key))
        common = max(n for n in range(len(path) + 1) if here[:n] == path[:n])
        if common > most:
            most, found = common, number
    return found


def _dotted(key: str) -> tuple[str, ...]:
    parts: list[str] = re.findall(r"""[^."'\s]+|"[^"]*"|'[^']*'""", key)
    return tuple(part.strip("\"'") for part in parts)
