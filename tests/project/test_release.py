"""What a release uploads, and the workflow that does it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import yaml

from backup_badge import __version__

CHECKOUT = Path(__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
CHANGES = (CHECKOUT / "CHANGELOG.md").read_text()
WORKFLOW = CHECKOUT / ".github" / "workflows" / "release.yml"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)]+)\)")


@dataclass(frozen=True, kw_only=True)
class Release:
    """The two files of a release."""

    sdist: Path
    wheel: Path

    @property
    def metadata(self) -> Message:
        """What the index reads; the payload is the README."""
        with zipfile.ZipFile(self.wheel) as wheel:
            name = f"backup_badge-{__version__}.dist-info/METADATA"
            return message_from_bytes(wheel.read(name), policy=policy.default)


def build(project: Path, directory: Path, *targets: str) -> list[Path]:
    """Build with the backend that ``pyproject.toml`` names, and return the files."""
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-d", str(directory)]
    for target in targets:
        command += ["-t", target]
    done = subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(directory.iterdir())


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Both files, built from the checkout."""
    pytest.importorskip("hatch_fancy_pypi_readme", reason="nothing builds the README")
    wheel, sdist = build(CHECKOUT, tmp_path_factory.mktemp("dist"), "sdist", "wheel")
    return Release(sdist=sdist, wheel=wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    """Return the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.slow
def test_the_sdist_builds_the_same_wheel(release: Release, tmp_path: Path) -> None:
    """Who builds from the source gets each file as it is in the wheel."""
    with tarfile.open(release.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    (wheel,) = build(source, tmp_path / "dist", "wheel")
    assert wheel.name == release.wheel.name
    assert contents(wheel) == contents(release.wheel)
    assert {"tests", "docs", "examples"} < {path.name for path in source.iterdir()}


@pytest.mark.slow
def test_an_index_takes_both(release: Release) -> None:
    """Metadata and README are as an index wants them, to the last warning."""
    pytest.importorskip("twine", reason="twine is not installed")
    command = [sys.executable, "-m", "twine", "check", "--strict"]
    done = subprocess.run(
        [*command, str(release.sdist), str(release.wheel)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("PASSED") == 2


@pytest.mark.slow
def test_links_of_the_readme_work_on_an_index(release: Release) -> None:
    """Each is whole, below the one URL of the project, and leads to a file of ours."""
    base = PROJECT["urls"]["Source"]
    assert all(url.startswith(base) for url in PROJECT["urls"].values())
    readme = release.metadata.get_payload()
    assert isinstance(readme, str)
    links = [link for link in LINK.findall(readme) if not link.startswith("#")]
    own = [link for link in links if link.startswith(base)]
    assert len(own) > 30
    for link in links:
        assert re.match(r"https?://", link), link
    whole = re.compile(rf"{re.escape(base)}/(?:blob|raw)/v{__version__}/")
    relative = {whole.sub("", link) for link in own}
    for link in relative:
        assert (CHECKOUT / link.partition("#")[0]).is_file(), link
    written = (CHECKOUT / "README.md").read_text()
    assert base not in written
    assert relative <= {*LINK.findall(written)}


def test_workflows_can_do_without_a_release() -> None:
    """The guide to CI installs from the repository that the metadata name."""
    guide = (CHECKOUT / "docs" / "how-to" / "ci.md").read_text()
    assert f'[sphinx] @ git+{PROJECT["urls"]["Source"]}"' in guide


def test_the_changelog_keeps_its_form() -> None:
    """Versions, newest first, with dates; below them each kind of change once."""
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    first, *versions = re.split(r"^## ", CHANGES, flags=re.M)[1:]
    assert first.startswith("[Unreleased]\n")
    for one in versions:
        assert re.match(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d\n", one)
    for one in (first, *versions):
        told = re.findall(r"^### (.*)$", one, re.M)
        assert told == [kind for kind in kinds if kind in told]


@pytest.fixture
def jobs() -> dict[str, Any]:
    """The jobs of the workflow that releases."""
    document: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text())
    # YAML 1.1 takes the key "on" for true.
    assert document[True] == {"push": {"tags": ["v*"]}}
    assert document["permissions"] == {}
    jobs: dict[str, Any] = document["jobs"]
    return jobs


def test_rights_of_the_release_workflow(jobs: dict[str, Any]) -> None:
    """Only what is built and tested is published, where no code of ours runs."""
    rights = {name: set(job["permissions"]) for name, job in jobs.items()}
    assert rights == {
        "test": {"contents"},
        "build": {"contents"},
        "attest": {"attestations", "id-token"},
        "publish": {"id-token"},
        "announce": {"contents"},
    }
    assert set(jobs["attest"]["needs"]) == {"test", "build"}
    assert jobs["publish"]["needs"] == ["attest"]
    assert jobs["announce"]["needs"] == ["publish"]
    assert jobs["publish"]["environment"] == "release"
    assert not [step for step in jobs["publish"]["steps"] if "run" in step]
    assert "secrets." not in WORKFLOW.read_text()


def steps(jobs: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the steps of all jobs."""
    for job in jobs.values():
        yield from job["steps"]


def test_actions_of_the_release_workflow(jobs: dict[str, Any]) -> None:
    """Each is named by its commit, and the version beside it; checkouts keep no key."""
    used = [step for step in steps(jobs) if "uses" in step]
    for step in used:
        name, _, commit = step["uses"].partition("@")
        assert re.fullmatch("[0-9a-f]{40}", commit), name
        assert re.search(rf"{re.escape(step['uses'])} # v\d", WORKFLOW.read_text())
        if name == "actions/checkout":
            assert step["with"] == {"persist-credentials": False}
    names = {step["uses"].partition("@")[0] for step in used}
    assert {"actions/attest-build-provenance", "actions/attest-sbom"} < names


def run_step(jobs: dict[str, Any], name: str, directory: Path, tag: str) -> str | None:
    """Run a step as the service does; return what ``gh`` was told, None if it fails."""
    (step,) = [step for step in steps(jobs) if step.get("name") == name]
    programs = directory / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "gh").write_text('#!/bin/sh\necho "$@"\n')
    (programs / "gh").chmod(0o755)
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        cwd=directory,
        env={**os.environ, "PATH": path, "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout if done.returncode == 0 else None


def test_a_release_is_the_version_of_its_tag(
    jobs: dict[str, Any], tmp_path: Path
) -> None:
    """Another tag, or a changelog without the version, stops the release."""
    name = "The tag is the version, and the changelog has it"
    (tmp_path / "backup_badge").mkdir()
    version = (CHECKOUT / "backup_badge" / "_version.py").read_text()
    (tmp_path / "backup_badge" / "_version.py").write_text(version)
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    assert run_step(jobs, name, tmp_path, f"v{__version__}") is None
    head = f"## [{__version__}] - 2026-12-01\n\n### Added\n\n- All.\n\n## [0.0.9]"
    (tmp_path / "CHANGELOG.md").write_text(CHANGES.replace("## [Unreleased]", head))
    assert run_step(jobs, name, tmp_path, f"v{__version__}") == ""
    assert run_step(jobs, name, tmp_path, f"v{__version__}1") is None
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.whl").touch()
    told = run_step(jobs, "Release", tmp_path, f"v{__version__}")
    assert told and told.startswith(f"release create v{__version__} ")
    assert told.endswith(" dist/a.whl\n")
    assert (tmp_path / "changes.md").read_text() == "\n### Added\n\n- All.\n\n"


def test_the_version_stands_in_one_place() -> None:
    """Nothing but its own module says it, so that nothing else can be forgotten."""
    assert "version" in PROJECT["dynamic"]
    packages = ("backup_badge", "mkdocs_backup_badge", "sphinx_backup_badge")
    files = [CHECKOUT / "README.md", CHECKOUT / "pyproject.toml"]
    for folder in (CHECKOUT / name for name in ("docs", *packages)):
        files += [*folder.rglob("*.py"), *folder.rglob("*.md")]
    said = [file.name for file in files if f'"{__version__}"' in file.read_text()]
    assert said == ["_version.py"]
