"""Which backup system the name of a provider stands for."""

from __future__ import annotations

from collections.abc import Mapping

from backup_badge.config.settings import ProviderSettings
from backup_badge.options.option import read_options
from backup_badge.providers import PROVIDERS, Provider
from backup_badge.values.problem import did_you_mean
from backup_badge.values.source import Address

GROUP = "group:"


def provider_settings(
    name: str, configured: Mapping[str, ProviderSettings]
) -> ProviderSettings:
    """Return the provider of that name: configured, or anonymous with its defaults.

    Raises ValueError with the rest of a sentence that begins with an address.
    """
    if name in configured:
        return configured[name]
    if name not in PROVIDERS:
        hint = did_you_mean(name, {**PROVIDERS, **configured})
        raise ValueError(f"names the unknown provider {name!r}.{hint}")
    options, _ = read_options(PROVIDERS[name].options, {})
    if PROVIDERS[name].faults(options):
        raise ValueError(f"needs the provider {name!r}: configure [providers.{name}]")
    return ProviderSettings(name=name, type=name, options=options)


def system_of(name: str, configured: Mapping[str, ProviderSettings]) -> type[Provider]:
    """Return what knows the system of the provider of that name. Raises as above."""
    return PROVIDERS[provider_settings(name, configured).type]


def check_address(address: Address, configured: Mapping[str, ProviderSettings]) -> None:
    """Check that a provider understands the address.

    Raises ValueError with the rest of a sentence that begins with the address.
    """
    provider = system_of(address.provider, configured)
    if not provider.accepts(address.segments):
        forms = " or ".join(f"{address.provider}:{form}" for form in provider.addresses)
        raise ValueError(f"must have the form {forms}")
