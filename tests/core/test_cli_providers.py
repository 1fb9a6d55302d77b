"""The command ``backup-badge providers``: the systems, and how each is configured."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run

from backup_badge.providers import OURS, find_provider, known_types

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "systems.md"


def test_all_systems() -> None:
    """Without a name a row for each system: whose it is, how asked, its addresses."""
    ran = run("providers")
    heading, *rows = ran.out.splitlines()
    assert ran.code == 0
    assert heading.split() == ["SYSTEM", "FROM", "ASKED", "ADDRESSES"]
    assert [row.split()[0] for row in rows] == known_types()
    (row,) = [row for row in rows if row.startswith("json ")]
    assert row.split()[1] == "backup-badge"
    assert "over HTTP, from a file or by a command" in row
    assert row.endswith("json:document, json:entry/KEY-VALUE")


@pytest.mark.parametrize("name", OURS)
def test_one_system_as_in_the_reference(name: str) -> None:
    """With a name its addresses, options and words: the reference page has the text."""
    ran = run("providers", name)
    heading, _, text = ran.out.partition("\n")
    assert (ran.code, heading) == (0, f"## {name}")
    for form in find_provider(name).addresses:
        assert f"- `{name}:{form}`" in text
    for option in find_provider(name).options():
        assert f"| `{option.name}` | {option.kind.name} | {option.help}" in text
    for word, state in find_provider(name).states.items():
        assert f"| {word or '(empty)'} | {state.message} |" in text
    assert f"## {name}\n{text}" in REFERENCE.read_text()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("helthchecks", "Did you mean 'healthchecks'?"),
        ("zzzzzz", "The systems are aws-backup, "),
    ],
)
def test_an_unknown_system(name: str, hint: str) -> None:
    """A name that nobody knows is told with the nearest right one, or with all."""
    ran = run("providers", name)
    assert (ran.code, ran.out) == (2, "")
    assert f"{name!r} is not a backup system that is known here. {hint}" in ran.err
