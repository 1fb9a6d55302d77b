"""``backup-badge discover``: sources for what a backup system holds."""

from __future__ import annotations

import os
from pathlib import Path

import click

from backup_badge.ask.resolver import Resolver
from backup_badge.cli.selection import (
    Failure,
    complete_provider,
    config_option,
    load_settings,
)
from backup_badge.cli.terminal_output import Progress, say, write
from backup_badge.config.origin import FILE_NAME, file_source
from backup_badge.config.proposals import Compared, compare, propose
from backup_badge.config.settings import Settings
from backup_badge.config.systems import system_of
from backup_badge.providers import known_types
from backup_badge.render.text import printable
from backup_badge.site import Site
from backup_badge.values.found import Found
from backup_badge.values.problem import UsageError


@click.command()
@click.argument("provider", metavar="PROVIDER", shell_complete=complete_provider)
@click.argument("within", metavar="[WITHIN]", required=False)
@click.option(
    "--write",
    "to_file",
    is_flag=True,
    help="Add the sources to the configuration file, instead of printing them.",
)
@config_option
@click.option(
    "--offline",
    is_flag=True,
    help="Open no socket: only a system that is read from a file can be listed.",
)
def discover(
    provider: str, within: str | None, to_file: bool, config: str | None, offline: bool
) -> None:
    """Print [sources.NAME] tables for all that a backup system holds.

    PROVIDER is the name of a [providers.NAME] table, or a system that needs none. Some
    systems are asked for a part, WITHIN: uptime-kuma for the slug of a status page,
    velero for a namespace, github for a repository. What a source watches already is
    left out.

    \b
    Examples:
      backup-badge discover healthchecks
      backup-badge discover restic --write
      backup-badge discover uptime-kuma backups
    """
    settings = load_settings(config, offline=offline)
    parts = _within(settings, provider, within)
    compared = compare(settings, provider, _listed(settings, provider, parts))
    tables = propose(settings, compared.new)
    _tell(provider, compared)
    # Not needed by any other command, and slow to be imported.
    from backup_badge.config.additions import add_sources, write_tables

    path = _file(config)
    if not to_file:
        write(write_tables(tables, path=path))
    elif tables:
        path = path or Path(FILE_NAME)
        try:
            add_sources(path, tables)
        except UsageError as error:
            raise Failure(str(error)) from None
        place = printable(os.path.relpath(path))
        say(f"backup-badge: {_sources(len(tables))} added to {place}")


def _within(settings: Settings, name: str, within: str | None) -> tuple[str, ...]:
    """Check the arguments, and return the part that is asked for."""
    try:
        system = system_of(name, settings.providers)
    except ValueError as error:
        raise Failure(f"the command {error}") from None
    known = dict.fromkeys([*settings.providers, *known_types()])
    if name not in known:
        raise Failure(
            f"there is no provider {name!r}; these are known: {', '.join(known)}"
        )
    if within is None:
        return ()
    if not system.within:
        raise Failure(f"{name!r} is listed as a whole: leave {within!r} out")
    if not within.strip():
        raise Failure(f"{system.within} is empty")
    return (within.strip(),)


def _listed(
    settings: Settings, name: str, within: tuple[str, ...]
) -> tuple[Found, ...]:
    """Ask the system. Raises Failure where it does not or cannot tell."""
    progress = Progress(limit=settings.deadline)
    site = Site(settings, resolver=Resolver(settings, watch=progress.tick))
    with progress.showing(f"Asking {name}"):
        listing = site.discover([name], within)[name]
    why = listing.unlisted or (listing.problem and listing.problem.message)
    if why:
        said = f"{name!r} cannot be listed: {why}"
        raise Failure("\n".join([said, *settings.notices]))
    return listing.found


def _tell(name: str, compared: Compared) -> None:
    """Say on stderr what is left out, and where nothing is left."""
    if compared.known:
        say(f"backup-badge: {_sources(compared.known)} left out: watched already")
    if compared.unusable:
        count = compared.unusable
        say(f"backup-badge: {count} left out: no address can name what {name} holds")
    if not compared.new and not compared.known and not compared.unusable:
        say(f"backup-badge: {printable(name)} holds nothing yet")


def _file(config: str | None) -> Path | None:
    file = file_source(Path.cwd(), config)
    return file.directory / file.origin if file else None


def _sources(number: int) -> str:
    return f"{number} source{'' if number == 1 else 's'}"
