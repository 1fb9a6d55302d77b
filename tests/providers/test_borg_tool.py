"""Real repositories of Borg: the providers read what borg and borgmatic print."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from real_tools import category, tool
from repositories import UNREADABLE, Repository

from backup_badge.providers.borg import Borg
from backup_badge.providers.borgmatic import Borgmatic
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.values.status import Status

NAMES = (
    "BORG_BASE_DIR",
    "BORG_PASSPHRASE",
    "BORG_RELOCATED_REPO_ACCESS_IS_OK",
    "BORG_REPO",
    "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK",
)
LIST = ("borg", "list", "--json")
INFO = ("borg", "info", "--json", "--last", "9")


class BorgRepository(Repository):
    """One of Borg's, whose machine is in UTC."""

    program = "borg"
    provider = Borg
    listing = LIST
    names = NAMES

    def save(self, name: str, *arguments: str, code: int = 0, more: str = "") -> None:
        targets = ("data", more) if more else ("data",)
        done = self.run("create", *arguments, f"::{name}", *targets)
        assert done.returncode == code, done.stderr

    def all_told(
        self, *addresses: str, timezone: str | None = "UTC", **more: Any
    ) -> dict[str, Status]:
        options = {"timezone": timezone} if timezone else {}
        return super().all_told(*addresses, options=options, **more)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty repository to copy."""
    tool("borg")
    root = tmp_path_factory.mktemp("template")
    assert made(root).run("init", "--encryption", "repokey").returncode == 0
    return root / "repository"


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> BorgRepository:
    """Return an empty repository; ``data`` is there to be saved."""
    shutil.copytree(template, tmp_path / "repository")
    return made(tmp_path)


def made(root: Path) -> BorgRepository:
    return BorgRepository.made(
        root,
        ("data",),
        TZ="UTC",
        BORG_BASE_DIR=str(root / "base"),
        BORG_REPO=str(root / "repository"),
        BORG_PASSPHRASE="correct horse",
    )


def test_an_empty_repository(repository: BorgRepository) -> None:
    """It has no archive, which is no fault and not green."""
    assert category(repository.told("latest")) is None


@pytest.mark.parametrize("command", [LIST, INFO], ids=["list", "info"])
def test_names_and_checkpoints(
    repository: BorgRepository, command: tuple[str, ...]
) -> None:
    """Each address finds its newest archive, and a checkpoint is none."""
    repository.save("web-1", "--timestamp", "2026-01-02T03:04:05")
    repository.save("web-0", "--timestamp", "2026-01-01T03:04:05")
    repository.save("db1-1")
    repository.save("web-2.checkpoint")
    if command is LIST:
        command = (*LIST, "--consider-checkpoints")
    found = repository.all_told(
        "latest",
        "prefix/db1-",
        "glob/db*",
        "prefix/web-",
        "glob/web-*",
        command=command,
    )
    assert [status.state for status in found.values()] == [
        State.SUCCEEDED,
        State.SUCCEEDED,
        State.SUCCEEDED,
        State.OVERDUE,
        State.OVERDUE,
    ]
    started = found["prefix/web-"].started
    assert started == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_zones(repository: BorgRepository, zone: str) -> None:
    """Borg writes the time of its zone, and the configured one tells which that is."""
    repository.save("db1")
    status = repository.told("latest", environ={"TZ": zone}, timezone=zone)
    assert status.state is State.SUCCEEDED
    assert status.started is not None
    assert abs(datetime.now(UTC) - status.started) < timedelta(minutes=10)
    status = repository.told("latest", environ={"TZ": zone}, timezone=None)
    assert category(status) is Category.INVALID_RESPONSE
    assert status.problem is not None and "'timezone'" in status.problem.message


def test_an_archive_that_lacks_files(repository: BorgRepository) -> None:
    """It exists like any other; without a max_age nobody can tell."""
    repository.save("db1", more=UNREADABLE, code=1)
    status = repository.told("latest")
    assert (status.state, status.native) == (State.SUCCEEDED, "exists")
    assert category(repository.told("latest", max_age=None)) is Category.USAGE


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"BORG_PASSPHRASE": "wrong horse"}, Category.UNAUTHORIZED),
        ({"BORG_REPO": "/nowhere"}, Category.NOT_FOUND),
        ({"BORG_REPO": "{root}/data"}, Category.NOT_FOUND),
        ({"BORG_REPO": ""}, Category.NOT_FOUND),
        ({"BORG_REPO": "ssh://127.0.0.1:1/repository"}, Category.UNREACHABLE),
    ],
    ids=[
        "wrong passphrase",
        "no repository",
        "another folder",
        "none named",
        "no host",
    ],
)
def test_what_goes_wrong(
    repository: BorgRepository, environ: dict[str, str], expected: Category
) -> None:
    """Each failure has its category and a sentence that quotes nothing of Borg's."""
    root = str(repository.root)
    environ = {name: text.replace("{root}", root) for name, text in environ.items()}
    status = repository.told("latest", environ=environ)
    assert category(status) is expected
    assert status.problem is not None
    assert status.problem.message.startswith("the command 'borg' failed: ")
    assert str(repository.root) not in status.problem.message


def test_nobody_is_asked_for_a_passphrase(repository: BorgRepository) -> None:
    """Without one Borg finds an empty standard input, and ends."""
    del repository.environ["BORG_PASSPHRASE"]
    assert category(repository.told("latest")) is Category.UNAUTHORIZED


def test_a_repository_that_moved(repository: BorgRepository) -> None:
    """Borg's question is a problem that names the variable, which then answers it."""
    repository.save("db1")
    moved = repository.root / "moved"
    (repository.root / "repository").rename(moved)
    repository.environ["BORG_REPO"] = str(moved)
    status = repository.told("latest")
    assert category(status) is Category.USAGE
    assert status.problem is not None
    assert "BORG_RELOCATED_REPO_ACCESS_IS_OK" in status.problem.message
    allowed = {"BORG_RELOCATED_REPO_ACCESS_IS_OK": "1"}
    status = repository.told("latest", environ=allowed)
    assert status.state is State.SUCCEEDED


def test_a_repository_without_encryption(repository: BorgRepository) -> None:
    """So is the question that Borg has where it sees one for the first time."""
    repository.environ["BORG_REPO"] = str(repository.root / "plain")
    assert repository.run("init", "--encryption", "none").returncode == 0
    repository.save("db1")
    elsewhere = {"BORG_BASE_DIR": str(repository.root / "elsewhere")}
    status = repository.told("latest", environ=elsewhere)
    assert category(status) is Category.USAGE
    allowed = {"BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes", **elsewhere}
    assert repository.told("latest", environ=allowed).state is State.SUCCEEDED


@pytest.fixture
def locked(repository: BorgRepository) -> Iterator[BorgRepository]:
    """Yield a repository that another process has locked for itself."""
    repository.save("db1")
    waiting = ("sh", "-c", "echo locked; read line")
    process = subprocess.Popen(
        ["borg", "with-lock", str(repository.root / "repository"), *waiting],
        env=repository.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        assert process.stdout.readline() == b"locked\n"
        yield repository
    finally:
        process.communicate(b"\n")


def test_a_lock(locked: BorgRepository) -> None:
    """It does not hinder a command with ``--bypass-lock``; the other learns of that."""
    status = locked.told("latest")
    assert category(status) is Category.UNREACHABLE
    assert status.problem is not None and "'--bypass-lock'" in status.problem.message
    bypassed = ("borg", "--bypass-lock", "list", "--json")
    assert locked.told("latest", bypassed).state is State.SUCCEEDED


@pytest.fixture
def read_only(repository: BorgRepository) -> Iterator[BorgRepository]:
    """Yield a repository that the user who asks may only read."""
    repository.save("db1")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        (root / "base").mkdir()
        (root / "base").chmod(0o777)
        copy = shutil.copytree(repository.root / "repository", root / "repository")
        paths = [copy, *copy.rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        base = {"BORG_BASE_DIR": str(root / "base"), "HOME": str(root)}
        environ = {**repository.environ, **base, "BORG_REPO": str(copy)}
        yield BorgRepository(root=root, environ=environ)
        for path in paths:
            path.chmod(0o755)


def test_a_repository_that_may_only_be_read(read_only: BorgRepository) -> None:
    """Borg reads it with ``--bypass-lock``, and asks nobody anything."""
    user: tuple[str, ...] = ()
    if os.geteuid() == 0:
        # Root may write anywhere.
        user = (tool("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups")
    status = read_only.told("latest", (*user, "borg", "list", "--json"))
    assert category(status) is Category.UNREACHABLE
    assert status.problem is not None and "'--bypass-lock'" in status.problem.message
    bypassed = (*user, "borg", "--bypass-lock", "list", "--json")
    assert read_only.told("latest", bypassed).state is State.SUCCEEDED


def test_a_broken_repository(repository: BorgRepository) -> None:
    """It is a failure, never green."""
    repository.save("db1")
    for segment in (repository.root / "repository" / "data" / "0").iterdir():
        segment.write_bytes(b"damaged")
    assert category(repository.told("latest")) is Category.INVALID_RESPONSE


@pytest.fixture
def two(repository: BorgRepository) -> BorgRepository:
    """Return the environment of two repositories, the second one empty."""
    tool("borgmatic")
    far = repository.root / "far"
    done = repository.run("init", "--encryption", "repokey", BORG_REPO=str(far))
    assert done.returncode == 0, done.stderr
    (repository.root / "borgmatic.yaml").write_text(
        f"""
location:
    source_directories: [{repository.root}/data]
    repositories: [{repository.root}/repository, {far}]
storage:
    encryption_passphrase: correct horse
    borg_base_directory: {repository.root}/base
"""
    )
    return repository


def matic(
    repository: BorgRepository, *addresses: str, action: str
) -> dict[str, Status]:
    configuration = str(repository.root / "borgmatic.yaml")
    return repository.all_told(
        *addresses,
        command=("borgmatic", "--config", configuration, *action.split(), "--json"),
        provider=Borgmatic,
    )


@pytest.mark.slow
def test_several_repositories(two: BorgRepository) -> None:
    """Each has its own state, and the one that lags behind speaks for all."""
    near, far = (
        f"repository/{quote(str(two.root / name), safe='')}"
        for name in ("repository", "far")
    )
    two.save("db1-1")
    found = matic(two, "latest", near, far, action="list")
    assert found[near].state is State.SUCCEEDED
    assert category(found[far]) is category(found["latest"]) is None
    two.environ["BORG_REPO"] = str(two.root / "far")
    two.save("db1-0", "--timestamp", "2026-01-02T03:04:05")
    for action in ("list", "info --last 1"):
        found = matic(two, "latest", near, f"{far}/prefix/db1-", action=action)
        states = [status.state for status in found.values()]
        assert states == [State.OVERDUE, State.SUCCEEDED, State.OVERDUE]


@pytest.mark.slow
def test_one_of_several_is_missing(two: BorgRepository) -> None:
    """borgmatic then prints nothing, so nobody learns of the others."""
    two.save("db1-1")
    shutil.rmtree(two.root / "far")
    status = matic(two, "latest", action="list")["latest"]
    assert category(status) is Category.NOT_FOUND


def test_no_configuration(two: BorgRepository) -> None:
    """It is a fault of the configuration of the site."""
    (two.root / "borgmatic.yaml").unlink()
    status = matic(two, "latest", action="list")["latest"]
    assert category(status) is Category.USAGE
