"""What the documents of Rackspace Cloud Backup v2 say.

Source: Rackspace Cloud Backup v2 guide, "Retrieve backup status" and "Start a backup",
and the public API guide of the same service. Unfinished runs lack or null the later
fields.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from backup_badge.documents.fields import Fields
from backup_badge.values.problem import ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status

STATES = {
    "completed": State.SUCCEEDED,
    "completed_with_errors": State.COMPLETED_WITH_ERRORS,
    "failed": State.FAILED,
    "missed": State.FAILED,
    "start_requested": State.SCHEDULED,
    "start_scheduled": State.SCHEDULED,
    "queued": State.SCHEDULED,
    "preparing": State.SCHEDULED,
    "in_progress": State.IN_PROGRESS,
    "stop_requested": State.IN_PROGRESS,
    "skipped": State.SKIPPED,
    "stopped": State.STOPPED,
}
"""The values of a run's ``state`` in the guide, and what they mean."""

UNFINISHED = frozenset({State.SCHEDULED, State.IN_PROGRESS})


def check_account(document: Fields, tenant: str) -> None:
    """Check that all that an answer tells of is the tenant's.

    Raises ProblemError (``invalid_response``) where it names another project.
    """
    inside = (
        document.tables(key)
        for key in ("backups", "activities", "configurations", "restores")
        if isinstance(document.document.get(key), list)
    )
    for part in (document, *(item for items in inside for item in items)):
        if part.text("project_id") not in (None, tenant):
            raise document.invalid("is about another account than the one configured")


def check_about(document: Fields, kind: str, identifier: str) -> None:
    """Check that a document is about the backup or configuration asked for.

    Raises ProblemError (``invalid_response``) where it is not, or does not say.
    """
    told = document.text("id")
    if not told:
        raise document.invalid(f"does not say which {kind} it is about")
    if told.casefold() != identifier.casefold():
        raise document.invalid(f"is about another {kind} than the one asked for")


def check_configuration(run: Fields, identifier: str) -> None:
    """Check that a run, or its entry in a history, is of this configuration.

    Raises ProblemError (``invalid_response``) where it names another one.
    """
    told = run.table("configuration").text("id")
    if told is not None and told.casefold() != identifier.casefold():
        raise run.invalid("tells of a run of another configuration")


def read_state(document: Fields) -> Status:
    """Read the ``state`` alone; a word that nobody knows is unknown.

    Raises ProblemError (``invalid_response``) where there is none.
    """
    word = document.text("state")
    if word is None:
        raise document.invalid("has no 'state'")
    if word not in STATES:
        problem = document.invalid(f"has the state {word!r:.120}, which nobody knows")
        return Status(reported=State.UNKNOWN, native=word, problem=problem.problem)
    reason = "the agent missed it" if word == "missed" else None
    return Status(reported=STATES[word], native=word, details=Details(reason=reason))


def read_restore(document: Fields) -> Status:
    """Read one restore, which is told of as a backup is."""
    return read_backup(document, did="restored")


def read_backup(document: Fields, *, did: str = "backed_up") -> Status:
    """Read one backup: its state, its times (UTC) and what it ``did``.

    An unfinished run began at the earliest time that the document tells.
    Raises ProblemError (``invalid_response``) when state or times cannot be read.
    """
    status = read_state(document)
    errors = document.table("errors")
    count, reason = errors.count("count"), errors.text("reason")
    started, finished = document.time("started_time"), document.time("ended_time")
    if status.reported in UNFINISHED:
        started, finished = _earliest(document), None
    return replace(
        status,
        started=started,
        finished=finished,
        details=Details(
            errors=count,
            reason=(reason if count else None) or status.details.reason,
            files=document.count(f"files_{did}"),
            bytes=document.count(f"bytes_{did}"),
            restorable=document.flag("restorable"),
        ),
    )


def _earliest(*documents: Fields) -> datetime | None:
    times = (
        document.time(key)
        for document in documents
        for key in document.document
        if key.endswith("_time")
    )
    return min(filter(None, times), default=None)


def read_list(page: Fields) -> dict[str, Status]:
    """Read a page of backups, by their IDs; what cannot be read is left out.

    A backup that stands there twice, and is told of differently, is unknown.
    Raises ProblemError (``invalid_response``) when there is no list.
    """
    told: dict[str, Status] = {}
    for backup in page.tables("backups"):
        try:
            identifier, status = backup.text("id"), read_backup(backup)
        except ProblemError:
            continue
        if identifier and told.setdefault(identifier, status) != status:
            problem = page.invalid("tells two things of one backup").problem
            told[identifier] = Status(reported=State.UNKNOWN, problem=problem)
    return told


def read_run(activity: Fields, backup: Fields | None) -> Status:
    """Read a run from its entry in a history, and from its backup where it is kept.

    Raises ProblemError (``invalid_response``) where the two contradict each other.
    """
    said = read_state(activity)
    status = read_backup(backup) if backup else said
    # The backup was asked for later: a run may have got on meanwhile, or have ended.
    if said.reported not in UNFINISHED and said.native != status.native:
        raise activity.invalid(
            f"calls a run {said.native!r:.40} in the history of its configuration, and"
            f" its backup {status.native!r:.40}"
        )
    if status.reported in UNFINISHED:
        documents = [document for document in (activity, backup) if document]
        return replace(status, started=_earliest(*documents))
    if status.finished is None and status.started is None:
        return replace(status, finished=activity.time("last_updated_time"))
    return status


def newest_first(activities: Fields, configuration: str) -> list[Fields]:
    """Return the activities of type ``backup``; others are clean-ups, restores.

    The guide says "newest first"; where times say otherwise, they are believed.
    Raises ProblemError (``invalid_response``) where neither tells which is the newest.
    """
    runs = [
        activity
        for activity in activities.tables("activities")
        if activity.text("type") == "backup"
    ]
    told: dict[str | None, str] = {}
    for run in runs:
        check_configuration(run, configuration)
        word = run.text("state") or ""
        is_over = STATES.get(word) not in UNFINISHED
        if is_over and told.setdefault(run.text("id"), word) != word:
            raise activities.invalid("tells two things of one run")
    times = [run.time("last_updated_time") for run in runs]
    known = [time for time in times if time is not None]
    if known == sorted(known, reverse=True):
        return runs
    if None in times:
        raise activities.invalid("lists runs in no order, and not all have a time")
    # The sort is stable: of two runs of one second the first stays the newer one.
    long_ago = datetime.min.replace(tzinfo=UTC)
    return sorted(
        runs, key=lambda run: run.time("last_updated_time") or long_ago, reverse=True
    )


def success_time(status: Status) -> datetime | None:
    """Return when a run succeeded; None where it did not."""
    is_success = status.reported is State.SUCCEEDED
    return status.finished or status.started if is_success else None


def no_run(last_completed: str | None) -> Status:
    """Tell of a configuration whose latest activities are no backups."""
    reason = "no backup has run yet"
    if last_completed:
        reason = "no backup is among its latest activities"
    return Status(reported=State.UNKNOWN, details=Details(reason=reason))


def next_page(page: Fields) -> dict[str, str] | None:
    """Return the query of the list's next page.

    Only the marker is taken from the link: where it leads is not for an answer to
    say. The last page has no link, and an empty list may have no links at all.
    Raises ProblemError (``invalid_response``) for links of another shape.
    """
    if "links" not in page.document:
        return None
    for link in page.tables("links"):
        try:
            query = dict(parse_qsl(urlsplit(link.text("href") or "").query))
        except ValueError:
            raise page.invalid("has a link that is none") from None
        if link.text("rel") == "next" and "marker" in query:
            wanted = {"limit", "marker", "sort_dir"} & query.keys()
            return {key: query[key] for key in wanted}
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
        last_success=status.last_success or success_time(status),
        details=replace(status.details, reason=reason),
    )
