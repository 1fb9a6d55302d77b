"""Writes ``configuration.md`` from the declarations in the code: ``make docs``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from backup_badge.config.load import TYPE
from backup_badge.config.settings import OPTIONS, SOURCE_OPTIONS
from backup_badge.markup.mark_options import BADGE_OPTIONS, TABLE_OPTIONS
from backup_badge.options.kinds import format_duration
from backup_badge.options.option import Option
from backup_badge.providers import PROVIDERS
from backup_badge.values.mark import COLUMNS
from backup_badge.values.problem import Category
from backup_badge.values.state import State

PAGE = Path(__file__).with_name("configuration.md")

_HEAD = """\
# Configuration

<!-- Written by docs/reference.py from the declarations in the code. -->

`backup-badge.toml` stands beside `conf.py` or `mkdocs.yml`. Another place is named by
the option `config`; `[tool.backup-badge]` in the nearest `pyproject.toml` upwards is
read where there is no such file. A host lays its own values over the file: in `conf.py`
the same keys with the prefix `backup_badge_`, in `mkdocs.yml` the same keys as options
of the plugin. Nothing is needed at all for addresses of anonymous providers.

```toml
max_age = "26h"
fail_on = ["failed"]

[providers.rackspace]
region = "iad"
tenant = "123456"
username = "${RACKSPACE_USER}"
api_key = "${RACKSPACE_KEY}"

[sources.orders-db]
address = "rackspace:configuration/7c8ee069-568f-4d5a-932f-fb2af86b5fd5"
label = "Orders database"
groups = ["databases"]
link = "https://wiki.example.org/orders"
```

Durations read `90s`, `5m`, `26h`, `7d`. Relative paths are relative to the file that
names them. `${NAME}` is replaced by the environment variable of that name, where the
request is made and nowhere else; a secret must be written so, and one that is written
literally is refused. All faults of a configuration are reported together.
"""


def page() -> str:
    """Return the whole page, Markdown."""
    parts = [_HEAD, "## Settings\n", _options(OPTIONS)]
    parts += ["## `[sources.NAME]`\n", _options(SOURCE_OPTIONS)]
    parts += ["## `[providers.NAME]`\n", _options([TYPE])]
    for provider in PROVIDERS.values():
        parts.append(f"### `{provider.type}`\n")
        forms = " and ".join(f"`{provider.type}:{form}`" for form in provider.addresses)
        parts.append(f"Addresses: {forms}.\n")
        parts.append(_options(provider.options))
    parts += ["## Badges\n", _options(BADGE_OPTIONS)]
    parts += ["## Tables\n", _options(TABLE_OPTIONS)]
    parts.append(f"The columns are {_words(COLUMNS)}.\n")
    parts += ["## States, worst first\n", _states()]
    parts.append("## Problems\n")
    parts.append(
        "Each is a category of warnings; Sphinx's `suppress_warnings` takes them as"
        f" `backup_badge.CATEGORY`: {_words(Category)}.\n"
    )
    return "\n".join(parts)


def _options(options: Iterable[Option]) -> str:
    lines = ["| key | value | default | |", "|---|---|---|---|"]
    for option in options:
        default = _default(option.default)
        lines.append(
            f"| `{option.name}` | {option.kind.name} | {default} | {option.help} |"
        )
    return "\n".join([*lines, ""])


def _default(value: object) -> str:
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value else "none"


def _states() -> str:
    lines = ["| state | on the badge | colour |", "|---|---|---|"]
    lines += [f"| `{s}` | {s.sign} {s.message} | {s.color} |" for s in State]
    return "\n".join([*lines, ""])


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
