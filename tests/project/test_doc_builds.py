"""The pages that the documentation tells to write are built, in one site for each host.

A stand-in for the backup systems answers, with the configuration of the documentation.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cloud import Cloud
from doc_blocks import CHECKOUT, Block, run_as
from world import environ, furnish

pytestmark = pytest.mark.slow
SHOWN = re.compile(r'class="backup-(?:badge|table)[ "].*?data-backup-', re.DOTALL)


@pytest.fixture(scope="module")
def answering() -> Iterator[dict[str, str]]:
    """Yield the environment in which the systems of the documentation answer."""
    with Cloud() as cloud:
        furnish(cloud)
        yield {**os.environ, **environ(cloud)}


def run(environment: dict[str, str], *arguments: str, at: Path) -> None:
    """Run a host as a person does; it must end well."""
    ran = subprocess.run(
        [sys.executable, "-P", "-m", *arguments],
        cwd=at,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def names(blocks: list[Block], suffix: str) -> dict[str, Block]:
    """Return a page's name for each block."""
    return {f"{suffix[1:]}{number}{suffix}": b for number, b in enumerate(blocks)}


def configure(folder: Path) -> None:
    """Copy the configuration of the documentation to where its snippets look for it."""
    (folder / "ops").mkdir(parents=True)
    (folder / "handbook" / "runbooks").mkdir(parents=True)
    text = (CHECKOUT / "docs" / "backup-badge.toml").read_text()
    for place in ("ops", "handbook"):
        # A site that publishes all statuses fails over those that it does not show.
        unpublished = text.replace('export = "backup"', "")
        (folder / place / "backup-badge.toml").write_text(unpublished)


def test_pages_in_sphinx(tmp_path: Path, answering: dict[str, str]) -> None:
    """reStructuredText and MyST build without a warning, with the guide's conf.py."""
    pytest.importorskip("myst_parser", reason="MyST is not installed")
    configure(tmp_path)
    site = tmp_path / "handbook"
    settings = [
        block.text
        for block in run_as("python")
        if block.page.endswith("how-to/sphinx.md")
    ]
    assert len(settings) >= 3
    conf = "\n".join([*settings, 'extensions.append("myst_parser")'])
    # What fails a build of failing backups is another test's.
    conf += '\nbackup_badge_fail_on = []\nproject = "Handbook"\n'
    (site / "conf.py").write_text(conf)
    pages = names(run_as("rst"), ".rst") | names(run_as("md"), ".md")
    for name, block in pages.items():
        title = "# Page\n\n" if name.endswith(".md") else "Page\n====\n\n"
        (site / name).write_text(title + block.text)
    (site / "index.rst").write_text(
        "Handbook\n========\n\n.. toctree::\n   :glob:\n\n   *\n"
    )
    run(answering, "sphinx", "-qWnE", ".", "out", at=site)
    for name in pages:
        text = (site / "out" / name).with_suffix(".html").read_text()
        assert SHOWN.search(text), pages[name]


@pytest.mark.parametrize("host", ["mkdocs", "zensical"])
def test_pages_in_markdown(
    tmp_path: Path, answering: dict[str, str], host: str
) -> None:
    """Macros build strictly in MkDocs, with the macros plugin, and in Zensical."""
    pytest.importorskip(host, reason=f"{host} is not installed")
    pytest.importorskip("mkdocs_macros", reason="the macros plugin is not installed")
    configure(tmp_path)
    site = tmp_path / "handbook"
    (site / "docs" / "runbooks").mkdir(parents=True)
    (site / "docs" / "runbooks" / "orders.md").write_text("# Orders\n")
    pages = names(
        [b for b in run_as("markdown") if host == "mkdocs" or "{{" not in b.text], ".md"
    )
    for name, block in pages.items():
        (site / "docs" / name).write_text(f"# Page\n\n{block.text}")
    (site / "docs" / "index.md").write_text("# Handbook\n")
    ours = {"config": "backup-badge.toml"}
    config = {"site_name": "Handbook", "use_directory_urls": False}
    if host == "mkdocs":
        modules = {"modules": ["mkdocs_backup_badge.macros"]}
        config |= {"plugins": [{"backup-badge": ours}, {"macros": modules}]}
        config |= {"markdown_extensions": ["md_in_html"]}
    else:
        extensions = ["md_in_html", "tables", {"backup_badge": ours}]
        config |= {"markdown_extensions": extensions}
    (site / "mkdocs.yml").write_text(yaml.safe_dump(config))
    strict = ("--strict",) if host == "mkdocs" else ()
    run(answering, host, "build", *strict, at=site)
    for name, block in pages.items():
        text = (site / "site" / name).with_suffix(".html").read_text()
        assert SHOWN.search(text) or "backup_" not in block.text, block


CONFIGURATIONS = [b for b in run_as("yaml") if "plugins:" in b.text]


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=str)
def test_a_configuration_of_mkdocs(
    block: Block, tmp_path: Path, answering: dict[str, str]
) -> None:
    """An ``mkdocs.yml`` of the guides builds a site with a badge."""
    pytest.importorskip("mkdocs_macros", reason="the macros plugin is not installed")
    configure(tmp_path)
    site = tmp_path / "handbook"
    (site / "docs").mkdir()
    (site / "docs" / "index.md").write_text('# A\n\n<< backup_badge("orders-db") >>\n')
    (site / "mkdocs.yml").write_text(f"site_name: Handbook\n{block.text}")
    run(answering, "mkdocs", "build", "--strict", at=site)
    assert SHOWN.search((site / "site" / "index.html").read_text())
