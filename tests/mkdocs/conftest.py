"""A small project on disk, and what MkDocs and the other hosts make of it."""

from __future__ import annotations

import importlib.util
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml
from cloud import Cloud
from mkdocs.commands.build import build as build_site
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from backup_badge import ConfigSource, Site, TableMark, load
from backup_badge.documents.records import to_document

BADGES = {
    ("acme", "website"): "succeeded",
    ("acme", "handbook"): "failed",
    ("acme", "blog"): "in progress",
}

CONFIG = """\
cache_dir = "../cache"
timeout = "10s"
deadline = "30s"

[providers.cloudback]
url = "{url}"

[sources.website]
address = "cloudback:acme/website"
label = "Website"
groups = ["web"]

[sources.handbook]
address = "cloudback:acme/handbook"
label = "Handbook"
groups = ["web"]
link = "https://example.org/handbook"

[sources.blog]
address = "cloudback:acme/blog"
label = "Blog"
"""

# All that a page is made of, and nothing else: quick, and the same in every host.
TEMPLATE = """\
<!doctype html>
<html>
<head>
<title>{{ page.title if page }}</title>
<link rel="stylesheet" href="own.css">
</head>
<body>
<nav>{% for item in nav %}[{{ item.title }}]{% endfor %}</nav>
<ul>{% for one in page.toc if page %}[{{ one.id }}: {{ one.title }}]{% endfor %}</ul>
<main>{{ page.content if page }}</main>
</body>
</html>
"""


_PROGRESS = re.compile(r": \d+ of \d+ [a-z ]+ (?:has|have) a status$")


def shorten(html: str) -> str:
    """Return HTML with ``[Website: succeeded]`` and the like for what is ours."""
    html = re.sub(r"(?s)<(style|script)>.*?</\1>", "", html)
    ours = re.compile(
        r'<(a|span|div) class="backup-(badge|badge-error|table-wrapper)[ "]'
    )
    position = 0
    while match := ours.search(html, position):
        end = _end_of_element(html, match.start(), match[1])
        short = _short(match[2], html[match.start() : end])
        html = html[: match.start()] + short + html[end:]
        position = match.start() + len(short)
    return html.strip()


def _end_of_element(html: str, start: int, tag: str) -> int:
    depth = 0
    for match in re.compile(f"<(/?){tag}[ >]").finditer(html, start):
        depth += -1 if match[1] else 1
        if not depth:
            return match.end()
    raise AssertionError(f"an element does not end: {html[start:]}")


def _short(kind: str, html: str) -> str:
    if kind == "badge-error":
        return "{" + unescape(re.sub("<[^>]*>", "", html)) + "}"
    sources = re.findall(r' data-backup-source="([^"]*)"', html)
    if kind == "table-wrapper":
        return "{table: " + ", ".join(sources) + "}"
    labels = re.findall(r'class="backup-badge-label">([^<]*)<', html)
    state = re.findall(r' data-backup-state="([^"]*)"', html)
    link = re.findall(r'^<a [^>]* ?href="([^"]*)"', html)
    short = f"[{unescape(''.join(labels))}: {state[0]}]"
    return short + (f"({link[0]})" if link else "")


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build wrote, said, and asked the backup systems."""

    files: Mapping[str, bytes]
    said: str
    asked: int
    status: int = 0

    def read(self, name: str = "index.html") -> str:
        """Return a file's text."""
        return self.files[name].decode()

    def main(self, name: str = "index.html") -> str:
        """Return what is in a page itself, in short."""
        text = self.read(name)
        return shorten(text[text.index("<main>") + 6 : text.index("</main>")])

    @property
    def warnings(self) -> list[str]:
        """Our lines in the log, without the one that tells how far the asking got."""
        lines = self.said.splitlines()
        return [
            line.partition("backup-badge: ")[2]
            for line in lines
            if "backup-badge: " in line and not _PROGRESS.search(line)
        ]


@dataclass(kw_only=True)
class Project:
    """A project in a directory; hosts are run as functions or as programs."""

    directory: Path
    cloud: Cloud
    caplog: pytest.LogCaptureFixture

    def write(self, name: str, text: str) -> Path:
        """Write a file, relative to the project."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def page(self, text: str, name: str = "index") -> None:
        """Write a page."""
        self.write(f"docs/{name}.md", text)

    def configure(self, **settings: Any) -> None:
        """Write ``mkdocs.yml``: the plugin is on unless these say otherwise."""
        values = {
            "site_name": "Site",
            "theme": {"name": None, "custom_dir": "theme"},
            "use_directory_urls": False,
            "plugins": ["backup-badge"],
            **settings,
        }
        self.write("mkdocs.yml", yaml.safe_dump(values))

    def build(self, *, strict: bool = False, **settings: Any) -> Built:
        """Build with MkDocs, in this process."""
        self.configure(**settings)
        self.caplog.clear()
        self.cloud.clear()
        failure = ""
        with self.caplog.at_level(logging.INFO):
            try:
                path = str(self.directory / "mkdocs.yml")
                build_site(load_config(config_file=path, strict=strict))
            except Abort as error:
                failure = f"Aborted: {error}"
        said = "\n".join([*self.caplog.messages, failure])
        return self._built(said, status=int(bool(failure)))

    def run(self, *command: str) -> Built:
        """Build with a host's command, in a subprocess."""
        self.cloud.clear()
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return self._built(done.stdout + done.stderr, status=done.returncode)

    def write_statuses(self, name: str = "backup-status.json") -> None:
        """Write down what the backup systems say now, as the command does."""
        directory = self.directory
        overlay = ConfigSource(
            values={"cache_ttl": "0s"}, origin="test", directory=directory
        )
        settings = load(directory, overlay=overlay)
        site = Site(settings)
        statuses = site.resolve([TableMark()])
        document = to_document(statuses, generated=site.now)
        self.write(name, json.dumps(document))

    def _built(self, said: str, *, status: int) -> Built:
        site = self.directory / "site"
        paths = [path for path in site.rglob("*") if path.is_file()]
        return Built(
            files={
                path.relative_to(site).as_posix(): path.read_bytes() for path in paths
            },
            said=said,
            asked=len(self.cloud.requests),
            status=status,
        )


@pytest.fixture
def project(tmp_path: Path, cloud: Cloud, caplog: pytest.LogCaptureFixture) -> Project:
    """Return a project with three sources, a theme, and no page yet."""
    cloud.badges.update(BADGES)
    project = Project(directory=tmp_path / "project", cloud=cloud, caplog=caplog)
    project.write("backup-badge.toml", CONFIG.format(url=cloud.url))
    project.write("theme/main.html", TEMPLATE)
    return project


@pytest.fixture
def convert(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that converts Markdown as no host does: with Python alone."""
    monkeypatch.chdir(project.directory)

    def converted(text: str, *extensions: Any, ours: bool = True) -> str:
        used = [*extensions, *(["backup_badge"] if ours else [])]
        return shorten(markdown.markdown(text, extensions=used))

    return converted


@pytest.fixture(scope="session")
def short() -> Callable[[str], str]:
    """Return what writes HTML with ``[Website: succeeded]`` for what is ours."""
    return shorten


@pytest.fixture
def need() -> Callable[[str], None]:
    """Return a function that skips a test where a program is not installed."""

    def skip_without(module: str) -> None:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")

    return skip_without
