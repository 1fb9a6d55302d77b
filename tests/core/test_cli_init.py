"""The command ``backup-badge init``: a first configuration, and none overwritten."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from command import run

from backup_badge.config.load import load

NAME = "backup-badge.toml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (
            ["--provider", "healthchecks", "--address", "slug/orders-db"],
            {
                "max_age": "26h",
                "providers": {"healthchecks": {"api_key": "${HEALTHCHECKS_API_KEY}"}},
                "sources": {"orders-db": {"address": "healthchecks:slug/orders-db"}},
            },
        ),
        (
            ["--provider", "cloudback", "--max-age", ""],
            {},
        ),
        (
            [
                "--provider=json",
                "--option=command=tool --json 'two words'",
                "--option=env=A, B",
                "--option=word=state",
                '--option=states={ "well done" = "succeeded" }',
                "--address=json:document",
                "--name=Orders DB",
                "--max-age=7d",
            ],
            {
                "max_age": "7d",
                "providers": {
                    "json": {
                        "command": ["tool", "--json", "two words"],
                        "env": ["A", "B"],
                        "word": "state",
                        "states": {"well done": "succeeded"},
                    }
                },
                "sources": {"Orders DB": {"address": "json:document"}},
            },
        ),
    ],
)
def test_from_arguments(
    here: Path, arguments: list[str], written: dict[str, object]
) -> None:
    """Arguments make a configuration that is valid, with references for secrets."""
    ran = run("init", *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{NAME} is written. ")
    assert tomllib.loads((here / NAME).read_text()) == written
    load(here, environ={})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--provider", "helthchecks"], "Did you mean 'healthchecks'?"),
        (
            ["--provider", "json"],
            "The provider 'json' needs 'url', 'file' or 'command'.",
        ),
        (["--provider", "cloudback", "--option", "x=1"], "'x' is not an option."),
        (["--provider", "cloudback", "--option", "url"], "--option takes KEY=VALUE"),
        (["--provider", "cloudback", "--address", "a"], "must have the form"),
        (["--provider", "cloudback", "--max-age", "soon"], "'max_age' must be"),
        (
            ["--provider", "healthchecks", "--option", "api_key=hunter2"],
            "'api_key' is a secret: write it as a reference",
        ),
        ([], "there is nobody to ask; nothing was written"),
    ],
)
def test_nothing_invalid_is_written(
    here: Path, arguments: list[str], said: str
) -> None:
    """What would not be valid is told, exit code 2, and no file is there."""
    ran = run("init", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "hunter2" not in ran.err
    assert list(here.iterdir()) == []


def test_nothing_is_overwritten(here: Path) -> None:
    """A configuration that is there stays, and so does one in pyproject.toml."""
    (here / NAME).write_text("# mine\n")
    ran = run("init", "--provider", "cloudback")
    assert (ran.code, (here / NAME).read_text()) == (2, "# mine\n")
    (here / NAME).unlink()
    (here / "pyproject.toml").write_text("[tool.backup-badge]\nmax_age = '1d'\n")
    ran = run("init", "--provider", "cloudback")
    assert ran.code == 2
    assert "pyproject.toml configures backup-badge already" in ran.err
    assert not (here / NAME).exists()
    assert run("init", "--provider", "cloudback", "-c", "other.toml").code == 0
    assert (here / "other.toml").exists()


def test_by_asking(here: Path) -> None:
    """Without a system it asks for what is needed, and for a first source."""
    answers = [
        "rackspace",
        "token",
        "",
        "123456",
        "region",
        "iad",
        "configuration/12",
        "orders",
        "2d",
    ]
    ran = run("init", stdin="\n".join([*answers, ""]))
    assert ran.code == 0, ran.err
    assert tomllib.loads((here / NAME).read_text()) == {
        "max_age": "2d",
        "providers": {
            "rackspace": {
                "token": "${RACKSPACE_TOKEN}",
                "tenant": "123456",
                "region": "iad",
            }
        },
        "sources": {"orders": {"address": "rackspace:configuration/12"}},
    }
    assert ran.out.endswith("Set RACKSPACE_TOKEN, then run: backup-badge status\n")


def test_a_way_and_a_wrong_answer(here: Path) -> None:
    """Of several ways one is chosen; what is wrong is said, and asked again."""
    answers = ["velero", "file", "velero.json", "", "soon", "none"]
    ran = run("init", stdin="\n".join([*answers, ""]))
    assert ran.code == 0, ran.err
    assert tomllib.loads((here / NAME).read_text()) == {
        "providers": {"velero": {"file": "velero.json"}}
    }
    assert "A duration must be" in ran.out
