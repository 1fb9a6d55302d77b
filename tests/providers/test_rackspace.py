"""Rackspace: what each answer of its guide comes to, for all three kinds of source."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rackspace_documents import (
    TENANT,
    Account,
    Activity,
    Backup,
    Configuration,
    Restore,
    access_document,
)
from rackspace_guide import GUIDE, STATES

from backup_badge.providers.rackspace import Rackspace
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

HOST = "https://iad.backup.example.org"
BASE = f"/v2/{TENANT}"
TOKEN = {"url": HOST, "tenant": TENANT, "token": "${TOKEN}"}

# What nobody reads: left out, as each leaf of each answer is replaced by junk.
UNREAD = (
    *("links", "agent", "destination_agent", "destination_path", "snapshot_id"),
    *("files_searched", "bytes_searched", "bytes_in_db", "bandwidth_avg_bps"),
    *("schedule", "retention", "inclusions", "exclusions", "notifications"),
    *("diagnostics", "user", "expires"),
)


def spare(document: Any) -> Any:
    """Return a document without what nobody reads."""
    if isinstance(document, list):
        return [spare(item) for item in document]
    if not isinstance(document, dict):
        return document
    return {key: spare(value) for key, value in document.items() if key not in UNREAD}


def at(hour: int, day: int = 28) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def backup(state: str, **told: Any) -> Any:
    """Return the answer about the backup ``b``."""
    if state not in ("in_progress", "stop_requested"):
        told = {"ended": at(3), **told}
    made = Backup(id="b", configuration="c", state=state, started=at(2), **told)
    return spare(made.document(HOST + BASE))


def one(name: str, state: State, document: object, **more: Any) -> Case:
    """Return a case of a backup that is asked for by itself."""
    told: dict[str, Any] = {
        "address": "backup/b",
        "answers": {f"{BASE}/backups/b": document},
        "options": TOKEN,
    }
    return Case(name=name, state=state, **{**told, **more})


def plan(name: str, state: State, run: str = "completed", **more: Any) -> Case:
    """Return a case of a configuration whose newest run had a state."""
    configuration = Configuration(id="c", next=at(3, 29), **more.pop("plan", {}))
    newest = Activity(configuration="c", type="backup", state=run, id="b")
    newest.updated = at(3)
    clean_up = Activity(configuration="c", type="cleanup", updated=at(4))
    history = [clean_up, newest][more.pop("skip", 0) :]
    here = HOST + BASE
    told: dict[str, Any] = {
        "address": "configuration/c",
        "answers": {
            f"{BASE}/configurations/c": spare(configuration.document(here, [])),
            f"{BASE}/configurations/c/activities": {
                "activities": [spare(one.document(here)) for one in history]
            },
            f"{BASE}/backups/b": backup(run),
        },
        "options": TOKEN,
    }
    told["answers"] |= more.pop("answers", {})
    return Case(name=name, state=state, **{**told, **more})


def restored(name: str, state: State, word: str, **more: Any) -> Case:
    """Return a case of a configuration's newest restore."""
    made = Restore(backup="b", configuration="c", id="r", state=word, started=at(2))
    if word not in ("in_progress", "stop_requested"):
        made.ended = at(3)
    told: dict[str, Any] = {
        "address": "restore/c",
        "answers": {
            f"{BASE}/restores": {"restores": [spare(made.document(HOST + BASE))]},
            f"{BASE}/backups/b": backup("completed"),
        },
        "options": TOKEN,
    }
    return Case(name=name, state=state, **{**told, **more})


USER = {
    "username": "demo",
    "api_key": "${KEY}",
    "region": "iad",
    "identity_url": "https://identity.example.org/v2.0",
}
ACCESS = access_document(
    Account(username="demo", api_key="key", tenant=TENANT),
    token="token-of-the-case",
    endpoints={"IAD": f"{HOST}/v1.0/{TENANT}", "LON": "https://lon.example.org/v1.0/1"},
)
INVALID = Category.INVALID_RESPONSE
TOLD = spare(json.loads(GUIDE))

CASES = (
    one(
        "the guide's own answer",
        State.COMPLETED_WITH_ERRORS,
        TOLD,
        address=f"backup/{TOLD['id']}",
        answers={f"{BASE}/backups/{TOLD['id']}": TOLD},
        told={
            "errors": 1,
            "reason": "unable_to_process_some_files",
            "files": 6,
            "bytes": 127_000_000,
            "restorable": True,
            "finished": datetime(2014, 8, 5, 18, 23, 50, 489715, UTC),
        },
    ),
    *(
        one(f"a backup that is {word}", state, backup(word), told={"native": word})
        for word, state in STATES.items()
    ),
    *(
        plan(f"a configuration whose run is {word}", STATES[word], word)
        for word in ("completed", "completed_with_errors", "failed", "in_progress")
    ),
    *(
        restored(f"a restore that is {word}", state, word, told={"native": word})
        for word, state in STATES.items()
        if word not in ("missed", "skipped")
    ),
    one("an unknown word", State.UNKNOWN, backup("paused"), category=INVALID),
    one(
        "no word",
        State.UNKNOWN,
        {**backup("completed"), "state": None},
        category=INVALID,
    ),
    one(
        "another account's backup",
        State.UNKNOWN,
        {**backup("completed"), "project_id": "654321"},
        category=INVALID,
    ),
    one("no such backup", State.UNKNOWN, Said(code=404), category=Category.NOT_FOUND),
    one(
        "a token that is refused",
        State.UNKNOWN,
        Said(code=401),
        category=Category.UNAUTHORIZED,
    ),
    one(
        "with a user, who logs in",
        State.SUCCEEDED,
        None,
        options=USER,
        answers={
            "/v2.0/tokens": spare(ACCESS),
            f"{BASE}/backups/b": backup("completed"),
        },
    ),
    plan(
        "tells of the next run, and has a name",
        State.SUCCEEDED,
        told={"next_run": at(3, 29), "name": "Nightly"},
    ),
    plan("switched off", State.STOPPED, plan={"enabled": False}),
    plan("deleted", State.DELETED, plan={"deleted": True}, told={"name": "Nightly"}),
    plan(
        "never ran",
        State.UNKNOWN,
        answers={f"{BASE}/configurations/c/activities": {"activities": []}},
        told={"reason": "no backup has run yet"},
    ),
    plan(
        "a run whose record is gone",
        State.SUCCEEDED,
        answers={f"{BASE}/backups/b": Said(code=404)},
    ),
    restored(
        "never restored",
        State.UNKNOWN,
        "completed",
        answers={f"{BASE}/restores": {"restores": []}},
    ),
)


@pytest.mark.parametrize("check", checks(Rackspace, CASES), ids=str)
def test_rackspace(check: Check) -> None:
    """Green is a completed run alone, whatever the answers hold besides."""
    check()
