"""A process of its own asks: the same answers, in time, and nothing stays behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import faults
import pytest
from asking import ENVIRON, TENANT, TOKEN, configure
from cloud import Cloud
from faults import Faulty

from backup_badge import Settings, Source, State, Status, worker
from backup_badge.catalog import find
from backup_badge.problems import Category
from backup_badge.resolver import Resolver

pytestmark = pytest.mark.slow

BADGES = ["cloudback:acme/website", "cloudback:acme/handbook", "cloudback:acme/nix"]
BACKUP = "rackspace:backup/0d95"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process finds its secrets where the host does."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def cloud(cloud: Cloud) -> Iterator[Cloud]:
    cloud.badges["acme", "website"] = "succeeded"
    cloud.badges["acme", "handbook"] = "failed"
    cloud.add_token(TOKEN, TENANT)
    cloud.add_backup(id="0d95", tenant=TENANT)
    return cloud


def sources(settings: Settings, *targets: str) -> list[Source]:
    """Return the sources that addresses stand for."""
    return [source for target in targets for source in find(settings, target)]


def resolve(
    settings: Settings, *targets: str, is_apart: bool = True
) -> tuple[list[Status], Resolver]:
    """Resolve as a host does that begins early; return what was told, and by whom."""
    resolver = Resolver(settings, apart=is_apart)
    asked = sources(settings, *targets)
    resolver.start(asked)
    assert not is_apart or not workers()
    statuses = resolver.resolve(asked)
    resolver.close()
    return [statuses[source] for source in asked], resolver


def workers() -> list[threading.Thread]:
    """Return the threads of this process that ask."""
    return [t for t in threading.enumerate() if t.name.endswith("(_work)")]


def running(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return " Z" not in Path(f"/proc/{pid}/stat").read_text().partition(")")[2][:3]
    except OSError:
        return False


def test_the_answers_are_the_same(cloud: Cloud, tmp_path: Path) -> None:
    """Whoever asks: statuses, problems and requests."""
    told = []
    for is_apart in (True, False):
        cloud.clear()
        cache = f"cache-{is_apart}"
        settings = configure(tmp_path, cloud.url, cache_dir=cache)
        statuses, _ = resolve(settings, *BADGES, BACKUP, is_apart=is_apart)
        requests = sorted(request.path for request in cloud.requests)
        told.append(([one._replace(checked=None) for one in statuses], requests))
        assert statuses[0].checked is not None
    assert told[0] == told[1]
    states = [status.state for status in told[0][0]]
    assert states == [State.SUCCEEDED, State.FAILED, State.UNKNOWN, State.SUCCEEDED]


def test_the_host_asks_nothing(cloud: Cloud, tmp_path: Path) -> None:
    """It loads no network library, opens no socket and starts no thread."""
    (tmp_path / "backup-badge.toml").write_text(
        f'[providers.cloudback]\nurl = "{cloud.url}"\n'
    )
    script = f"""
import sys, threading
from pathlib import Path
from backup_badge import Site, badge_mark, load
sys.addaudithook(lambda event, _: event.startswith("socket.") and print(event))
site = Site(load(Path(".")), apart=True)
mark = badge_mark({BADGES[0]!r}, {{}})
site.start([mark])
print(site.badge(mark).message, threading.active_count())
print(*{{"requests", "urllib3", "ssl"}} & set(sys.modules))
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.split("\n"), done.stderr) == (["succeeded 1", "", ""], "")


def test_the_cache_is_filled(cloud: Cloud, tmp_path: Path) -> None:
    """The next build asks nobody, and needs no process."""
    settings = configure(tmp_path, cloud.url)
    resolve(settings, *BADGES[:2])
    cloud.clear()
    resolver = Resolver(settings, apart=True)
    statuses = resolver.resolve(sources(settings, *BADGES[:2]))
    assert [one.state for one in statuses.values()] == [State.SUCCEEDED, State.FAILED]
    assert cloud.requests == []


def test_the_deadline_holds(tmp_path: Path) -> None:
    """A service that never answers costs what a build may spend, and is explained."""
    with Faulty(faults.never_answers) as url:
        settings = configure(tmp_path, url, timeout="9s", deadline="1s")
        begun = time.monotonic()
        (status,), _ = resolve(settings, BADGES[0])
    assert time.monotonic() - begun < 3
    assert status.problem and status.problem.category is Category.TIMEOUT
    assert "raise 'deadline'" in status.problem.message


@pytest.mark.parametrize("boot", ["import time; time.sleep(60)", "while True: pass"])
def test_a_process_that_hangs_is_ended(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, boot: str
) -> None:
    """Whatever it hangs in."""
    monkeypatch.setattr(worker, "_BOOT", boot)
    settings = configure(tmp_path, cloud.url, deadline="0.5s")
    begun = time.monotonic()
    (status,), _ = resolve(settings, BADGES[0])
    assert time.monotonic() - begun < 2.5
    assert status.problem and status.problem.category is Category.TIMEOUT


@pytest.mark.parametrize(
    "boot", ["raise ImportError", "print('no report')", "import os; os._exit(0)"]
)
def test_a_process_that_fails_is_replaced(
    cloud: Cloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    boot: str,
) -> None:
    """Its sources are asked for here, and no word of it reaches anybody."""
    monkeypatch.setattr(worker, "_BOOT", boot)
    settings = configure(tmp_path, cloud.url)
    (status,), _ = resolve(settings, BADGES[0])
    assert status.state is State.SUCCEEDED
    assert capfd.readouterr() == ("", "")


def test_what_start_up_files_print_is_no_report(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some print, whoever starts Python."""
    noise = "print('Welcome.' * 9999)\n"
    monkeypatch.setattr(worker, "_BOOT", noise + vars(worker)["_BOOT"])
    (status,), _ = resolve(configure(tmp_path, cloud.url), BADGES[0])
    assert status.state is State.SUCCEEDED
    assert len(cloud.requests) == 1


@pytest.mark.parametrize("executable", ["", "/nowhere/python3", "/usr/bin/server"])
def test_where_there_is_no_python_threads_ask(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    """Python may be part of another program, or gone."""
    monkeypatch.setattr(sys, "executable", executable)
    settings = configure(tmp_path, cloud.url)
    statuses, _ = resolve(settings, *BADGES[:2])
    assert [status.state for status in statuses] == [State.SUCCEEDED, State.FAILED]


def test_what_comes_later_is_asked_for_here(cloud: Cloud, tmp_path: Path) -> None:
    """Each source once, all the same."""
    settings = configure(tmp_path, cloud.url)
    resolver = Resolver(settings, apart=True)
    first, second, _ = sources(settings, *BADGES)
    resolver.start([first])
    resolver.start([second, first])
    assert workers() == []
    states = [status.state for status in resolver.resolve([first, second]).values()]
    assert states == [State.SUCCEEDED, State.FAILED]
    assert len(cloud.requests) == 2
    resolver.close()


def test_time_for_more(cloud: Cloud, tmp_path: Path) -> None:
    """What a process has answered needs no time; what it has not, half of it all."""
    elapsed = time.monotonic()
    settings = configure(tmp_path, cloud.url, deadline="20s")
    resolver = Resolver(settings, apart=True, clock=lambda: elapsed)
    first, second, _ = sources(settings, *BADGES)
    resolver.start([first])
    until = time.monotonic() + 10
    elapsed += 15
    while not resolver.has_time_for([first]) and time.monotonic() < until:
        time.sleep(0.01)
    assert resolver.has_time_for([first])
    assert not resolver.has_time_for([first, second])
    resolver.close()


def test_closing_ends_it(tmp_path: Path) -> None:
    """At once, and so does forgetting to close."""
    with Faulty(faults.never_answers) as url:
        for closes in (True, False):
            settings = configure(tmp_path, url)
            resolver = Resolver(settings, apart=True)
            resolver.start(sources(settings, BADGES[0]))
            process = vars(vars(resolver._asking)["_worker"])["_process"]
            assert process.poll() is None
            if closes:
                resolver.close()
            del resolver
            assert process.poll() is not None


def test_asking_after_closing(cloud: Cloud, tmp_path: Path) -> None:
    """A preview may give a build up, and go on with it."""
    resolver = Resolver(configure(tmp_path, cloud.url), apart=True)
    asked = sources(resolver.settings, *BADGES[:2])
    resolver.start(asked)
    resolver.close()
    states = [status.state for status in resolver.resolve(asked).values()]
    assert states == [State.SUCCEEDED, State.FAILED]
    resolver.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_copy_of_the_host_ends_nothing(cloud: Cloud, tmp_path: Path) -> None:
    """Sphinx forks while the process asks; what a copy forgets is still the host's."""
    cloud.latency = 0.5
    resolver = Resolver(configure(tmp_path, cloud.url), apart=True)
    asked = sources(resolver.settings, BADGES[0])
    resolver.start(asked)
    copy = os.fork()
    if not copy:
        resolver.close()
        os._exit(0)
    assert os.waitpid(copy, 0)[1] == 0
    assert not vars(resolver._asking)["_worker"].is_done
    assert [one.state for one in resolver.resolve(asked).values()] == [State.SUCCEEDED]
    assert len(cloud.requests) == 1
    resolver.close()


def test_it_ends_with_its_host(tmp_path: Path) -> None:
    """A host that is killed leaves nothing; what interrupts it is for it to handle."""
    with Faulty(faults.never_answers) as url:
        script = f"""
import sys, time
from pathlib import Path
sys.path[:0] = {sys.path!r}
from asking import configure
from backup_badge.resolver import Resolver
from backup_badge.catalog import find
settings = configure(Path({str(tmp_path)!r}), {url!r}, deadline="60s", timeout="60s")
resolver = Resolver(settings, apart=True)
resolver.start(find(settings, {BADGES[0]!r}))
print(resolver._asking._worker._process.pid, flush=True)
time.sleep(60)
"""
        command = [sys.executable, "-c", script]
        for number in (signal.SIGKILL, signal.SIGTERM):
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:
                assert host.stdout is not None
                pid = int(host.stdout.readline())
                time.sleep(1)
                assert running(pid)
                os.kill(pid, signal.SIGINT)
                time.sleep(0.2)
                assert running(pid)
                host.send_signal(number)
            until = time.monotonic() + 5
            while running(pid) and time.monotonic() < until:
                time.sleep(0.05)
            assert not running(pid)


def test_secrets_are_not_handed_over(cloud: Cloud, tmp_path: Path) -> None:
    """Neither in the task, nor on the command line: references are, and are enough."""
    settings = configure(tmp_path, cloud.url)
    addresses = [source.address for source in sources(settings, BACKUP)]
    task = worker.Task(
        settings=settings, addresses=tuple(a for a in addresses if a), until=0.0
    )
    assert TOKEN.encode() not in pickle.dumps(task)
    assert not any(TOKEN in entry for entry in sys.path)


def test_nothing_is_imported_from_where_the_build_runs(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page's directory may hold a file of any name."""
    for name in ("pickle", "signal", "backup_badge", "requests"):
        (tmp_path / f"{name}.py").write_text("open('imported', 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    (status,), _ = resolve(configure(tmp_path, cloud.url), BADGES[0])
    assert status.state is State.SUCCEEDED
    assert not (tmp_path / "imported").exists()


def test_trouble_with_the_cache_is_told(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process says what went wrong beside the sources, as threads do."""
    (tmp_path / "cache").write_text("in the way")
    settings = configure(tmp_path, cloud.url)
    (status,), resolver = resolve(settings, BADGES[0])
    assert status.state is State.SUCCEEDED
    assert any("cannot be written" in notice for notice in resolver.notices)
