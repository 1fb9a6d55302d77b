"""The documentation: it builds without a warning, and shows live badges."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import examples_of_options
import links
import pytest
import reference

from backup_badge.markup.mark_options import BADGE_OPTIONS, TABLE_OPTIONS
from backup_badge.values.mark import COLUMNS

SITE = Path(reference.__file__).parent


@pytest.mark.parametrize(
    "page", [*SITE.parents[1].glob("*.md")], ids=lambda page: page.stem
)
def test_links_beside_the_documentation(page: Path) -> None:
    """README and its neighbours link files and headings that there are."""
    for link in re.findall(
        r"\]\((?!\w+:)([^)\s]+)\)", page.read_text(encoding="utf-8")
    ):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            kept = [re.sub(r"[^\w -]", "", heading.lower()) for heading in headings]
            assert anchor in [heading.replace(" ", "-") for heading in kept], link


@pytest.mark.parametrize("page", reference.PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_the_code_declares(page: Path) -> None:
    """The generated parts of pages are what ``make docs`` writes."""
    text = page.read_text(encoding="utf-8")
    assert text == reference.filled(text)


def test_every_part_is_on_a_page() -> None:
    """No option, system, state or command is declared and told nowhere."""
    pages = "".join(page.read_text(encoding="utf-8") for page in reference.PAGES)
    places = set(re.findall(r"<!-- Generated: ([\w -]+) -->", pages))
    assert places == set(reference.PARTS) - {"command providers"}


def test_every_option_and_column_is_shown() -> None:
    """Each option of badges and tables has an example, each column stands in one."""
    shown = examples_of_options
    assert list(shown.BADGES) == [option.name for option in BADGE_OPTIONS]
    assert list(shown.TABLES) == [option.name for option in TABLE_OPTIONS]
    assert list(shown.MEANING) == list(COLUMNS)
    assert {*", ".join(shown.SHOWN_COLUMNS.values()).split(", ")} == {*COLUMNS}


def test_broken_links_are_found(tmp_path: Path) -> None:
    """A page, a file and an anchor that are not there are told, with the page."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text('<p id="here"><a href="?x">self</a>')
    (tmp_path / "index.html").write_text(
        '<a href="a/#here">good</a> <a href="https://example.org/x">elsewhere</a>'
        '<a href="a/#gone">bad</a> <img src="b.png"> <a href="a/b.html#c">bad</a>'
    )
    bad = ["index.html: a/#gone", "index.html: b.png", "index.html: a/b.html#c"]
    assert links.broken_links(tmp_path) == bad
    assert links.external_links(tmp_path) == ["https://example.org/x"]


NEEDED = ("furo", "material", "myst_parser", "sphinx_copybutton")
MISSING = [module for module in NEEDED if find_spec(module) is None]


@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"the documentation needs {MISSING}")
def test_it_builds_with_live_badges(tmp_path: Path) -> None:
    """Both hosts build strictly, no link is broken, and badges have what was said."""
    built = subprocess.run(
        [sys.executable, "-P", str(SITE), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert built.stderr == ""
    assert "https://" in (tmp_path / "site" / "external-links.txt").read_text()
    for page in ("index.html", "mkdocs/index.html"):
        text = (tmp_path / "site" / page).read_text(encoding="utf-8")
        found = dict(re.findall(r'source="([\w-]+)" data-backup-state="(\w+)"', text))
        assert found["orders-db"] == "succeeded"
        assert found["mail"] == "failed"
    for index in ("searchindex.js", "mkdocs/search/search_index.json"):
        assert (tmp_path / "site" / index).stat().st_size > 100
