"""The guides of the systems: they tell of every kind of address, and of the words.

Their configurations are read with all other code blocks of the documentation.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backup_badge.providers import OURS, find_provider

GUIDES = Path(__file__).parents[2] / "docs" / "how-to" / "systems"
WORDS = {
    "backrest": set[str](),
    "barman": set[str](),
    "cloudback": set[str](),
    "duplicati": {"finished"},
    "gatus": {"success", "heartbeat"},
    "healthchecks": set[str](),
    "kopia": {"fatal", "warnings", "success"},
    "rackspace": set[str](),
    "uptime-kuma": set[str](),
}
"""The guides with a table of words, and those that are ours, not the system's."""


@pytest.mark.parametrize("name", OURS)
def test_a_guide_tells_of_every_kind_of_address(name: str) -> None:
    """Each begins with a configuration that has a source, and names all kinds."""
    text = (GUIDES / f"{name}.md").read_text(encoding="utf-8")
    first = re.search(r"^ *```toml\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert first is not None and "[sources." in first[1]
    kinds = {form.partition("/")[0] for form in find_provider(name).addresses}
    words = {kind for kind in kinds if kind.islower()}
    assert {word for word in words if not re.search(f'[:`]{word}[/`"]', text)} == set()


@pytest.mark.parametrize("name", WORDS)
def test_a_guide_tells_of_every_word(name: str) -> None:
    """What a system says can be looked up, with what it comes to."""
    text = (GUIDES / f"{name}.md").read_text(encoding="utf-8").casefold()
    words = {*find_provider(name).states} - WORDS[name]
    assert {word for word in words if word.casefold() not in text} == set()
