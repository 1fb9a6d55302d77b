"""Statuses as JSON: the one form of the status file, the command and the cache."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backup_badge.documents.fields import Fields
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, format_time

SCHEMA = 1
"""The version of the form. A reader refuses any other."""


def to_document(
    statuses: Mapping[Source, Status], *, generated: datetime
) -> dict[str, Any]:
    """Return the whole document: ``schema``, ``generated`` (UTC) and ``sources``."""
    return {
        "schema": SCHEMA,
        "generated": format_time(generated),
        "sources": {
            source.name: to_record(source, status)
            for source, status in statuses.items()
        },
    }


def to_record(source: Source, status: Status) -> dict[str, Any]:
    """Return one source's entry: what it is, then what is known of it."""
    return {
        "address": str(source.address) if source.address else None,
        "label": source.label,
        "state": status.state.value,
        **status_record(status, link=source.link),
    }


def status_record(status: Status, *, link: str | None = None) -> dict[str, Any]:
    """Return what a provider told, without our judgement. Times are ISO 8601, UTC."""
    details, problem = status.details, status.problem
    return {
        "reported_state": status.reported.value,
        "native_state": status.native,
        "started": format_time(status.started),
        "finished": format_time(status.finished),
        "last_success": format_time(status.last_success),
        "next_run": format_time(status.next_run),
        "checked": format_time(status.checked),
        "link": link,
        "problem": problem
        and {"category": problem.category.value, "message": problem.message},
        "details": {
            "errors": details.errors,
            "reason": details.reason,
            "files": details.files,
            "bytes": details.bytes,
            "restorable": details.restorable,
        },
    }


def read_status(record: Fields, *, validator: str | None = None) -> Status:
    """Read a status from a record; it is not judged yet.

    Raises ProblemError (``invalid_response``) for a record of another shape.
    """
    details = record.table("details")
    return Status(
        reported=_read_state(record),
        native=record.text("native_state"),
        started=record.time("started"),
        finished=record.time("finished"),
        last_success=record.time("last_success"),
        next_run=record.time("next_run"),
        checked=record.time("checked"),
        problem=_read_problem(record.table("problem")),
        validator=validator,
        details=Details(
            errors=details.count("errors"),
            reason=details.text("reason"),
            files=details.count("files"),
            bytes=details.count("bytes"),
            restorable=details.flag("restorable"),
        ),
    )


def _read_state(record: Fields) -> State:
    word = record.text("reported_state")
    try:
        return State(word or "")
    except ValueError:
        raise record.invalid(f"has the unknown state {word!r}") from None


def _read_problem(record: Fields) -> Problem | None:
    if not record.document:
        return None
    category, message = record.text("category"), record.text("message")
    if category not in set(Category) or message is None:
        raise record.invalid(f"has the unknown problem {category!r}")
    return Problem(category=Category(category), message=message)
