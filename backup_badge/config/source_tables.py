"""The sources of a configuration, and their restore tests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from backup_badge.config.faults import Faults
from backup_badge.config.keys import RESTORE_OPTIONS, SOURCE_OPTIONS
from backup_badge.config.settings import Group, ProviderSettings
from backup_badge.config.systems import check_complete, read_address
from backup_badge.config.tables import completed_providers, named_tables, read_table
from backup_badge.options.option import Option
from backup_badge.providers import find_provider, why_unusable
from backup_badge.values.problem import Problem, ProblemError
from backup_badge.values.source import (
    RESTORE,
    RESTORE_LABEL,
    Address,
    Source,
    parse_address,
)

if TYPE_CHECKING:
    from backup_badge.provider import Provider


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
        completed=completed_providers(merged),
    )
    for name, table in named_tables(merged, "sources", faults):
        path = ("sources", name)
        read = reader.read(path, f"the source {name!r}", SOURCE_OPTIONS, table)
        tested = reader.read_restore(path, name, table.get("restore"))
        if read is None:
            continue
        address, options = read
        account = providers.get(address.provider)
        options["is_labelled"] = bool(options["label"])
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
    options["is_labelled"] = bool(options["label"])
    options["label"] = options["label"] or f"{of_source['label']}{RESTORE_LABEL}"
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

    def read_restore(
        self, path: tuple[str, ...], name: str, table: object
    ) -> tuple[Address, dict[str, Any]] | None:
        """Return what :meth:`read` does of a source's restore test, if it has one."""
        if not isinstance(table, Mapping):
            return None
        called = f"the restore test of {name!r}"
        return self.read((*path, "restore"), called, RESTORE_OPTIONS, table)

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
        options, is_right = read_table(path, every, table, self.faults, self.environ)
        own = {key: options.pop(key) for key in [*options] if key not in known}
        own = {key: value for key, value in own.items() if key in table}
        written = options.pop("address")
        if written is None:
            if "address" not in table:
                self.faults.add(path, f"{called} has no 'address'")
            return None
        address, problem = self._address((*path, "address"), written)
        if address is None:
            return None
        account = self.providers.get(address.provider)
        is_checked = account is not None and account.name not in self.completed
        if is_right and not is_checked and address.provider not in self.broken:
            try:
                check_complete(address.provider, self.providers, own)
            except ValueError as error:
                self.faults.add((*path, "address"), f"{written!r} {error}")
                return None
            except ProblemError as error:
                problem = error.problem
        if problem is not None:
            options["problem"] = problem
        options["system"] = account.label if account else None
        return address, {**options, "options": own}

    def _address(
        self, path: tuple[str, ...], written: str
    ) -> tuple[Address | None, Problem | None]:
        """Return an address, and why it cannot be asked; None where it is none."""
        try:
            return read_address(written, self.providers, unchecked=self.broken), None
        except ValueError as error:
            self.faults.add(path, str(error))
            return None, None
        except ProblemError as error:
            return parse_address(written), error.problem


def _provider_of(
    table: Mapping[str, object], providers: Mapping[str, ProviderSettings]
) -> Provider | None:
    """Return the provider whose options may stand at a source, if that is known."""
    name = str(table.get("address", "")).partition(":")[0].strip()
    known = providers.get(name)
    system = known.type if known else name
    return None if why_unusable(system) else find_provider(system)


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
