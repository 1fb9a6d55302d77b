"""The page on writing a provider, followed to the letter."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from loopback import Answer, HttpService, Request, json_answer

import backup_badge.provider as interface
from backup_badge.options.option import Kind

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "how-to" / "write-a-provider.md").read_text()
FILES = dict(re.findall(r"into `([\w.-]+)`:\n\n```\w+\n(.*?)```\n", PAGE, re.DOTALL))
PROVIDER = "backup_badge_tapes.py"
ON_PATH = {"PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1"}


class Tapes(HttpService):
    """The invented system of the page: it says what the page says that it says."""

    asked = 0

    def answer(self, request: Request) -> Answer:
        """Answer who has the key."""
        self.asked += 1
        if request.headers.get("x-tapes-key") != "the-key":
            return json_answer({}, status=401)
        if request.path != "/jobs":
            return json_answer({}, status=404)
        (said,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
        return json_answer(json.loads(said))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a folder with the files of the page, and nothing else."""
    folder = tmp_path / "tapes"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def run(
    *arguments: str, at: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a module of Python with this environment over the usual one."""
    return subprocess.run(
        [sys.executable, "-P", "-m", *arguments],
        cwd=at,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_page_is_the_example() -> None:
    """The page's files are those of the example, and the provider fits on a screen."""
    assert set(FILES) - {"backup-badge.toml"} == {
        PROVIDER,
        f"test_{PROVIDER}",
        "pyproject.toml",
    }
    for name, text in FILES.items():
        if name != "backup-badge.toml":
            assert (CHECKOUT / "examples" / "provider" / name).read_text() == text
    assert len(FILES[PROVIDER].splitlines()) < 60
    imported = re.findall(r"^from backup_badge\.(\w+)", FILES[PROVIDER], re.MULTILINE)
    assert imported == ["provider"]


def test_its_own_tests_pass(package: Path) -> None:
    """The page's tests of the provider pass where the page says to run them."""
    ran = run(
        "pytest", "-q", "-p", "no:cacheprovider", ".", at=package, environ=ON_PATH
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " passed" in ran.stdout


@pytest.mark.slow
@pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling builds the wheel")
def test_it_is_installed_and_asked(package: Path, tmp_path: Path) -> None:
    """The package is built and installed, and the command asks the system for real."""
    target = tmp_path / "installed"
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--target"]
    install = ("pip", "install", *options, str(target), str(package))
    built = run(*install, at=tmp_path, environ={})
    assert built.returncode == 0, built.stderr
    assert (target / PROVIDER).exists()
    with Tapes() as tapes:
        site = tmp_path / "site"
        site.mkdir()
        text = FILES["backup-badge.toml"]
        text = text.replace("https://tapes.example.org", tapes.url)
        (site / "backup-badge.toml").write_text(text)
        environ = {"PYTHONPATH": str(target), "TAPES_KEY": "the-key"}

        def command(*arguments: str, **more: str) -> str:
            told = {**environ, **more}
            ran = run("backup_badge.cli", *arguments, at=site, environ=told)
            assert (ran.returncode, ran.stderr) == (0, "")
            return ran.stdout

        document = json.loads(command("status", "--format", "json"))
        source = document["sources"]["nightly"]
        assert (source["reported_state"], source["native_state"]) == (
            "succeeded",
            "written",
        )
        assert source["finished"] == "2026-11-28T03:00:00Z"
        assert source["details"]["bytes"] == 127000000
        assert "GET /jobs at 127.0.0.1:" in command("explain", "nightly")
        assert "- `tapes:job/NAME`" in command("providers", "tapes")
        row = r"^tapes +backup-badge-tapes +over HTTP +tapes:job/NAME$"
        assert re.search(row, command("providers"), re.MULTILINE)
        asked = tapes.asked
        (site / "backup-badge.toml").write_text(text.replace("nightly", "weekly"))
        assert "there is no job 'weekly'" in command("status")
        assert tapes.asked == asked + 1
        refused = command("status", TAPES_KEY="another-key")
        assert "unknown" in refused and "another-key" not in refused


def test_every_public_name_is_documented() -> None:
    """What an author imports says what it is, by a docstring or the module's."""
    for name in interface.__all__:
        found = getattr(interface, name)
        if inspect.isclass(found) or inspect.isfunction(found):
            told = inspect.getdoc(found) or ""
            assert told and not told.startswith(f"{name}("), name
        else:
            assert re.search(rf"\b{name}\b", interface.__doc__ or ""), name
        if isinstance(found, Kind):
            assert f"`{name}`" in PAGE
    for method in vars(interface.Provider).values():
        if inspect.isfunction(method) and not method.__name__.startswith("_"):
            assert method.__doc__
