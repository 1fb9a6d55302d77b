"""The tutorial, followed to the letter in both hosts: each step gives what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
import yaml
from doc_blocks import BLOCKS, TUTORIAL
from loopback import LoopbackServer

pytestmark = pytest.mark.slow
BUILDS = {"Sphinx": "sphinx-build", "MkDocs": "mkdocs"}


def steps(host: str) -> list[tuple[str, str]]:
    """Return what one is told, and the block, of all steps of a host."""
    found, current = [], None
    for block in BLOCKS:
        if block.page != TUTORIAL or block.reason:
            continue
        # "And this into ..." goes on with the host of the step before.
        named = re.match(r"\*\*(\w+):\*\*", block.told)
        goes_on = block.told.startswith("And this")
        current = named[1] if named else current if goes_on else None
        if current in (None, host):
            found.append((block.told, block.text))
    return found


def shell(command: str, at: Path, **environ: str) -> str:
    """Run commands as a person does, where the installed programs are found."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=at,
        env={**os.environ, "PATH": path, **environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def follow(host: str, at: Path) -> list[str]:
    """Do all steps; return what each build shows, and what the commands say."""
    seen = []
    for told, text in steps(host):
        if name := re.search(r"\binto\s`([^`]+)`:$", told):
            (at / name[1]).parent.mkdir(parents=True, exist_ok=True)
            (at / name[1]).write_text(text)
        elif name := re.search(r"\bat the top of\s`([^`]+)`:$", told):
            (at / name[1]).write_text(text + (at / name[1]).read_text())
        else:
            said = shell(text, at)
            if text.startswith(BUILDS[host]):
                said = (at / "site" / "index.html").read_text()
                said = " ".join(re.findall(r'data-backup-state="(\w+)"', said))
            seen.append(said)
    return seen


@pytest.mark.parametrize("host", BUILDS)
def test_each_step(host: str, tmp_path: Path) -> None:
    """The badge is green, red, grey and green; the status is published and checked."""
    seen = follow(host, tmp_path)
    shown = [said for said in seen if re.fullmatch(r"(\w+) \1", said.strip())]
    assert shown == [
        f"{state} {state}" for state in ("succeeded", "failed", "unknown", "succeeded")
    ]
    assert any(re.search(r"^succeeded +orders ", said, re.MULTILINE) for said in seen)
    assert any("judged        succeeded" in said for said in seen)
    assert seen[-1].endswith("all is well\n")
    for name in ("orders.svg", "index.html", "backup-status.json"):
        assert (tmp_path / "site" / "backup" / name).stat().st_size

    # In CI: the pages alone, and what is published.
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copy(tmp_path / "backup-badge.toml", checkout)
    workflow = (tmp_path / ".github/workflows/backups.yml").read_text()
    job = yaml.safe_load(workflow)["jobs"]["check"]
    install, check = [step["run"] for step in job["steps"] if "run" in step]
    assert install == "pip install backup-badge"
    serve = partial(Quiet, directory=str(tmp_path / "site"))
    with LoopbackServer(serve) as server:
        ((name, url),) = job["env"].items()
        url = url.replace("https://example.org/handbook", server.url)
        shell(check, checkout, **{name: url})
        (tmp_path / "site" / "backup" / "backup-status.json").unlink()
        with pytest.raises(AssertionError, match="unknown"):
            shell(f"rm -rf .cache; {check}", checkout, **{name: url})


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
