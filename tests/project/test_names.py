"""Names and words: one name for one thing, in the terms of the field."""

from __future__ import annotations

import re
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("backup_badge", "mkdocs_backup_badge", "sphinx_backup_badge")
MODULES = [
    path for name in PACKAGES for path in sorted((CHECKOUT / name).rglob("*.py"))
]

SHARED = {
    "__init__": "Python's name for a package's own module",
    "__main__": "Python's name for what -m runs",
    "linking": "in each host: how style sheet and scripts get into its pages",
}
"""The names that several modules may have, and why they mean the same."""

# In pieces, as this file is searched too.
PHRASES = {
    "thread pool, threads": r"\bcre" + r"ws?\b",
    "queue": r"\blan" + r"es?\b",
    "subprocess": r"\bprocess(?:es)? of (?:its|their|one's)" + r" own\b",
    "to ask": r"\bto have " + r"asked\b",
}
"""What is written instead, and the words that are not used, as patterns."""

FIGURES = {"cre" + "w", "lan" + "e", "apart", "layer", "promise"}
"""No name in the code has one of these among its words, or is called a memory."""


def test_two_modules_of_one_name_mean_the_same() -> None:
    """A module's name is what is in it: no other module has the name for another."""
    places = defaultdict(list)
    for module in MODULES:
        places[module.stem].append(module.relative_to(CHECKOUT).as_posix())
    assert {
        name: modules
        for name, modules in places.items()
        if len(modules) > 1 and name not in SHARED
    } == {}


@pytest.mark.parametrize("instead", PHRASES)
def test_texts_use_the_terms_of_the_field(texts: dict[str, str], instead: str) -> None:
    """A reader meets the words that other documentation has taught."""
    pattern = re.compile(PHRASES[instead], re.IGNORECASE)
    assert [
        f"{name}:{number}: {line}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ] == []


def test_names_use_the_terms_of_the_field() -> None:
    """The same holds for modules, classes, functions and variables."""
    found = set()
    for module in MODULES:
        with module.open("rb") as file:
            tokens = list(tokenize.tokenize(file.readline))
        names = {token.string for token in tokens if token.type == tokenize.NAME}
        for name in {module.stem, *names}:
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)}
            if FIGURES & {word.rstrip("s") for word in words} or words == {"memory"}:
                found.add(f"{module.relative_to(CHECKOUT).as_posix()}: {name}")
    assert found == set()
