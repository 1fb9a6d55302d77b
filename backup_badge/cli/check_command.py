"""``backup-badge check``: whether backups, and pages, are as they should be."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from backup_badge.cli.coverage import find_unwatched
from backup_badge.cli.selection import Asked, ask, pages_in, takes_sources
from backup_badge.cli.terminal_output import terminal_width, wants_colour, write
from backup_badge.config.origin import file_source
from backup_badge.documents.records import to_document
from backup_badge.markup.pages import find_uses
from backup_badge.options.kinds import read_states
from backup_badge.render import junit, markdown, terminal, workflow_commands
from backup_badge.render.text import printable
from backup_badge.values.mark import Mark
from backup_badge.values.problem import UsageError
from backup_badge.values.state import State
from backup_badge.view.summary import overview
from backup_badge.view.verdict import DEFAULT_FAIL_ON, Finding, Verdict


def _read_states(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> frozenset[State]:
    words = [word.strip() for value in values for word in value.split(",")]
    words = [word for word in words if word]
    if values and not words:
        raise click.BadParameter("names no state")
    try:
        return read_states(words) if words else frozenset()
    except ValueError as error:
        raise click.BadParameter(printable(str(error))) from None


@click.command()
@takes_sources
@click.option(
    "--fail-on",
    metavar="STATES",
    multiple=True,
    callback=_read_states,
    help="The states that fail the check, with commas between them. Default: the"
    " configuration's fail_on, else failed,overdue,unknown,deleted,stopped.",
)
@click.option(
    "--allow-stale",
    is_flag=True,
    help="Let a remembered answer pass that stands in for a source that could not be"
    " asked.",
)
@click.option(
    "--pages",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare the pages (.md, .rst, .txt) in DIR with the configuration, too. May"
    " be repeated.",
)
@click.option(
    "--coverage",
    is_flag=True,
    help="Ask the configured systems what they hold, and fail for what no source"
    " watches.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "junit", "github"]),
    default="text",
    show_default=True,
    help="How to print what fails.",
)
def check(
    fail_on: frozenset[State],
    allow_stale: bool,
    pages: tuple[Path, ...],
    coverage: bool,
    form: str,
    **selection: Any,
) -> None:
    """Exit with 1 when a SOURCE fails the check.

    It fails when its state is one of STATES, when it had no success within its max_age
    whatever its state, and when only a remembered answer was to be had. The restore
    test of a source fails by the same rules, under the name restore:NAME.

    A SOURCE is a name, an address, group:NAME or restore:NAME; "-" stands for the names
    on standard input, one a line. Without any, every configured source.

    With --pages the check fails, too, when a configured source is shown on no page, or
    when a page uses what is not in the configuration. With --coverage it fails when a
    configured system holds what no source watches.

    \b
    Examples:
      backup-badge check
      backup-badge check --group databases --fail-on failed,overdue
      backup-badge check --pages docs --coverage --format github
      backup-badge check --format junit > backups.xml
    """
    asked = ask(**selection, none_will_do=bool(pages) or coverage)
    verdict = Verdict(
        statuses=asked.statuses,
        fail_on=fail_on or asked.site.settings.fail_on or DEFAULT_FAIL_ON,
        now=asked.site.now,
        allow_stale=allow_stale,
        findings=_compare(pages, asked, selection["config"]) if pages else None,
        unwatched=find_unwatched(asked, selection["config"]) if coverage else None,
    )
    write(_FORMS[form](verdict))
    if not verdict.passed:
        raise click.exceptions.Exit(1)


def _compare(
    directories: tuple[Path, ...], asked: Asked, config: str | None
) -> tuple[Finding, ...]:
    """Compare pages with the configuration. Raises Failure where there is no page."""
    configured = asked.site.settings.sources
    shown: set[str] = set()
    findings = []
    for path in pages_in(directories):
        try:
            uses = find_uses(path)
        except OSError as error:
            message = f"the page cannot be read: {error.strerror}"
            findings.append(Finding(path=str(path), line=None, message=message))
            continue
        for use in uses:
            used, faults = _used(use.mark, asked)
            shown.update(used)
            findings += [
                Finding(path=str(path), line=use.line, message=fault)
                for fault in faults
            ]
    file = file_source(Path.cwd(), config)
    for source in asked.statuses:
        if source.name in configured and source.name not in shown and file:
            place = os.path.relpath(file.directory / file.origin)
            line = file.line(("sources", source.name))
            message = f"the source {source.name!r} is shown on no page"
            findings.append(Finding(path=place, line=line, message=message))
    return tuple(findings)


def _used(mark: Mark | UsageError, asked: Asked) -> tuple[list[str], list[str]]:
    """Return the configured sources that a mark shows, and what is wrong with it."""
    if isinstance(mark, UsageError):
        return [], [str(mark)]
    used, faults = [], []
    for source in asked.site.sources(mark):
        if source.name in asked.site.settings.sources:
            used.append(source.name)
        elif source.is_restore and source.problem is None:
            continue
        elif source.problem is not None:
            faults.append(source.problem.message)
        else:
            faults.append(f"{source.name!r} is not in the configuration")
    return used, faults


def _text(verdict: Verdict) -> str:
    parts = [
        f"{printable(finding.place)}: {printable(finding.message)}\n"
        for finding in verdict.all_findings
    ]
    if verdict.failing:
        table = terminal.render_overview(
            overview(verdict.failing, also=verdict.also),
            now=verdict.now,
            width=terminal_width(),
            colour=wants_colour(),
        )
        parts = [table, *parts]
    return "".join([*parts, f"{verdict.summary}\n"])


def _json(verdict: Verdict) -> str:
    document = to_document(verdict.statuses, generated=verdict.now, detailed=True)
    document["failing"] = [source.name for source in verdict.failing]
    document["reasons"] = {
        line.source.name: line.reason or line.state.message
        for line in overview(verdict.failing, also=verdict.also)
    }
    if verdict.findings is not None or verdict.unwatched is not None:
        document["findings"] = [
            {"path": found.path, "line": found.line, "message": found.message}
            for found in verdict.all_findings
        ]
    return json.dumps(document, indent=2) + "\n"


_FORMS = {
    "text": _text,
    "json": _json,
    "markdown": markdown.render_verdict,
    "junit": junit.render_verdict,
    "github": workflow_commands.render_verdict,
}
