"""The command ``backup-badge status``: what it prints, and what it exits with."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import world
from click.testing import CliRunner, Result
from cloud import Cloud

from backup_badge.cli import main
from backup_badge.values.state import State

EXAMPLE = Path(world.__file__).with_name("backup-badge.toml")
STATES = {
    "website": "succeeded",
    "handbook": "succeeded",
    "blog": "failed",
    "shop": "in_progress",
    "build-images": "scheduled",
    "playground": "unknown",
    "legacy-portal": "deleted",
    "orders-db": "succeeded",
    "ledger": "overdue",
    "invoices": "scheduled",
    "search-index": "in_progress",
    "mail": "failed",
    "reports": "skipped",
    "sandbox": "stopped",
    "staging": "stopped",
    "media-archive": "completed_with_errors",
    "old-wiki": "deleted",
    "media-run": "completed_with_errors",
    "payroll": "succeeded",
    "uploads": "in_progress",
    "wiki-dump": "failed",
    "photos": "overdue",
    "paper-scans": "stopped",
    "restore-drill": "succeeded",
}
BADGES = "[providers.cloudback]\nurl = '{url}'\n[sources.website]\n"
WEBSITE = BADGES + "address = 'cloudback:acme/website'\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, with nothing of ours in the environment."""
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args: str, **environ: str) -> Result:
    """Run the command; a traceback fails the test."""
    result = CliRunner().invoke(main, args, env=environ)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def configure(cloud: Cloud, here: Path, text: str = WEBSITE) -> None:
    """Write a configuration whose badges are served by the stand-in."""
    (here / "backup-badge.toml").write_text(text.format(url=cloud.url))


def secrets(cloud: Cloud) -> dict[str, str]:
    """The environment that the example's configuration refers to."""
    return world.environ(cloud)


def test_json(cloud: Cloud, here: Path) -> None:
    """As JSON: the status file's form, every configured source, every state."""
    world.furnish(cloud)
    for name in ("backup-badge.toml", "archive.json"):
        shutil.copy(EXAMPLE.with_name(name), here)
    result = run("status", "--format", "json", **secrets(cloud))
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert list(document) == ["schema", "generated", "sources"]
    said = {name: entry["state"] for name, entry in document["sources"].items()}
    assert said == STATES
    assert set(said.values()) == set(State)
    assert list(said) == list(STATES)
    assert document["sources"]["mail"]["details"]["reason"] == "agent_lost_connection"
    assert "demo-key" not in result.output
    # The document is a status file: what it says once, it says again, unasked.
    (here / "status.json").write_text(result.stdout)
    cloud.clear()
    again = run("status", "--format", "json", BACKUP_BADGE_STATUS_FILE="status.json")
    assert {n: e["state"] for n, e in json.loads(again.stdout)["sources"].items()} == (
        STATES
    )
    assert cloud.requests == []


def test_text(cloud: Cloud) -> None:
    """As text: one line for each source, the worst state first."""
    world.furnish(cloud)
    result = run("status", "-c", os.path.relpath(EXAMPLE), **secrets(cloud))
    assert (result.exit_code, result.stderr) == (0, "")
    heading, *lines = result.stdout.splitlines()
    assert heading.split()[:2] == ["STATE", "SOURCE"]
    said = [re.split(r"  +", line)[:2] for line in lines]
    states = {state.message: state for state in State}
    assert {name: states[message] for message, name in said} == STATES
    ranks = [states[message].rank for message, _ in said]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("named", "answered"),
    [
        (["mail"], ["mail"]),
        (["website", "mail", "website"], ["website", "mail"]),
        (
            ["group:archive"],
            [
                "legacy-portal",
                "media-archive",
                "old-wiki",
                "media-run",
                "photos",
                "paper-scans",
            ],
        ),
        (["cloudback:acme/website"], ["website"]),
        (["cloudback:acme/other"], ["cloudback:acme/other"]),
        (["cloudback:github/acme/repository/blog", "mail"], ["blog", "mail"]),
    ],
)
def test_sources(cloud: Cloud, named: list[str], answered: list[str]) -> None:
    """What is named is asked for, each source once, and nothing else."""
    world.furnish(cloud)
    args = ("status", "-c", str(EXAMPLE), "--format", "json", *named)
    result = run(*args, **secrets(cloud))
    assert list(json.loads(result.stdout)["sources"]) == answered
    badges = Counter(r.path for r in cloud.requests if r.path.startswith("/badge/"))
    assert set(badges.values()) <= {1}
    assert len(badges) <= len(answered)


def test_offline(cloud: Cloud, here: Path) -> None:
    """Offline nothing is asked: what is remembered is told, the rest is unknown."""
    cloud.badges["acme", "website"] = "succeeded"
    configure(
        cloud, here, WEBSITE + "[sources.other]\naddress = 'cloudback:acme/other'\n"
    )
    run("status", "website")
    assert len(cloud.requests) == 1
    result = run("status", "--offline", "--format", "json")
    entries = json.loads(result.stdout)["sources"]
    assert (result.exit_code, len(cloud.requests)) == (0, 1)
    assert entries["website"]["state"] == "succeeded"
    assert entries["other"]["state"] == "unknown"
    assert entries["other"]["problem"]["category"] == "offline"


@pytest.mark.parametrize(
    ("files", "args", "said"),
    [
        ({}, "status", "there is no source: configure one in backup-badge.toml"),
        ({}, "status orders-db", "there is no source named 'orders-db'. No source is"),
        ({}, "status group:x", "there is no group named 'x'."),
        ({}, "status cloudback:acme", "'cloudback:acme' must have the form"),
        ({}, "status cloudbak:a/b", "Did you mean 'cloudback'?"),
        ({}, "status rackspace:backup/1", "configure [providers.rackspace]"),
        ({}, "status -c missing.toml", "missing.toml: there is no such file"),
        ({}, "status -c .", ".: is a directory, not a file"),
        ({}, "status --format yaml", "'yaml' is not one of 'text', 'json'"),
        ({}, "status --offlin", "No such option"),
        ({}, "statsu", "No such command 'statsu'"),
        ({"backup-badge.toml": WEBSITE}, "status websit", "Did you mean 'website'?"),
        ({"backup-badge.toml": "a = ["}, "status", "backup-badge.toml"),
        ({"backup-badge.toml": "\0"}, "status", "backup-badge.toml:1: not valid TOML"),
        ({"backup-badge.toml": "max_agee = 1"}, "status", "Did you mean 'max_age'?"),
        ({"x.toml": "max_agee = 1"}, "status -c x.toml", "x.toml:1: 'max_agee' is not"),
        ({"pyproject.toml": "[tool.backup-badge]\na = 1"}, "status", "toml:2: 'a' is"),
        ({"backup-badge.toml": BADGES}, "status", "the source 'website' has no"),
    ],
)
def test_mistakes(here: Path, files: dict[str, str], args: str, said: str) -> None:
    """A mistake is told in a sentence on stderr, and the command exits with 2."""
    for name, text in files.items():
        (here / name).write_text(text.replace("{url}", "http://127.0.0.1:1"))
    result = run(*args.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
    assert len(result.stderr.splitlines()) <= 4


def test_every_fault_and_no_secret(here: Path) -> None:
    """A broken configuration is told whole, but for what is secret in it."""
    text = "[providers.rackspace]\ntenat = '1'\ntoken = 'hunter2'\n"
    (here / "backup-badge.toml").write_text(text)
    result = run("status")
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines)) == (2, 2)
    assert lines[0].endswith("'tenat' is not an option. Did you mean 'tenant'?")
    assert "hunter2" not in result.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WEBSITE, "gave no answer"),
        (
            "[providers.rackspace]\nurl = '{url}'\ntenant = '1'\ntoken = '${{TOKEN}}'\n"
            "[sources.website]\naddress = 'rackspace:backup/1'\n",
            "the environment variable TOKEN is not set",
        ),
        ("status_file = 'missing.json'\n" + WEBSITE, "missing.json cannot be read"),
    ],
)
def test_no_answer(here: Path, text: str, reason: str) -> None:
    """A source that could not be asked is unknown, says why, and is no error."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        (here / "backup-badge.toml").write_text(text.format(url=url))
        result = run("status")
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if "website" in line]
    assert line.startswith("unknown")
    assert reason in line


def test_hostile_texts(cloud: Cloud, here: Path) -> None:
    """Nothing that a service or a name says is obeyed by a terminal."""
    cloud.badges["acme", "website"] = "<svg><title>\x9b2Jsucceeded\u202e</title></svg>"
    configure(cloud, here, WEBSITE + 'label = "a\\u202eb"\n')
    for form in ("text", "json"):
        result = run("status", "website", "--format", form)
        assert result.exit_code == 0
        assert not set(result.output) & set("\x1b\x9b\u202e")
    result = run("status", "no\x1b[2J\x9bsuch")
    assert result.exit_code == 2
    assert not set(result.output) & set("\x1b\x9b")


def test_for_real(cloud: Cloud, here: Path) -> None:
    """The installed module runs as a subprocess, whatever the encoding."""
    cloud.badges["acme", "website"] = "succeeded"
    configure(cloud, here, WEBSITE.replace("website]", '"w→bsite"]'))
    done = subprocess.run(
        [sys.executable, "-m", "backup_badge.cli", "status"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].split()[:2] == ["succeeded", "w?bsite"]


def test_version_and_help() -> None:
    """The command says what it is and shows examples."""
    assert run("--version").stdout.startswith("backup-badge, version ")
    for args in (["--help"], ["status", "-h"]):
        result = run(*args)
        assert result.exit_code == 0
        assert "Examples:\n" in result.stdout


def test_what_is_cached_follows_the_allowed_age(here: Path) -> None:
    """A system that tells only that there is a backup is good by a max_age alone.

    What it said under another one is not taken for an answer, in neither direction.
    """
    (here / "told.json").write_text(f'{{"ended": "{datetime.now(UTC).isoformat()}"}}')
    source = f'''
[providers.json]
command = ["cat", "{here / "told.json"}"]
finished = "ended"
[sources.a]
address = "json:document"
'''
    for setting, state in 2 * (("", "unknown"), ('max_age = "1d"', "succeeded")):
        (here / "backup-badge.toml").write_text(setting + source)
        assert run("status").stdout.splitlines()[1].startswith(state)
