"""The tables of a configuration: its providers and groups, and how one is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backup_badge.config.faults import Faults
from backup_badge.config.keys import (
    GROUP_OPTIONS,
    PROVIDER_OPTIONS,
    SOURCE_OPTIONS,
)
from backup_badge.config.misplaced import setting_fault
from backup_badge.config.settings import Group, ProviderSettings
from backup_badge.config.systems import (
    GROUP,
    faults_of,
    nearest_system,
)
from backup_badge.options.option import Option, read_options, shown
from backup_badge.options.provider_kinds import COMMAND_LINE
from backup_badge.providers import find_provider, known_types, why_unusable
from backup_badge.values.problem import did_you_mean
from backup_badge.values.source import RESTORE

_FOREIGN = (
    "this file belongs to another user. A command is run only from a file of the user"
    " who builds, or of root"
)
_ANY_PROVIDER = {option.name for option in PROVIDER_OPTIONS}
_ANY_SOURCE = {option.name for option in SOURCE_OPTIONS}


def read_providers(
    merged: Mapping[str, Any], faults: Faults, environ: Mapping[str, str]
) -> Iterator[tuple[str, ProviderSettings]]:
    """Yield each ``[providers.NAME]`` that is right, and note what is wrong.

    One that sources complete with options of their own is checked with each of those.
    """
    completed = completed_providers(merged)
    for name, table in named_tables(merged, "providers", faults):
        path = ("providers", name)
        system = table.get("type", name)
        if not isinstance(system, str):
            what = f"must be a text, not {shown(system)}"
            faults.add((*path, "type"), f"'type' {what}")
            continue
        is_missing = why_unusable(system) is not None
        if is_missing and (hint := nearest_system(system, known_types())):
            what = f"{shown(system)} is not a backup system that is known here."
            faults.add((*path, "type"), what + hint)
            continue
        own = table
        if is_missing:
            # Its package would know the others.
            own = {key: value for key, value in table.items() if key in _ANY_PROVIDER}
        declared = (*PROVIDER_OPTIONS, *find_provider(system).options())
        options, is_right = read_table(path, declared, own, faults, environ)
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
    for name, table in named_tables(merged, "groups", faults):
        path = ("groups", name)
        options, _ = read_table(path, GROUP_OPTIONS, table, faults, environ)
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


def completed_providers(merged: Mapping[str, Any]) -> set[str]:
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


def named_tables(
    merged: Mapping[str, Any], key: str, faults: Faults
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each ``[KEY.NAME]`` that is a table and has a name that is one."""
    tables = merged.get(key, {})
    if not isinstance(tables, Mapping):
        faults.add((key,), f"{key!r} must hold tables, [{key}.NAME]")
        return
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            what = f"{name!r} must be a table, [{key}.{name}]"
            faults.add((key, name), setting_fault((key, name), faults) or what)
        elif not name or ":" in name or name != name.strip() or not name.isprintable():
            why = "it is empty, or has a colon, a control character or an outer space"
            faults.add((key, name), f"{name!r} cannot be a name: {why}")
        elif key == "providers" and f"{name}:" in (GROUP, RESTORE):
            why = f"its addresses would be read as {name}s"
            faults.add((key, name), f"{name!r} cannot be a name: {why}")
        else:
            yield name, table


def read_table(
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
        at, value = (*path, key), table[key]
        misplaced = ""
        if key not in known:
            misplaced = setting_fault(at, faults, near="Did you mean" not in sentence)
        elif isinstance(value, Mapping):
            # A table below this one, such as [providers.json.states].
            at = next(((*at, word) for word in value if repr(word) in sentence), at)
            misplaced = setting_fault(at, faults)
        faults.add(at, misplaced or sentence)
    for option in declared:
        key = option.name
        if option.kind is COMMAND_LINE and key in table:
            source, _ = faults.holder((*path, key))
            if source.is_foreign:
                wrong[key] = f"{key!r} is not run: {_FOREIGN}"
                faults.add((*path, key), wrong[key])
    return options, not wrong
