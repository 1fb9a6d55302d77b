"""``backup-badge export``: from the command line to files that others build from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cloud import Cloud
from command import configure, run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, with nothing of ours in the environment."""
    for name in ("BACKUP_BADGE_OFFLINE", "BACKUP_BADGE_STATUS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(directory: Path) -> dict[str, bytes]:
    """The files in a directory."""
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_export(cloud: Cloud, here: Path) -> None:
    """Every configured source is written, whatever its state, and one line says so."""
    configure(here, cloud, site="succeeded", wiki="failed")
    done = run("export", "public/backup")
    assert (done.code, done.err) == (0, "")
    where = Path("public/backup")
    assert done.out == f"2 sources exported to {where}: 1 failed, 1 succeeded\n"
    names = ["backup-badge.css", "backup-badge.js", "backup-status.json"]
    names += ["backup-table.js", "index.html"]
    names += ["site.json", "site.svg", "wiki.json", "wiki.svg"]
    assert sorted(files(where)) == names
    assert json.loads((where / "wiki.json").read_bytes())["message"] == "failed"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["site"], ["site"]),
        (["--group", "web"], ["wiki"]),
        (["-", "site"], ["wiki", "site"]),
        (["cloudback:other/x"], ["cloudback:other/x"]),
    ],
)
def test_what_is_exported(
    cloud: Cloud, here: Path, arguments: list[str], names: list[str]
) -> None:
    """Sources can be named, as for the other commands."""
    configure(here, cloud, site="succeeded", wiki="failed")
    path = here / "backup-badge.toml"
    path.write_text(path.read_text() + 'groups = ["web"]\n')
    assert run("export", "public", *arguments, stdin="wiki\n").code == 0
    document = json.loads((here / "public" / "backup-status.json").read_bytes())
    assert list(document["sources"]) == names


def test_the_same_bytes(
    cloud: Cloud, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SOURCE_DATE_EPOCH an export of the same statuses is the same to the byte."""
    configure(here, cloud, site="succeeded", wiki="failed")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795233600")
    run("export", "one")
    run("export", "two")
    assert files(here / "one") == files(here / "two")
    document = json.loads((here / "one" / "backup-status.json").read_bytes())
    assert document["generated"] == "2026-11-21T04:00:00Z"
    assert len(cloud.requests) == 2


def test_another_build_reads_the_status_file(
    cloud: Cloud, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was exported answers elsewhere, without network or secrets."""
    configure(here, cloud, site="succeeded", wiki="failed")
    run("export", "public")
    cloud.clear()
    cloud.badges.clear()
    (here / ".cache").rename(here / "elsewhere")
    monkeypatch.setenv("BACKUP_BADGE_STATUS_FILE", "public/backup-status.json")
    again = run("status", "--offline", "--format", "json")
    states = {n: s["state"] for n, s in json.loads(again.out)["sources"].items()}
    assert states == {"site": "succeeded", "wiki": "failed"}
    assert cloud.requests == []


def test_bad_news_is_exported_too(cloud: Cloud, here: Path) -> None:
    """A source that cannot be asked replaces its green badge by one that is not."""
    configure(here, cloud, head='cache_ttl = "0s"', site="succeeded")
    run("export", "public")
    cloud.badges["acme", "site"] = "<html>Sign in</html>"
    (here / ".cache").rename(here / "elsewhere")
    assert run("export", "public").code == 0
    document = json.loads((here / "public" / "site.json").read_bytes())
    assert (document["message"], document["isError"]) == ("unknown", True)


def test_a_folder_with_other_files(cloud: Cloud, here: Path) -> None:
    """Files that no export wrote stay, and the command says which they are."""
    configure(here, cloud, site="succeeded")
    (here / "public").mkdir()
    (here / "public" / "index.html").write_text("mine")
    done = run("export", "public")
    assert (done.code, done.out) == (2, "")
    assert "the folder public has a file that no export wrote: index.html" in done.err
    assert files(here / "public") == {"index.html": b"mine"}


def test_nothing_configured(cloud: Cloud, here: Path) -> None:
    """Without a source the command fails, and what was exported before stays."""
    configure(here, cloud, site="succeeded")
    run("export", "public")
    before = files(here / "public")
    (here / "backup-badge.toml").write_text("")
    done = run("export", "public")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: there is no source: ")
    assert files(here / "public") == before


@pytest.mark.parametrize(
    ("arguments", "epoch", "said"),
    [
        ([], None, "Missing argument 'DIR'"),
        (["public", "sit"], None, "Did you mean 'site'?"),
        (["public"], "today", "SOURCE_DATE_EPOCH must be a number of seconds"),
        (["backup-badge.toml"], None, "backup-badge.toml"),
        (["backup-badge.toml/x"], None, "Not a directory"),
    ],
)
def test_mistakes(
    cloud: Cloud,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    epoch: str | None,
    said: str,
) -> None:
    """What cannot be written is told in a sentence, and exits with 2."""
    configure(here, cloud, site="succeeded")
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    done = run("export", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (here / "public").exists()
