"""Reading a configuration: every key validated, all its faults reported together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from backup_badge.config.faults import Faults
from backup_badge.config.keys import OPTIONS
from backup_badge.config.misplaced import misnamed, misplaced, table_fault
from backup_badge.config.origin import (
    FILE_NAME,
    TABLES,
    ConfigSource,
    environment_source,
    file_source,
    merge,
)
from backup_badge.config.settings import Settings
from backup_badge.config.source_tables import read_sources
from backup_badge.config.tables import read_groups, read_providers
from backup_badge.http.urls import is_remote
from backup_badge.options.option import read_options
from backup_badge.options.references import find_reference
from backup_badge.values.problem import ConfigurationError, did_you_mean


def load(
    directory: Path,
    *,
    config: str | None = None,
    overlay: ConfigSource | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Read the configuration for a site or a command.

    ``directory`` is where ``conf.py`` or ``mkdocs.yml`` stands; ``config`` names
    another file, relative to it. ``overlay`` holds the host's own values, which win
    over the file's. ``environ`` is the environment (default: the process's own).

    Raises ConfigurationError with all faults at once.
    """
    directory = directory.absolute()
    environ = os.environ if environ is None else environ
    file = file_source(directory, config)
    sources = [source for source in (file, overlay) if source]
    sources.append(environment_source(environ))
    faults = Faults(sources)
    merged = merge(sources)
    settings = _read(merged, faults, environ)
    if faults.sentences:
        raise ConfigurationError(faults.sentences)
    default = directory / Settings().cache_dir
    settings["cache_dir"] = Path(
        settings["cache_dir"] if "cache_dir" in merged else default
    )
    settings["files"] = tuple(_watched(file, settings))
    if config is None:
        settings["notices"] = tuple(_notices(directory, file, merged))
    return Settings(**settings)


def _read(
    merged: dict[str, Any], faults: Faults, environ: Mapping[str, str]
) -> dict[str, Any]:
    plain = {key: value for key, value in merged.items() if key not in TABLES}
    settings, wrong = read_options(OPTIONS, plain, environ=environ)
    for key, sentence in wrong.items():
        hint = "" if "Did you mean" in sentence else did_you_mean(key, TABLES)
        faults.add((key,), table_fault(key, plain[key]) or sentence + hint)
    providers = dict(read_providers(merged, faults, environ))
    groups = dict(read_groups(merged, faults, environ))
    sources = read_sources(
        merged,
        faults,
        environ,
        providers=providers,
        groups=groups,
        max_age=settings["max_age"],
    )
    settings |= {"providers": providers, "groups": groups, "sources": dict(sources)}
    return settings


def _watched(file: ConfigSource | None, settings: Mapping[str, Any]) -> list[Path]:
    """Return the files that answers depend on, each once."""
    files = [file.directory / file.origin] if file else []
    status_file = settings["status_file"]
    if status_file and not is_remote(status_file) and not find_reference(status_file):
        files.append(Path(status_file))
    sources = settings["sources"].values()
    restores = (source.restore for source in sources if source.restore)
    asked = (*settings["providers"].values(), *sources, *restores)
    values = (value for one in asked for value in one.options.values())
    files += [value for value in values if isinstance(value, Path)]
    return list(dict.fromkeys(files))


def _notices(
    directory: Path, file: ConfigSource | None, merged: Mapping[str, Any]
) -> list[str]:
    """Name a configuration that is not read, as it has another name or place.

    Other places are searched where nothing is configured.
    """
    if file is not None and file.origin == FILE_NAME:
        return []
    near = list(misnamed(directory))
    is_read = file is not None and bool(file.values)
    if near or is_read or any(table in merged for table in TABLES):
        return near
    return list(islice(misplaced(directory), 1))
