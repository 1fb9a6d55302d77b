"""The values in ``conf.py``, which win over the configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from backup_badge import ConfigurationError, Settings
from backup_badge.config.host import KEYS, load_with_options
from backup_badge.config.keys import OPTIONS
from backup_badge.options.kinds import COUNT, FLAG

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

PREFIX = "backup_badge_"
_WRONG_PREFIX = f"sphinx_{PREFIX}"
_KINDS = {option.name: option.kind for option in OPTIONS}


def check_configuration(app: Sphinx, config: Config) -> None:
    """Stop the build over a faulty configuration, before anything is read."""
    read_settings(app)


def read_settings(app: Sphinx) -> Settings:
    """Read the configuration as it is now. Raises ConfigError naming every fault."""
    # Sphinx drops a name in conf.py that is no extension's value without a word. For
    # a misspelt one of ours to be reported, this looks at what conf.py left behind.
    written = {*vars(app.config).get("_raw_config", ()), *app.config.overrides}
    names = [name.removeprefix(PREFIX) for name in written if name.startswith(PREFIX)]
    if wrong := [name for name in written if name.startswith(_WRONG_PREFIX)]:
        right = wrong[0].replace(_WRONG_PREFIX, PREFIX)
        raise ConfigError(f"backup-badge: in conf.py write {right}, not {wrong[0]}")
    values = {name: _value(app.config, name) for name in sorted({*KEYS, *names})}
    directory, origin = Path(app.confdir), "conf.py"
    try:
        return load_with_options(
            values, directory=directory, origin=origin, prefix=PREFIX
        )
    except ConfigurationError as error:
        raise ConfigError(f"backup-badge {error.listing}") from None


def _value(config: Config, name: str) -> object:
    value = config[PREFIX + name] if name in KEYS else ""
    if PREFIX + name in config.overrides and isinstance(value, str):
        # On the command line everything is text: -D backup_badge_offline=1.
        if _KINDS.get(name) is FLAG:
            return {"0": False, "1": True}.get(value, value)
        if _KINDS.get(name) is COUNT and value.isdecimal():
            return int(value)
    return value
