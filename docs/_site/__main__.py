"""Builds the documentation: ``make docs-site``, or with another folder to build it in.

Sphinx builds the site, MkDocs its pages on MkDocs. The systems whose badges are shown
are played by ``examples/cloud.py`` in this process. Every warning is an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
CHECKOUT = DOCS.parent
sys.path.insert(0, str(CHECKOUT / "examples"))

from cloud import Cloud  # noqa: E402
from links import broken_links, external_links  # noqa: E402
from world import environ, furnish  # noqa: E402

QUIET = {"NO_MKDOCS_2_WARNING": "1"}
"""Keeps Material's advertisement out of the output."""


def main() -> None:
    """Build and check the pages; exit with 1 when one is not as it should be."""
    told = sys.argv[1:] or [str(CHECKOUT / "build" / "docs")]
    site = Path(told[0]).resolve()
    shutil.rmtree(site, ignore_errors=True)
    with Cloud() as cloud, tempfile.TemporaryDirectory() as scratch:
        furnish(cloud)
        # A cache of its own: answers of an earlier build would be minutes old.
        environment = {**os.environ, **environ(cloud), "CACHE": scratch, **QUIET}
        strict = ("-q", "-W", "--keep-going", "-n", "-d", f"{scratch}/doctrees")
        cache = ("-D", f"backup_badge_cache_dir={scratch}")
        build(environment, "sphinx", *strict, *cache, str(DOCS), str(site))
        config = str(DOCS / "mkdocs" / "mkdocs.yml")
        pages = ("-q", "--strict", "-f", config, "-d", str(site / "mkdocs"))
        build(environment, "mkdocs", "build", *pages)
    # It links as if it stood at the root of a host.
    (site / "mkdocs" / "404.html").unlink()
    # Nobody asks other hosts: a list, for those who want to look.
    (site / "external-links.txt").write_text("\n".join(external_links(site)) + "\n")
    if broken := broken_links(site):
        sys.exit("\n".join(["Links that lead nowhere:", *broken]))
    print(f"Open in a browser: {os.path.relpath(site / 'index.html')}")


def build(environment: dict[str, str], host: str, *arguments: str) -> None:
    """Run a host to its end; its warnings appear as it prints them."""
    # -P: the installed packages, not those of the directory where this was started.
    command = [sys.executable, "-P", "-m", host, *arguments]
    if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode:
        sys.exit(f"{host} did not build; what it said is above")


if __name__ == "__main__":
    main()
