"""What real repositories hold, as ``backup-badge discover`` finds it in them."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from command import run
from real_tools import tool


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, which is home, too, with something to save."""
    data = tmp_path / "data"
    (data / "etc").mkdir(parents=True)
    (data / "a").write_text("a")
    (data / "etc" / "b").write_text("b")
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*command: str) -> None:
    """Run a program that must succeed."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr


def configure(name: str, command: list[str], env: list[str], **more: str) -> None:
    """Write the configuration of one provider that runs a command."""
    lines = [f"command = {json.dumps(command)}", f"env = {json.dumps(env)}"]
    lines += [f'{key} = "{value}"' for key, value in more.items()]
    text = "\n".join([f"[providers.{name}]", *lines, ""])
    Path("backup-badge.toml").write_text(text)


def discovered(name: str) -> dict[str, dict[str, Any]]:
    """Return the tables that are printed, after what is written passes a check."""
    done = run("discover", name)
    assert done.code == 0, done.err
    assert run("discover", name, "--write").code == 0
    assert run("discover", name).out == ""
    assert "what is watched has" not in run("check", "--coverage").out
    sources: dict[str, dict[str, Any]] = tomllib.loads(done.out).get("sources", {})
    return sources


@pytest.mark.slow
def test_restic(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts, and the tags or paths of one that has several backups."""
    restic = tool("restic")
    monkeypatch.setenv("RESTIC_REPOSITORY", str(here / "repository"))
    monkeypatch.setenv("RESTIC_PASSWORD", "a password of the tests")
    call(restic, "init")
    backup = (restic, "backup", "--quiet", "--no-cache")
    call(*backup, "--host", "mail", "--tag", "nightly", "data")
    call(*backup, "--host", "web", "--tag", "db", "data")
    call(*backup, "--host", "web", "data/etc")
    call(*backup, "--host", "web", "data/etc")
    command = [restic, "snapshots", "--json", "--no-lock", "--no-cache"]
    configure("restic", command, ["RESTIC_REPOSITORY", "RESTIC_PASSWORD"])
    found = {name: table["address"] for name, table in discovered("restic").items()}
    path = "/".join((here / "data" / "etc").parts[1:])
    assert found == {
        "mail": "restic:host/mail",
        "web-db": "restic:host/web/tag/db",
        "web-etc": f"restic:host/web/path/{path}",
    }
    states = json.loads(run("status", "--format", "json").out)["sources"]
    # They are there: all that is missing is how old they may be.
    assert {one["problem"]["category"] for one in states.values()} == {"usage"}


@pytest.mark.slow
def test_borg(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The beginnings of archives' names, none of which stands for another's."""
    borg = tool("borg")
    variables = {
        "BORG_REPO": str(here / "repository"),
        "BORG_BASE_DIR": str(here),
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    call(borg, "init", "--encryption", "none")
    for archive in ("web-2026-11-27T02:00:00", "web-{now}", "web-db-{utcnow}", "once"):
        call(borg, "create", f"::{archive}", "data")
    configure("borg", [borg, "list", "--json"], list(variables), timezone="UTC")
    found = {name: table["address"] for name, table in discovered("borg").items()}
    assert found == {
        "web": "borg:glob/web-%5B0-9%5D%2A",
        "web-db": "borg:prefix/web-db-",
        "once": "borg:archive/once",
    }
    states = json.loads(run("status", "--format", "json").out)["sources"]
    # They are there: all that is missing is how old they may be.
    assert {one["problem"]["category"] for one in states.values()} == {"usage"}


@pytest.mark.slow
def test_an_empty_repository(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds nothing yet; one that is not there could not be listed."""
    restic = tool("restic")
    monkeypatch.setenv("RESTIC_REPOSITORY", str(here / "repository"))
    monkeypatch.setenv("RESTIC_PASSWORD", "a password of the tests")
    command = [restic, "snapshots", "--json", "--no-lock", "--no-cache"]
    configure("restic", command, ["RESTIC_REPOSITORY", "RESTIC_PASSWORD"])
    missing = run("discover", "restic")
    assert missing.code == 2
    assert "there is no repository" in missing.err
    call(restic, "init")
    empty = run("discover", "restic")
    assert (empty.code, empty.out) == (0, "")
    assert empty.err == "backup-badge: restic holds nothing yet\n"
    assert os.environ["RESTIC_PASSWORD"] not in missing.err
