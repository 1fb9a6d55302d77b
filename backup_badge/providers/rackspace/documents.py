"""What the documents of Rackspace Cloud Backup v2 say.

Source: Rackspace Cloud Backup v2 guide, "Retrieve backup status", and the public API
guide of the same service. Unfinished runs lack or null the later fields.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from backup_badge.documents.fields import Fields
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status

STATES = {
    "completed": State.SUCCEEDED,
    "completed_with_errors": State.COMPLETED_WITH_ERRORS,
    "failed": State.FAILED,
    "queued": State.SCHEDULED,
    "preparing": State.SCHEDULED,
    "in_progress": State.IN_PROGRESS,
    "stop_requested": State.IN_PROGRESS,
    "skipped": State.SKIPPED,
    "stopped": State.STOPPED,
}
"""The nine values of a backup's ``state`` in the guide, and what they mean."""


def read_state(document: Fields) -> Status:
    """Read the ``state`` alone. Raises ProblemError for a word nobody knows."""
    word = document.text("state")
    if word is None:
        raise document.invalid("has no 'state'")
    if word not in STATES:
        status = Status(reported=State.UNKNOWN, native=word)
        problem = document.invalid(f"has the state {word!r}, which nobody knows")
        return replace(status, problem=problem.problem)
    return Status(reported=STATES[word], native=word)


def read_backup(document: Fields) -> Status:
    """Read one backup: its state, its times (UTC) and what it did.

    Raises ProblemError (``invalid_response``) when state or times cannot be read.
    """
    errors = document.table("errors")
    return replace(
        read_state(document),
        started=document.time("started_time"),
        finished=document.time("ended_time"),
        details=Details(
            errors=errors.count("count"),
            reason=errors.text("reason") if errors.count("count") else None,
            files=document.count("files_backed_up"),
            bytes=document.count("bytes_backed_up"),
            restorable=document.flag("restorable"),
        ),
    )


def latest_run(activities: Fields) -> Fields | None:
    """Return the newest activity of type ``backup``; others are clean-ups, restores.

    The guide says "newest first"; where times say otherwise, they are believed.
    """
    runs = [
        activity
        for activity in activities.tables("activities")
        if activity.text("type") == "backup"
    ]
    long_ago = datetime.min.replace(tzinfo=UTC)
    return max(
        runs, key=lambda run: run.time("last_updated_time") or long_ago, default=None
    )


def next_page(page: Fields) -> str | None:
    """Return the path of the list's next page, below the endpoint.

    Only the marker is taken from the link: where it leads is not for an answer to
    say. The last page has no link, and an empty list may have no links at all.
    """
    if "links" not in page.document:
        return None
    for link in page.tables("links"):
        query = dict(parse_qsl(urlsplit(link.text("href") or "").query))
        if link.text("rel") == "next" and "marker" in query:
            wanted = {"limit", "marker", "sort_dir"} & query.keys()
            return "/backups?" + urlencode({key: query[key] for key in sorted(wanted)})
    return None


def disabled(status: Status) -> Status:
    """Tell of a configuration that is switched off: never green, whatever ran last."""
    if not status.reported.is_good:
        return status
    reason = "the configuration is disabled: no backup will run"
    return replace(
        status,
        reported=State.STOPPED,
        native="disabled",
        details=replace(status.details, reason=reason),
    )
