"""What a drill writes down, which the preset ``drill`` of the provider json reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup_badge.cli.drill_run import Ended
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings
from backup_badge.documents.parse import LOCAL, parse_json
from backup_badge.documents.times import read_time
from backup_badge.files import read_file, replace_file
from backup_badge.values.problem import UsageError, did_you_mean
from backup_badge.values.source import Source
from backup_badge.values.status import format_time

_JOBS = (
    "GITHUB_WORKFLOW",
    "CI_JOB_NAME",
    "CIRCLE_JOB",
    "BUILDKITE_PIPELINE_NAME",
    "BUILD_DEFINITIONNAME",
    "JOB_NAME",
)
"""Where GitHub, GitLab, CircleCI, Buildkite, Azure and Jenkins name a job."""


def find_file(settings: Settings, name: str, output: Path | None) -> Path:
    """Return the file to write: the one named, or that of the source's restore test.

    Raises UsageError where neither is there, and for a source that nobody knows. Where
    nothing is configured, as on a server of backups, a name is believed.
    """
    source = settings.sources.get(name)
    if source is None and (settings.sources or output is None):
        hint = did_you_mean(name, settings.sources)
        hint = hint or " Configure it, or name a file by --output."
        raise UsageError(f"there is no source named {name!r}.{hint}")
    if output is not None:
        return output
    test = source.restore if source else None
    if test is None:
        table = f"[sources.{name}.restore]"
        why = f"the source {name!r} has no restore test: configure {table}"
    elif file := _file_of(test, settings):
        return file
    else:
        why = f"the restore test of {name!r} reads no file by the preset 'drill'"
    raise UsageError(f"{why}, or name a file by --output")


def _file_of(test: Source, settings: Settings) -> Path | None:
    """Return the file that a restore test reads, if it is one that a drill writes."""
    assert test.address is not None
    provider = provider_settings(test.address.provider, settings.providers)
    options: dict[str, Any] = {**provider.options, **test.options}
    reads_all = test.address.segments == ("document",) and not options.get("at")
    if provider.type != "json" or options.get("preset") != "drill" or not reads_all:
        return None
    return options.get("file")


def job_name(environ: Mapping[str, str]) -> str | None:
    """Return what a CI system calls the job that runs here."""
    names = (environ.get(variable, "").strip() for variable in _JOBS)
    return next(filter(None, names), None)


def write_document(path: Path, ended: Ended, *, source: str, by: str | None) -> None:
    """Write down how a drill ended, in one step. Raises OSError; the old file stays."""
    finished = format_time(ended.finished)
    document = {
        "source": source,
        "started": format_time(ended.started),
        "finished": finished,
        "exit": ended.code,
        "duration": round(ended.duration.total_seconds()),
        "reason": ended.reason,
        "by": by,
        "last_success": _last_success(path, source) if ended.code else finished,
    }
    replace_file(path, (json.dumps(document, indent=2) + "\n").encode())


def _last_success(path: Path, source: str) -> str | None:
    """Return when a drill last succeeded, from what the one before has written."""
    try:
        old = parse_json(read_file(str(path)), limit=LOCAL)
        if not isinstance(old, dict) or old.get("source") != source:
            return None
        return format_time(read_time(str(old.get("last_success"))))
    except (OSError, ValueError):
        return None
