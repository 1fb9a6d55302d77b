"""Providers of other packages: found by entry point, and never a build's trouble."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import run

from backup_badge.ask.find import find
from backup_badge.ask.resolver import Resolver
from backup_badge.config.load import load
from backup_badge.config.settings import Settings
from backup_badge.providers import (
    OURS,
    find_provider,
    known_types,
    package_of,
)
from backup_badge.values.mark import BadgeMark
from backup_badge.values.problem import Category
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.badge import describe

GOOD = """
from backup_badge.provider import LIBRARY, Provider, State

class Tapes(Provider):
    type = "tapes"
    ways = (LIBRARY,)
    addresses = ("job/NAME",)
    states = {"written": State.SUCCEEDED}

    def read(self, ask, locator):
        return self.said("written", finished=ask.now)
"""
CONFIGURED = "[providers.tapes]\n[sources.db]\naddress = 'tapes:job/db'\n"
SAID = "the package other-tapes of the provider 'tapes' fails: "

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Yield what puts a package with a provider on the path."""
    site = tmp_path / "site-packages"

    def put(
        code: str | None, *, name: str = "tapes", value: str = "others:Tapes"
    ) -> None:
        known = site / "other_tapes-1.0.dist-info"
        known.mkdir(parents=True)
        metadata = "Metadata-Version: 2.1\nName: other-tapes\nVersion: 1.0\n"
        (known / "METADATA").write_text(metadata)
        points = f"[backup_badge.providers]\n{name} = {value}\n"
        (known / "entry_points.txt").write_text(points)
        if code is not None:
            (site / "others.py").write_text(code)
        monkeypatch.syspath_prepend(site)

    yield put
    sys.modules.pop("others", None)


def settings(directory: Path, text: str = CONFIGURED) -> Settings:
    """Return the settings of a configuration."""
    (directory / "backup-badge.toml").write_text(text)
    return load(directory, environ={})


def status(configured: Settings, name: str = "db") -> Status:
    """Return what a source comes to, and show it as a page does."""
    (source,) = find(configured, name)
    resolved = Resolver(configured).resolve([source])
    describe(BadgeMark(target=name), resolved)
    return resolved[source]


def test_one_that_works(tmp_path: Path, install: Install) -> None:
    """A package that names a provider by entry point is all it takes."""
    install(GOOD)
    assert status(settings(tmp_path)).state is State.SUCCEEDED
    assert known_types() == [*OURS, "tapes"]
    assert package_of("tapes") == "other-tapes"


def test_loaded_only_where_its_type_is_named(tmp_path: Path, install: Install) -> None:
    """A package whose type nobody names is not imported."""
    install("raise SystemExit('imported')")
    configured = settings(tmp_path, "[sources.a]\naddress = 'cloudback:a/b'\n")
    find(configured, "cloudback:a/c")
    assert "others" not in sys.modules


def test_ours_win_a_name(tmp_path: Path, install: Install) -> None:
    """A package cannot take the name of one of our systems."""
    install(GOOD, name="json")
    assert type(find_provider("json")).__module__.startswith("backup_badge.")
    assert package_of("json") is None
    assert known_types() == [*OURS]


def test_a_missing_package(tmp_path: Path, install: Install) -> None:
    """An address of a system that no package brings is a problem of its own."""
    configured = settings(tmp_path, "[sources.db]\naddress = 'tapes:job/db'\n")
    told = status(configured)
    assert told.state is State.UNKNOWN
    assert told.problem is not None and told.problem.category is Category.USAGE
    assert "brings the provider 'tapes'" in told.problem.message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, "it raises ModuleNotFoundError: No module named 'others'"),
        ("", "it raises AttributeError"),
        ("import no_such_module", "it raises ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)", "it raises SystemExit"),
        ("def :", "it raises SyntaxError"),
        ("raise ValueError('hunter2')", "it raises ValueError"),
        ("Tapes = dict", "it is no Provider"),
        ("def Tapes(): raise OSError('hunter2')", "it raises OSError"),
        (GOOD.replace('type = "tapes"', 'type = "taps"'), "its 'type' is 'taps'"),
        (GOOD.replace('type = "tapes"', ""), "it raises AttributeError"),
        (GOOD.replace("(LIBRARY,)", "LIBRARY"), "its 'ways' are wrong"),
        (GOOD.replace("(LIBRARY,)", "()"), "its 'ways' are wrong"),
        (GOOD.replace('("job/NAME",)', '"job/NAME"'), "its 'addresses' are wrong"),
        (GOOD.replace("State.SUCCEEDED", "'succeeded'"), "its 'states' are wrong"),
        (
            GOOD.replace("states =", "own = (7,)\n    states ="),
            "its 'options' are wrong",
        ),
        (GOOD.replace("    def read", "    def write"), "it raises TypeError"),
    ],
)
def test_a_broken_package(
    tmp_path: Path, install: Install, code: str | None, said: str
) -> None:
    """It costs its sources alone, which say what is wrong; no word of its error."""
    install(code)
    told = status(settings(tmp_path))
    assert told.state is State.UNKNOWN
    assert told.problem is not None
    assert told.problem.message.startswith(SAID + said)
    assert "hunter2" not in told.problem.message


@pytest.mark.parametrize("error", ["ValueError('hunter2')", "KeyError", "MemoryError"])
@pytest.mark.parametrize(
    ("method", "unknown"),
    [
        ("read(self, ask, locator)", {"db", "tapes:job/x"}),
        ("faults(self, options)", {"db", "tapes:job/x"}),
        ("login(self, access)", {"db", "tapes:job/x"}),
        ("label(self, locator)", {"tapes:job/x"}),
        ("from_url(self, host, path)", set()),
    ],
)
def test_whatever_it_raises(
    tmp_path: Path, install: Install, method: str, unknown: set[str], error: str
) -> None:
    """No method breaks reading a configuration, finding a source or a build.

    What needs the method is unknown. A configured source has a label without it, and a
    URL that somebody means is a hint alone.
    """
    code = GOOD
    if "login(" in method:
        code = code.replace("(LIBRARY,)", "(Http(default='http://127.0.0.1:9'),)")
        code = code.replace("LIBRARY", "Http")
        code = code.replace("ask.now", "ask.get('').time")
    install(f"{code}\n    def {method}:\n        raise {error}\n")
    configured = settings(tmp_path)
    for name in ("db", "tapes:job/x"):
        told = status(configured, name)
        assert (told.state is State.UNKNOWN) == (name in unknown)
        assert (told.problem is not None) == (name in unknown)
        assert "hunter2" not in str(told.problem)


@pytest.mark.parametrize(
    "returned",
    [
        "None",
        "'written'",
        "self.said('written', finished='yesterday')",
        "self.said(7)",
        "self.said('written', finished=ask.now.replace(tzinfo=None))",
        "self.said('written', finished=ask.now, reason=7)",
        "Status(reported='succeeded')",
        "Status(reported=State.SUCCEEDED, details='x')",
    ],
)
def test_whatever_it_returns(tmp_path: Path, install: Install, returned: str) -> None:
    """What is no status of the right shape is never green, and breaks no page."""
    code = GOOD.replace("import LIBRARY", "import Status, LIBRARY")
    install(code.replace('self.said("written", finished=ask.now)', returned))
    told = status(settings(tmp_path))
    assert told.state is State.UNKNOWN
    assert told.problem is not None


def test_a_detail_of_a_wrong_kind(tmp_path: Path, install: Install) -> None:
    """A count that is none is not told; the state stays."""
    install(GOOD.replace("ask.now)", "ask.now, bytes='many')"))
    told = status(settings(tmp_path))
    assert (told.state, told.details.bytes) == (State.SUCCEEDED, None)


def test_neighbours_of_a_broken_one(tmp_path: Path, install: Install) -> None:
    """Sources of other providers are answered as ever."""
    install("raise RuntimeError")
    (tmp_path / "a.json").write_text('{"word": "ok"}')
    text = (
        "[sources.other]\naddress = 'json:document'\n"
        f"file = '{tmp_path}/a.json'\nword = 'word'\nstates = {{ ok = 'succeeded' }}\n"
    )
    configured = settings(tmp_path, CONFIGURED + text)
    assert status(configured, "other").state is State.SUCCEEDED
    assert status(configured).state is State.UNKNOWN


DAMAGED = "left out, as its entry points cannot be read: "


@pytest.mark.parametrize(
    ("content", "metadata", "name"),
    [
        (b"[backup_badge.providers]\nno equals\n", b"Name: Broken-One\n", "Broken-One"),
        (b"no section = at:all\n\xff\xfe", b"Name: broken\n", "broken"),
        (b"[x]\nno equals\n", None, "a package without a name"),
        (b"[x]\nno equals\n", b"\xff\xfe", "a package whose name cannot be read"),
    ],
)
def test_a_damaged_package(
    tmp_path: Path, install: Install, content: bytes, metadata: bytes | None, name: str
) -> None:
    """It is left out alone, and named where a provider is missed."""
    install(GOOD)
    broken = tmp_path / "site-packages" / "a_broken-1.0.dist-info"
    broken.mkdir()
    (broken / "entry_points.txt").write_bytes(content)
    if metadata is not None:
        (broken / "METADATA").write_bytes(metadata)
    assert known_types() == [*OURS, "tapes"]
    assert status(settings(tmp_path)).state is State.SUCCEEDED
    told = status(settings(tmp_path, ""), "discs:job/db")
    assert told.problem is not None
    assert f"brings the provider 'discs' ({DAMAGED}{name}): " in told.problem.message
    assert run("providers").err == f"backup-badge: {DAMAGED}{name}\n"
    assert f"known here ({DAMAGED}{name}). " in run("providers", "zzz").err


@pytest.mark.parametrize("address", ["tapes:job/db", "a:a:a:a"])
def test_a_package_that_a_page_names(tmp_path: Path, address: str) -> None:
    """An address of a system that no package brings is unknown, and says so."""
    told = status(settings(tmp_path, ""), address)
    assert told.state is State.UNKNOWN
    assert told.problem is not None and "no package" in told.problem.message


LISTING = GOOD + "\n    def discover(self, ask):\n        "
FOUND = "from backup_badge.provider import Found\n        "


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('hunter2')", "failed with ValueError"),
        ("return [1]", "failed with TypeError"),
        ("return None", "failed with TypeError"),
        ("raise ask.problem('not_found', 'it is gone')", "it is gone"),
        (
            f"{FOUND}while True: yield Found(segments=('job', 'a'))",
            "the system holds more than 10000",
        ),
    ],
)
def test_one_that_fails_to_list(
    tmp_path: Path, install: Install, body: str, said: str
) -> None:
    """Whatever it does when it is asked what there is, a problem comes of it."""
    install(LISTING + body)
    listing = Resolver(settings(tmp_path)).discover(["tapes"])["tapes"]
    assert listing.problem is not None
    assert said in listing.problem.message
    assert "hunter2" not in listing.problem.message


def test_one_that_lists(tmp_path: Path, install: Install) -> None:
    """What it finds is listed; one without the method cannot be."""
    install(f"{LISTING}{FOUND}return [Found(segments=('job', 'a'))]")
    listing = Resolver(settings(tmp_path)).discover(["tapes", "cloudback"])
    assert [found.segments for found in listing["tapes"].found] == [("job", "a")]
    assert listing["cloudback"].unlisted == (
        "it has no list to ask for: write the address of each source,"
        " cloudback:PLATFORM/ACCOUNT/SUBJECT_TYPE/SUBJECT_NAME"
    )


def test_one_that_is_missing_lists_nothing(tmp_path: Path, install: Install) -> None:
    """A missing package is a problem, not an empty list."""
    listing = Resolver(settings(tmp_path, "")).discover(["tapes"])["tapes"]
    assert listing.problem is not None
    assert "brings the provider 'tapes'" in listing.problem.message
