"""Finding sources by what a page says: a name, an address or a group."""

from __future__ import annotations

from backup_badge.config.settings import Settings
from backup_badge.config.systems import GROUP, check_address, system_of
from backup_badge.values.problem import Category, Problem, did_you_mean
from backup_badge.values.source import Source, parse_address


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
