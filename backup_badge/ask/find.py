"""Finding sources by what a page says: a name, an address or a group."""

from __future__ import annotations

from collections.abc import Mapping

from backup_badge.options.kinds import read_options
from backup_badge.values.problem import Category, Problem, did_you_mean
from backup_badge.providers import PROVIDERS, Provider
from backup_badge.config.settings import ProviderSettings, Settings
from backup_badge.values.source import Address, Source, parse_address

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


def find(settings: Settings, text: str) -> tuple[Source, ...]:
    """Return the sources that a name, an address or ``group:NAME`` stands for.

    What cannot be understood is one source with a problem, so that it shows in the
    page and in the log like any other source that could not be had. A group that
    is known and has no members cannot be: a group exists through its members.
    """
    text = text.strip()
    if text in settings.sources:
        return (settings.sources[text],)
    if text.startswith(GROUP):
        return _find_group(settings, text)
    if ":" not in text:
        known = [*settings.sources, *(GROUP + group for group in settings.groups)]
        hint = did_you_mean(text, known) or _no_hint(settings)
        return (_missing(text, f"there is no source named {text!r}.{hint}"),)
    try:
        address = parse_address(text)
        check_address(address, settings.providers)
    except ValueError as error:
        return (_missing(text, f"{text!r} {error}", category=Category.USAGE),)
    for source in settings.sources.values():
        if source.address == address:
            return (source,)
    provider = system_of(address.provider, settings.providers)
    label = provider.label(address.segments)
    return (Source(name=text, address=address, label=label, max_age=settings.max_age),)


def _find_group(settings: Settings, text: str) -> tuple[Source, ...]:
    group = text.removeprefix(GROUP).strip()
    members = tuple(
        source for source in settings.sources.values() if group in source.groups
    )
    if members:
        return members
    hint = did_you_mean(group, settings.groups) or " No source names it."
    return (_missing(text, f"there is no group named {group!r}.{hint}"),)


def _no_hint(settings: Settings) -> str:
    if settings.sources:
        return ""
    return (
        " No source is configured; an address such as cloudback:OWNER/REPOSITORY"
        " needs no configuration."
    )


def _missing(
    text: str, message: str, *, category: Category = Category.UNKNOWN_SOURCE
) -> Source:
    problem = Problem(category=category, message=message)
    return Source(name=text, address=None, label=text, problem=problem)
