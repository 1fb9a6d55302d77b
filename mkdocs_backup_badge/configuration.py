"""Options in a host's configuration file, which win over the configuration file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup_badge import ConfigSource, ConfigurationError, Settings, load
from backup_badge.config.settings import OPTIONS

KEYS = {
    "config": "The configuration file, if it is not backup-badge.toml.",
    **{option.name: option.help for option in OPTIONS},
    "providers": "As the [providers.NAME] tables of the configuration file.",
    "groups": "As the [groups.NAME] tables of the configuration file.",
    "sources": "As the [sources.NAME] tables of the configuration file.",
}
"""The options of the plugin and of the extension, and what they are for."""


def read_settings(
    options: Mapping[str, Any], *, directory: Path, origin: str, prefix: str = ""
) -> Settings:
    """Read the configuration of the site in a directory; the options win over it.

    ``origin`` is where the options are written, ``prefix`` what stands before them
    there. Raises ConfigurationError with all faults.
    """
    values = {key: value for key, value in options.items() if value is not None}
    config = values.pop("config", None)
    if config is not None and not isinstance(config, str):
        fault = f"{origin} ({prefix}config): 'config' must be a path, not {config!r}"
        raise ConfigurationError([fault])
    overlay = ConfigSource(
        values=values, origin=origin, directory=directory, prefix=prefix
    )
    return load(directory, config=config, overlay=overlay)
