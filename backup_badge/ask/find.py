"""Finding sources by what a page says: a name, an address or a group."""

from __future__ import annotations

from backup_badge.config.settings import Settings
from backup_badge.config.systems import (
    GROUP,
    check_complete,
    label_of,
    provider_settings,
    read_address,
    suggest_address,
    system_of,
)
from backup_badge.providers import Unusable
from backup_badge.values.problem import Category, Problem, ProblemError, did_you_mean
from backup_badge.values.source import Source


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
        hint = did_you_mean(text, known) or suggest_address(text) or _no_hint(settings)
        return (_missing(text, f"there is no source named {text!r}.{hint}"),)
    try:
        return (_find_address(settings, text),)
    except ValueError as error:
        return (_missing(text, str(error), category=Category.USAGE),)
    except ProblemError as error:
        return (Source(name=text, address=None, label=text, problem=error.problem),)


def _find_address(settings: Settings, text: str) -> Source:
    """Return the source of an address.

    Raises ValueError for what is wrong in the page, and ProblemError for what its
    provider raises.
    """
    address = read_address(text, settings.providers)
    if address in settings.addresses:
        return settings.addresses[address]
    system = system_of(address.provider, settings.providers)
    if isinstance(system, Unusable) and address.provider not in settings.providers:
        why = f"{text!r} cannot be asked: {system.why}"
        raise ProblemError(Category.USAGE, why)
    try:
        check_complete(address.provider, settings.providers)
    except ValueError as error:
        raise ValueError(f"{text!r} {error}") from None
    provider = provider_settings(address.provider, settings.providers)
    max_age = settings.max_age if provider.max_age is None else provider.max_age
    label = label_of(address, system)
    if isinstance(label, Problem):
        raise ProblemError(label.category, label.message)
    return Source(
        name=text, address=address, label=label, max_age=max_age, system=provider.label
    )


def _find_group(settings: Settings, text: str) -> tuple[Source, ...]:
    group = text.removeprefix(GROUP).strip()
    if group in settings.members:
        return settings.members[group]
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
    # What a page says, and what is known of it, is no secret of its reader's.
    problem = Problem(category=category, message=message, public_message=message)
    return Source(name=text, address=None, label=text, problem=problem)
