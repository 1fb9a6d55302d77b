"""What the files of the checkout must not say, and must say alike."""

from __future__ import annotations

import re
import runpy
import tomllib
from itertools import chain
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
GUIDES = CHECKOUT / "docs" / "how-to"

# In pieces, as this file is searched too.
PRIVATE = {
    "a path of one machine": r"(?<![\w.:/>-])/(?:home|root|tmp|work|Users)" + "/",
    "a package index": r"\b(?:py" + r"pi|python" + r"hosted|npm" + r"js)\.org\b",
}


@pytest.mark.parametrize("what", PRIVATE)
def test_no_file_names_what_only_one_machine_knows(
    texts: dict[str, str], what: str
) -> None:
    """The project means the same on every machine."""
    assert "pyproject.toml" in texts
    pattern = re.compile(PRIVATE[what])
    assert [
        f"{name}: {line}"
        for name, text in texts.items()
        if pattern.search(text)
        for line in text.splitlines()
        if pattern.search(line)
    ] == []


def test_the_matrix_tests_the_declared_floors() -> None:
    """``lowest.txt`` pins each requirement to the lowest version that is declared."""
    metadata = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    project = metadata["project"]
    required = {
        *project["dependencies"],
        *chain.from_iterable(project["optional-dependencies"].values()),
    }
    pins = (CHECKOUT / "tests" / "lowest.txt").read_text()
    pinned = dict(re.findall(r"^([\w-]+)==(.+)$", pins, re.MULTILINE))
    floors = dict(line.split(">=") for line in required)
    assert {
        name: pin
        for name, floor in floors.items()
        if not f"{(pin := pinned.get(name))}.".startswith(f"{floor}.")
    } == {}
    assert {"click", "markdown", "mkdocs", "requests", "sphinx"} < set(floors)


def test_the_supported_versions_are_the_declared_ones() -> None:
    """``public-surface.md`` has the oldest versions that ``pyproject.toml`` allows."""
    text = (CHECKOUT / "pyproject.toml").read_text()
    floors = {"Python": re.findall(r'requires-python = ">=(.+)"', text)[0]}
    for name in ("Sphinx", "MkDocs", "ProperDocs", "Markdown"):
        floors[name] = re.findall(rf'"{name.lower()}>=(.+)"', text, re.MULTILINE)[0]
    page = CHECKOUT / "docs" / "reference" / "public-surface.md"
    table = page.read_text().partition("## Versions")[2]
    rows = dict(re.findall(r"^\| ([\w-]+) \| ([\d.]+) \|$", table, re.MULTILINE))
    rows["Markdown"] = rows.pop("Python-Markdown")
    assert {
        name: re.match(r"[\d.]+", floor)[0] for name, floor in floors.items()
    } == rows


def test_the_page_on_styles_names_the_themes_that_were_looked_at() -> None:
    """``looks.md`` has the themes of the gallery, each with its host."""
    themes = runpy.run_path(str(CHECKOUT / "gallery" / "themes.py"))["THEMES"]
    shown: dict[str, list[str]] = {}
    for theme in themes:
        host, name = theme.title.split(": ")
        shown.setdefault(host, []).append(name)
    page = (GUIDES / "looks.md").read_text().partition("## Themes")[2]
    rows = re.findall(r"^\| (?!host)(\w+) \| (.+) \|$", page, re.MULTILINE)
    assert {host: names.split(", ") for host, names in rows} == shown


def test_the_way_of_a_badge_names_files_that_there_are() -> None:
    """Each step of the picture in ``CONTRIBUTING.md`` has its file."""
    page = (CHECKOUT / "CONTRIBUTING.md").read_text()
    way = page.partition("## The way of a badge")[2].partition("## How the code")[0]
    named = set(re.findall(r"(?:\w+/)*\w+\.py\b", way)) - {"conf.py"}
    files = [path.as_posix() for path in CHECKOUT.glob("*backup_badge/**/*.py")]
    assert len(named) > 20
    assert {
        n for n in named if not any(f"/{f}".endswith(f"/{n}") for f in files)
    } == set()
