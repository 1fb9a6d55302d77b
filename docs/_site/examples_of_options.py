"""Examples of what a page can write: every option of badges and tables, to be shown.

The pages of Sphinx and of MkDocs have the same ones, each in its own markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from declared import default, marked, table

from backup_badge.markup.mark_options import BADGE_OPTIONS, TABLE_OPTIONS
from backup_badge.options.option import Option
from backup_badge.values.mark import COLUMNS, STYLES

Write = Callable[[str, list[str], dict[str, str]], str]
"""Writes a badge or a table: which, of what, with these options."""

BADGES = {
    "label": ["Nightly backup"],
    "link": ["https://example.org/"],
    "style": list(STYLES),
    "class": ["framed"],
}
"""What each option of a badge is in the examples."""

TABLES = {
    "group": ["databases"],
    "columns": ["source, owner, state, finished=Last run"],
    "sort": ["-finished"],
    "state": ["failed, overdue"],
    "owner": ["Team Finance"],
    "provider": ["healthchecks"],
    "caption": ["What matters most"],
    "class": ["framed"],
}
"""What each option of a table is in the examples."""

SHOWN_COLUMNS = {
    "what is backed up": "source, description, owner, provider",
    "how it went": "source, state, last_success, message",
    "when": "source, started, finished, duration, max_age",
    "how much": "source, files, size, errors, restorable",
    "restore tests": "source, restore, restored, checked",
    "the schedule": "source, next_run",
}
"""The columns, as the examples show them together."""

MEANING = {
    "source": "the label, with its link",
    "description": "what is backed up",
    "owner": "who looks after it",
    "provider": "the backup system",
    "state": "the badge",
    "last_success": "when the newest good run ended",
    "started": "when the newest run began",
    "finished": "when the newest run ended",
    "duration": "how long the newest run took",
    "next_run": "when the next run is due",
    "max_age": "how old a success may get",
    "restore": "the badge of the restore test",
    "restored": "when a restore last succeeded, and how long it took",
    "files": "how many files were backed up",
    "size": "how much was backed up",
    "errors": "how many errors the run had",
    "restorable": "whether the system says that the backup can be restored",
    "message": "why the state is not green",
    "checked": "when the backup system was asked",
}


def rst(name: str, sources: list[str], given: dict[str, str]) -> str:
    """Write a directive in reStructuredText, in the box that shows what it gives."""
    lines = [f".. backup-{name}:: {' '.join(sources)}".rstrip()]
    lines += [f"   :{key}: {value}" for key, value in given.items()]
    return "\n".join(["```{example} rst", *lines, "```"])


def macro(name: str, sources: list[str], given: dict[str, str]) -> str:
    """Write a macro as code, and below it the macro itself."""
    arguments = [f'"{source}"' for source in sources]
    arguments += [f'{key}="{value}"' for key, value in given.items()]
    call = f"<< backup_{name}({', '.join(arguments)}) >>"
    return f"```markdown\n{call}\n```\n\n{call}"


def badges(write: Write) -> str:
    """Return the options of badges, each with its examples."""
    sources = {"style": ["orders-db"], "class": ["mail"]}
    return "\n\n".join(
        _sections(
            BADGE_OPTIONS,
            BADGES,
            lambda key, value: write(
                "badge", sources.get(key, ["orders-db"]), {key: value}
            ),
        )
    )


def tables(write: Write) -> str:
    """Return the options of tables, each with its examples."""

    def example(key: str, value: str) -> str:
        sources = ["orders-db", "mail", "payroll"]
        chooses = key in ("group", "state", "owner", "provider")
        return write("table", [] if chooses else sources, {key: value})

    return "\n\n".join(_sections(TABLE_OPTIONS, TABLES, example))


def _sections(
    declared: Iterable[Option],
    values: dict[str, list[str]],
    example: Callable[[str, str], str],
) -> Iterator[str]:
    for option in declared:
        yield f"### `{option.name}`"
        takes = f"Value: {option.kind.name}. Default: {default(option)}."
        yield f"{marked(option.help)} {takes}"
        for value in values[option.name]:
            yield example(option.name, value)


def columns(write: Write) -> str:
    """Return a table of the columns, and tables that have them."""
    parts = [table("column | holds", (f"`{key}` | {MEANING[key]}" for key in COLUMNS))]
    for what, names in SHOWN_COLUMNS.items():
        sources = ["orders-db", "ledger", "payroll"]
        parts += [
            f"{what[0].upper()}{what[1:]}:",
            write("table", sources, {"columns": names}),
        ]
    return "\n\n".join(parts)


PARTS: dict[str, Callable[[], str]] = {
    f"{name} in {host}": partial(part, write)
    for host, write in (("Sphinx", rst), ("MkDocs", macro))
    for name, part in (("badges", badges), ("tables", tables), ("columns", columns))
}
