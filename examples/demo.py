"""Build both example sites against the stand-in service, as ``make demo`` does.

Sphinx and MkDocs run as subprocesses, as a person runs them. They ask three systems
over real HTTP, all played by ``cloud.py``, which runs in this process. They also read a
file, and run a command.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from cloud import Cloud
from world import environ, furnish

EXAMPLES = Path(__file__).resolve().parent
CHECKOUT = EXAMPLES.parent
OUTPUT = CHECKOUT / "build" / "demo"


def main() -> None:
    """Build the sites and say where they are; exit with 1 when one does not build."""
    # Answers of an earlier demonstration would be used for five minutes.
    for cache in EXAMPLES.glob("*/.cache/backup-badge"):
        shutil.rmtree(cache)
    with Cloud() as cloud:
        furnish(cloud)
        print(
            f"A stand-in for Cloudback, Rackspace, Healthchecks answers at {cloud.url}"
        )
        site, source = OUTPUT / "sphinx", EXAMPLES / "sphinx"
        # -E -a: every page anew. The doctrees stand beside the site, not in it.
        doctrees = str(OUTPUT / "doctrees")
        build(cloud, "sphinx", "-qEa", "-d", doctrees, str(source), str(site))
        site, config = OUTPUT / "mkdocs", EXAMPLES / "mkdocs" / "mkdocs.yml"
        build(cloud, "mkdocs", "build", "-q", "-f", str(config), "-d", str(site))
    print("\nOpen in a browser, from the directory of this project:")
    for host in ("sphinx", "mkdocs"):
        print(f"  {(OUTPUT / host / 'index.html').relative_to(CHECKOUT)}")


def build(cloud: Cloud, host: str, *arguments: str) -> None:
    """Run a host to its end; its warnings appear as it prints them."""
    cloud.clear()
    began = time.monotonic()
    # -P: the installed packages, not those of the directory where this was started.
    command = [sys.executable, "-P", "-m", host, *arguments]
    environment = {**os.environ, **environ(cloud)}
    if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode:
        raise SystemExit(f"{host} did not build; what it said is above")
    seconds = time.monotonic() - began
    print(f"{host}: built in {seconds:.1f} s, with {len(cloud.requests)} requests")


if __name__ == "__main__":
    main()
