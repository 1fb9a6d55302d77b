"""What every command begins with: which sources, and what became of asking them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from backup_badge.ask.resolver import Resolver
from backup_badge.cli.terminal_output import Progress, say
from backup_badge.config.load import load
from backup_badge.config.origin import FILE_NAME, ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.config.systems import GROUP
from backup_badge.markup.mark_options import table_mark
from backup_badge.markup.pages import SUFFIXES, find_pages
from backup_badge.providers import known_types
from backup_badge.render.text import printable
from backup_badge.site import Site
from backup_badge.values.mark import TableMark
from backup_badge.values.problem import BackupBadgeError, UsageError
from backup_badge.values.source import Source
from backup_badge.values.status import Status
from backup_badge.view.summary import count_watched

Function = TypeVar("Function", bound=Callable[..., Any])


class Failure(click.ClickException):
    """A usage or configuration error: its sentences on stderr, exit code 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(map(printable, message.splitlines())))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came of asking; the site knows what the marks in pages stand for."""

    site: Site
    statuses: Mapping[Source, Status]


def complete_source(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str]:
    """Offer the names of sources, groups and restore tests."""
    settings = _completing(ctx)
    groups = [GROUP + group for group in settings.groups]
    restores = [s.restore.name for s in settings.sources.values() if s.restore]
    names = (*settings.sources, *groups, *restores)
    return [name for name in names if name.startswith(incomplete)]


def _complete_group(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str]:
    return [g for g in _completing(ctx).groups if g.startswith(incomplete)]


def complete_provider(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str]:
    """Return the providers whose names begin so."""
    names = dict.fromkeys([*_completing(ctx).providers, *known_types()])
    return [name for name in names if name.startswith(incomplete)]


def _completing(ctx: click.Context) -> Settings:
    try:
        return load(Path.cwd(), config=ctx.params.get("config"))
    except BackupBadgeError:
        return Settings()


config_option = click.option(
    "-c",
    "--config",
    metavar="FILE",
    help=f"The configuration. Default: {FILE_NAME} here, or pyproject.toml.",
)
_PARAMETERS = (
    click.argument(
        "sources", nargs=-1, metavar="[SOURCE]...", shell_complete=complete_source
    ),
    click.option(
        "--group",
        "groups",
        metavar="NAME",
        multiple=True,
        shell_complete=_complete_group,
        help="The sources of this group, too. May be repeated.",
    ),
    config_option,
    click.option(
        "--offline",
        is_flag=True,
        help="Open no socket: answer from the cache and the status file.",
    ),
)


def takes_sources(function: Function) -> Function:
    """Give a command the parameters that :func:`choose` takes."""
    for parameter in reversed(_PARAMETERS):
        function = parameter(function)
    return function


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What is to be resolved, and a progress bar."""

    site: Site
    mark: TableMark
    sources: tuple[Source, ...]
    progress: Progress


def choose(
    sources: tuple[str, ...],
    *,
    groups: tuple[str, ...],
    config: str | None,
    offline: bool,
    none_will_do: bool = False,
) -> Chosen:
    """Find what was named, or else every configured source.

    Raises Failure for a fault in the configuration, for a name that nobody knows and,
    unless ``none_will_do``, where there is no source at all.
    """
    settings = load_settings(config, offline=offline)
    progress = Progress(limit=settings.deadline)
    site = Site(settings, resolver=Resolver(settings, watch=progress.tick))
    mark = _mark(sources, groups)
    wanted = site.sources(mark)
    faults = [source.problem.message for source in wanted if source.problem]
    if faults:
        raise Failure("\n".join([*faults, *settings.notices]))
    if not wanted and not none_will_do:
        why = (
            f"there is no source: configure one in {FILE_NAME}, or name an address"
            " such as cloudback:OWNER/REPOSITORY"
        )
        raise Failure("\n".join([why, *settings.notices]))
    return Chosen(site=site, mark=mark, sources=wanted, progress=progress)


def ask(sources: tuple[str, ...], **selection: Any) -> Asked:
    """Resolve what :func:`choose` finds. Raises Failure as that does."""
    chosen = choose(sources, **selection)
    site = chosen.site
    number = count_watched(site.shown(chosen.mark))
    with chosen.progress.showing(f"Asking for {number}"):
        statuses = site.resolve([chosen.mark])
    for notice in site.notices:
        say(f"backup-badge: {printable(notice)}")
    return Asked(site=site, statuses=statuses)


def load_settings(config: str | None, *, offline: bool) -> Settings:
    """Read the configuration. Raises Failure for a fault in it."""
    here = Path.cwd()
    values = {"offline": True} if offline else {}
    overlay = ConfigSource(values=values, origin="command line", directory=here)
    try:
        return load(here, config=config, overlay=overlay)
    except BackupBadgeError as error:
        raise Failure(str(error)) from None


def _mark(sources: tuple[str, ...], groups: tuple[str, ...]) -> TableMark:
    targets = [name for source in sources for name in _expanded(source)]
    if sources and not targets and not groups:
        raise Failure("there is no name on standard input")
    try:
        return table_mark(targets, {"group": groups} if groups else {})
    except UsageError as error:
        raise Failure(str(error)) from None


def _expanded(source: str) -> Iterator[str]:
    """Yield a source, or the names on standard input: one a line, ``#`` comments."""
    if source != "-":
        yield source
        return
    try:
        for line in sys.stdin:
            name = line.removeprefix("\ufeff").strip()
            if name and not name.startswith("#"):
                yield name
    except UnicodeDecodeError as error:
        raise Failure(f"standard input is not in {error.encoding.upper()}") from None


def pages_in(directories: tuple[Path, ...]) -> list[Path]:
    """Return the pages in directories, each once. Raises Failure where one has none."""
    found: dict[Path, None] = {}
    for directory in directories:
        try:
            pages = find_pages(directory)
        except OSError as error:
            raise Failure(f"{error.filename}: {error.strerror}") from None
        if not pages:
            raise Failure(f"{directory} holds no page ({', '.join(SUFFIXES)})")
        found |= dict.fromkeys(pages)
    return list(found)
