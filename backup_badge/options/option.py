"""What an option is, and how a table of options is read.

Each option is declared once, as an :class:`Option`. Validation, the three hosts and
the reference page loop over the declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from backup_badge.options.references import find_reference, look_up
from backup_badge.values.problem import did_you_mean

_SHOWN = 60
"""Characters that are shown of a wrong value."""


class Expansion(Enum):
    """Whether the values of a kind may refer to the environment, and what then.

    ``NEVER``: a configuration with ``${NAME}`` in such a value is refused.
    ``WHEN_READ``: the whole value may be ``${NAME}``, and is replaced when it is read.
    ``WHEN_ASKED``: the reader says where ``${NAME}`` may stand. It is kept, and
    expanded only where the request is made.
    """

    NEVER = "never"
    WHEN_READ = "when read"
    WHEN_ASKED = "when asked"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of value: its name for the reference page and its reader.

    ``read`` takes what TOML, Python or YAML holds and returns the typed value; it
    raises ValueError with the rest of a sentence that begins with the option's name.
    """

    name: str
    read: Callable[[object], Any]
    expansion: Expansion = Expansion.NEVER


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
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…")
    plain = value is None or isinstance(value, (int, float))
    return f"{value!r:.{_SHOWN}}" if plain else f"a {type(value).__name__}"


def read_options(
    declared: tuple[Option, ...],
    values: Mapping[str, object],
    *,
    environ: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Read a table of options; return the typed values and the faults by key.

    Every fault is found in one go; a key that nobody declared is one, with the
    nearest declared key. Keys that are not given get their default. ``environ`` is
    what references in a configuration are looked up in. Without it, as for the options
    of a badge in a page, ``${NAME}`` is a text like any other.
    """
    known = {option.name: option for option in declared}
    read = {option.name: option.default for option in declared}
    faults = {}
    for key, value in values.items():
        if key not in known:
            what = f"{shown(key)} is not an option."
            faults[key] = what + did_you_mean(key, known)
            continue
        try:
            if environ is None:
                read[key] = known[key].kind.read(value)
            else:
                read[key] = _read_configured(key, known[key].kind, value, environ)
        except ValueError as error:
            faults[key] = f"{key!r} {error}"
    return read, faults


def _read_configured(
    key: str, kind: Kind, value: object, environ: Mapping[str, str]
) -> Any:
    """Read a value of a configuration, in which ``${NAME}`` means something."""
    name = find_reference(value)
    if name is None or kind.expansion is Expansion.WHEN_ASKED:
        return kind.read(value)
    if kind.expansion is Expansion.NEVER:
        how = f'write "{name}"' if key == "env" else "write it out"
        raise ValueError(f"takes no reference such as ${{{name}}}: {how}")
    if not isinstance(value, str) or value.strip() != f"${{{name}}}":
        raise ValueError(f"must be ${{{name}}} alone, without a text around it")
    expanded = look_up(name, environ)
    if expanded is None:
        raise ValueError(
            f"is ${{{name}}}, and the environment variable {name} is not set"
        )
    try:
        return kind.read(expanded)
    except ValueError:
        # The reader's own sentence would quote what the variable holds.
        raise ValueError(
            f"is ${{{name}}}, and the environment variable {name} holds no {kind.name}"
        ) from None
