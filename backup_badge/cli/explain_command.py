"""``backup-badge explain``: step by step, how a status came about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from backup_badge.ask.resolver import Resolver
from backup_badge.cli.selection import Chosen, choose, pages_in, takes_sources
from backup_badge.cli.terminal_output import write
from backup_badge.config.origin import ConfigSource, file_source
from backup_badge.config.settings import Settings
from backup_badge.config.systems import locator_of, provider_settings, system_of
from backup_badge.markup.pages import Use, find_uses
from backup_badge.options.kinds import format_duration
from backup_badge.render.text import printable
from backup_badge.values.problem import UsageError
from backup_badge.values.source import RESTORE, Address, Source
from backup_badge.values.status import Status
from backup_badge.view.steps import (
    Step,
    exchange_steps,
    quoted_placeholders,
    status_steps,
)
from backup_badge.ways.reach import Exchange

_WIDTH = 14


@click.command()
@takes_sources
@click.option(
    "--pages",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Tell where the pages (.md, .rst, .txt) in DIR show it, too. May be repeated.",
)
def explain(pages: tuple[Path, ...], **selection: Any) -> None:
    """Tell step by step how the status of each SOURCE comes about.

    Where its configuration stands, what is asked, what comes back, how that is judged.
    The backup system is asked anew, whatever is cached. Secrets are left out, and the
    placeholders of an address stand for what it names.

    \b
    Examples:
      backup-badge explain orders-db
      backup-badge explain orders-db --pages docs
      backup-badge explain --group databases
    """
    chosen = choose(**selection)
    file = file_source(Path.cwd(), selection["config"])
    uses = [use for page in pages_in(pages) for use in _uses(page)]
    parts = []
    for source in chosen.sources:
        assert source.address is not None
        with chosen.progress.showing("Asking"):
            steps = list(_steps(source, source.address, chosen, file))
        if pages:
            steps += _shown(source, uses, chosen)
        heading = source.name
        if not _table_of(source, chosen.site.settings):
            heading = _form(source.address, chosen.site.settings)
        lines = [heading, *(f"  {about:<{_WIDTH}}{text}" for about, text in steps)]
        parts.append("".join(f"{printable(line)}\n" for line in lines))
    write("\n".join(parts))


def _steps(
    source: Source, address: Address, chosen: Chosen, file: ConfigSource | None
) -> Iterator[Step]:
    settings = chosen.site.settings
    locator = locator_of(address, system_of(address.provider, settings.providers))
    yield from _configured(source, address, settings, file)
    made: list[Exchange] = []
    resolver = Resolver(
        # Nothing that is cached is fresh, so that the system is asked.
        replace(settings, cache_ttl=timedelta()),
        watch=chosen.progress.tick,
        trace=made.append,
    )
    status = resolver.resolve([source])[source]
    yield from exchange_steps(made, locator)
    if not made:
        yield "asked", _unasked(settings, status)
    hide = quoted_placeholders(locator)
    for about, text in status_steps(source, status, now=resolver.now):
        # The system's own words stay as they are.
        yield about, text if about in ("said", "label") else hide(text)
    asks_more = status.problem is None and settings.status_file is None
    age = _scheduled_age(source, address, resolver) if asks_more else None
    if age is not None:
        proposed = f"max_age = {format_duration(age)!r}".replace("'", '"')
        yield "proposed", f"{proposed}, as the system's own schedule has it"


def _scheduled_age(
    source: Source, address: Address, resolver: Resolver
) -> timedelta | None:
    """Return the max_age that ``discover`` would propose, where none is configured.

    One with options of its own may be in another system than its provider lists.
    """
    if source.max_age or source.options or source.is_restore:
        return None
    provider = system_of(address.provider, resolver.settings.providers)
    within = locator_of(address, provider).values.get(provider.within)
    part = (within,) if within else ()
    listing = resolver.discover([address.provider], part)[address.provider]
    same = (f for f in listing.found if address.segments in (f.segments, *f.also))
    return next((found.max_age for found in same), None)


def _configured(
    source: Source, address: Address, settings: Settings, file: ConfigSource | None
) -> Iterator[Step]:
    """Tell where the source, its provider and its max_age are configured."""

    def place(*path: str) -> str:
        if file is None or not file.has(path):
            return "the defaults"
        where = os.path.relpath(file.directory / file.origin)
        line = file.line(path)
        return f"{where}:{line}" if line else where

    path = _table_of(source, settings)
    yield "configured", place(*path) if path else "on no line"
    provider = provider_settings(address.provider, settings.providers)
    system = f", a {provider.type}" if provider.type != provider.name else ""
    form = _form(address, settings)
    where = place("providers", provider.name)
    yield "address", f"{form}, with the provider {provider.name!r}{system} ({where})"
    if source.options:
        named = ", ".join(map(repr, source.options))
        yield "options", f"{named} at the source"
    if source.max_age is None:
        yield "max_age", "none: a success of any age counts"
    else:
        path = _max_age_path(source, address, settings, file)
        yield "max_age", f"{format_duration(source.max_age)} ({place(*path)})"


def _table_of(source: Source, settings: Settings) -> tuple[str, ...]:
    """Return where a source is configured; nothing where it is not."""
    name = source.name.removeprefix(RESTORE)
    if name not in settings.sources:
        return ()
    return ("sources", name, *(["restore"] if source.is_restore else []))


def _max_age_path(
    source: Source, address: Address, settings: Settings, file: ConfigSource | None
) -> tuple[str, ...]:
    """Return where the max_age of a source stands: see ``read_sources``."""
    table = _table_of(source, settings)
    own = (*table, "max_age")
    if source.is_restore or (table and file is not None and file.has(own)):
        return own
    for name in source.groups:
        if settings.groups[name].max_age == source.max_age:
            return ("groups", name, "max_age")
    provider = settings.providers.get(address.provider)
    if provider is not None and provider.max_age is not None:
        return ("providers", provider.name, "max_age")
    return ("max_age",)


def _unasked(settings: Settings, status: Status) -> str:
    """Say why there was no exchange."""
    if settings.status_file is not None:
        return f"nothing: the answer stands in the status file {settings.status_file}"
    if status.problem is None:
        return "nothing: the answer is a remembered one"
    return "nothing"


def _form(address: Address, settings: Settings) -> str:
    provider = system_of(address.provider, settings.providers)
    return f"{address.provider}:{locator_of(address, provider).form}"


def _uses(page: Path) -> list[Use]:
    try:
        return find_uses(page)
    except OSError as error:
        return [Use(path=page, line=0, mark=UsageError(str(error.strerror)))]


def _shown(source: Source, uses: list[Use], chosen: Chosen) -> Iterator[Step]:
    is_shown = False
    for use in uses:
        if isinstance(use.mark, UsageError):
            if not use.line:
                yield "shown", f"perhaps in {use.path}, which cannot be read"
        elif source in chosen.site.shown(use.mark):
            is_shown = True
            yield "shown", f"{use.path}:{use.line}"
    if not is_shown:
        yield "shown", "on no page"
