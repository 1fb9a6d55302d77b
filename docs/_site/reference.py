"""Writes what the code declares into ``reference/`` and ``README.md``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from backup_badge.config.keys import (
    GROUP_OPTIONS,
    OPTIONS,
    PROVIDER_OPTIONS,
    RESTORE_OPTIONS,
    SOURCE_OPTIONS,
)
from backup_badge.markup.mark_options import BADGE_OPTIONS, TABLE_OPTIONS
from backup_badge.options.kinds import format_duration
from backup_badge.options.option import Option
from backup_badge.providers import OURS, find_provider
from backup_badge.values.mark import COLUMNS
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.view.system_text import describe_system, ways_of

DOCS = Path(__file__).resolve().parents[1]
PAGE = DOCS / "reference" / "configuration.md"
GUIDES = DOCS / "how-to" / "systems"
README = DOCS.with_name("README.md")
_BEGIN, _END = "<!-- Systems: written by docs/_site/reference.py. -->", "<!-- End. -->"

_HEAD = """\
# Configuration

<!-- Written by docs/_site/reference.py from the declarations in the code. -->

`backup-badge.toml` stands beside `conf.py` or `mkdocs.yml`. Another place is named by
the option `config`. Where there is no such file, `[tool.backup-badge]` in the nearest
`pyproject.toml` upwards is read. A host has values of its own, which win over the
file's: in `conf.py` the same keys with the prefix `backup_badge_`, in `mkdocs.yml` the
same keys as options of the plugin. Nothing is needed at all for addresses of anonymous
providers.

```toml
max_age = "26h"                 # settings stand above the first table
fail_on = ["failed"]

[providers.rackspace]
region = "iad"
tenant = "123456"
username = "${RACKSPACE_USER}"
api_key = "${RACKSPACE_KEY}"

[sources.orders-db]
address = "rackspace:configuration/7c8ee069-568f-4d5a-932f-fb2af86b5fd5"
label = "Orders database"
description = "Orders and payments, PostgreSQL"
owner = "Team Payments"
groups = ["databases"]
link = "runbooks/orders.md"

[groups.databases]
label = "Databases"
max_age = "26h"
```

Durations read `90s`, `5m`, `26h`, `7d`. Relative paths are relative to the file that
names them. All faults of a configuration are reported together, each with its place.

`max_age` is looked up at the source, at its groups (the shortest counts), at its
provider and at the top, in this order.

Without a `label` a badge has the name that its system has for the backup: that of a
Rackspace configuration, a GitHub workflow, a GitLab schedule, a check of Healthchecks,
a monitor of Uptime Kuma, an endpoint of Gatus, a backup of Duplicati, a resource of
AWS. Where the system tells no name, or cannot be asked, it is the source's name.
Whoever reads the page reads that name: write a `label` where it must not be seen, or
must not change.

`link` may name a page of the site (`runbooks/orders.md`, `/runbooks/orders`), or be an
`http`, `https` or `mailto` URL.

Settings do not depend on each other: an exchange ends at `timeout` or at the
`deadline`, whichever comes first; `cache_ttl` and `stale_if_error` both count from the
moment of the answer.

## References

`${NAME}` stands for the environment variable of that name. It may be written where an
option takes it, and is refused anywhere else:

| value | `${NAME}` stands for |
|---|---|
| secret, text or reference, duration | the whole value |
| URL | its beginning, scheme and host: `${CLOUD_URL}/identity`, `https://${HOST}/v2` |

So a configuration cannot send a variable to an address of its own. What a reference
stands for is looked up where the request is made, durations when the configuration is
read; no message, page, log or cache quotes it. A secret must be a reference: a token,
and a URL of a status file that has a password or a query. One that is written literally
is refused, and not repeated. What a *page* writes, in a badge's label for example, is
never looked up.
"""


_SYSTEMS = """\
## Backup systems

`backup-badge providers NAME` prints the same. Every option of a system may also stand
at a source, where it wins over the provider's.
"""


_RESTORE = """\
The [restore test](../how-to/restore-tests.md) of a source: a source of its own, of any
provider, whose options may stand in this table, too. Its badge is `restore:NAME`.
"""


_SYSTEMS_HEAD = """\
# Backup systems

<!-- Written by docs/_site/reference.py from the registry. -->

Each guide begins with the lines of configuration that you need, and says what the
system cannot tell.
"""

_SYSTEMS_TAIL = """
Two guides are about more than one system:

- [Kubernetes](kubernetes.md): what Velero, CloudNativePG, K8up, VolSync and Longhorn
  have in common.
- [resticprofile](resticprofile.md), by the provider `json`.

Is your system not in the list? A script can write
[a JSON document](json.md), or you [write a provider](../write-a-provider.md).

```{toctree}
:glob:
:hidden:

*
```
"""


def page() -> str:
    """Return the whole page, Markdown."""
    parts = [_HEAD, "## Settings\n", _options(OPTIONS)]
    parts += ["## `[sources.NAME]`\n", _options(SOURCE_OPTIONS)]
    parts += ["## `[sources.NAME.restore]`\n", _RESTORE, _options(RESTORE_OPTIONS)]
    parts += ["## `[groups.NAME]`\n", _options(GROUP_OPTIONS)]
    parts += ["## `[providers.NAME]`\n", _options(PROVIDER_OPTIONS)]
    parts.append(_SYSTEMS)
    for name in OURS:
        lines = describe_system(type(find_provider(name)), level=3)
        parts.append("\n".join([*lines, ""]))
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


def readme() -> str:
    """Return the README with the list of systems as the registry has them."""
    head, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
    tail = rest.partition(_END)[2]
    return f"{head}{_BEGIN}\n\n{_systems('docs/how-to/systems/')}\n\n{_END}{tail}"


def systems() -> str:
    """Return the page that leads to the guides of all systems."""
    return f"{_SYSTEMS_HEAD}\n{_systems('')}\n{_SYSTEMS_TAIL}"


def _systems(folder: str) -> str:
    lines = ["| system | asked |", "|---|---|"]
    for name in OURS:
        title = (GUIDES / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
        link = f"[{title.removeprefix('# ')}]({folder}{name}.md)"
        lines.append(f"| {link} | {ways_of(type(find_provider(name)))} |")
    return "\n".join(lines)


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
    (GUIDES / "index.md").write_text(systems(), encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
