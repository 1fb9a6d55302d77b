"""The values in ``conf.py``, which win over the configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from backup_badge import ConfigSource, ConfigurationError, Settings, load
from backup_badge.config.origin import TABLES
from backup_badge.config.settings import OPTIONS
from backup_badge.options.kinds import COUNT, FLAG

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

PREFIX = "backup_badge_"
_KINDS = {option.name: option.kind for option in OPTIONS}
VALUES = ("config", *TABLES, *_KINDS)
"""The names of the values in ``conf.py``, without their prefix."""


def check_configuration(app: Sphinx, config: Config) -> None:
    """Stop the build over a faulty configuration, before anything is read."""
    read_settings(app)


def read_settings(app: Sphinx) -> Settings:
    """Read the configuration as it is now. Raises ConfigError naming every fault."""
    values = _values(app.config)
    config = values.pop("config", None)
    directory = Path(app.confdir)
    overlay = ConfigSource(
        values=values, origin="conf.py", directory=directory, prefix=PREFIX
    )
    try:
        if config is None:
            return load(directory, overlay=overlay)
        if not isinstance(config, (str, Path)):
            fault = f"conf.py ({PREFIX}config): must be a path, not {config!r}"
            raise ConfigurationError([fault])
        return load(directory, config=str(config), overlay=overlay)
    except ConfigurationError as error:
        faults = "".join(f"\n- {fault}" for fault in error.faults)
        message = f"backup-badge cannot read its configuration:{faults}"
        raise ConfigError(message) from None


def configured_in(app: Sphinx, settings: Settings) -> str:
    """Return the path of the file in which sources are configured."""
    return str((*settings.files, Path(app.confdir) / "conf.py")[0])


def _values(config: Config) -> dict[str, object]:
    # Sphinx drops a name in conf.py that is no extension's value without a word. For
    # a misspelt one of ours to be reported, this looks at what conf.py left behind.
    written = [*VALUES]
    for name in (*vars(config).get("_raw_config", ()), *config.overrides):
        written += [name.removeprefix(PREFIX)] if name.startswith(PREFIX) else []
    values = {name: _value(config, name) for name in written}
    return {name: value for name, value in values.items() if value is not None}


def _value(config: Config, name: str) -> object:
    value = config[PREFIX + name] if name in VALUES else ""
    if PREFIX + name in config.overrides and isinstance(value, str):
        # On the command line everything is text: -D backup_badge_offline=1.
        if _KINDS.get(name) is FLAG:
            return {"0": False, "1": True}.get(value, value)
        if _KINDS.get(name) is COUNT and value.isdecimal():
            return int(value)
    return value
