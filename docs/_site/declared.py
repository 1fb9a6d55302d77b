"""Tables of what the code declares: options, systems, states, the command, files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from backup_badge.cli import main
from backup_badge.config.keys import (
    GROUP_OPTIONS,
    OPTIONS,
    PROVIDER_OPTIONS,
    RESTORE_OPTIONS,
    SOURCE_OPTIONS,
)
from backup_badge.options.kinds import format_duration
from backup_badge.options.option import Option
from backup_badge.providers import OURS, find_provider
from backup_badge.values.state import State
from backup_badge.view.system_text import describe_system, ways_of

DOCS = Path(__file__).resolve().parents[1]
GUIDES = DOCS / "how-to" / "systems"
SCHEMA = DOCS / "reference" / "backup-status.schema.json"


def table(heading: str, rows: Iterable[str]) -> str:
    """Return a table of Markdown from its rows, each with ``|`` between the cells."""
    columns = heading.count("|") + 1
    lines = [heading, "|".join(["---"] * columns), *rows]
    return "\n".join(f"| {line} |" if line[0] != "-" else f"|{line}|" for line in lines)


def options(declarations: Iterable[Option]) -> str:
    """Return a table of options: what each takes, and what it is without."""
    return table(
        "key | value | default | what it does",
        (
            f"`{option.name}` | {option.kind.name} | {default(option)}"
            f" | {marked(option.help)}"
            for option in declarations
        ),
    )


def marked(text: str) -> str:
    """Return a sentence of help with what stands in quotes as code."""
    return re.sub(r"(?<!\w)'([^']+)'(?!\w)", r"`\1`", text)


def default(option: Option) -> str:
    """Return what an option is where nobody sets it, as a configuration has it."""
    value = option.default
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value else "none"


def guides() -> str:
    """Return a table of the systems, each with a link to its guide."""
    rows = []
    for name, link in zip(OURS, _links(""), strict=True):
        rows.append(f"{link} | {ways_of(type(find_provider(name)))}")
    return table("system | asked", rows)


def _links(folder: str) -> list[str]:
    links = []
    for name in OURS:
        title = (GUIDES / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
        links.append(f"[{title.removeprefix('# ')}]({folder}{name}.md)")
    return links


def guides_in_a_line(folder: str) -> str:
    """Return the systems, each a link to its guide, as one paragraph."""
    return ",\n".join(_links(folder)) + "."


def systems() -> str:
    """Return what the command says of each system."""
    return "\n\n".join(
        "\n".join(describe_system(type(find_provider(name)), level=2)) for name in OURS
    )


def states() -> str:
    """Return a table of the states, the worst first."""
    rows = (f"`{s}` | {s.sign} {s.message} | {s.color}" for s in State)
    return table("state | on the badge | colour", rows)


def command(name: str) -> str:
    """Return a table of a command's options."""
    context = click.Context(main.commands[name])
    records = (
        parameter.get_help_record(context)
        for parameter in main.commands[name].params
        if isinstance(parameter, click.Option)
    )
    rows = []
    for written, told in filter(None, records):
        names = written.replace("|", "\\|").split(", ")
        words = re.sub(r"\s+\[(.+?)\]", r" (\1)", told)
        rows.append(f"{', '.join(f'`{name}`' for name in names)} | {marked(words)}")
    return table("option | what it does", rows)


def fields(name: str) -> str:
    """Return a table of the fields of an object of the status file."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    form = schema["$defs"].get(name, schema)
    needed = form.get("required", ())
    return table(
        "field | form | what it says",
        (
            f"`{key}`{', needed' if key in needed else ''} | {_form(field)}"
            f" | {marked(field['description'])}"
            for key, field in form["properties"].items()
        ),
    )


def _form(field: Mapping[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "$ref" in field:
        name = str(field["$ref"]).rpartition("/")[2]
        return "whole number" if name == "count" else name
    if "oneOf" in field:
        return _form(field["oneOf"][-1])
    if "enum" in field:
        return "category"
    kinds = [field["type"]] if isinstance(field["type"], str) else field["type"]
    return _TYPES[kinds[0]]


_TYPES = {
    "object": "table",
    "array": "list",
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
}


PARTS: dict[str, Callable[[], str]] = {
    "settings": partial(options, OPTIONS),
    "options of a source": partial(options, SOURCE_OPTIONS),
    "options of a restore test": partial(options, RESTORE_OPTIONS),
    "options of a group": partial(options, GROUP_OPTIONS),
    "options of a provider": partial(options, PROVIDER_OPTIONS),
    "options of the systems": systems,
    "guides": guides,
    "systems in a line": partial(guides_in_a_line, "docs/how-to/systems/"),
    "systems in a line of the index": partial(guides_in_a_line, "how-to/systems/"),
    "states": states,
    **{f"command {name}": partial(command, name) for name in main.commands},
    **{
        f"fields of {name}": partial(fields, name)
        for name in ("document", "entry", "problem", "details", "finding")
    },
}
