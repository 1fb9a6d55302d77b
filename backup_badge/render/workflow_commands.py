"""A verdict as annotations of GitHub Actions.

See GitHub's documentation, Workflow commands for GitHub Actions.
"""

from __future__ import annotations

from collections.abc import Iterator

from backup_badge.render.text import printable
from backup_badge.view.summary import overview
from backup_badge.view.verdict import Verdict


def render_verdict(verdict: Verdict) -> str:
    """Return an error for each source that fails and each finding; then the summary.

    A source that passes on an older answer, as it could not be asked, is a warning.
    """
    return "".join(f"{line}\n" for line in (*_commands(verdict), verdict.summary))


def _commands(verdict: Verdict) -> Iterator[str]:
    for line in overview(verdict.statuses):
        status = verdict.statuses[line.source]
        failing = line.source in verdict.failing
        if failing or status.problem is not None:
            yield annotation(
                "error" if failing else "warning",
                verdict.sentence(line.source, status),
                title=f"Backup {line.source.name}: {line.state.message}",
            )
    for finding in verdict.all_findings:
        place = {"file": finding.path}
        if finding.line:
            place["line"] = str(finding.line)
        yield annotation("error", finding.message, **place, title="Backup badges")


def annotation(command: str, message: str, **properties: str) -> str:
    """Return a workflow command, with everything escaped that would end a part."""
    written = ",".join(f"{key}={_property(text)}" for key, text in properties.items())
    return f"::{command} {written}::{_data(message)}"


def _data(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
