"""The Zensical example, built by the commands that stand in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cloud import Cloud
from world import environ, furnish

pytest.importorskip("zensical", reason="Zensical is not installed")
pytestmark = pytest.mark.slow

# Its name must not be a module's: the tests have examples/ on their path.
EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_watched_file_is_what_the_page_shows(cloud: Cloud, tmp_path: Path) -> None:
    """News reaches a kept page by the status file alone, and no secret is needed."""
    furnish(cloud)
    shutil.copytree(EXAMPLES / "zensical-notes", tmp_path / "notes")
    for name in ("backup-badge.toml", "archive.json"):
        shutil.copy(EXAMPLES / name, tmp_path)
    site = tmp_path / "notes"
    text = (site / "zensical.toml").read_text(encoding="utf-8")
    write_down, build = re.findall(r"^#   (.+)$", text, re.MULTILINE)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    bare = {**os.environ, "PATH": path}
    secrets = environ(cloud)

    def run(command: str, environ: dict[str, str]) -> None:
        done = subprocess.run(
            command, shell=True, cwd=site, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def website() -> str:
        page = (site / "site/index.html").read_text(encoding="utf-8")
        found = re.search(r'backup-source="website" data-backup-state="(\w+)"', page)
        assert found is not None
        return found[1]

    run(write_down, bare | secrets)
    run(build, bare)
    assert website() == "succeeded"
    cloud.badges["acme", "website"] = "failed"
    shutil.rmtree(tmp_path / ".cache", ignore_errors=True)
    shutil.rmtree(site / ".cache" / "backup-badge", ignore_errors=True)
    run(write_down, bare | secrets)
    status_file = site / "backup-status.json"
    # Zensical looks at whole seconds.
    later = status_file.stat().st_mtime + 5
    os.utime(status_file, (later, later))
    asked = len(cloud.requests)
    run(build, bare)
    assert website() == "failed"
    assert len(cloud.requests) == asked
