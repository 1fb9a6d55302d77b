"""What the README promises to a newcomer: its commands, run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from backup_badge.render.svg import render_badge
from backup_badge.values.mark import BadgeMark
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.badge import describe

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text()
SCRIPTS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PROGRAMS = {"Sphinx": "sphinx", "MkDocs": "mkdocs", "Zensical": "zensical"}


def run(script: str, directory: Path) -> str:
    """Run commands in a directory, with the programs of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=directory,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("host", PROGRAMS)
def test_each_path_ends_with_a_green_badge(host: str, tmp_path: Path) -> None:
    """From nothing to a badge, with the commands of the README and no others."""
    pytest.importorskip(PROGRAMS[host], reason=f"{host} is not installed")
    begin = SCRIPTS[0]
    assert re.search(r"^pip install \"\./backup-badge\[sphinx\]\"", begin, re.MULTILINE)
    lines = begin.splitlines(keepends=True)
    # What is installed already.
    begin = "".join(one for one in lines if not one.startswith(("python3 ", "pip ")))
    assert "succeeded  orders" in run(begin, tmp_path)
    (script,) = re.findall(rf"^{host}[^\n]*:\n\n```sh\n(.*?)^```$", README, re.M | re.S)
    run(script, tmp_path / "handbook")
    page = (tmp_path / "handbook" / "site" / "index.html").read_text()
    (badge,) = re.findall(r'data-backup-state="(\w+)"', page)
    assert badge == "succeeded"


def test_the_result_is_what_the_product_shows() -> None:
    """The picture of a badge is the badge."""
    source = Source(
        name="orders-db",
        label="Orders database",
        address=parse_address("healthchecks:slug/orders-db"),
    )
    badge = describe(
        BadgeMark(target=source.name),
        {source: Status(reported=State.SUCCEEDED, state=State.SUCCEEDED)},
    )
    picture = (CHECKOUT / "docs" / "result.svg").read_text()
    assert picture == render_badge(badge)
