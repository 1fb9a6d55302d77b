"""The workflows in ``examples/workflows`` work as they stand.

Only what belongs to the services is played: their variables, ``pip``, and the site's
address, which is on loopback.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from cloud import Cloud
from loopback import Answer, HttpService, Request
from world import SECRETS, furnish

EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = "https://example.org"
SHOWN = re.compile(r'data-backup-source="([^"]+)" data-backup-state="([^"]+)"')

SPHINX = {
    "docs/conf.py": 'project = "Handbook"\nextensions = ["sphinx_backup_badge"]\n',
    "docs/index.rst": "Handbook\n========\n\n.. backup-table::\n",
}
MKDOCS = {
    "mkdocs.yml": "site_name: Handbook\nplugins: [backup-badge]\n",
    "docs/index.md": "# Handbook\n\n<< backup_table() >>\n",
}


class Pages(HttpService):
    """A static host that serves a folder at ``/handbook/``."""

    folder: Path | None = None

    def answer(self, request: Request) -> Answer:
        path = request.path.removeprefix("/handbook/")
        if self.folder is None or not (self.folder / path).is_file():
            return Answer(status=404)
        return Answer(body=(self.folder / path).read_bytes())


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as host:
        yield host


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A project as a service checks it out, and where the service runs commands."""

    directory: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        programs = self.directory / "programs"
        programs.mkdir(parents=True)
        (programs / "pip").write_text('#!/bin/sh\necho "$@" >> "$INSTALLED"\n')
        (programs / "pip").chmod(0o755)
        path = [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
        self.environ["PATH"] = os.pathsep.join(path)
        self.environ["HOME"] = str(self.directory)
        self.environ["INSTALLED"] = str(self.directory / "installed")

    def write(self, files: Mapping[str, str], *, configuration: str) -> None:
        """Write the project's pages, and the examples' configuration."""
        example = (EXAMPLES / "backup-badge.toml").read_text()
        for name, text in {
            **files,
            configuration: f'export = "backup"\n{example}',
        }.items():
            (self.directory / name).parent.mkdir(exist_ok=True)
            (self.directory / name).write_text(text)

    def run(self, script: str, *, fails: bool = False, **environ: str) -> str:
        """Run a script with bash as the services do, and return what it prints."""
        environ = {**self.environ, **environ}
        if "BACKUP_BADGE_STATUS_FILE" in environ:
            assert not set(SECRETS.values()) & set(environ.values())
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.directory,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == fails, done.stdout + done.stderr
        return done.stdout

    @property
    def installed(self) -> set[str]:
        """What pip was asked for."""
        return set((self.directory / "installed").read_text().splitlines())

    def shown(self, site: str) -> dict[str, str]:
        """Return the states that the page shows, by source."""
        return dict(SHOWN.findall((self.directory / site / "index.html").read_text()))


@pytest.fixture
def furnished(cloud: Cloud) -> Cloud:
    """The stand-in service, with the example's backups."""
    furnish(cloud)
    return cloud


def workflow(name: str, *, site: str) -> dict[Any, Any]:
    """Return a workflow whose site is published at an address of loopback."""
    text = (EXAMPLES / "workflows" / name).read_text()
    assert text.count(SITE) == 1
    document: dict[Any, Any] = yaml.safe_load(text.replace(SITE, site))
    return document


def secret(text: str, secrets: Mapping[str, str]) -> str:
    """Return a value of GitHub's with the secrets in it; a missing one is empty."""
    return re.sub(
        r"\$\{\{ secrets\.(\w+) \}\}", lambda match: secrets.get(match[1], ""), text
    )


def run_github(
    job: Mapping[str, Any], checkout: Checkout, secrets: Mapping[str, str]
) -> str:
    """Run a job's steps; the one that checks fails, as some backups did."""
    printed = ""
    for step in job["steps"]:
        assert ("run" in step) != ("uses" in step)
        values = {**job.get("env", {}), **step.get("env", {})}
        environ = {name: secret(text, secrets) for name, text in values.items()}
        assert not [text for text in environ.values() if "${{" in text]
        fails = "backup-badge check" in step.get("run", "")
        printed += checkout.run(step.get("run", ":"), fails=fails, **environ)
    return printed


def assert_published(main: dict[str, str], fork: dict[str, str]) -> None:
    """Assert that a fork's page shows the states that the site publishes."""
    assert {"failed", "overdue", "succeeded"} <= set(main.values())
    assert main["mail"] == "failed"
    assert fork == main


@pytest.mark.slow
def test_github_actions(furnished: Cloud, pages: Pages, tmp_path: Path) -> None:
    """GitHub: main publishes its statuses, and a fork builds from them, secretless."""
    document = workflow("github-actions.yml", site=pages.url)
    # YAML 1.1 takes the key "on" for true.
    assert {"push", "pull_request", "schedule"} < document[True].keys()
    jobs = document["jobs"]
    assert jobs["preview"]["if"] == "github.event_name == 'pull_request'"
    shown = []
    for job, secrets in (("publish", SECRETS), ("preview", {})):
        checkout = Checkout(directory=tmp_path / job)
        checkout.write(SPHINX, configuration="docs/backup-badge.toml")
        checkout.environ["GITHUB_STEP_SUMMARY"] = str(tmp_path / f"{job}.md")
        if secrets:
            checkout.environ["CLOUD_URL"] = furnished.url
        furnished.clear()
        printed = run_github(jobs[job], checkout, secrets)
        assert ("::error title=Backup mail" in printed) == bool(secrets)
        assert "failed | Mail |" in (tmp_path / f"{job}.md").read_text()
        assert checkout.installed == {"install backup-badge[sphinx]"}
        shown.append(checkout.shown("public"))
        pages.folder = checkout.directory / "public"
    assert furnished.requests == []
    assert_published(*shown)


@pytest.mark.slow
def test_gitlab(furnished: Cloud, pages: Pages, tmp_path: Path) -> None:
    """GitLab: the same, and the check is a report on tests."""
    document = workflow("gitlab-ci.yml", site=pages.url)
    before = document["default"]["before_script"]
    main = Checkout(directory=tmp_path / "main")
    fork = Checkout(directory=tmp_path / "fork")
    for checkout in (main, fork):
        checkout.write(MKDOCS, configuration="backup-badge.toml")
    main.environ.update(SECRETS, CLOUD_URL=furnished.url)

    def run(name: str, checkout: Checkout, *, fails: bool = False) -> str:
        job = document[name]
        script = "\n".join([*before, *job["script"]])
        return checkout.run(script, fails=fails, **job.get("variables", {}))

    run("pages", main)
    assert "\nfailed" in f"\n{run('backups', main, fails=True)}"
    report = document["backups"]["artifacts"]["reports"]["junit"]
    cases = ElementTree.parse(main.directory / report).getroot().iter("testcase")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert "mail" in failed
    pages.folder = main.directory / "public"
    furnished.clear()
    run("preview", fork)
    assert furnished.requests == []
    assert main.installed == fork.installed == {"install backup-badge[mkdocs]"}
    assert_published(main.shown("public"), fork.shown("public"))


@pytest.mark.slow
def test_read_the_docs(furnished: Cloud, pages: Pages, tmp_path: Path) -> None:
    """Read the Docs: a version is built with the secrets, a pull request without."""
    jobs = workflow("readthedocs.yaml", site=pages.url)["build"]["jobs"]
    main = Checkout(directory=tmp_path / "main")
    fork = Checkout(directory=tmp_path / "fork")
    main.environ.update(SECRETS, CLOUD_URL=furnished.url)
    for checkout, kind in ((main, "branch"), (fork, "external")):
        checkout.write(SPHINX, configuration="docs/backup-badge.toml")
        checkout.environ["READTHEDOCS_VERSION_TYPE"] = kind
        checkout.environ["READTHEDOCS_OUTPUT"] = str(checkout.directory / "output")
        furnished.clear()
        for command in (*jobs["install"], *jobs["build"]["html"]):
            checkout.run(command)
        pages.folder = main.directory / "output" / "html"
        assert checkout.installed == {"install backup-badge[sphinx]"}
    assert furnished.requests == []
    assert not set(SECRETS.values()) & set(fork.environ.values())
    assert_published(main.shown("output/html"), fork.shown("output/html"))
