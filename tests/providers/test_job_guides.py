"""The guides of systems in Kubernetes and of GitHub and GitLab: what they configure."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from backup_badge.options.option import read_options
from backup_badge.provider import Provider
from backup_badge.providers.cnpg import CloudNativePG
from backup_badge.providers.github import GitHub
from backup_badge.providers.gitlab import GitLab
from backup_badge.providers.k8up import K8up
from backup_badge.providers.longhorn import Longhorn
from backup_badge.providers.velero import Velero
from backup_badge.providers.volsync import VolSync
from backup_badge.ways.locator import match_locator

GUIDES = Path(__file__).parents[2] / "docs" / "how-to" / "systems"
BLOCK = re.compile(r"^ *```toml\n(.*?)```", re.DOTALL | re.MULTILINE)
PROVIDERS = (CloudNativePG, GitHub, GitLab, K8up, Longhorn, Velero, VolSync)


def blocks(name: str) -> list[dict[str, Any]]:
    """Return the configurations that a guide shows."""
    text = (GUIDES / f"{name}.md").read_text(encoding="utf-8")
    return [tomllib.loads(block) for block in BLOCK.findall(text)]


def assert_holds(provider: type[Provider], options: dict[str, Any]) -> None:
    """Fail where the options of a provider have a fault."""
    read, faults = read_options(provider.options(), options)
    assert not faults
    assert not provider().faults(read)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_guide(provider: type[Provider]) -> None:
    """A guide begins with a configuration that holds, and tells all addresses."""
    first, *others = blocks(provider.type)
    assert_holds(provider, first["providers"][provider.type])
    own = {option.name for option in provider.own}
    for block in (first, *others):
        for source in block["sources"].values():
            told = source.get("restore", source)
            name, _, locator = told["address"].partition(":")
            segments = tuple(unquote(segment) for segment in locator.split("/"))
            assert name == provider.type
            assert match_locator(provider.addresses, segments)
            assert told.keys() <= {"address", "max_age", *own}
    text = (GUIDES / f"{provider.type}.md").read_text(encoding="utf-8")
    assert all(f"`{provider.type}:{form}`" in text for form in provider.addresses)


def test_guide_of_the_three_ways() -> None:
    """The API, the command and the file are configured as the guide says."""
    shown = blocks("kubernetes")
    assert len(shown) == 3
    for block in shown:
        assert_holds(Velero, block["providers"]["velero"])
