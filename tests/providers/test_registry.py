"""The registry: where our providers are, by their types."""

from __future__ import annotations

import pytest

from backup_badge.providers import OURS, find_provider, known_types, why_unusable


def test_types_are_sorted() -> None:
    """A new provider has one place in the list."""
    assert list(OURS) == sorted(OURS) == known_types()[: len(OURS)]


@pytest.mark.parametrize("name", OURS)
def test_a_type_names_its_class(name: str) -> None:
    """A provider is imported where its type is asked for, and has that type."""
    provider = find_provider(name)
    assert provider.type == name
    assert provider.addresses and provider.options()
    assert find_provider(name) is provider


def test_a_type_that_nobody_brings() -> None:
    """It is no fault of the configuration: its package may be missing here."""
    provider = find_provider("none-such")
    assert provider.faults({}) == []
    assert "'none-such': install it" in (why_unusable("none-such") or "")
