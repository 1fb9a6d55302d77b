"""Answers are remembered for their account alone, and no trouble with that is fatal."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from asking import ENVIRON, TENANT, TOKEN, configure, providers
from cloud import Cloud

from backup_badge import Settings, State, Status
from backup_badge.ask.answers import Answers
from backup_badge.ask.cache import Cache
from backup_badge.ask.find import find
from backup_badge.ask.resolver import Resolver
from backup_badge.config.settings import ProviderSettings
from backup_badge.files import read_file, replace_file
from backup_badge.values.problem import Category
from backup_badge.values.source import Address, Source, parse_address

WEBSITE = "cloudback:acme/website"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NONE: Mapping[str, Any] = MappingProxyType({})


class Build:
    """One build: resolves addresses at a time of its own."""

    def __init__(self, settings: Settings, *, after: timedelta = timedelta()) -> None:
        self.settings = settings
        self.now = NOW + after
        self.notices: tuple[str, ...] = ()

    def ask(self, *addresses: str, environ: dict[str, str] = ENVIRON) -> list[Status]:
        resolver = Resolver(self.settings, now=lambda: self.now, environ=environ)
        sources = [
            find(self.settings, address)[0] for address in addresses or [WEBSITE]
        ]
        statuses = resolver.resolve(sources)
        self.notices = resolver.notices
        return [statuses[source] for source in sources]

    def state(self, address: str = WEBSITE) -> State:
        (status,) = self.ask(address)
        return status.state


@pytest.fixture
def account(cloud: Cloud) -> Cloud:
    """The stand-in service, with a good badge, a good backup and a token for it."""
    cloud.badges["acme", "website"] = "succeeded"
    cloud.add_token(TOKEN, TENANT)
    cloud.add_backup(id="b", ended=NOW - MINUTE)
    return cloud


@pytest.fixture
def settings(account: Cloud, tmp_path: Path) -> Settings:
    return configure(tmp_path, account.url)


def entries(settings: Settings) -> list[Path]:
    """Return the cache's files but for those that mark it as a cache."""
    return sorted(settings.cache_dir.glob("*.json"))


def test_fresh(account: Cloud, settings: Settings) -> None:
    """A fresh answer costs no request, and is the same to the last detail."""
    addresses = (WEBSITE, "rackspace:backup/b")
    first = Build(settings).ask(*addresses)
    account.clear()
    second = Build(settings, after=5 * MINUTE).ask(*addresses)
    assert account.requests == []
    kept = [(s.state, s.native, s.started, s.finished, s.details) for s in first]
    assert kept == [
        (s.state, s.native, s.started, s.finished, s.details) for s in second
    ]
    assert [status.checked for status in second] == [NOW, NOW]


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        (0 * MINUTE, 0),
        (5 * MINUTE, 0),
        (6 * MINUTE, 1),
        (-4 * MINUTE, 0),
        (-6 * MINUTE, 1),
    ],
)
def test_age(account: Cloud, settings: Settings, after: timedelta, asked: int) -> None:
    """An answer is fresh for cache_ttl, and one from the future isn't remembered."""
    Build(settings).ask()
    account.clear()
    assert Build(settings, after=after).state() is State.SUCCEEDED
    assert len(account.requests) == asked


def test_judged_again(account: Cloud, tmp_path: Path) -> None:
    """What is remembered is what was said; how old that is, is judged each time."""
    settings = configure(tmp_path, account.url, max_age="10m", cache_ttl="1h")
    account.clear()
    assert Build(settings).state("rackspace:backup/b") is State.SUCCEEDED
    account.clear()
    later = Build(settings, after=15 * MINUTE)
    assert later.state("rackspace:backup/b") is State.OVERDUE
    assert account.requests == []


@pytest.mark.parametrize("badge", ["", "paused", "<html/>"])
def test_news_that_is_no_status(account: Cloud, settings: Settings, badge: str) -> None:
    """An answer that cannot be understood replaces what was remembered, for good."""
    assert Build(settings).state() is State.SUCCEEDED
    account.badges["acme", "website"] = badge
    later = replace(settings, deadline=timedelta(seconds=0.3))
    assert Build(settings, after=6 * MINUTE).state() is State.UNKNOWN
    assert entries(settings) == []
    account.down = True
    assert Build(later, after=7 * MINUTE).state() is State.UNKNOWN
    assert Build(replace(settings, offline=True)).state() is State.UNKNOWN
    account.down = False
    account.badges["acme", "website"] = "failed"
    assert Build(settings, after=7 * MINUTE).state() is State.FAILED


@pytest.mark.parametrize("ttl", ["1s", "30d"])
def test_ages_do_not_depend_on_each_other(
    account: Cloud, tmp_path: Path, ttl: str
) -> None:
    """How long an answer is fresh is no matter of how long it may stand in."""
    settings = configure(
        tmp_path, account.url, cache_ttl=ttl, stale_if_error="10m", deadline="0.3s"
    )
    Build(replace(settings, deadline=6 * MINUTE)).ask()
    account.clear()
    account.down = True
    for hours in (0.1, 240):
        build = Build(settings, after=hours * 60 * MINUTE)
        (status,) = build.ask()
        # Without times what only stands in is never green.
        assert status.state is (State.SUCCEEDED if ttl == "30d" else State.UNKNOWN)
        assert status.stale is (ttl == "1s" and hours < 1)
    assert bool(account.requests) is (ttl == "1s")


def rewritten(**fields: Any) -> Callable[[bytes], bytes]:
    """Return what changes fields of an entry, ``status_`` ones those of its status."""

    def rewrite(content: bytes) -> bytes:
        entry = json.loads(content)
        for name, value in fields.items():
            inside = name.startswith("status_")
            (entry["status"] if inside else entry)[name.removeprefix("status_")] = value
        return json.dumps(entry).encode()

    return rewrite


class Bomb:
    """What executes code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (42,)


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "truncated": lambda content: content[: len(content) // 2],
    "last-brace": lambda content: content.rstrip()[:-1],
    "zeros": lambda content: bytes(len(content)),
    "binary": lambda content: b"\xff\xfe\x00" + content,
    "pickle": lambda content: pickle.dumps(Bomb()),
    "list": lambda content: b"[" + content + b"]",
    "null": lambda content: b"null",
    "foreign": lambda content: b'{"name": "left-pad", "versions": []}',
    "deep": lambda content: b"[" * 200_000,
    "nan": lambda content: content.replace(b"null", b"NaN", 1),
    "number": lambda content: b"1" * 5000,
    "no-address": rewritten(address=None),
    "another-address": rewritten(address="cloudback:acme/other"),
    "status-list": rewritten(status=["succeeded"]),
    "status-text": rewritten(status="succeeded"),
    "no-state": rewritten(status_reported_state=None),
    "another-state": rewritten(status_reported_state="fine"),
    "state-number": rewritten(status_reported_state=1),
    "state-list": rewritten(status_reported_state=[]),
    "checked-number": rewritten(status_checked=5),
    "checked-word": rewritten(status_checked="today"),
    "finished": rewritten(status_finished="0001-01-01T00:00:00+23:59"),
    "details": rewritten(status_details=[]),
    "validator": rewritten(status_validator=5),
    "problem": rewritten(status_problem={"category": "bad luck", "message": "x"}),
}
IGNORED: dict[str, Callable[[bytes], bytes]] = {
    "newer-version": rewritten(version=2),
    "text-version": rewritten(version="1"),
    "no-status": rewritten(version=0, status=None),
    "never-checked": rewritten(status_checked=None),
    "a-problem": rewritten(status_problem={"category": "offline", "message": "x"}),
    "from-the-future": rewritten(status_checked="2999-01-01T00:00:00Z"),
    "too-old": rewritten(status_checked="2014-08-05T18:22:22Z"),
}


@pytest.mark.parametrize(
    ("damage", "noticed"),
    [
        *(pytest.param(damage, True, id=name) for name, damage in DAMAGED.items()),
        *(pytest.param(damage, False, id=name) for name, damage in IGNORED.items()),
    ],
)
def test_damaged(
    account: Cloud,
    settings: Settings,
    damage: Callable[[bytes], bytes],
    *,
    noticed: bool,
) -> None:
    """A damaged or foreign file is ignored, with one notice, and is then replaced."""
    Build(settings).ask()
    (entry,) = entries(settings)
    whole = entry.read_bytes()
    entry.write_bytes(damage(whole))
    account.badges["acme", "website"] = "failed"
    build = Build(settings)
    assert build.state() is State.FAILED
    assert len(build.notices) == noticed
    assert all("is ignored: it is damaged" in notice for notice in build.notices)
    account.clear()
    assert Build(settings).state() is State.FAILED
    assert account.requests == []


def test_damage_and_a_failing_server(account: Cloud, tmp_path: Path) -> None:
    """A damaged entry stands in for nothing."""
    settings = configure(tmp_path, account.url)
    Build(settings).ask()
    entries(settings)[0].write_bytes(b"{")
    account.down = True
    settings = configure(tmp_path, account.url, deadline="0.3s")
    (status,) = Build(settings).ask()
    assert status.state is State.UNKNOWN
    assert status.problem is not None
    assert status.problem.category is Category.UNREACHABLE


def file_in_place(directory: Path) -> None:
    directory.write_text("not a directory")


def dangling_link(directory: Path) -> None:
    directory.symlink_to(directory / "nowhere")


def link_to_a_device(directory: Path) -> None:
    directory.symlink_to(os.devnull)


@pytest.mark.parametrize("obstacle", [file_in_place, dangling_link, link_to_a_device])
def test_no_directory(
    account: Cloud, settings: Settings, obstacle: Callable[[Path], None]
) -> None:
    """Where no cache can be, everything works, and a notice says so once."""
    obstacle(settings.cache_dir)
    for _ in range(2):
        build = Build(settings)
        statuses = build.ask(WEBSITE, "rackspace:backup/b", "cloudback:acme/other")
        assert [status.state for status in statuses][:2] == [State.SUCCEEDED] * 2
        assert "cannot be written" in " ".join(build.notices)
        assert len(build.notices) == len(set(build.notices)) <= 2
    assert len(account.requests) == 6


def test_directory_in_the_place_of_an_entry(account: Cloud, settings: Settings) -> None:
    """An entry that cannot be read or replaced costs its own freshness alone."""
    Build(settings).ask(WEBSITE, "rackspace:backup/b")
    account.clear()
    for entry in entries(settings):
        if b"acme" in entry.read_bytes():
            entry.unlink()
            (entry / "inside").mkdir(parents=True)
    build = Build(settings)
    statuses = build.ask(WEBSITE, "rackspace:backup/b")
    assert [status.state for status in statuses] == [State.SUCCEEDED] * 2
    assert len(account.requests) == 1
    assert len(build.notices) == 2
    assert leftovers(settings.cache_dir) == []


def watched(address: Address, options: Mapping[str, Any] = NONE) -> Source:
    """Return a source with options of its own."""
    return Source(name=str(address), address=address, label="", options=options)


def leftovers(directory: Path) -> list[str]:
    """Return the temporary files that a writer left behind."""
    expected = {".gitignore", "CACHEDIR.TAG"}
    names = {path.name for path in directory.iterdir()} - expected
    return sorted(name for name in names if name.startswith("."))


ASK = """
import json, resource, sys
from datetime import timedelta
from pathlib import Path

sys.path[:0] = json.loads(sys.argv[1])
from asking import configure
from backup_badge import Site, table_mark

directory, url, limit, sources = sys.argv[2:6]
if int(limit) >= 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
addresses = [f"cloudback:acme/{number}" for number in range(int(sources))]
site = Site(configure(Path(directory), url, cache_ttl="0s", deadline="20s"))
statuses = site.resolve([table_mark(addresses, {})])
print(json.dumps([[s.state for s in statuses.values()], site.notices]))
"""


def in_a_process(directory: Path, url: str, *, limit: int = -1, sources: int) -> Any:
    """Begin to resolve sources in a process whose files can grow to ``limit`` bytes."""
    arguments = [json.dumps(sys.path), directory, url, limit, sources]
    return subprocess.Popen(
        [sys.executable, "-c", ASK, *map(str, arguments)], stdout=subprocess.PIPE
    )


def outcome(process: Any) -> tuple[list[str], list[str]]:
    """Return the states and the notices of a process that ends well."""
    with process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    states, notices = json.loads(output)
    return states, notices


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 40])
def test_full_disk(cloud: Cloud, tmp_path: Path, limit: int) -> None:
    """A full disk costs a notice, and leaves neither half a file nor a spare one."""
    cloud.badges["acme", "0"] = "succeeded"
    process = in_a_process(tmp_path, cloud.url, limit=limit, sources=3)
    states, notices = outcome(process)
    assert states == ["succeeded", "unknown", "unknown"]
    assert len(notices) == 1
    assert "cannot be written, so nothing is remembered: File too large" in notices[0]
    cache = tmp_path / "cache"
    assert list(cache.glob("*.json")) == leftovers(cache) == []


@pytest.mark.slow
def test_two_builds_at_once(cloud: Cloud, tmp_path: Path) -> None:
    """Two builds that write the same entries at once leave whole ones, and all."""
    for number in range(60):
        cloud.badges["acme", str(number)] = "succeeded"
    builds = [in_a_process(tmp_path, cloud.url, sources=60) for _ in range(2)]
    for build in builds:
        states, notices = outcome(build)
        assert states == ["succeeded"] * 60
        assert notices == []
    cache = tmp_path / "cache"
    found = [json.loads(path.read_bytes()) for path in cache.glob("*.json")]
    assert {entry["address"] for entry in found} == {
        f"cloudback:acme/{number}" for number in range(60)
    }
    assert leftovers(cache) == []


def test_threads(tmp_path: Path) -> None:
    """Threads that write and read one entry never see half of it."""
    cache = Cache(tmp_path / "cache")
    answers = Answers(
        Settings(cache_dir=cache.directory), cache, now=lambda: NOW, environ={}
    )
    source = watched(parse_address(WEBSITE))
    status = Status(reported=State.SUCCEEDED, native="succeeded", checked=NOW)
    seen: list[Status | None] = []

    def work() -> None:
        for _ in range(50):
            answers.keep(source, status)
            seen.append(answers.recall(source))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == {status}
    assert cache.notices == []


# Accounts and secrets


BASE = {"tenant": "1", "region": "iad", "username": "demo", "api_key": "${KEY}"}
ACCOUNTS: list[dict[str, Any]] = [
    BASE,
    {**BASE, "tenant": "2"},
    {**BASE, "tenant": None},
    {**BASE, "region": "dfw"},
    {**BASE, "username": "eve"},
    {**BASE, "username": "${OTHER}"},
    {**BASE, "url": "https://example.org"},
    {**BASE, "identity_url": "https://example.org"},
    {**BASE, "name": "archive"},
    {**BASE, "address": "cloudback:acme%2Fwebsite/x"},
    {**BASE, "address": "cloudback:acme/website%2Fx"},
    {**BASE, "tenant": "${A}"},
    {**BASE, "environ": {"KEY": "another"}},
    {**BASE, "environ": {}},
    {**BASE, "tenant": "${USER}"},
    {**BASE, "tenant": "${USER}", "environ": {**ENVIRON, "USER": "eve"}},
    {**BASE, "tenant": ["${USER}"]},
    {**BASE, "tenant": ["${USER}"], "environ": {**ENVIRON, "USER": "eve"}},
    {**BASE, "tenant": {"a": True}},
    {**BASE, "tenant": {"a": "True"}},
    {**BASE, "tenant": False},
    {**BASE, "tenant": 0},
    {**BASE, "own": {"tenant": "3"}},
]


def kept_as(directory: Path, account: dict[str, Any]) -> Path:
    """Return the file that an answer of an account is remembered in."""
    options = {
        "name": "rackspace",
        "address": WEBSITE,
        "environ": ENVIRON,
        "own": {},
        **account,
    }
    name, address = options.pop("name"), options.pop("address")
    environ, own = options.pop("environ"), options.pop("own")
    provider = ProviderSettings(name=name, type="rackspace", options=options)
    settings = Settings(providers={name: provider})
    cache = Cache(directory)
    answers = Answers(settings, cache, now=lambda: NOW, environ=environ)
    segments = parse_address(address).segments
    before = set(directory.glob("*.json"))
    asked = watched(Address(provider=name, segments=segments), own)
    answers.keep(asked, Status(reported=State.SUCCEEDED, checked=NOW))
    assert answers.recall(asked) is not None
    assert cache.notices == []
    (new,) = set(directory.glob("*.json")) - before
    new.unlink()
    return new


def test_accounts_share_nothing(tmp_path: Path) -> None:
    """Whatever decides an answer is part of an entry's name: no two accounts share one.

    The same account always has the same one, and whatever an option may hold is fine.
    """
    names = [kept_as(tmp_path, account) for account in ACCOUNTS]
    assert len(set(names)) == len(ACCOUNTS)
    assert names == [kept_as(tmp_path, account) for account in ACCOUNTS]


def test_another_directory(tmp_path: Path) -> None:
    """The name of an entry tells nothing: in another directory it is another."""
    names = {kept_as(tmp_path / folder, BASE).name for folder in "abc"}
    assert len(names) == 3


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_damaged_salt(account: Cloud, settings: Settings, damage: bytes | None) -> None:
    """Without what its names were made with the cache is empty, and begins anew."""
    Build(settings).ask()
    salt = settings.cache_dir / "salt"
    salt.unlink()
    if damage is None:
        os.mkfifo(salt)
    else:
        salt.write_bytes(damage)
    account.clear()
    for _ in range(2):
        build = Build(settings)
        assert build.state() is State.SUCCEEDED
        assert build.notices == ()
    assert len(account.requests) == 1
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600


def test_two_accounts_in_one_cache(account: Cloud, tmp_path: Path) -> None:
    """The same address of another tenant is never answered from the first one's."""
    account.add_token("other-token", "654321")
    tables = providers(account.url)
    mine = configure(tmp_path, account.url, providers=tables)
    tables["rackspace"] |= {"tenant": "${TENANT}"}
    others = configure(tmp_path, account.url, providers=tables)
    environ = {"TOKEN": "other-token", "TENANT": "654321"}
    assert Build(mine).state("rackspace:backup/b") is State.SUCCEEDED
    (status,) = Build(others).ask("rackspace:backup/b", environ=environ)
    assert status.state is State.UNKNOWN
    assert status.problem is not None
    assert status.problem.category is Category.NOT_FOUND
    # The other way round: an answer that stands in is of its own account, too.
    account.down = True
    others = replace(others, deadline=timedelta(seconds=0.3))
    (status,) = Build(others, after=9 * MINUTE).ask(
        "rackspace:backup/b", environ=environ
    )
    assert status.state is State.UNKNOWN


def test_no_secret_in_any_file(account: Cloud, settings: Settings) -> None:
    """No file of the cache holds a credential, in the clear or under a plain hash."""
    Build(settings).ask(WEBSITE, "rackspace:backup/b")
    assert len(entries(settings)) == 2
    hashes = [
        getattr(hashlib, name)(TOKEN.encode()).hexdigest()
        for name in ("md5", "sha1", "sha256", "sha512")
    ]
    for path in settings.cache_dir.iterdir():
        written = path.name.encode() + path.read_bytes()
        assert not any(secret.encode() in written for secret in (TOKEN, *hashes))


@pytest.fixture(params=[0o022, 0o077, 0o000])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Set the process's umask for a test."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_modes(settings: Settings, umask: int) -> None:
    """Entries are for their owner's eyes; nothing else about the umask changes."""
    Build(settings).ask(WEBSITE)
    modes = {
        path.suffix or path.name: stat.S_IMODE(path.stat().st_mode)
        for path in settings.cache_dir.iterdir()
    }
    public = 0o666 & ~umask
    assert modes == {
        ".json": 0o600,
        "salt": 0o600,
        ".gitignore": public,
        ".TAG": public,
    }
    assert os.umask(umask) == umask


def test_replace_file_among_threads(tmp_path: Path, umask: int) -> None:
    """Many threads that write at once never change the mode for each other."""
    threads = [
        threading.Thread(target=replace_file, args=(tmp_path / str(number), b"x"))
        for number in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o666 & ~umask}
    assert os.umask(umask) == umask


def test_directory_hides_itself(settings: Settings) -> None:
    """The cache keeps itself out of version control and out of backups."""
    Build(settings).ask()
    assert (settings.cache_dir / ".gitignore").read_text() == "*\n"
    tag = (settings.cache_dir / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_directory_of_others_is_not_hidden(settings: Settings) -> None:
    """A directory that holds other people's files is not hidden from anything."""
    settings.cache_dir.mkdir()
    (settings.cache_dir / "thesis.tex").write_text("x")
    Build(settings).ask()
    assert len(entries(settings)) == 1
    assert not (settings.cache_dir / ".gitignore").exists()
    assert not (settings.cache_dir / "CACHEDIR.TAG").exists()


@pytest.mark.parametrize("size", [0, 1, 1 << 16, 200_000])
def test_read_file(tmp_path: Path, size: int) -> None:
    """A file is read whole, whatever its size."""
    content = bytes(number % 251 for number in range(size))
    (tmp_path / "entry").write_bytes(content)
    assert read_file(str(tmp_path / "entry")) == content


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_huge_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


NO_FILES: list[Callable[[Path], None]] = [
    a_fifo,
    a_link_to_a_device,
    a_huge_file,
    Path.mkdir,
]


@pytest.mark.parametrize("make", NO_FILES)
def test_no_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """What is no file, or has no end, is an error at once."""
    make(tmp_path / "entry")
    with pytest.raises(OSError) as raised:
        read_file(str(tmp_path / "entry"))
    assert raised.value.strerror


@pytest.mark.parametrize("make", NO_FILES)
def test_no_file_in_the_place_of_an_entry(
    account: Cloud, settings: Settings, make: Callable[[Path], None]
) -> None:
    """What stands in the place of an entry holds nothing up."""
    Build(settings).ask()
    (entry,) = entries(settings)
    entry.unlink()
    make(entry)
    build = Build(settings)
    assert build.state() is State.SUCCEEDED
    assert "cannot be read and is ignored" in build.notices[0]


# Builds that were killed


def test_temporaries_are_swept(account: Cloud, settings: Settings) -> None:
    """What a killed build left is removed by the next; what is under way is not."""
    Build(settings).ask()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    directory, mark = settings.cache_dir, "0123456789abcdef"
    kept = [f".x.json.{os.getpid()}-{mark}", ".y.json", f".z.json.{mark}"]
    swept = [f".x.json.{ended.pid}-{mark}", f".a.b.{os.getpid()}-{mark[::-1]}"]
    for name in (*kept, *swept):
        (directory / name).touch()
    os.utime(directory / swept[1], (0, 0))
    Build(settings, after=6 * MINUTE).ask()
    assert leftovers(directory) == sorted(kept)


@pytest.mark.slow
def test_killed(account: Cloud, tmp_path: Path) -> None:
    """A build killed at any moment leaves whole entries, and the next one tidies up."""
    for number in range(60):
        account.badges["acme", str(number)] = "succeeded"
    account.latency = 0.005
    begun = time.monotonic()
    outcome(in_a_process(tmp_path, account.url, sources=60))
    seconds = time.monotonic() - begun
    cache = tmp_path / "cache"
    for part in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        with in_a_process(tmp_path, account.url, sources=60) as process:
            time.sleep(seconds * part)
            process.kill()
        for path in cache.glob("*.json"):
            assert json.loads(path.read_bytes())["status"]
    states, notices = outcome(in_a_process(tmp_path, account.url, sources=60))
    assert (states, notices) == (["succeeded"] * 60, [])
    assert leftovers(cache) == []
