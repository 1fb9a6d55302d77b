"""The sites that are built: with our badges, with words, with what people write now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PAGES, BADGES, SOURCES = 200, 5, 100

_PROSE = """
The page is about system {number}. It has *some* prose with `code`, a [link](#x) and a
list, so that it weighs what a page of a handbook weighs.

- first, check the queue
- then the disk, then the network
- then call somebody

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

MKDOCS = {
    "words": Flavor(
        badge="website: succeeded", configuration=_MKDOCS.format(plugins="")
    ),
    "badges": Flavor(
        badge='<< backup_badge("cloudback:acme/{source}") >>',
        configuration=_MKDOCS.format(plugins="backup-badge"),
    ),
    "unused": Flavor(
        badge="website: succeeded",
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

_SPHINX = 'project = "Handbook"\nextensions = [{extensions}]\n'
_MARKDOWN_TO_RST = _PROSE.replace("`code`", "``code``").replace("[link](#x)", "link")

SPHINX = {
    "words": Flavor(badge="website: succeeded", configuration=_SPHINX),
    "badges": Flavor(
        badge=":backup-badge:`cloudback:acme/{source}`",
        configuration=_SPHINX.replace("{extensions}", '"sphinx_backup_badge"'),
    ),
    "unused": Flavor(
        badge="website: succeeded",
        configuration=_SPHINX.replace("{extensions}", '"sphinx_backup_badge"'),
    ),
}


def write_mkdocs(folder: Path, flavor: Flavor, *, url: str) -> None:
    """Write an MkDocs site below a new folder."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(flavor.configuration.format(url=url))
    if flavor.module:
        (folder / "status.py").write_text(flavor.module.replace("{url}", url))
    _configure(folder, url)
    for number in range(PAGES):
        name = "index" if number == 0 else f"page{number}"
        text = f"# System {number}\n" + _PROSE.format(number=number)
        text += _badges(flavor, number)
        (docs / f"{name}.md").write_text(text)


def write_sphinx(folder: Path, flavor: Flavor, *, url: str) -> None:
    """Write a Sphinx site below a new folder."""
    folder.mkdir(parents=True)
    configuration = flavor.configuration.replace("{extensions}", "")
    (folder / "conf.py").write_text(configuration)
    _configure(folder, url)
    entries = "".join(f"   page{number}\n" for number in range(1, PAGES))
    for number in range(PAGES):
        name = "index" if number == 0 else f"page{number}"
        title = f"System {number}\n{'=' * 20}\n"
        text = title + _MARKDOWN_TO_RST.format(number=number) + _badges(flavor, number)
        if number == 0:
            text += f"\n.. toctree::\n\n{entries}"
        (folder / f"{name}.rst").write_text(text)


def _configure(folder: Path, url: str) -> None:
    text = f'[providers.cloudback]\nurl = "{url}"\n'
    (folder / "backup-badge.toml").write_text(text)


def _badges(flavor: Flavor, page: int) -> str:
    sources = (f"site{(page * BADGES + i) % SOURCES}" for i in range(BADGES))
    lines = (f"Status {flavor.badge.format(source=source)}.\n" for source in sources)
    return "\n".join(lines)
