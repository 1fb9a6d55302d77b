"""The tables of a configuration: providers, groups and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backup_badge.config.faults import Faults
from backup_badge.config.settings import (
    GROUP_OPTIONS,
    OPTIONS,
    PROVIDER_OPTIONS,
    RESTORE_OPTIONS,
    SOURCE_OPTIONS,
    Group,
    ProviderSettings,
)
from backup_badge.config.systems import (
    GROUP,
    check_complete,
    faults_of,
    nearest_system,
    read_address,
)
from backup_badge.options.option import Option, read_options, shown
from backup_badge.options.provider_kinds import COMMAND_LINE
from backup_badge.provider import Provider
from backup_badge.providers import Unusable, find_provider, known_types
from backup_badge.values.problem import ProblemError, did_you_mean
from backup_badge.values.source import RESTORE, Address, Source, parse_address

_FOREIGN = (
    "this file belongs to another user. A command is run only from a file of the user"
    " who builds, or of root"
)
_SETTINGS = {option.name for option in OPTIONS}
_ANY_PROVIDER = {option.name for option in PROVIDER_OPTIONS}
_ANY_SOURCE = {option.name for option in SOURCE_OPTIONS}


def read_providers(
    merged: Mapping[str, Any], faults: Faults, environ: Mapping[str, str]
) -> Iterator[tuple[str, ProviderSettings]]:
    """Yield each ``[providers.NAME]`` that is right, and note what is wrong.

    One that sources complete with options of their own is checked with each of those.
    """
    completed = _completed(merged)
    for name, table in _tables(merged, "providers", faults):
        path = ("providers", name)
        system = table.get("type", name)
        if not isinstance(system, str):
            what = f"must be a text, not {shown(system)}"
            faults.add((*path, "type"), f"'type' {what}")
            continue
        provider = find_provider(system)
        is_missing = isinstance(provider, Unusable)
        if is_missing and (hint := nearest_system(system, known_types())):
            what = f"{shown(system)} is not a backup system that is known here."
            faults.add((*path, "type"), what + hint)
            continue
        own = table
        if isinstance(provider, Unusable):
            # Its package would know the others.
            own = {key: value for key, value in table.items() if key in _ANY_PROVIDER}
        declared = (*PROVIDER_OPTIONS, *provider.options())
        options, is_right = _read(path, declared, own, faults, environ)
        del options["type"]
        account = ProviderSettings(
            name=name,
            type=system,
            max_age=options.pop("max_age"),
            label=options.pop("label"),
            options=options,
        )
        if is_right and name not in completed:
            for fault in faults_of(account):
                faults.add(path, f"the provider {name!r} {fault}")
        yield name, account


def read_groups(
    merged: Mapping[str, Any], faults: Faults, environ: Mapping[str, str]
) -> Iterator[tuple[str, Group]]:
    """Yield each group that a source names, with what ``[groups.NAME]`` says of it.

    A table for a group without sources is a fault: its ``max_age`` would count for
    nothing.
    """
    named = _named_groups(merged)
    read = {}
    for name, table in _tables(merged, "groups", faults):
        path = ("groups", name)
        options, _ = _read(path, GROUP_OPTIONS, table, faults, environ)
        read[name] = Group(
            name=name, label=options["label"] or name, max_age=options["max_age"]
        )
        if name not in named:
            hint = did_you_mean(name, named)
            faults.add(path, f"no source is in the group {name!r}.{hint}")
    for name in named:
        yield name, read.get(name, Group(name=name, label=name))


def _named_groups(merged: Mapping[str, Any]) -> list[str]:
    """Return the groups that sources name, each once; faults are told elsewhere."""
    named: dict[str, None] = {}
    tables = merged.get("sources")
    for table in tables.values() if isinstance(tables, Mapping) else ():
        groups = table.get("groups") if isinstance(table, Mapping) else None
        read, _ = read_options(SOURCE_OPTIONS, {"groups": groups} if groups else {})
        named |= dict.fromkeys(read["groups"])
    return list(named)


def read_sources(
    merged: Mapping[str, Any],
    faults: Faults,
    environ: Mapping[str, str],
    *,
    providers: Mapping[str, ProviderSettings],
    groups: Mapping[str, Group],
    max_age: timedelta | None,
) -> Iterator[tuple[str, Source]]:
    """Yield each ``[sources.NAME]`` that is right, and note what is wrong.

    ``max_age`` is the one at the top, for sources that have no nearer one.
    """
    tables = merged.get("providers")
    broken = set(tables) - set(providers) if isinstance(tables, Mapping) else set()
    reader = _Reader(
        faults=faults,
        environ=environ,
        providers=providers,
        broken=broken,
        completed=_completed(merged),
    )
    for name, table in _tables(merged, "sources", faults):
        path = ("sources", name)
        read = reader.read(path, f"the source {name!r}", SOURCE_OPTIONS, table)
        restore = table.get("restore")
        tested = None
        if isinstance(restore, Mapping):
            called = f"the restore test of {name!r}"
            tested = reader.read((*path, "restore"), called, RESTORE_OPTIONS, restore)
        if read is None:
            continue
        address, options = read
        account = providers.get(address.provider)
        options["label"] = options["label"] or name
        if options["max_age"] is None:
            nearer = [groups[group].max_age for group in options["groups"]]
            options["max_age"] = _shortest(nearer, account, max_age)
        options["restore"] = tested and _restore(name, options, *tested)
        yield name, Source(name=name, address=address, **options)


def _restore(
    name: str, of_source: Mapping[str, Any], address: Address, options: dict[str, Any]
) -> Source:
    """Return the restore test of a source, as a source of its own."""
    options["label"] = options["label"] or f"{of_source['label']} restore"
    options["link"] = options["link"] or of_source["link"]
    return Source(name=f"{RESTORE}{name}", address=address, **options)


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Reads tables that have an address.

    ``broken`` are providers with faults; ``completed`` those that are checked with each
    source, as some have options of their own.
    """

    faults: Faults
    environ: Mapping[str, str]
    providers: Mapping[str, ProviderSettings]
    broken: Collection[str]
    completed: Collection[str]

    def read(
        self,
        path: tuple[str, ...],
        called: str,
        declared: tuple[Option, ...],
        table: Mapping[str, object],
    ) -> tuple[Address, dict[str, Any]] | None:
        """Return the address and the options; None where the table has faults.

        Those that belong to the provider are in ``options``.
        """
        known = {option.name for option in declared}
        provider = _provider_of(table, self.providers)
        every = (*declared, *(provider.options() if provider else ()))
        options, is_right = _read(path, every, table, self.faults, self.environ)
        own = {key: options.pop(key) for key in [*options] if key not in known}
        own = {key: value for key, value in own.items() if key in table}
        written = options.pop("address")
        if written is None and "address" not in table:
            self.faults.add(path, f"{called} has no 'address'")
        if written is None:
            return None
        try:
            address = read_address(written, self.providers, unchecked=self.broken)
        except ValueError as error:
            self.faults.add((*path, "address"), str(error))
            return None
        except ProblemError as error:
            address, options["problem"] = parse_address(written), error.problem
        try:
            account = self.providers.get(address.provider)
            is_checked = account is not None and account.name not in self.completed
            if is_right and not is_checked and address.provider not in self.broken:
                check_complete(address.provider, self.providers, own)
        except ValueError as error:
            self.faults.add((*path, "address"), f"{written!r} {error}")
            return None
        except ProblemError as error:
            options["problem"] = error.problem
        options["system"] = account.label if account else None
        return address, {**options, "options": own}


def _completed(merged: Mapping[str, Any]) -> set[str]:
    """Return the providers of sources that have options of their own."""
    tables = merged.get("sources")
    sources = tables.values() if isinstance(tables, Mapping) else ()
    named = [table for table in sources if isinstance(table, Mapping)]
    named += [t["restore"] for t in named if isinstance(t.get("restore"), Mapping)]
    return {
        str(table.get("address", "")).partition(":")[0].strip()
        for table in named
        if set(table) - _ANY_SOURCE
    }


def _provider_of(
    table: Mapping[str, object], providers: Mapping[str, ProviderSettings]
) -> Provider | None:
    """Return the provider whose options may stand at a source, if that is known."""
    name = str(table.get("address", "")).partition(":")[0].strip()
    known = providers.get(name)
    provider = find_provider(known.type if known else name)
    return None if isinstance(provider, Unusable) else provider


def _shortest(
    of_groups: list[timedelta | None],
    provider: ProviderSettings | None,
    top: timedelta | None,
) -> timedelta | None:
    """Return the ``max_age`` of a source that has none of its own."""
    ages = [age for age in of_groups if age is not None]
    if ages:
        return min(ages)
    if provider is not None and provider.max_age is not None:
        return provider.max_age
    return top


def _tables(
    merged: Mapping[str, Any], key: str, faults: Faults
) -> Iterator[tuple[str, Mapping[str, object]]]:
    tables = merged.get(key, {})
    if not isinstance(tables, Mapping):
        faults.add((key,), f"{key!r} must hold tables, [{key}.NAME]")
        return
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            what = f"{name!r} must be a table, [{key}.{name}]"
            faults.add((key, name), _misplaced(name) or what)
        elif not name or ":" in name or name != name.strip() or not name.isprintable():
            why = "it is empty, or has a colon, a control character or an outer space"
            faults.add((key, name), f"{name!r} cannot be a name: {why}")
        elif key == "providers" and f"{name}:" in (GROUP, RESTORE):
            why = f"its addresses would be read as {name}s"
            faults.add((key, name), f"{name!r} cannot be a name: {why}")
        else:
            yield name, table


def _read(
    path: tuple[str, ...],
    declared: tuple[Option, ...],
    table: Mapping[str, object],
    faults: Faults,
    environ: Mapping[str, str],
) -> tuple[dict[str, Any], bool]:
    """Return the options of a table, and whether all of them are right."""
    known = {option.name for option in declared}
    options, wrong = read_options(declared, table, environ=environ)
    for key, sentence in wrong.items():
        misplaced = "" if key in known else _misplaced(key)
        faults.add((*path, key), misplaced or sentence)
    for option in declared:
        key = option.name
        if option.kind is COMMAND_LINE and key in table:
            source, _ = faults.holder((*path, key))
            if source.is_foreign:
                wrong[key] = f"{key!r} is not run: {_FOREIGN}"
                faults.add((*path, key), wrong[key])
    return options, not wrong


def _misplaced(key: str) -> str:
    """Say where a setting belongs that TOML puts into the table above it."""
    if key not in _SETTINGS:
        return ""
    return f"{key!r} is a setting: settings stand at the top, above the first table"
