"""``backup-badge status``: how the last backups went."""

from __future__ import annotations

import json
from typing import Any

import click

from backup_badge.cli.selection import Asked, ask, takes_sources
from backup_badge.cli.terminal_output import terminal_width, wants_colour, write
from backup_badge.documents.records import to_document
from backup_badge.render import markdown, terminal
from backup_badge.view.summary import count_states, count_watched, overview


@click.command()
@takes_sources
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to print the statuses.",
)
def status(form: str, **selection: Any) -> None:
    """Print the status of each SOURCE, the worst first.

    A SOURCE is a name, an address, group:NAME or restore:NAME; "-" stands for the names
    on standard input, one a line. Without any, every configured source. The restore
    test of a source is a row of its own.

    \b
    Examples:
      backup-badge status
      backup-badge status orders-db cloudback:acme/website
      backup-badge status --group databases --format json
      backup-badge status --format markdown >> "$GITHUB_STEP_SUMMARY"
    """
    asked = ask(**selection)
    write(_FORMS[form](asked))


def _text(asked: Asked) -> str:
    width = terminal_width()
    table = terminal.render_overview(
        overview(asked.statuses),
        now=asked.site.now,
        width=width,
        colour=wants_colour(),
    )
    return table if width is None else f"{table}\n{_count(asked)}\n"


def _json(asked: Asked) -> str:
    # In ASCII: neither an encoding nor a terminal can take offence.
    document = to_document(asked.statuses, generated=asked.site.now, detailed=True)
    return json.dumps(document, indent=2) + "\n"


def _markdown(asked: Asked) -> str:
    return f"{_count(asked)}\n\n{markdown.render_overview(overview(asked.statuses))}"


def _count(asked: Asked) -> str:
    return f"{count_watched(asked.statuses)}: {count_states(asked.statuses)}"


_FORMS = {"text": _text, "json": _json, "markdown": _markdown}
