"""Providers that other packages bring: loaded with care, and looked at before use.

Whatever such a package does costs the sources of its provider alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint
from typing import Any

from backup_badge.provider import (
    Ask,
    Category,
    Found,
    Locator,
    Option,
    ProblemError,
    Provider,
    State,
    Status,
    Way,
)


class Unusable(Provider):
    """Stands for a provider whose package is missing or broken.

    Its sources are unknown and say why; the build goes on.
    """

    type = ""
    ways = ()
    addresses = ("LOCATOR...",)

    def __init__(self, why: str) -> None:
        self.why = why

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Its options are those that its package would know."""
        return []

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self.why)

    def discover(self, ask: Ask) -> Iterable[Found]:
        """Raise the problem."""
        raise ProblemError(Category.USAGE, self.why)


def missing(type_: str, left_out: str) -> Provider:
    """Return what stands for a provider that no installed package brings.

    ``left_out`` says of which packages that is not known, if there are any.
    """
    why = f"no package that is installed brings the provider {type_!r}"
    hint = "install it, or set 'type' to a system that is known"
    return Unusable(f"{why} ({left_out}): {hint}" if left_out else f"{why}: {hint}")


@cache
def load(entry: EntryPoint, path: tuple[str, ...]) -> Provider:
    """Return the provider of another package. Whatever that does is contained."""
    try:
        provider = entry.load()()
        why = _undeclared(provider, entry.name)
    except (Exception, SystemExit) as error:
        # Whatever another package does when it is imported costs its sources alone. Its
        # words may hold a secret; which module is missing is none.
        missing = f": {error}" if isinstance(error, ImportError) else ""
        why = f"it raises {type(error).__name__}{missing}"
    if why:
        package = entry.dist.name if entry.dist else entry.value
        return Unusable(
            f"the package {package} of the provider {entry.name!r} fails: {why}"
        )
    assert isinstance(provider, Provider)
    return provider


def _undeclared(provider: object, type_: str) -> str:
    """Say what another package's provider does not declare as it should, if anything.

    May raise anything.
    """
    if not isinstance(provider, Provider):
        return "it is no Provider"
    if provider.type != type_:
        return f"its 'type' is {provider.type!r:.60}"
    for name, find, kind in (
        ("ways", lambda: provider.ways, Way),
        ("addresses", lambda: provider.addresses, str),
        ("options", provider.options, Option),
    ):
        values = find()
        is_right = isinstance(values, tuple) and all(
            isinstance(v, kind) for v in values
        )
        if not is_right or (name != "options" and not values):
            return f"its {name!r} are wrong"
    is_table = isinstance(provider.states, Mapping)
    if not is_table or not all(isinstance(s, State) for s in provider.states.values()):
        return "its 'states' are wrong"
    return ""
