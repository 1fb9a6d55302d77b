"""What the configured systems hold, and no source watches."""

from __future__ import annotations

import os
from pathlib import Path

from backup_badge.cli.selection import Asked
from backup_badge.cli.terminal_output import say
from backup_badge.config.origin import file_source
from backup_badge.config.proposals import Compared, compare
from backup_badge.render.text import printable
from backup_badge.values.found import Listing
from backup_badge.values.problem import Category
from backup_badge.view.verdict import Finding


def find_unwatched(asked: Asked, config: str | None) -> tuple[Finding, ...] | None:
    """Return a finding for all that no source watches; None where nothing was listed.

    A system that cannot be listed, or is not asked offline, is told of on stderr, and
    so is what may be no backup.
    """
    settings = asked.site.settings
    addresses = (source.address for source in settings.sources.values())
    used = (address.provider for address in addresses if address is not None)
    listings = asked.site.discover([*settings.providers, *used])
    findings: list[Finding] = []
    is_any = False
    for name, listing in listings.items():
        notice = _notice(name, listing)
        if notice:
            say(f"backup-badge: {printable(notice)}")
            continue
        path, line = _place(name, config)
        compared = compare(settings, name, listing.found)
        findings += [
            Finding(path=path, line=line, message=message)
            for message in _messages(name, listing, compared)
        ]
        unsure = [str(at) for at, one in compared.new.items() if not one.is_sure]
        is_any = is_any or not unsure
        if unsure:
            what = f"{name!r} cannot tell whether these are backups"
            say(f"backup-badge: {what}: {printable(', '.join(unsure))}")
    return tuple(findings) if is_any else None


def _notice(name: str, listing: Listing) -> str:
    """Return why nobody can be blamed for what a system does not list."""
    if listing.unlisted:
        return f"{name!r} is not checked for what it holds: {listing.unlisted}"
    if listing.problem and listing.problem.category is Category.OFFLINE:
        return f"{name!r} is not checked for what it holds: {listing.problem.message}"
    return ""


def _messages(name: str, listing: Listing, compared: Compared) -> list[str]:
    if listing.problem:
        why = listing.problem.message
        return [f"what {name!r} holds could not be listed: {why}"]
    messages = []
    sure = {at: found for at, found in compared.new.items() if found.is_sure}
    for address, found in sure.items():
        is_named = found.label and found.label not in address.segments
        label = f" ({found.label})" if is_named else ""
        messages.append(f"no source watches {str(address)!r}{label}")
    if compared.unusable:
        held = f"{name!r} holds {compared.unusable} that no address can name"
        messages.append(f"{held}: see what it calls them")
    return messages


def _place(name: str, config: str | None) -> tuple[str, int | None]:
    """Return where a provider is configured: its file and, if it has one, its line."""
    file = file_source(Path.cwd(), config)
    if file is None:
        return name, None
    path = ("providers", name)
    line = file.line(path) if file.has(path) else None
    return os.path.relpath(file.directory / file.origin), line
