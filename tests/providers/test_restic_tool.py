"""Real repositories of restic: the provider reads what the program prints."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from real_tools import category, told, tool
from repositories import UNREADABLE, Repository

from backup_badge.providers.restic import Restic
from backup_badge.values.problem import Category
from backup_badge.values.state import State

LIST = ("restic", "snapshots", "--json", "--no-lock", "--no-cache")
GROUPED = (*LIST, "--latest", "1", "--group-by", "host,paths,tags")


class ResticRepository(Repository):
    """One of restic's."""

    program = "restic"
    provider = Restic
    listing = LIST
    names = ("RESTIC_REPOSITORY", "RESTIC_PASSWORD")

    def save(self, *arguments: str) -> None:
        done = self.run("backup", "--quiet", *arguments)
        assert done.returncode in (0, 3), done.stderr


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty repository to copy: to make a key takes seconds."""
    tool("restic")
    root = tmp_path_factory.mktemp("template")
    repository = made(root)
    assert repository.run("init").returncode == 0
    return root / "repository"


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> ResticRepository:
    """Return an empty repository; ``data`` and ``more`` are there to be saved."""
    shutil.copytree(template, tmp_path / "repository")
    return made(tmp_path)


def made(root: Path) -> ResticRepository:
    return ResticRepository.made(
        root,
        ("data", "more"),
        RESTIC_REPOSITORY=str(root / "repository"),
        RESTIC_PASSWORD="correct horse",
    )


def test_an_empty_repository(repository: ResticRepository) -> None:
    """It has no snapshot, which is no fault and not green."""
    status = repository.told("latest")
    assert category(status) is None
    assert status.details.reason == "there is no snapshot yet"


@pytest.mark.parametrize("command", [LIST, GROUPED], ids=["plain", "grouped"])
def test_hosts_paths_and_tags(
    repository: ResticRepository, command: tuple[str, ...]
) -> None:
    """Each finds its newest snapshot, whichever way restic lists them."""
    old = ("--time", "2026-01-01 03:00:00")
    repository.save("--host", "web1", "--tag", "nightly", *old, "data")
    repository.save("--host", "db1", "--tag", "nightly", *old, "data")
    repository.save("--host", "db1", "--tag", "manual", "--tag", "x", "more")
    repository.save("--host", "db1", "--tag", "weekly", "data")
    data = f"path{repository.root}/data"
    fresh = ("latest", "host/db1", "tag/x", f"host/db1/{data}", f"tag/weekly/{data}")
    late = (
        "host/web1",
        "tag/nightly",
        "host/db1/tag/nightly",
        f"host/web1/{data}",
        f"host/db1/tag/nightly/{data}",
    )
    found = repository.all_told(*fresh, *late, "host/db2", command=command)
    assert category(found.pop("host/db2")) is Category.NOT_FOUND
    states = {address: status.state for address, status in found.items()}
    assert states == {
        **dict.fromkeys(fresh, State.SUCCEEDED),
        **dict.fromkeys(late, State.OVERDUE),
    }


def test_without_a_max_age(repository: ResticRepository) -> None:
    """That there is a snapshot is no success."""
    repository.save("data")
    assert category(repository.told("latest", max_age=None)) is Category.USAGE


def test_a_snapshot_that_lacks_files(repository: ResticRepository) -> None:
    """It exists like any other: only its job knows better."""
    repository.save("data", UNREADABLE)
    status = repository.told("latest")
    assert (status.state, status.native) == (State.SUCCEEDED, "exists")


@pytest.mark.parametrize(
    ("targets", "state", "reason"),
    [
        (["data"], State.SUCCEEDED, None),
        (
            ["data", UNREADABLE],
            State.COMPLETED_WITH_ERRORS,
            "some files could not be read",
        ),
        (["nowhere"], State.FAILED, None),
    ],
    ids=["good", "partial", "failed"],
)
@pytest.mark.parametrize("both", [True, False], ids=["both", "output"])
def test_what_the_job_said(
    repository: ResticRepository,
    targets: list[str],
    state: State,
    reason: str | None,
    both: bool,
) -> None:
    """A job that notes its exit code tells a good run from one that left files out."""
    errors = "2>&1" if both else ""
    script = f"""
        restic backup --json --quiet {" ".join(targets)} > run.new {errors}
        printf '{{"message_type":"exit","code":%d,"time":"%s"}}\\n' \
            $? "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >> run.new
        mv run.new run.json
    """
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=repository.root,
        env=repository.environ,
        capture_output=True,
    )
    assert done.returncode == 0
    options = {"file": str(repository.root / "run.json")}
    status = told(Restic, "run", options=options, environ={})["run"]
    assert (status.state, status.details.reason) == (state, reason)
    assert (status.last_success is not None) == (state is State.SUCCEEDED)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"RESTIC_PASSWORD": "wrong horse"}, Category.UNAUTHORIZED),
        ({"RESTIC_PASSWORD": ""}, Category.UNAUTHORIZED),
        ({"RESTIC_REPOSITORY": "nowhere"}, Category.NOT_FOUND),
        ({"RESTIC_REPOSITORY": ""}, Category.NOT_FOUND),
        ({"RESTIC_REPOSITORY": "rest:http://127.0.0.1:1/"}, Category.UNREACHABLE),
    ],
    ids=["wrong password", "no password", "no repository", "none named", "no host"],
)
def test_what_goes_wrong(
    repository: ResticRepository, environ: dict[str, str], expected: Category
) -> None:
    """Each failure has its category and a sentence that quotes nothing of restic's."""
    status = repository.told("latest", environ=environ)
    assert category(status) is expected
    assert status.problem is not None
    assert status.problem.message.startswith("the command 'restic' failed: ")
    assert str(repository.root) not in status.problem.message


def test_a_broken_repository(repository: ResticRepository) -> None:
    """A snapshot that cannot be read is a failure, or is left out: never green."""
    repository.save("data")
    (snapshot,) = (repository.root / "repository" / "snapshots").iterdir()
    snapshot.chmod(0o600)
    snapshot.write_bytes(b"damaged")
    assert repository.told("latest").state is State.UNKNOWN


@pytest.fixture
def locked(repository: ResticRepository) -> Iterator[ResticRepository]:
    """Yield a repository that another process has locked for itself."""
    repository.save("data")
    locks = repository.root / "repository" / "locks"
    process = subprocess.Popen(
        ["restic", "check", "--quiet"], cwd=repository.root, env=repository.environ
    )
    try:
        # A lock that is being written has "-tmp-" in its name.
        assert wait_for(lambda: any("-" not in lock.name for lock in locks.iterdir()))
        process.send_signal(signal.SIGSTOP)
        yield repository
    finally:
        process.kill()
        process.wait()


def test_a_lock(locked: ResticRepository) -> None:
    """It does not hinder a command with ``--no-lock``; the other learns of that."""
    assert locked.told("latest").state is State.SUCCEEDED
    status = locked.told("latest", ("restic", "snapshots", "--json"))
    assert category(status) is Category.UNREACHABLE
    assert status.problem is not None and "'--no-lock'" in status.problem.message


def wait_for(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.005)
    return is_so()
