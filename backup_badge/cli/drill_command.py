"""``backup-badge drill``: running a restore test, and writing down how it went."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import click

from backup_badge.cli.drill_document import find_file, job_name, write_document
from backup_badge.cli.drill_run import held_signals, run_drill
from backup_badge.cli.selection import Failure, complete_source
from backup_badge.cli.terminal_output import say
from backup_badge.config.load import load
from backup_badge.config.origin import FILE_NAME
from backup_badge.options.kinds import read_duration
from backup_badge.render.text import printable
from backup_badge.values.problem import BackupBadgeError
from backup_badge.values.source import RESTORE


def _read_timeout(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> timedelta | None:
    try:
        timeout = read_duration(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(printable(str(error))) from None
    if timeout is not None and not timeout:
        raise click.BadParameter("must be longer than nothing")
    return timeout


@click.command()
@click.argument("source", metavar="SOURCE", shell_complete=complete_source)
@click.argument(
    "command",
    metavar="-- COMMAND...",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
)
@click.option(
    "--timeout",
    metavar="DURATION",
    callback=_read_timeout,
    help="How long the command may take, such as 2h. Default: as long as it takes.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: the one that the source's restore test reads.",
)
@click.option(
    "--by",
    metavar="NAME",
    help="Who runs it: the name of a job. Default: what the CI system calls it.",
)
@click.option(
    "-c",
    "--config",
    metavar="FILE",
    help=f"The configuration. Default: {FILE_NAME} here, or pyproject.toml.",
)
def drill(
    source: str,
    command: tuple[str, ...],
    timeout: timedelta | None,
    output: Path | None,
    by: str | None,
    config: str | None,
) -> None:
    """Run a COMMAND that restores SOURCE, and write down how it went.

    The file is what the preset 'drill' of the provider json reads: start, end, exit
    code, duration and the name of the job. It is replaced in one step, also when the
    command fails, takes too long or is killed. The exit code is the command's; 124 when
    it took too long, 128 + N when signal N ended it.

    \b
    Examples:
      backup-badge drill orders-db -- ./restore-orders.sh
      backup-badge drill orders-db --timeout 2h -- ./restore-orders.sh --scratch
      backup-badge drill orders-db --output drill.json -- make restore-test
    """
    source = source.removeprefix(RESTORE)
    try:
        path = find_file(load(Path.cwd(), config=config), source, output)
    except BackupBadgeError as error:
        raise Failure(str(error)) from None
    _check_writable(path)
    with held_signals() as signals:
        ended = run_drill(command, signals, timeout=timeout)
        if ended.reason:
            what = f"the drill of {printable(source)} failed: {ended.reason}"
            say(f"backup-badge: {what}")
        try:
            write_document(path, ended, source=source, by=by or job_name(os.environ))
        except OSError as error:
            raise _unwritable(path, error) from None
    raise click.exceptions.Exit(ended.code)


def _check_writable(path: Path) -> None:
    """Refuse a file that cannot be written before the command takes its hours."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None
    if path.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise _unwritable(path)


def _unwritable(path: Path, error: OSError | None = None) -> Failure:
    why = f": {error.strerror}" if error and error.strerror else ""
    return Failure(f"{path}: this file cannot be written{why}")
