"""Statuses as JSON: the one form of the status file, the command and the cache."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backup_badge.documents.fields import Fields
from backup_badge.documents.times import read_time
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source, without_nested
from backup_badge.values.state import State
from backup_badge.values.status import (
    LONGEST,
    Details,
    Status,
    format_time,
    label_for,
)

SCHEMA = 1
"""The version of the form. A reader refuses any other."""

# RFC 3339, but the zone may be missing. The script in pages reads the same times.
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def to_document(
    statuses: Mapping[Source, Status], *, generated: datetime, detailed: bool = False
) -> dict[str, Any]:
    """Return the whole document: ``schema``, ``generated`` (UTC) and ``sources``.

    The restore test of a source stands in the entry of the source, if that has one. A
    ``detailed`` document is not to be published: it names hosts, files and variables.
    """
    return {
        "schema": SCHEMA,
        "generated": format_time(generated),
        "sources": {
            source.name: to_record(source, statuses, detailed=detailed)
            for source in without_nested(statuses)
        },
    }


def to_record(
    source: Source, statuses: Mapping[Source, Status], *, detailed: bool = False
) -> dict[str, Any]:
    """Return one source's entry: what it is, then what is known of it."""
    status, test = statuses[source], source.restore
    is_known = test is not None and test in statuses
    restore = (
        to_record(test, statuses, detailed=detailed) if is_known and test else None
    )
    return {
        "address": str(source.address) if source.address else None,
        "label": label_for(source, status),
        "state": status.state.value,
        **status_record(status, link=source.link, restore=restore, detailed=detailed),
    }


def status_record(
    status: Status,
    *,
    link: str | None = None,
    restore: Mapping[str, Any] | None = None,
    detailed: bool = False,
) -> dict[str, Any]:
    """Return what a provider told, without our judgement. Times are ISO 8601, UTC."""
    details = status.details
    return {
        "reported_state": status.reported.value,
        "native_state": status.native,
        "started": format_time(status.started),
        "finished": format_time(status.finished),
        "last_success": format_time(status.last_success),
        "next_run": format_time(status.next_run),
        "expected_by": format_time(status.expected_by),
        "checked": format_time(status.checked),
        "link": link,
        "problem": status.problem and _problem_record(status.problem, detailed),
        "restore": restore,
        "details": {
            "errors": details.errors,
            "reason": details.reason,
            "files": details.files,
            "bytes": details.bytes,
            "restorable": details.restorable,
            "duration": details.duration,
            "never_ran": details.never_ran,
        },
    }


def full_record(status: Status) -> dict[str, Any]:
    """Return all that a provider told, which :func:`read_status` can read again."""
    kept = {"label": status.name, "validator": status.validator}
    return {**status_record(status), **kept}


def _problem_record(problem: Problem, detailed: bool) -> dict[str, str]:
    detail = {"detail": problem.message} if detailed else {}
    return {"category": problem.category.value, "message": problem.public, **detail}


def read_status(record: Fields) -> Status:
    """Read a status from a record; it is not judged yet.

    A label counts as the system's own name: whoever reads it may have a better one.

    A problem beside a state that is known says that a remembered answer stands in.
    Raises ProblemError (``invalid_response``) for a record of another shape.
    """
    details, reported = record.table("details"), _read_state(record)
    problem = _read_problem(record.table("problem"))
    return Status(
        reported=reported,
        native=record.text("native_state"),
        name=record.name("label"),
        started=_read_time(record, "started"),
        finished=_read_time(record, "finished"),
        last_success=_read_time(record, "last_success"),
        next_run=_read_time(record, "next_run"),
        expected_by=_read_time(record, "expected_by"),
        checked=_read_time(record, "checked"),
        problem=problem,
        stale=problem is not None and reported is not State.UNKNOWN,
        validator=record.text("validator"),
        details=Details(
            errors=details.count("errors"),
            reason=details.text("reason"),
            files=details.count("files"),
            bytes=details.count("bytes"),
            restorable=details.flag("restorable"),
            duration=_read_duration(details),
            never_ran=details.flag("never_ran"),
        ),
    )


def _read_state(record: Fields) -> State:
    word = record.text("reported_state")
    try:
        return State(word or "")
    except ValueError:
        raise record.invalid(f"has the unknown state {word!r}") from None


def _read_time(record: Fields, key: str) -> datetime | None:
    """Return a time in UTC, to the second; one without a zone is UTC."""
    text = record.text(key)
    if not text:
        return None
    try:
        if _TIME.fullmatch(text):
            return read_time(text, zone="UTC").replace(microsecond=0)
    except ValueError:
        pass
    raise record.invalid(f"has a {key!r} that is no time: {text!r:.40}")


def _read_duration(details: Fields) -> int | None:
    """Return a duration in seconds; one that nobody would believe is not told."""
    seconds = details.count("duration")
    return seconds if seconds is not None and seconds <= LONGEST else None


def _read_problem(record: Fields) -> Problem | None:
    if not record.document:
        return None
    category, message = record.text("category"), record.text("message")
    if category not in set(Category) or message is None:
        raise record.invalid(f"has the unknown problem {category!r}")
    return Problem(
        category=Category(category),
        message=record.text("detail") or message,
        public_message=message,
    )
