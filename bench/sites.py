"""The sites that are built: with our badges, with words, with what people write now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

PAGES, BADGES, SOURCES = 200, 5, 100

SECTIONS = 5
"""Of a hundred words each: what a page of a handbook may weigh."""

_SECTION = """
## Part {part} of system {number}

When an alert names this system, find out first what readers of it notice, and only then
what the machines say. The *queue* is the first place to look at: a depth that grows for
more than ten minutes means that `workers` have stopped, and a restart of one of them is
harmless. The [dashboard](#x) shows the last day; a week is better for comparison.

- first, check the queue, and write down its depth
- then the disk, then the network between the two sites
- then call somebody who has seen it before

Nothing here is to be done twice. What was done is noted in the log, with the time.

```
systemctl status worker@{part}
```

"""

_MACROS = """
import {imports}
import requests

def define_env(env):
    @env.macro
    {decorator}
    def status(source):
        answer = requests.get("{url}/badge/acme/" + source)
        return "succeeded" if "succeeded" in answer.text else "unknown"
"""


@dataclass(frozen=True, kw_only=True)
class Flavor:
    """One way of writing a site: a badge's markup, and the lines of its configuration.

    ``badge`` and ``configuration`` are patterns with ``{source}`` and ``{url}``.
    """

    badge: str
    configuration: str
    module: str = ""


_MKDOCS = "site_name: Handbook\nplugins: [{plugins}]\n"
_MACROS_PLUGIN = _MKDOCS.format(plugins="{{macros: {{module_name: status}}}}")

_HTML = (
    '<span class="backup-badge backup-badge-flat" role="img"'
    ' aria-label="{source}: last backup succeeded"'
    ' title="{source}: last backup succeeded"'
    ' data-backup-source="cloudback:acme/{source}" data-backup-state="succeeded"'
    ' data-backup-judged="[&quot;{source}&quot;,[&quot;cloudback:acme/{source}&quot;,'
    '9,&quot;&quot;,&quot;2026-11-22T02:44:05Z&quot;]]">'
    '<span class="backup-badge-label">{source}</span>'
    '<span class="backup-badge-colon">: </span><span class="backup-badge-message">'
    '<span class="backup-badge-sign" aria-hidden="true">&#10003;&#160;</span>succeeded'
    "</span></span>"
)
"""What a badge comes to."""

MKDOCS = {
    "words": Flavor(
        badge="{source}: succeeded", configuration=_MKDOCS.format(plugins="")
    ),
    "html": Flavor(badge=_HTML, configuration=_MKDOCS.format(plugins="")),
    "badges": Flavor(
        badge='<< backup_badge("cloudback:acme/{source}") >>',
        configuration=_MKDOCS.format(plugins="backup-badge"),
    ),
    "unused": Flavor(
        badge="{source}: succeeded",
        configuration=_MKDOCS.format(plugins="backup-badge"),
    ),
    "requests": Flavor(
        badge="{{{{ status('{source}') }}}}",
        configuration=_MACROS_PLUGIN,
        module=_MACROS.replace("{imports}", "functools").replace("{decorator}", ""),
    ),
    "requests, cached": Flavor(
        badge="{{{{ status('{source}') }}}}",
        configuration=_MACROS_PLUGIN,
        module=_MACROS.replace("{imports}", "functools").replace(
            "{decorator}", "@functools.cache"
        ),
    ),
}

MKDOCS_SEARCH = {
    name: replace(
        MKDOCS[name],
        configuration=MKDOCS[name].configuration.replace("[", "[search, "),
    )
    for name in ("words", "html", "badges", "unused")
}
"""As MkDocs does it where nothing is said of plugins."""

_SPHINX = 'project = "Handbook"\nextensions = [{extensions}]\n'
_SECTION_RST = (
    _SECTION.replace("`workers`", "``workers``")
    .replace("[dashboard](#x)", "dashboard")
    .replace("## Part {part} of system {number}\n", "Part {part}\n------\n")
    .replace("```\nsystemctl", "::\n\n   systemctl")
    .replace("```\n", "")
)

SPHINX = {
    "words": Flavor(badge="{source}: succeeded", configuration=_SPHINX),
    "badges": Flavor(
        badge=":backup-badge:`cloudback:acme/{source}`",
        configuration=_SPHINX.replace("{extensions}", '"sphinx_backup_badge"'),
    ),
    "unused": Flavor(
        badge="{source}: succeeded",
        configuration=_SPHINX.replace("{extensions}", '"sphinx_backup_badge"'),
    ),
}


def write_mkdocs(
    folder: Path, flavor: Flavor, *, url: str, sections: int = SECTIONS
) -> None:
    """Write an MkDocs site below a new folder."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(flavor.configuration.format(url=url))
    if flavor.module:
        (folder / "status.py").write_text(flavor.module.replace("{url}", url))
    _configure(folder, url)
    for number in range(PAGES):
        name = "index" if number == 0 else f"page{number}"
        text = f"# System {number}\n\n" + _badges(flavor, number)
        text += _prose(_SECTION, number, sections)
        (docs / f"{name}.md").write_text(text)


def write_sphinx(
    folder: Path, flavor: Flavor, *, url: str, sections: int = SECTIONS
) -> None:
    """Write a Sphinx site below a new folder."""
    folder.mkdir(parents=True)
    configuration = flavor.configuration.replace("{extensions}", "")
    (folder / "conf.py").write_text(configuration)
    _configure(folder, url)
    entries = "".join(f"   page{number}\n" for number in range(1, PAGES))
    for number in range(PAGES):
        name = "index" if number == 0 else f"page{number}"
        title = f"System {number}\n{'=' * 20}\n"
        text = title + _badges(flavor, number) + _prose(_SECTION_RST, number, sections)
        if number == 0:
            text += f"\n.. toctree::\n\n{entries}"
        (folder / f"{name}.rst").write_text(text)


def _prose(section: str, number: int, sections: int) -> str:
    parts = range(1, sections + 1)
    return "".join(section.format(number=number, part=part) for part in parts)


def _configure(folder: Path, url: str) -> None:
    # As long as rounds may take: what is built again has its answers.
    text = f'cache_ttl = "1d"\n\n[providers.cloudback]\nurl = "{url}"\n'
    (folder / "backup-badge.toml").write_text(text)


def _badges(flavor: Flavor, page: int) -> str:
    sources = (f"site{(page * BADGES + i) % SOURCES}" for i in range(BADGES))
    lines = (f"Status {flavor.badge.format(source=source)}.\n" for source in sources)
    return "\n".join(lines)
