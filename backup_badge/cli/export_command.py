"""``backup-badge export``: statuses as files, to be published."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from backup_badge.cli.selection import Failure, ask, takes_sources
from backup_badge.cli.terminal_output import write
from backup_badge.export import export_statuses, generation_time
from backup_badge.render.text import printable
from backup_badge.values.problem import UsageError
from backup_badge.view.summary import count_states, count_watched


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@takes_sources
def export(directory: Path, **selection: Any) -> None:
    """Write the statuses into DIR, as files to publish.

    DIR then holds backup-status.json, a status file to build from without network or
    secrets; for each SOURCE NAME.svg, its badge, and NAME.json, a document for Shields'
    endpoint badge; and index.html, a page with the table. Without any SOURCE, every
    configured one.

    \b
    Examples:
      backup-badge export public/backup
      backup-badge export public/backup --group databases
    """
    asked = ask(**selection)
    try:
        generated = generation_time(asked.site.now, os.environ)
        language = asked.site.language(None)
        export_statuses(
            asked.statuses, directory, generated=generated, language=language
        )
    except UsageError as error:
        raise Failure(str(error)) from None
    number = count_watched(asked.statuses)
    where = printable(str(directory))
    write(f"{number} exported to {where}: {count_states(asked.statuses)}\n")
