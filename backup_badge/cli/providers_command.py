"""``backup-badge providers``: the systems that can be asked, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from backup_badge.cli.selection import Failure
from backup_badge.cli.terminal_output import say, write
from backup_badge.provider import Provider
from backup_badge.providers import (
    find_provider,
    known_types,
    left_out,
    package_of,
    why_unusable,
)
from backup_badge.render.terminal import display_width
from backup_badge.render.text import printable
from backup_badge.values.problem import Problem, did_you_mean
from backup_badge.view.system_text import describe_system, forms_of, ways_of
from backup_badge.ways.contained import contained

_HEADINGS = ("SYSTEM", "FROM", "ASKED", "ADDRESSES")
_OURS = "backup-badge"


def complete_system(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str]:
    """Return the systems whose names begin so."""
    return [name for name in known_types() if name.startswith(incomplete)]


def usable_provider(name: str) -> Provider:
    """Return the provider of that name. Raises Failure where there is none."""
    why = why_unusable(name)
    if why is None:
        return find_provider(name)
    known = known_types()
    if name in known:
        raise Failure(why)
    systems = f"The systems are {', '.join(known)}; json reads a document of any other."
    hint = did_you_mean(name, known) or f" {systems}"
    damaged = left_out()
    known_here = f"known here ({damaged})" if damaged else "known here"
    raise Failure(f"{name!r} is not a backup system that is {known_here}.{hint}")


@click.command()
@click.argument("name", metavar="[NAME]", default="", shell_complete=complete_system)
def providers(name: str) -> None:
    """List the backup systems that can be asked, or tell how to configure one.

    With NAME: its addresses, its options and its words, as the reference page has them.

    \b
    Examples:
      backup-badge providers
      backup-badge providers healthchecks
    """
    if name:
        kind = type(usable_provider(name))
        lines = _told(lambda: list(describe_system(kind)))
    else:
        lines = list(_aligned([_HEADINGS, *map(_row, known_types())]))
    if not name and (damaged := left_out()):
        say(f"backup-badge: {printable(damaged)}")
    write("".join(f"{printable(line)}\n" for line in lines))


def _row(name: str) -> tuple[str, ...]:
    package, why = package_of(name) or _OURS, why_unusable(name)
    if why is not None:
        return name, package, "cannot be used", why
    kind = type(find_provider(name))
    return name, package, ways_of(kind), ", ".join(forms_of(kind))


def _told(describe: Callable[[], list[str]]) -> list[str]:
    """Return a description; another package's declarations may hold anything."""
    lines = contained(describe)
    if isinstance(lines, Problem):
        raise Failure(lines.message)
    return lines


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield "  ".join(c + " " * (w - display_width(c)) for c, w in cells).rstrip()
