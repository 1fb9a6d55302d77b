"""The command ``backup-badge init``: a first configuration, and none overwritten."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from command import run

from backup_badge.config.load import load
from backup_badge.providers import OURS

GUIDES = Path(__file__).parents[2] / "docs" / "how-to" / "systems"
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
            ["healthchecks", "--address", "slug/orders-db"],
            {
                "providers": {"healthchecks": {"api_key": "${HEALTHCHECKS_KEY}"}},
                "sources": {"orders-db": {"address": "healthchecks:slug/orders-db"}},
            },
        ),
        (
            ["cloudback", "--max-age=1d", "--name=site"],
            {
                "max_age": "1d",
                "sources": {
                    "site": {"address": "cloudback:acme/website", "label": "Website"}
                },
            },
        ),
        (
            [
                "json",
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


@pytest.mark.parametrize("system", OURS)
def test_each_system_has_an_example(here: Path, system: str) -> None:
    """It is what the guide begins with; all that lacks is the system itself."""
    ran = run("init", system)
    assert (ran.code, ran.err) == (0, "")
    text = (here / NAME).read_text()
    guide = (GUIDES / f"{system}.md").read_text()
    begins = guide.split("```toml\n")[1].split("```")[0]
    assert [line for line in text.splitlines() if line and line[:2] != "# "] == [
        line for line in begins.splitlines() if line and line[:2] != "# "
    ]
    (source,) = load(here, environ={}).sources
    checked = run("check", "--offline")
    assert checked.code == 1
    assert f" {source} " in checked.out
    explained = run("explain", source, "--offline")
    assert explained.code == 0, explained.err
    assert f"{NAME}:" in explained.out


def test_what_to_do_next(here: Path) -> None:
    """It names the variables, and the command that lists what the system holds."""
    ran = run("init", "restic")
    assert ran.out == (
        f"{NAME} is written. Write the address of a backup of yours into it"
        " (backup-badge discover restic lists them). Set those of"
        " RESTIC_REPOSITORY, RESTIC_PASSWORD, RESTIC_PASSWORD_FILE that the command"
        " needs. Then run: backup-badge status\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gatus"], "Write the url of your server into it. Write the address of a b"),
        (["gatus", "--option=url=https://g.example.com"], "written. Write the addr"),
        (["prometheus", "--address=daily"], "url of your server into it. Then run: "),
        (["cloudback", "--address=acme/site"], "is written. Then run: backup-badge st"),
    ],
)
def test_what_is_yet_to_be_written(here: Path, arguments: list[str], said: str) -> None:
    """What stands for something of the reader's own is named, and nothing else."""
    assert said in run("init", *arguments).out


def test_an_address_with_nothing_to_fill_in(here: Path) -> None:
    """It need not be written anew, and so nobody is told to."""
    assert " See whether its lines fit what you have. " in run("init", "json").out


def test_where_it_belongs(here: Path) -> None:
    """Where the site is in a folder below, the file is told to move there."""
    (here / "docs").mkdir()
    (here / "docs" / "conf.py").touch()
    said = "A build reads it beside docs/conf.py: move it there."
    assert said in run("init", "cloudback").out
    assert "A build" not in run("init", "cloudback", "-c", f"docs/{NAME}").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["helthchecks"], "Did you mean 'healthchecks'?"),
        (
            ["json", "--address=document"],
            "The provider 'json' needs 'url', 'file' or 'command'.",
        ),
        (["cloudback", "--option", "x=1"], "'x' is not an option."),
        (["cloudback", "--option", "hunter2"], "--option takes KEY=VALUE"),
        (["restic", "--option", "command=restic 'snap"], "'command' must be"),
        (["json", "--option", "states=" + 3000 * "{a="], "'states' must be"),
        (["cloudback", "--address", "a"], "must have the form"),
        (["cloudback", "--max-age", "soon"], "'max_age' must be"),
        (
            ["healthchecks", "--option", "api_key=hunter2"],
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
    ran = run("init", "cloudback")
    assert (ran.code, (here / NAME).read_text()) == (2, "# mine\n")
    (here / NAME).unlink()
    (here / "pyproject.toml").write_text("[tool.backup-badge]\nmax_age = '1d'\n")
    ran = run("init", "cloudback")
    assert ran.code == 2
    assert "pyproject.toml configures backup-badge already" in ran.err
    assert not (here / NAME).exists()
    assert run("init", "cloudback", "-c", "other.toml").code == 0
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
    assert ran.out.endswith(
        " Set RACKSPACE_TOKEN in the environment. Then run: backup-badge status\n"
    )


def test_a_way_and_a_wrong_answer(here: Path) -> None:
    """Of several ways one is chosen; what is wrong is said, and asked again."""
    answers = ["velero", "file", "velero.json", "", "soon", "none"]
    ran = run("init", stdin="\n".join([*answers, ""]))
    assert ran.code == 0, ran.err
    assert tomllib.loads((here / NAME).read_text()) == {
        "providers": {"velero": {"file": "velero.json"}}
    }
    assert "A duration must be" in ran.out
