"""Which backup system the name of a provider stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from backup_badge.config.settings import ProviderSettings
from backup_badge.http.urls import is_plain
from backup_badge.options.option import read_options
from backup_badge.options.references import find_reference
from backup_badge.provider import Locator, Provider
from backup_badge.providers import OURS, Unusable, find_provider, known_types
from backup_badge.values.problem import Problem, ProblemError, did_you_mean
from backup_badge.values.source import Address, parse_address
from backup_badge.ways.contained import contained
from backup_badge.ways.locator import match_locator

Result = TypeVar("Result")

GROUP = "group:"
OVERHEARD = "must use https: a credential goes over plain http to loopback only"
_MOST, _LONGEST = 10, 300
"""Segments and characters of the longest text that an address is suggested for."""


def provider_settings(
    name: str, configured: Mapping[str, ProviderSettings]
) -> ProviderSettings:
    """Return the provider of that name: configured, or with its defaults.

    A name that nobody knows may be that of a package that is not installed: its sources
    have a problem then. Raises ValueError with the rest of a sentence that begins with
    an address where the name is nearly one that is known.
    """
    if name in configured:
        return configured[name]
    provider = find_provider(name)
    if isinstance(provider, Unusable):
        hint = did_you_mean(name, [*known_types(), *configured])
        if hint or not re.fullmatch(r"[\w.-]*\w", name):
            said = f"names the unknown provider {name!r}"
            raise ValueError(f"{said}.{hint}" if hint else said)
    options, _ = read_options(provider.options(), {})
    return ProviderSettings(name=name, type=name, options=options)


def system_of(name: str, configured: Mapping[str, ProviderSettings]) -> Provider:
    """Return what knows the system of the provider of that name. Raises as above."""
    return find_provider(provider_settings(name, configured).type)


def held(call: Callable[[], Result]) -> Result:
    """Return what a provider's code returns. Whatever that raises is a ProblemError."""
    result = contained(call)
    if isinstance(result, Problem):
        raise ProblemError(result.category, result.message)
    return result


def locator_of(address: Address, provider: Provider) -> Locator:
    """Return an address's locator. Raises ValueError where it has no form of those."""
    locator = match_locator(provider.addresses, address.segments)
    if locator is None:
        forms = (f"{address.provider}:{form}" for form in provider.addresses)
        raise ValueError(f"must have the form {' or '.join(forms)}")
    return locator


def is_overheard(provider: Provider, options: Mapping[str, object]) -> bool:
    """Whether a credential would go over plain http to a URL that is written out."""
    url = str(options.get("url") or "")
    if not url or find_reference(url) or not is_plain(url):
        return False
    return any(one.secret and options.get(one.name) for one in provider.options())


def check_complete(
    name: str,
    configured: Mapping[str, ProviderSettings],
    own: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Check that a provider, with a source's own options, is all that asking needs.

    Raises ValueError with the rest of a sentence that begins with an address, and
    ProblemError as :func:`held`.
    """
    settings = provider_settings(name, configured)
    provider, options = find_provider(settings.type), {**settings.options, **own}
    faults = held(lambda: provider.faults(options))
    if is_overheard(provider, options):
        faults = [f"has a 'url' that {OVERHEARD}"]
    if not faults:
        return
    if name in configured or own:
        raise ValueError(f"cannot be asked: its provider {faults[0]}")
    raise ValueError(
        f"needs the provider {name!r}, which {faults[0]}: configure [providers.{name}]"
    )


def read_address(
    text: str,
    configured: Mapping[str, ProviderSettings],
    *,
    unchecked: Collection[str] = (),
) -> Address:
    """Read an address that its provider understands.

    The addresses of ``unchecked`` providers are believed: those have faults of their
    own. Raises ValueError with a sentence that has the nearest right form in it, and
    ProblemError as :func:`held`.
    """
    try:
        address = parse_address(text)
        if address.provider not in unchecked:
            _check(address, configured)
    except ValueError as error:
        is_secret = "://" in text and set(text) & {"@", "?"}
        what = "this URL" if is_secret else repr(text[:_LONGEST])
        said, hint = f"{what} {error}", suggest_address(text)
        if hint:
            said = said.partition(". Did you mean")[0] + f".{hint}"
        raise ValueError(said) from None
    return address


def _check(address: Address, configured: Mapping[str, ProviderSettings]) -> None:
    provider = system_of(address.provider, configured)
    locator_of(address, provider)
    host, *path = address.segments
    if held(lambda: provider.from_url(host.lower(), tuple(path))):
        raise ValueError("begins with the name of a host")


def suggest_address(text: str) -> str:
    """Return `` Did you mean 'x'?`` for a URL or a path that means an address.

    It may stand alone (``github.com/acme/website``) or behind a provider's name.
    """
    rest = re.sub(r"^[\w-]+:(?!//)", "", text.strip())
    rest = re.sub(r"^[a-z][a-z0-9+.-]*://", "", rest, flags=re.IGNORECASE)
    rest = re.sub(r"^[^/]*@|[?#].*$", "", rest)
    # What git writes: git@github.com:acme/website.git
    rest = re.sub(r"^([\w-]+(?:\.[\w-]+)+):", r"\1/", rest)
    parts = [part.strip() for part in rest.split("/")]
    parts = [part for part in parts if part]
    if not 1 < len(parts) <= _MOST or len(rest) > _LONGEST:
        return ""
    for name, provider in OURS.items():
        segments = provider.from_url(parts[0].lower(), tuple(parts[1:]))
        if segments is not None:
            return f" Did you mean '{name}:{'/'.join(segments)}'?"
    return ""
