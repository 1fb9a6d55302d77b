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
from backup_badge.providers import why_unusable
from backup_badge.values.mark import TableMark
from backup_badge.values.problem import Category, Problem, ProblemError, did_you_mean
from backup_badge.values.source import RESTORE, Source


def find(settings: Settings, text: str) -> tuple[Source, ...]:
    """Return the sources that a name, an address or ``group:NAME`` stands for.

    ``restore:NAME`` is the restore test of a source, and a source like any other.

    What cannot be understood is one source with a problem, so that it shows in the
    page and in the log like any other source that could not be had. A group that
    is known and has no members cannot be: a group exists through its members.
    """
    text = text.strip()
    if text in settings.sources:
        return (settings.sources[text],)
    if text.startswith(GROUP):
        return _find_group(settings, text)
    if text.startswith(RESTORE):
        return (_find_restore(settings, text),)
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
    why = why_unusable(address.provider)
    if why and address.provider not in settings.providers:
        raise ProblemError(Category.USAGE, f"{text!r} cannot be asked: {why}")
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
        name=text,
        address=address,
        label=label,
        is_labelled=False,
        max_age=max_age,
        system=provider.label,
    )


def select(
    settings: Settings, sources: tuple[Source, ...], mark: TableMark
) -> tuple[Source, ...]:
    """Return the sources that are of the owners and the providers of a table.

    What cannot be understood stays, and an owner or a provider that no source has is
    a source with a problem: nothing is passed over in silence.
    """
    if not mark.owners and not mark.providers:
        return sources
    configured = settings.sources.values()
    owners = {source.owner for source in configured if source.owner}
    providers = {*settings.providers, *map(_provider, (*configured, *sources))}
    left = [
        source
        for source in sources
        if source.problem is not None
        or (
            (not mark.owners or source.owner in mark.owners)
            and (not mark.providers or _provider(source) in mark.providers)
        )
    ]
    for what, asked, known in (
        ("owner", mark.owners, owners),
        ("provider", mark.providers, providers),
    ):
        for name in asked:
            if name not in known:
                hint = did_you_mean(name, sorted(known)) or " No source names it."
                why = f"there is no {what} named {name!r}.{hint}"
                left.append(_missing(name, why))
    return tuple(left)


def _provider(source: Source) -> str:
    return source.address.provider if source.address else ""


def _find_group(settings: Settings, text: str) -> tuple[Source, ...]:
    group = text.removeprefix(GROUP).strip()
    if group in settings.members:
        return settings.members[group]
    hint = did_you_mean(group, settings.groups) or " No source names it."
    return (_missing(text, f"there is no group named {group!r}.{hint}"),)


def _find_restore(settings: Settings, text: str) -> Source:
    name = text.removeprefix(RESTORE).strip()
    if name.startswith((GROUP, RESTORE)):
        why = f"{text!r} is not understood: a restore test is that of one source"
        return _missing(text, why, category=Category.USAGE)
    (source,) = find(settings, name)
    if source.problem is not None:
        return _missing(text, source.problem.message, category=source.problem.category)
    if source.restore is None:
        known = (one.name for one in settings.sources.values() if one.restore)
        hint = did_you_mean(name, known) or f" Configure [sources.{name}.restore]."
        return _missing(text, f"the source {name!r} has no restore test.{hint}")
    return source.restore


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
