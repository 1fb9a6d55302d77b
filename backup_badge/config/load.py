"""Reading a configuration: every key validated, all its faults reported together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from backup_badge.config.origin import (
    TABLES,
    ConfigSource,
    environment_source,
    file_source,
    has,
    lay_over,
)
from backup_badge.config.settings import (
    OPTIONS,
    SOURCE_OPTIONS,
    ProviderSettings,
    Settings,
)
from backup_badge.config.systems import GROUP, check_address
from backup_badge.http.urls import is_url
from backup_badge.options.kinds import TEXT
from backup_badge.options.option import Option, read_options, shown
from backup_badge.providers import PROVIDERS
from backup_badge.values.problem import ConfigurationError, did_you_mean
from backup_badge.values.source import Source, parse_address

TYPE = Option(
    name="type",
    kind=TEXT,
    help="The system, where the table's name is another: for a second account.",
)
"""The key that every ``[providers.NAME]`` table has beside its provider's own."""


def load(
    directory: Path,
    *,
    config: str | None = None,
    overlay: ConfigSource | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Read the configuration for a site or a command.

    ``directory`` is where ``conf.py`` or ``mkdocs.yml`` stands; ``config`` names
    another file, relative to it. ``overlay`` holds what the host lays over the file.
    ``environ`` is the environment (default: the process's own).

    Raises ConfigurationError with all faults at once.
    """
    directory = directory.absolute()
    file = file_source(directory, config)
    layers = [layer for layer in (file, overlay) if layer]
    layers.append(environment_source(os.environ if environ is None else environ))
    faults = _Faults(layers)
    merged: dict[str, Any] = {"cache_dir": str(directory / Settings().cache_dir)}
    for layer in layers:
        lay_over(merged, layer)
    settings = _read(merged, faults)
    if faults.sentences:
        raise ConfigurationError(faults.sentences)
    files = [file.directory / file.origin] if file else []
    status_file = settings["status_file"]
    if status_file is not None and not is_url(status_file):
        files.append(Path(status_file))
    settings["files"] = tuple(files)
    settings["cache_dir"] = Path(settings["cache_dir"])
    return Settings(**settings)


class _Faults:
    def __init__(self, layers: list[ConfigSource]) -> None:
        self.layers = layers
        self.sentences: list[str] = []

    def add(self, path: tuple[str, ...], sentence: str) -> None:
        """Note a fault with the place of the layer that said it last."""
        held = path
        while not (layers := [one for one in self.layers if has(one.values, held)]):
            held = held[:-1]
        layer, table = layers[-1], ".".join(path[:-1])
        where = f" in [{table}]" if table and not layer.prefix else ""
        named = f" ({layer.prefix}{'.'.join(path)})" if layer.prefix else ""
        self.sentences.append(f"{layer.place(held)}{named}:{where} {sentence}")


def _read(merged: dict[str, Any], faults: _Faults) -> dict[str, Any]:
    plain = {key: value for key, value in merged.items() if key not in TABLES}
    settings, wrong = read_options(OPTIONS, plain)
    for key, sentence in wrong.items():
        hint = "" if "Did you mean" in sentence else did_you_mean(key, TABLES)
        faults.add((key,), sentence + hint)
    settings["providers"] = dict(_read_providers(merged, faults))
    settings["sources"] = dict(
        _read_sources(merged, faults, settings["providers"], settings["max_age"])
    )
    return settings


def _tables(
    merged: Mapping[str, Any], key: str, faults: _Faults
) -> Iterator[tuple[str, Mapping[str, object]]]:
    tables = merged.get(key, {})
    if not isinstance(tables, Mapping):
        faults.add((key,), f"{key!r} must hold tables, [{key}.NAME]")
        return
    for name, table in tables.items():
        if not isinstance(table, Mapping):
            faults.add((key, name), f"{name!r} must be a table, [{key}.{name}]")
        elif not name or ":" in name or name != name.strip() or not name.isprintable():
            why = "it is empty, or has a colon, a control character or an outer space"
            faults.add((key, name), f"{name!r} cannot be a name: {why}")
        elif key == "providers" and f"{name}:" == GROUP:
            why = "its addresses would be read as groups"
            faults.add((key, name), f"{name!r} cannot be a name: {why}")
        else:
            yield name, table


def _read_providers(
    merged: Mapping[str, Any], faults: _Faults
) -> Iterator[tuple[str, ProviderSettings]]:
    for name, table in _tables(merged, "providers", faults):
        path = ("providers", name)
        system = table.get("type", name)
        if not isinstance(system, str) or system not in PROVIDERS:
            hint = did_you_mean(str(system), PROVIDERS)
            known = f" The systems are {', '.join(PROVIDERS)}; set 'type' to one."
            what = f"{shown(system)} is not a backup system that is known here."
            faults.add((*path, "type"), what + (hint or known))
            continue
        provider = PROVIDERS[system]
        options, wrong = read_options((TYPE, *provider.options), table)
        for key, sentence in wrong.items():
            faults.add((*path, key), sentence)
        for sentence in [] if wrong else provider.faults(options):
            faults.add(path, f"the provider {name!r} {sentence}")
        del options["type"]
        yield name, ProviderSettings(name=name, type=system, options=options)


def _read_sources(
    merged: Mapping[str, Any],
    faults: _Faults,
    providers: Mapping[str, ProviderSettings],
    max_age: timedelta | None,
) -> Iterator[tuple[str, Source]]:
    tables = merged.get("providers")
    broken = set(tables) - set(providers) if isinstance(tables, Mapping) else set()
    for name, table in _tables(merged, "sources", faults):
        path = ("sources", name)
        options, wrong = read_options(SOURCE_OPTIONS, table)
        for key, sentence in wrong.items():
            faults.add((*path, key), sentence)
        written = options.pop("address")
        if written is None and "address" not in wrong:
            faults.add(path, f"the source {name!r} has no 'address'")
        if written is None:
            continue
        try:
            address = parse_address(written)
            if address.provider not in broken:
                check_address(address, providers)
        except ValueError as error:
            faults.add((*path, "address"), f"{written!r} {error}")
            continue
        options["label"] = options["label"] or name
        options["max_age"] = (
            max_age if options["max_age"] is None else options["max_age"]
        )
        yield name, Source(name=name, address=address, **options)
