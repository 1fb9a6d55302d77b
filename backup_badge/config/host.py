"""The options in a host's own file, which win over the configuration file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup_badge.config.keys import OPTIONS
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.values.problem import ConfigurationError

KEYS = {
    "config": "The configuration file, if it is not backup-badge.toml.",
    **{option.name: option.help for option in OPTIONS},
    "providers": "As the [providers.NAME] tables of the configuration file.",
    "groups": "As the [groups.NAME] tables of the configuration file.",
    "sources": "As the [sources.NAME] tables of the configuration file.",
}
"""The options of every host, and what they are for."""


def load_with_options(
    options: Mapping[str, Any], *, directory: Path, origin: str, prefix: str = ""
) -> Settings:
    """Read the configuration of the site in a directory; the options win over it.

    ``origin`` is where the options are written, ``prefix`` what stands before them
    there. None stands for an option that is not given. Raises ConfigurationError with
    all faults.
    """
    values = {key: value for key, value in options.items() if value is not None}
    config = values.pop("config", None)
    if not isinstance(config, (str, Path, type(None))):
        fault = f"{origin} ({prefix}config): must be a path, not {config!r}"
        raise ConfigurationError([fault])
    overlay = ConfigSource(
        values=values, origin=origin, directory=directory, prefix=prefix
    )
    config = None if config is None else str(config)
    return load(directory, config=config, overlay=overlay)
