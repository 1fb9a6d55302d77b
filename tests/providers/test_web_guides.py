"""The guides of the systems that are asked over HTTP: what they tell to configure."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from backup_badge.options.option import read_options
from backup_badge.provider import Provider
from backup_badge.providers.backrest import Backrest
from backup_badge.providers.duplicati import Duplicati
from backup_badge.providers.gatus import Gatus
from backup_badge.providers.kopia import Kopia
from backup_badge.providers.uptime_kuma import UptimeKuma
from backup_badge.ways.locator import match_locator

GUIDES = Path(__file__).parents[2] / "docs" / "how-to" / "systems"
BLOCK = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("provider", [Backrest, Duplicati, Gatus, Kopia, UptimeKuma])
def test_guide(provider: type[Provider]) -> None:
    """A guide begins with a configuration that holds, and names each word."""
    text = (GUIDES / f"{provider.type}.md").read_text()
    blocks = [tomllib.loads(block) for block in BLOCK.findall(text)]
    for block in blocks:
        options, faults = read_options(
            provider.options(), block["providers"][provider.type]
        )
        assert not faults
        assert not provider().faults(options)
    for source in blocks[0]["sources"].values():
        name, _, locator = source["address"].partition(":")
        assert name == provider.type
        assert match_locator(provider.addresses, tuple(locator.split("/")))
    said = text.casefold()
    ours = {"fatal", "warnings", "success", "finished", "heartbeat"}
    assert all(word.casefold() in said for word in {*provider.states} - ours)
