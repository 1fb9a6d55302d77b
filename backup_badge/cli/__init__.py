"""The command ``backup-badge``."""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from backup_badge._version import __version__
from backup_badge.cli.check_command import check
from backup_badge.cli.discover_command import discover
from backup_badge.cli.drill_command import drill
from backup_badge.cli.explain_command import explain
from backup_badge.cli.export_command import export
from backup_badge.cli.init_command import init
from backup_badge.cli.providers_command import providers
from backup_badge.cli.selection import Failure
from backup_badge.cli.status_command import status
from backup_badge.cli.terminal_output import forget, open_closed_streams, say

_INTERRUPTED = 130
"""What a shell makes of a command that SIGINT ended; 1 would be a verdict."""


class _Command(click.Group):
    """The group of commands; whatever ends one, no traceback is seen."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command as a program."""
        open_closed_streams()
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A letter that the terminal's encoding lacks is no reason to fail.
            sys.stdout.reconfigure(errors="replace")
        try:
            return super().main(*args, **extra)
        except OSError as error:
            # Of an option such as --help, or of the sentence on a mistake itself.
            forget("stdout")
            say(f"Error: {error.strerror}")
            sys.exit(Failure.exit_code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(_INTERRUPTED)
        except OSError as error:
            if not error.filename:
                forget("stdout")
            where = f"{error.filename}: " if error.filename else ""
            raise Failure(f"{where}{error.strerror or error}") from None


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="backup-badge")
def main() -> None:
    """Ask backup systems how the last backups went, as the documentation does.

    \b
    Examples:
      backup-badge init restic
      backup-badge status
      backup-badge explain orders-db
      backup-badge check --pages docs
      backup-badge export public/backup
      backup-badge discover healthchecks --write

    Exit codes: 0; 1 when a check fails; 2 for a mistake in the command line or in the
    configuration, or a file that cannot be read or written; 130 when interrupted. That
    of a drill is its command's.

    \b
    Completion, for bash, zsh or fish:
      eval "$(_BACKUP_BADGE_COMPLETE=bash_source backup-badge)"
    """


_COMMANDS = (init, discover, status, explain, check, export, drill, providers)

for _command in _COMMANDS:
    main.add_command(_command)
