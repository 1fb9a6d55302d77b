"""From what a system holds to sources that a configuration may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backup_badge.config.keys import SOURCE_OPTIONS
from backup_badge.config.settings import Settings
from backup_badge.config.systems import locator_of, read_address, system_of
from backup_badge.options.kinds import format_duration
from backup_badge.options.option import read_options
from backup_badge.provider import Locator
from backup_badge.values.found import Found
from backup_badge.values.source import Address, Source
from backup_badge.ways.way import way_options

_LONGEST = 60
"""Letters of a name."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What a system holds, compared with a configuration.

    ``new`` is watched by no source, ``known`` is the number of those that are;
    ``unusable`` the number of those that no address can name.
    """

    new: Mapping[Address, Found]
    known: int
    unusable: int


def watching(settings: Settings, name: str) -> dict[Source, Locator]:
    """Return the sources that watch the system of a provider, and their locators.

    Restore tests are among them.

    One with a URL, a file or a command of its own watches another system.
    """
    provider = system_of(name, settings.providers)
    elsewhere = {option.name for option in way_options(provider.ways)}
    return {
        source: locator_of(source.address, provider)
        for one in settings.sources.values()
        for source in (one, one.restore)
        if source is not None
        and source.address is not None
        and source.address.provider == name
        and not elsewhere & source.options.keys()
    }


def compare(settings: Settings, name: str, found: Iterable[Found]) -> Compared:
    """Tell what is new of what the system of a provider holds."""
    watched = {one.segments for one in watching(settings, name).values()}
    new: dict[Address, Found] = {}
    known = unusable = 0
    for one in found:
        if watched & {one.segments, *one.also}:
            known += 1
            continue
        address = Address(provider=name, segments=one.segments)
        try:
            if read_address(str(address), settings.providers) != address:
                raise ValueError("is another one when it is read")
        except ValueError:
            unusable += 1
            continue
        new.setdefault(address, one)
    return Compared(new=new, known=known, unusable=unusable)


def propose(
    settings: Settings, new: Mapping[Address, Found]
) -> dict[str, dict[str, Any]]:
    """Return a table for each new source, as a configuration writes it, by its name.

    The names are new, too. What a system calls things may not be fit for a label or a
    group; it is left out then.
    """
    taken = {name.casefold() for name in settings.sources}
    tables = {}
    for address, found in new.items():
        system = system_of(address.provider, settings.providers)
        label = found.label or system.label(locator_of(address, system))
        table = _table(address, label, found)
        name = _name(table.get("label", ""), address, taken)
        taken.add(name)
        tables[name] = table
    return tables


def _table(address: Address, label: str, found: Found) -> dict[str, Any]:
    groups = [
        group
        for group in dict.fromkeys(one.strip() for one in found.groups)
        if group.isprintable() and _is_right("groups", [group])
    ]
    age = found.max_age
    has_age = age is not None and timedelta(seconds=1) <= age
    table = {
        "address": str(address),
        "label": label.strip(),
        "groups": groups,
        "max_age": format_duration(age) if age is not None and has_age else None,
    }
    return {key: value for key, value in table.items() if _is_right(key, value)}


def _is_right(key: str, value: object) -> bool:
    """Whether a configuration may say so; what looks like a reference may not stand."""
    _, faults = read_options(SOURCE_OPTIONS, {key: value}, environ={})
    return bool(value) and not faults


def _name(label: str, address: Address, taken: set[str]) -> str:
    """Return a new name: after the label, else after the address, else with a number.

    Names are compared without regard to capitals, as they become names of files.
    """
    words = [_slug(label), _slug(" ".join(address.segments)), _slug(address.provider)]
    words = [word for word in words if word]
    for word in words:
        if word not in taken:
            return word
    stem, number = (words or ["source"])[0], 1
    while (name := f"{stem}-{number}") in taken:
        number += 1
    return name


def _slug(text: str) -> str:
    slug = re.sub(r"[\W_]+", "-", text.lower()).strip("-")
    return slug[:_LONGEST].strip("-")
