"""Which backup system the name of a provider stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from backup_badge.config.settings import ProviderSettings
from backup_badge.http.urls import is_plain
from backup_badge.options.option import read_options
from backup_badge.options.references import find_reference
from backup_badge.providers import OURS, find_provider, known_types, why_unusable
from backup_badge.values.problem import Problem, did_you_mean
from backup_badge.values.source import Address, parse_address
from backup_badge.ways.contained import contained
from backup_badge.ways.locator import Locator, match_locator

if TYPE_CHECKING:
    from backup_badge.provider import Provider

Result = TypeVar("Result")

GROUP = "group:"
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""What the name of a system that is not installed may look like."""
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
    if why_unusable(name):
        hint = nearest_system(name, [*known_types(), *configured])
        if hint or not _TYPE.fullmatch(name):
            raise ValueError(f"names the unknown provider {name!r}.{hint}")
    options, _ = read_options(find_provider(name).options(), {})
    return ProviderSettings(name=name, type=name, options=options)


def nearest_system(name: str, known: Collection[str]) -> str:
    """Return `` Did you mean 'x'?`` for a name that is nearly one that is known.

    One that is near to none may be that of a package that is not installed.
    """
    return "" if name in known else did_you_mean(name, known)


def system_of(name: str, configured: Mapping[str, ProviderSettings]) -> Provider:
    """Return what knows the system of the provider of that name. Raises as above."""
    return find_provider(provider_settings(name, configured).type)


def label_of(address: Address, provider: Provider) -> str | Problem:
    """Return the label of a source that is named by its address.

    A problem tells that the provider, another package's, fails here.
    """
    return contained(lambda: str(provider.label(locator_of(address, provider))))


def locator_of(address: Address, provider: Provider) -> Locator:
    """Return an address's locator. Raises ValueError where it has no form of those."""
    locator = match_locator(provider.addresses, address.segments)
    if locator is None:
        forms = (f"{address.provider}:{form}" for form in provider.addresses)
        raise ValueError(f"must have the form {' or '.join(forms)}")
    return locator


def faults_of(
    settings: ProviderSettings, own: Mapping[str, object] = MappingProxyType({})
) -> list[str]:
    """Say what is missing or wrong of a provider's options, with a source's own.

    Each sentence goes on from "the provider 'NAME'".
    """
    provider, options = find_provider(settings.type), {**settings.options, **own}
    if is_overheard(provider, options):
        return [f"has a 'url' that {OVERHEARD}"]
    faults = contained(lambda: [str(fault) for fault in provider.faults(options)])
    # Another package's that fails here is no fault of the configuration: asking tells.
    return [] if isinstance(faults, Problem) else faults


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

    Raises ValueError with the rest of a sentence that begins with an address.
    """
    settings = provider_settings(name, configured)
    faults = faults_of(settings, own)
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
    own. Raises ValueError with a sentence that has the nearest right form in it.
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
    meant = contained(lambda: provider.from_url(host.lower(), tuple(path)))
    # One that fails here gives no hint, and nothing else is lost.
    if meant and not isinstance(meant, Problem):
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
    for name in OURS:
        segments = find_provider(name).from_url(parts[0].lower(), tuple(parts[1:]))
        if segments is not None:
            return f" Did you mean '{name}:{'/'.join(segments)}'?"
    return ""
