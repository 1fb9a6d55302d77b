"""The options of badges and tables: declared once, here, for every host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from backup_badge.options.kinds import LINK, STATES, TEXT
from backup_badge.options.option import Kind, Option, read_options
from backup_badge.values.mark import COLUMNS, STYLES, BadgeMark, TableMark
from backup_badge.values.problem import UsageError, did_you_mean
from backup_badge.values.state import State


def _style(value: object) -> str:
    return _one_of(value, STYLES, "style")


def _list(value: object, *, commas: bool = False) -> list[str]:
    """Read a list, or a text whose items stand between commas or white space.

    With ``commas`` between commas alone.
    """
    if isinstance(value, str):
        value = re.split(r"," if commas else r"[\s,]+", value.strip(" \t\n,"))
    if not isinstance(value, (list, tuple)) or not all(
        isinstance(item, str) and item.strip() for item in value
    ):
        raise ValueError(f"must be a list of names, not {value!r}")
    return [item.strip() for item in value]


def _columns(value: object) -> dict[str, str | None]:
    """Read names of columns, and the headings of some: ``source, max_age=RPO``.

    A heading may hold spaces: it goes on to the next comma.
    """
    columns: dict[str, str | None] = {}
    for item in _list(value, commas=isinstance(value, str) and "=" in value):
        named, equals, heading = item.partition("=")
        names = named.split() or [""]
        for name in names:
            columns.setdefault(_one_of(name, COLUMNS, "column"), None)
        if equals and not heading.strip():
            raise ValueError(f"gives the column {names[-1]!r} no heading")
        if equals:
            columns[names[-1]] = " ".join(heading.split())
    return columns


def _sort(value: object) -> str:
    name = str(value)
    sign = "-" if name.startswith("-") else ""
    return sign + _one_of(name.removeprefix("-"), COLUMNS, "column")


def _classes(value: object) -> tuple[str, ...]:
    classes = _list(value)
    for name in classes:
        if not re.fullmatch(r"-?[A-Za-z_][\w-]*", name, re.ASCII):
            raise ValueError(f"holds {name!r}, which is no name of a class")
    return tuple(classes)


def _names(value: object) -> tuple[str, ...]:
    """Read a list, or a text whose items stand between commas: names hold spaces."""
    return tuple(_list(value, commas=True))


def _states(value: object) -> frozenset[State]:
    states: frozenset[State] = STATES.read(_list(value))
    return states


def _one_of(value: object, known: tuple[str, ...], what: str) -> str:
    if value not in known:
        hint = did_you_mean(str(value), known) or f" There are {', '.join(known)}."
        raise ValueError(f"names the unknown {what} {value!r}.{hint}")
    return str(value)


_CLASS = Option(
    name="class",
    kind=Kind(name="names of classes", read=_classes),
    default=(),
    help="Classes for a style sheet of your own.",
)

BADGE_OPTIONS = (
    Option(
        name="label",
        kind=TEXT,
        help="The left text, instead of the source's label.",
    ),
    Option(
        name="link",
        kind=LINK,
        help="Where the badge leads, instead of the source's link.",
    ),
    Option(
        name="style",
        kind=Kind(name="style", read=_style),
        default=STYLES[0],
        help=f"The look: {', '.join(STYLES)}.",
    ),
    _CLASS,
)

TABLE_OPTIONS = (
    Option(
        name="group",
        kind=Kind(name="names of groups", read=_names),
        default=(),
        help="The groups whose sources are rows.",
    ),
    Option(
        name="columns",
        kind=Kind(name="list of columns", read=_columns),
        default={},
        help="The columns, in their order. Without it, those that have a value."
        " A heading may be given, as in 'source, max_age=RPO, owner=Team'.",
    ),
    Option(
        name="sort",
        kind=Kind(name="column", read=_sort),
        default="state",
        help="The column to sort by, with '-' before it for descending."
        " Without it, the worst state first.",
    ),
    Option(
        name="state",
        kind=Kind(name="list of states", read=_states),
        default=frozenset(),
        help="Rows in these states only.",
    ),
    Option(
        name="owner",
        kind=Kind(name="names of owners", read=_names),
        default=(),
        help="Rows of these owners only.",
    ),
    Option(
        name="provider",
        kind=Kind(name="names of providers", read=_names),
        default=(),
        help="Rows of these providers only.",
    ),
    Option(
        name="caption",
        kind=TEXT,
        help="The table's caption.",
    ),
    _CLASS,
)


def badge_mark(target: str, options: Mapping[str, object]) -> BadgeMark:
    """Read a badge as a page writes it. Raises UsageError naming every fault."""
    if not target.strip():
        raise UsageError("a badge needs a source: a name, an address or group:NAME")
    read = _read("backup badge", BADGE_OPTIONS, options)
    classes = read.pop("class")
    return BadgeMark(target=target.strip(), classes=classes, **read)


def table_mark(targets: Iterable[str], options: Mapping[str, object]) -> TableMark:
    """Read a table as a page writes it. Raises UsageError naming every fault."""
    read = _read("backup table", TABLE_OPTIONS, options)
    return TableMark(
        targets=tuple(target.strip() for target in targets if target.strip()),
        groups=read["group"],
        columns=tuple(read["columns"]),
        headings=tuple(
            (name, heading) for name, heading in read["columns"].items() if heading
        ),
        sort=read["sort"],
        states=read["state"],
        owners=read["owner"],
        providers=read["provider"],
        caption=read["caption"],
        classes=read["class"],
    )


def _read(
    what: str, declared: tuple[Option, ...], options: Mapping[str, object]
) -> dict[str, Any]:
    read, faults = read_options(declared, options)
    if faults:
        raise UsageError(f"{what}: {'; '.join(faults.values())}")
    return read
