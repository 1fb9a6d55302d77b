"""The guides of databases' tools, Proxmox and AWS: what they tell to configure."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from backup_badge.options.option import read_options
from backup_badge.provider import Provider
from backup_badge.providers.aws_backup import AwsBackup
from backup_badge.providers.barman import Barman
from backup_badge.providers.pgbackrest import PgBackRest
from backup_badge.providers.proxmox import Proxmox
from backup_badge.providers.wal_g import WalG
from backup_badge.values.source import parse_address
from backup_badge.ways.locator import match_locator

GUIDES = Path(__file__).parents[2] / "docs" / "how-to" / "systems"
BLOCK = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("provider", [AwsBackup, Barman, PgBackRest, Proxmox, WalG])
def test_guide(provider: type[Provider]) -> None:
    """A guide begins with a configuration that holds; so do all others in it."""
    text = (GUIDES / f"{provider.type}.md").read_text()
    blocks = [tomllib.loads(block) for block in BLOCK.findall(text)]
    assert "sources" in blocks[0]
    for block in blocks:
        for name, given in block["providers"].items():
            assert given.pop("type", name) == provider.type
            options, faults = read_options(provider.options(), given)
            assert not faults
            assert not provider().faults(options)
        for source in block.get("sources", {}).values():
            address = parse_address(source["address"])
            assert address.provider in block["providers"]
            assert match_locator(provider.addresses, address.segments)
            assert "max_age" in source or "max_age" in block
    for form in provider.addresses:
        assert form.split("/")[0] in text
