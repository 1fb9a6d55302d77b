"""What an option is, and how a table of options is read.

Each option is declared once, as an :class:`Option`. Validation, the three hosts and
the reference page loop over the declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backup_badge.values.problem import did_you_mean


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of value: its name for the reference page and its reader.

    ``read`` takes what TOML, Python or YAML holds and returns the typed value; it
    raises ValueError with the rest of a sentence that begins with the option's name.
    """

    name: str
    read: Callable[[object], Any]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option, declared once. ``default`` is typed, as ``kind.read`` returns it."""

    name: str
    kind: Kind
    help: str
    default: Any = None
    secret: bool = False


def shown(value: object) -> str:
    """Show a wrong value, in short; never a table's content, which may be secret."""
    if isinstance(value, Mapping):
        return "a table"
    plain = value is None or isinstance(value, (str, int, float))
    return f"{value!r:.60}" if plain else f"a {type(value).__name__}"


def read_options(
    declared: tuple[Option, ...], values: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read a table of options; return the typed values and the faults by key.

    Every fault is found in one go; a key that nobody declared is one, with the
    nearest declared key. Keys that are not given get their default.
    """
    known = {option.name: option for option in declared}
    read = {option.name: option.default for option in declared}
    faults = {}
    for key, value in values.items():
        if key not in known:
            faults[key] = f"{key!r} is not an option.{did_you_mean(key, known)}"
            continue
        try:
            read[key] = known[key].kind.read(value)
        except ValueError as error:
            faults[key] = f"{key!r} {error}"
    return read, faults
