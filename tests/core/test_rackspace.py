"""Rackspace is read as its guide says, whatever it answers, and asked with care."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from asking import ENVIRON, TENANT, TOKEN, ask, configure
from cloud import Cloud
from loopback import Answer, HttpService, Request, json_answer
from rackspace_documents import Account
from rackspace_guide import GUIDE, STATES

from backup_badge import Details, Site, State, Status, badge_mark
from backup_badge.documents.fields import Fields
from backup_badge.http.client import ATTEMPTS
from backup_badge.providers.rackspace.documents import read_backup
from backup_badge.values.problem import Category, Problem, ProblemError

pytestmark = pytest.mark.slow

UNFINISHED = (State.SCHEDULED, State.IN_PROGRESS)
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


@pytest.fixture
def account(cloud: Cloud) -> Cloud:
    """The stand-in service, with a token for the tenant of the tests."""
    cloud.add_token(TOKEN, TENANT)
    return cloud


def good(result: Status | Problem) -> Status:
    """Return the status, which it has to be."""
    assert isinstance(result, Status), result
    return result


def bad(result: Status | Problem) -> Problem:
    """Return the problem, which it has to be."""
    assert isinstance(result, Problem), result
    return result


def user(cloud: Cloud, **options: str) -> dict[str, str]:
    """Return the options of an account with a user, its log-in at the stand-in's."""
    return {
        "username": "${USER}",
        "api_key": "${KEY}",
        "identity_url": f"{cloud.url}/identity/v2.0",
        **options,
    }


def log_ins(cloud: Cloud) -> int:
    """Return how often the identity service was asked."""
    return sum(request.path.startswith("/identity") for request in cloud.requests)


# One backup


def test_the_guides_answer(account: Cloud) -> None:
    """The example answer of the guide is read to the last detail."""
    path = f"/v2/{TENANT}/backups/0d95d699-d16b-11e4-93bd-c8e0eb190e3d"
    account.answers[path] = iter([Answer(body=GUIDE.encode())])
    address = "rackspace:backup/0d95d699-d16b-11e4-93bd-c8e0eb190e3d"
    assert good(ask(account.url, address)) == Status(
        reported=State.COMPLETED_WITH_ERRORS,
        native="completed_with_errors",
        started=datetime(2014, 8, 5, 18, 22, 22, 238641, tzinfo=UTC),
        finished=datetime(2014, 8, 5, 18, 23, 50, 489715, tzinfo=UTC),
        details=Details(
            errors=1,
            reason="unable_to_process_some_files",
            files=6,
            bytes=127_000_000,
            restorable=True,
        ),
    )


@pytest.mark.parametrize("word", STATES)
def test_states(account: Cloud, word: str) -> None:
    """Each of the guide's nine states has its meaning, in a document of its kind."""
    backup = account.add_backup(state=word)
    status = good(ask(account.url, f"rackspace:backup/{backup}"))
    assert (status.reported, status.native) == (STATES[word], word)
    assert status.problem is None
    waiting = STATES[word] is State.SCHEDULED
    assert (status.started is None) is waiting
    assert (status.finished is None) is (waiting or STATES[word] is State.IN_PROGRESS)


@pytest.mark.parametrize(
    "word",
    ["paused", "Completed", "completed ", "succeeded", "", "<b>ok</b>", "é" * 99],
)
def test_unknown_state(account: Cloud, word: str) -> None:
    """A state that nobody knows is unknown, never green, and kept word for word."""
    backup = account.add_backup(overrides={"state": word})
    status = good(ask(account.url, f"rackspace:backup/{backup}"))
    assert (status.reported, status.native) == (State.UNKNOWN, word)
    assert status.problem is not None
    assert status.problem.category is Category.INVALID_RESPONSE
    assert repr(word) in status.problem.message


def read(**fields: Any) -> Status:
    """Read a backup's document that has these fields."""
    document = {"state": "completed", **fields}
    return read_backup(Fields(document=document, origin="the answer", zone="UTC"))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2014-08-05T18:22:22.238641Z", datetime(2014, 8, 5, 18, 22, 22, 238641, UTC)),
        ("2014-08-05T18:22:22Z", datetime(2014, 8, 5, 18, 22, 22, 0, UTC)),
        ("2014-08-05T18:22:22", datetime(2014, 8, 5, 18, 22, 22, 0, UTC)),
        ("2014-08-05 18:22:22", datetime(2014, 8, 5, 18, 22, 22, 0, UTC)),
        ("2014-08-05T20:22:22+02:00", datetime(2014, 8, 5, 18, 22, 22, 0, UTC)),
        ("20140805T182222Z", datetime(2014, 8, 5, 18, 22, 22, 0, UTC)),
        (None, None),
        ("", None),
    ],
)
def test_times(text: str | None, time: datetime | None) -> None:
    """Times are UTC, with a zone or without one; what is null is not known."""
    status = read(started_time=text, ended_time=text)
    assert (status.started, status.finished) == (time, time)
    assert status.started is None or status.started.tzinfo is UTC


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": None}, "has no 'state'"),
        ({"state": 1}, "'state' that is not a text"),
        ({"state": ["completed"]}, "'state' that is not a text"),
        ({"state": {"value": "completed"}}, "'state' that is not a text"),
        ({"state": True}, "'state' that is not a text"),
        ({"started_time": "yesterday"}, "'started_time' that is no time: 'yesterday'"),
        ({"ended_time": "2014-13-05T18:22:22Z"}, "'ended_time' that is no time"),
        ({"ended_time": "0001-01-01T00:00:00+23:00"}, "'ended_time' that is no time"),
        ({"ended_time": 1407262942}, "'ended_time' that is not a text"),
        ({"ended_time": []}, "'ended_time' that is not a text"),
        ({"restorable": "yes"}, "'restorable' that is not true or false"),
        ({"restorable": 1}, "'restorable' that is not true or false"),
        ({"errors": []}, "'errors' that is not an object"),
        ({"errors": 0}, "'errors' that is not an object"),
        ({"errors": {"count": 1, "reason": 5}}, "'reason' that is not a text"),
    ],
)
def test_wrong_shapes(fields: dict[str, Any], reason: str) -> None:
    """What a state rests on must have its shape, or there is none."""
    with pytest.raises(ProblemError) as raised:
        read(**fields)
    assert raised.value.problem.category is Category.INVALID_RESPONSE
    assert "the answer has" in raised.value.problem.message
    assert reason in raised.value.problem.message


@pytest.mark.parametrize(
    "value", [None, "6", "", -1, 1.5, True, [], {}, float("inf"), 2**63, 10**400]
)
def test_counts(value: object) -> None:
    """A count of the wrong shape is not told; the state is the same."""
    status = read(
        files_backed_up=value,
        bytes_backed_up=value,
        errors={"count": value, "reason": "some"},
    )
    assert status == Status(reported=State.SUCCEEDED, native="completed")


def test_missing_details() -> None:
    """A document with a state alone is a status: unfinished runs lack the rest."""
    assert read() == Status(reported=State.SUCCEEDED, native="completed")
    assert read(errors=None, restorable=None) == read()


@pytest.mark.parametrize("text", ["a\x00b\x1b[31m", "\ud800", "line\nline", "<b>&</b>"])
def test_reason(text: str) -> None:
    """A reason can be written to any page, whatever letters a server puts in it."""
    reason = read(errors={"count": 1, "reason": text}).details.reason
    assert reason is not None
    assert reason.encode()
    assert "\x00" not in reason and "\x1b" not in reason


BODIES: dict[str, bytes] = {
    "empty": b"",
    "truncated": GUIDE.encode()[:-40],
    "list": b"[" + GUIDE.encode() + b"]",
    "null": b"null",
    "text": b'"completed"',
    "number": b"1",
    "not-a-number": b'{"state": NaN}',
    "infinity": b'{"state": "completed", "files_backed_up": Infinity}',
    "html": b"<!doctype html><title>Sign in</title>",
    "xml": b'<?xml version="1.0"?><backup state="completed"/>',
    "latin-1": b'{"state": "compl\xe9t\xe9"}',
    "binary": b"\x00\xff\xfe",
    "deep": b'{"state": ' + b"[" * 100_000,
    "long-number": b'{"files_backed_up": ' + b"1" * 5000 + b"}",
    "comment": b'{"state": "completed"} // fine',
    "two": GUIDE.encode() * 2,
    "empty-object": b"{}",
    "error": b'{"message": "Item not found.", "errors": []}',
    "list-of-backups": b'{"backups": [' + GUIDE.encode() + b'], "links": []}',
    "wrapped": b'{"backup": ' + GUIDE.encode() + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("kind", ["backup", "configuration"])
def test_bodies(account: Cloud, body: bytes, kind: str) -> None:
    """A body that is no backup and no configuration gives a reason, never a state."""
    path = f"/v2/{TENANT}/{kind}s/it"
    for place in (path, f"{path}/activities"):
        account.answers[place] = repeat(Answer(body=body))
    problem = bad(ask(account.url, f"rackspace:{kind}/it"))
    assert problem.category is Category.INVALID_RESPONSE
    assert account.url.partition("//")[2] in problem.message


def test_byte_order_mark(account: Cloud) -> None:
    """JSON may begin with a byte order mark, and an ID may be written in capitals."""
    identifier = "0D95D699-D16B-11E4-93BD-C8E0EB190E3D"
    path = f"/v2/{TENANT}/backups/{identifier}"
    account.answers[path] = iter([Answer(body=GUIDE.encode("utf-8-sig"))])
    status = good(ask(account.url, f"rackspace:backup/{identifier}"))
    assert status.reported is State.COMPLETED_WITH_ERRORS


@pytest.mark.parametrize(
    ("segment", "path"),
    [
        ("a%2Fb", "a%2Fb"),
        ("..%2F..", "..%2F.."),
        ("a?b#c", "a%3Fb%23c"),
        ("é", "%C3%A9"),
    ],
)
def test_path(account: Cloud, segment: str, path: str) -> None:
    """An ID is one segment of the path, whatever is in it."""
    bad(ask(account.url, f"rackspace:backup/{segment}"))
    bad(ask(account.url, f"rackspace:configuration/{segment}"))
    assert [request.path for request in account.requests] == [
        f"/v2/{TENANT}/backups/{path}",
        f"/v2/{TENANT}/configurations/{path}",
    ]
    assert {r.headers["x-auth-token"] for r in account.requests} == {TOKEN}


# A configuration's latest run


def configured(account: Cloud, **fields: Any) -> str:
    """Add a configuration that ran well an hour ago and was cleaned up since."""
    configuration = account.add_configuration(**fields)
    account.add_backup(configuration=configuration, ended=NOW - HOUR)
    for kind, state in (("restore", "failed"), ("cleanup", "completed_with_errors")):
        account.add_activity(configuration=configuration, type=kind, state=state)
    return configuration


def ask_configuration(account: Cloud, configuration: str) -> Status:
    return good(ask(account.url, f"rackspace:configuration/{configuration}"))


def test_latest_run(account: Cloud) -> None:
    """A configuration is as its newest run of type backup was, with all its details."""
    configuration = configured(account, next=NOW + HOUR)
    account.add_backup(
        configuration=configuration, ended=NOW - 9 * HOUR, state="failed"
    )
    status = ask_configuration(account, configuration)
    assert (status.reported, status.native) == (State.SUCCEEDED, "completed")
    assert status.finished == NOW - HOUR
    assert status.started == NOW - HOUR - timedelta(seconds=88)
    assert status.next_run == NOW + HOUR
    assert status.details == Details(
        errors=0, files=6, bytes=127_000_000, restorable=True
    )


@pytest.mark.parametrize("word", STATES)
def test_state_of_the_latest_run(account: Cloud, word: str) -> None:
    """Whatever state the newest run has is the configuration's: no success hides it.

    Nor does it hide the success before it.
    """
    configuration = configured(account)
    newest = {} if STATES[word] in UNFINISHED else {"ended": NOW}
    account.add_backup(configuration=configuration, state=word, **newest)
    status = ask_configuration(account, configuration)
    assert status.reported is STATES[word]
    assert status.last_success == (None if word == "completed" else NOW - HOUR)
    missed = "the agent missed it" if word == "missed" else None
    assert status.details.reason == missed


def test_history_out_of_order(account: Cloud) -> None:
    """Where the order of a history and its times disagree, the times are believed."""
    configuration = account.add_configuration()
    newest = account.add_backup(configuration=configuration, state="failed")
    history = [
        {
            "id": "gone",
            "type": "backup",
            "state": "completed",
            "last_updated_time": time,
        }
        for time in ("2014-08-05T18:22:22Z", "2013-08-05T18:22:22Z")
    ]
    newest_entry = {"id": newest, "type": "backup", "state": "failed"}
    newest_entry["last_updated_time"] = "2026-08-05T18:22:22Z"
    path = f"/v2/{TENANT}/configurations/{configuration}/activities"
    account.answers[path] = iter(
        [json_answer({"activities": [*history, newest_entry]})]
    )
    assert ask_configuration(account, configuration).reported is State.FAILED


@pytest.mark.parametrize(
    ("fields", "state", "native"),
    [
        ({"deleted": True}, State.DELETED, "deleted"),
        ({"deleted": True, "enabled": False}, State.DELETED, "deleted"),
        ({"enabled": False}, State.STOPPED, "disabled"),
    ],
)
def test_no_more_backups(
    account: Cloud, fields: dict[str, bool], state: State, native: str
) -> None:
    """A configuration that is deleted or disabled is never green, however it ran."""
    status = ask_configuration(account, configured(account, **fields))
    assert (status.reported, status.native) == (state, native)


@pytest.mark.parametrize("word", ["completed", "in_progress", "queued", "failed"])
def test_disabled(account: Cloud, word: str) -> None:
    """Disabling hides no failure, and what ran before it is no promise."""
    configuration = account.add_configuration(enabled=False)
    account.add_backup(configuration=configuration, state=word)
    status = ask_configuration(account, configuration)
    failed = word == "failed"
    assert status.reported is (State.FAILED if failed else State.STOPPED)
    assert ("disabled" in (status.details.reason or "")) is not failed


@pytest.mark.parametrize("enabled", [True, False])
def test_never_ran(account: Cloud, *, enabled: bool) -> None:
    """A configuration that never ran is unknown and says why: nothing is promised."""
    configuration = account.add_configuration(enabled=enabled, next=NOW + HOUR)
    account.add_activity(configuration=configuration, type="restore")
    status = ask_configuration(account, configuration)
    assert status.reported is State.UNKNOWN
    assert status.details.reason == "no backup has run yet"
    assert status.next_run == (NOW + HOUR if enabled else None)
    assert status.problem is None


def entry(**fields: Any) -> dict[str, Any]:
    """Return a run's entry in a history."""
    return {"id": "b", "type": "backup", "state": "completed", **fields}


def test_history_in_no_order(account: Cloud) -> None:
    """Where neither order nor times tell which run is the newest, none is believed."""
    account.add_configuration(id="c")
    times = ("2014-08-05T18:22:22Z", "2026-08-05T18:22:22Z", None)
    history = [{**entry(id=None), "last_updated_time": time} for time in times]
    answers(account, {"configurations/c/activities": {"activities": history}})
    problem = bad(ask(account.url, "rackspace:configuration/c"))
    assert "lists runs in no order" in problem.message


LAST = {
    "kept": (None, NOW - 50 * HOUR),
    "gone": (404, NOW - 50 * HOUR),
    "failed": ({"state": "failed"}, None),
    "with-errors": ({"state": "completed_with_errors"}, None),
    "running": ({"state": "in_progress"}, None),
    "unknown": ({"state": "paused"}, None),
}


@pytest.mark.parametrize(("last", "success"), LAST.values(), ids=LAST)
def test_last_success(account: Cloud, last: Any, success: datetime | None) -> None:
    """While a run is under way, the last success is that of the last completed run.

    Its backup is looked at: one that did not succeed is none.
    """
    configuration = account.add_configuration()
    completed = account.add_backup(configuration=configuration, ended=NOW - 50 * HOUR)
    account.add_backup(configuration=configuration, state="in_progress")
    if last == 404:
        account.answers[f"/v2/{TENANT}/backups/{completed}"] = repeat(
            Answer(status=404)
        )
    elif last:
        account.backups[completed].overrides = last
        references = {"last_completed": {"id": completed}, "next": None}
        overrides = {"backups": references}
        account.configurations[configuration].overrides = overrides
        account.backups[completed].state = last["state"]
    status = ask_configuration(account, configuration)
    assert status.reported is State.IN_PROGRESS
    assert status.last_success == success


def test_last_success_of_the_history(account: Cloud) -> None:
    """A configuration that names no completed run has a history that may."""
    overrides = {"backups": None}
    configuration = configured(account, overrides=overrides)
    account.add_activity(
        configuration=configuration, type="backup", state="start_requested"
    )
    status = ask_configuration(account, configuration)
    assert (status.reported, status.native) == (State.SCHEDULED, "start_requested")
    assert status.last_success == NOW - HOUR


def test_failure_stands(account: Cloud) -> None:
    """A failure is told whatever becomes of the question for the last success."""
    configuration = configured(account)
    broken = next(iter(account.backups))
    account.answers[f"/v2/{TENANT}/backups/{broken}"] = repeat(Answer(body=b"{"))
    account.add_backup(configuration=configuration, state="failed", ended=NOW)
    status = ask_configuration(account, configuration)
    assert (status.reported, status.last_success) == (State.FAILED, None)
    account.add_backup(configuration=configuration, state="in_progress", started=NOW)
    bad(ask(account.url, f"rackspace:configuration/{configuration}"))


def answers(account: Cloud, documents: dict[str, object]) -> None:
    """Have the service answer these paths with these documents."""
    for path, document in documents.items():
        account.answers[f"/v2/{TENANT}/{path}"] = repeat(json_answer(document))


RUN = {"id": "b", "state": "completed", "ended_time": "2026-08-05T18:22:22Z"}
PLAN = {"id": "c", "enabled": True, "deleted": False, "backups": None}


def history(**fields: Any) -> dict[str, object]:
    """Return a history of one run, or of as many as ``activities`` says."""
    return {"activities": [entry(**fields)]}


EVIDENCE = {
    "another-backup": ("backup/b", {"backups/b": {**RUN, "id": "a"}}),
    "no-id": ("backup/b", {"backups/b": {"state": "completed"}}),
    "no-text-as-id": ("backup/5", {"backups/5": {**RUN, "id": 5}}),
    "another-account": ("backup/b", {"backups/b": {**RUN, "project_id": "654321"}}),
    "another-configuration": ("configuration/c", {"configurations/c": PLAN | RUN}),
    "another-accounts-configuration": (
        "configuration/c",
        {"configurations/c": {**PLAN, "project_id": "654321"}},
    ),
    "a-run-of-another-configuration": (
        "configuration/c",
        {"backups/b": {**RUN, "configuration": {"id": "d"}}},
    ),
    "a-history-of-another-configuration": (
        "configuration/c",
        {"configurations/c/activities": history(configuration={"id": "d"})},
    ),
    "a-history-of-another-account": (
        "configuration/c",
        {"configurations/c/activities": history(project_id="654321")},
    ),
    "another-run": ("configuration/c", {"backups/b": {**RUN, "id": "a"}}),
    "history-says-failed": (
        "configuration/c",
        {"configurations/c/activities": history(state="failed")},
    ),
    "history-says-another-word": (
        "configuration/c",
        {"configurations/c/activities": history(state="paused")},
    ),
    "history-says-completed": (
        "configuration/c",
        {"backups/b": {**RUN, "state": "in_progress"}},
    ),
    "history-says-both": (
        "configuration/c",
        {
            "configurations/c/activities": {
                "activities": [entry(), entry(state="failed")]
            }
        },
    ),
}


@pytest.mark.parametrize(("address", "wrong"), EVIDENCE.values(), ids=EVIDENCE)
def test_evidence(account: Cloud, address: str, wrong: dict[str, object]) -> None:
    """A document about something else, or against another one, is no answer."""
    right = {
        "backups/b": RUN,
        "configurations/c": PLAN,
        "configurations/c/activities": history(),
    }
    answers(account, right)
    if address != "backup/5":
        status = good(ask(account.url, f"rackspace:{address}"))
        assert status.reported is State.SUCCEEDED
    answers(account, wrong)
    problem = bad(ask(account.url, f"rackspace:{address}"))
    assert problem.category is Category.INVALID_RESPONSE
    assert "the answer of 127.0.0.1" in problem.message
    assert "654321" not in problem.message


def test_a_field_that_stands_twice(account: Cloud) -> None:
    """Of two fields with one name neither is believed."""
    body = b'{"id": "b", "state": "failed", "state": "completed"}'
    account.answers[f"/v2/{TENANT}/backups/b"] = iter([Answer(body=body)])
    problem = bad(ask(account.url, "rackspace:backup/b"))
    assert problem.category is Category.INVALID_RESPONSE
    assert "twice" in problem.message


@pytest.mark.parametrize("word", [w for w in STATES if STATES[w] in UNFINISHED])
@pytest.mark.parametrize("kept", [True, False])
def test_since_when(account: Cloud, word: str, *, kept: bool) -> None:
    """A run is under way or waits since the earliest time that any answer tells."""
    account.add_configuration(id="c")
    run = {"id": "b", "state": word, "started_time": None}
    times = {"last_updated_time": "2026-08-05T18:22:22Z"}
    answers(account, {"configurations/c/activities": history(state=word, **times)})
    if kept:
        answers(account, {"backups/b": run})
    status = ask_configuration(account, "c")
    assert (status.reported, status.finished) == (STATES[word], None)
    assert status.started == datetime(2026, 8, 5, 18, 22, 22, tzinfo=UTC)
    later = {"started_time": "2026-11-05T18:22:22Z", "created_time": "2026-08-05"}
    assert read(state=word, **later).started == datetime(2026, 8, 5, tzinfo=UTC)


def test_progress_between_two_answers(account: Cloud) -> None:
    """A run may end after the history was asked for: its backup is the later word."""
    account.add_configuration(id="c")
    answers(
        account,
        {
            "configurations/c/activities": history(state="in_progress"),
            "backups/b": {**RUN, "state": "failed"},
        },
    )
    assert ask_configuration(account, "c").reported is State.FAILED


@pytest.mark.parametrize("word", [*STATES, "paused"])
def test_run_that_is_gone(account: Cloud, word: str) -> None:
    """A run whose record is gone is told by its entry in the history."""
    configuration = account.add_configuration()
    account.add_activity(
        configuration=configuration, type="backup", state=word, updated=NOW - HOUR
    )
    status = ask_configuration(account, configuration)
    assert (status.reported, status.native) == (STATES.get(word, State.UNKNOWN), word)
    assert (status.problem is None) is (word in STATES)
    if STATES.get(word) is State.SUCCEEDED:
        assert status.finished == NOW - HOUR


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"activities": None},
        {"activities": {}},
        {"activities": "none"},
        {"activities": ["backup"]},
        {"activities": [None]},
        {"activities": [entry(type=1)]},
        {"activities": [entry(id=5)]},
        {"activities": [entry(id="", state=None)]},
        {"activities": [entry(id=None, state=5)]},
        {"activities": [entry(last_updated_time=5), entry()]},
        {"activities": [entry(last_updated_time="soon"), entry()]},
    ],
    ids=str,
)
def test_wrong_histories(account: Cloud, answer: dict[str, Any]) -> None:
    """A history of another shape tells nothing, good or bad."""
    configuration = account.add_configuration()
    path = f"/v2/{TENANT}/configurations/{configuration}/activities"
    account.answers[path] = iter([json_answer(answer)])
    problem = bad(ask(account.url, f"rackspace:configuration/{configuration}"))
    assert problem.category is Category.INVALID_RESPONSE


@pytest.mark.parametrize(
    "overrides",
    [
        {"deleted": "false"},
        {"deleted": 1},
        {"enabled": "no"},
        {"enabled": 0},
        {"backups": []},
        {"backups": {"next": "tomorrow"}},
        {"backups": {"next": {"scheduled_time": "tomorrow"}}},
        {"backups": {"next": {"scheduled_time": 5}}},
    ],
    ids=str,
)
def test_wrong_configurations(account: Cloud, overrides: dict[str, Any]) -> None:
    """A configuration of another shape is not read half."""
    configuration = configured(account, overrides=overrides)
    problem = bad(ask(account.url, f"rackspace:configuration/{configuration}"))
    assert problem.category is Category.INVALID_RESPONSE


def test_spare_configuration(account: Cloud) -> None:
    """A configuration that says nothing of itself is as its runs are."""
    overrides = {"deleted": None, "enabled": None, "backups": None, "name": None}
    configuration = configured(account, overrides=overrides)
    assert ask_configuration(account, configuration).reported is State.SUCCEEDED


@pytest.mark.parametrize("kind", ["backup", "configuration"])
def test_missing(account: Cloud, kind: str) -> None:
    """What does not exist, or is another tenant's, is not found."""
    account.add_backup(id="theirs", tenant="654321")
    account.add_configuration(id="theirs", tenant="654321")
    for identifier in ("nobodys", "theirs"):
        problem = bad(ask(account.url, f"rackspace:{kind}/{identifier}"))
        assert problem.category is Category.NOT_FOUND


# The account


@pytest.mark.parametrize(
    ("environ", "category", "sentence"),
    [
        ({}, Category.UNAUTHORIZED, "the environment variable TOKEN is not set"),
        ({"TOKEN": ""}, Category.UNAUTHORIZED, "TOKEN is not set"),
        ({"TOKEN": "to\nken"}, Category.UNAUTHORIZED, "characters no token has"),
        ({"TOKEN": "to\r\nX-Other: 1"}, Category.UNAUTHORIZED, "characters no token"),
        ({"TOKEN": "töken"}, Category.UNAUTHORIZED, "characters no token has"),
        ({"TOKEN": "to\x00ken"}, Category.UNAUTHORIZED, "characters no token has"),
        ({"TOKEN": " "}, Category.UNAUTHORIZED, "characters no token has"),
        ({"TOKEN": "expired"}, Category.UNAUTHORIZED, "401: it does not accept"),
    ],
)
def test_token(
    account: Cloud, environ: dict[str, str], category: Category, sentence: str
) -> None:
    """A token that is missing, broken or expired is named as the reason."""
    problem = bad(ask(account.url, "rackspace:backup/b", environ=environ))
    assert problem.category is category
    assert sentence in problem.message
    assert log_ins(account) == 0


REFERENCES = {
    "region": ({"region": "${X}"}, "s3cret-region", "'${X}' is not a region"),
    "host-of-a-region": (
        {"region": "${X}"},
        "s3cretregion",
        "the host that ${X} stands",
    ),
    "host": (
        {"url": "https://${X}"},
        "s3cret.invalid",
        "the host that ${X} stands for",
    ),
    "no-host": ({"url": "https://${X}"}, "s3cret@x", "the configured URL must not"),
    "plain-http": ({"url": "http://${X}"}, "s3cret.invalid", "must use https"),
    "identity": (
        {"token": "", "username": "u", "api_key": "${KEY}", "identity_url": "${X}"},
        "https://s3cret.invalid/v2.0",
        "the host that ${X} stands for gave no answer",
    ),
}


@pytest.mark.parametrize(
    ("options", "value", "sentence"), REFERENCES.values(), ids=REFERENCES
)
def test_references_are_named(
    options: dict[str, str],
    value: str,
    sentence: str,
    loopback_only: list[str],
) -> None:
    """What a reference stands for is in no sentence, wherever it was put by mistake."""
    table = {"tenant": TENANT, "token": "${TOKEN}", **options}
    table = {name: text for name, text in table.items() if text}
    problem = bad(
        ask(
            "",
            "rackspace:backup/b",
            options=table,
            environ={**ENVIRON, "X": value},
            timeout=1,
            deadline=1,
        )
    )
    loopback_only.clear()
    assert sentence in problem.message
    assert "s3cret" not in problem.message


def test_catalogue_and_references(cloud: Cloud) -> None:
    """A region that is not in the catalogue is called by its reference."""
    options = user(cloud, region="${X}")
    environ = {**ENVIRON, "X": "s3cret"}
    problem = bad(ask("", "rackspace:backup/b", options=options, environ=environ))
    assert "lists the regions DFW, IAD, LON" in problem.message
    assert "'${X}' is configured" in problem.message
    assert "s3cret" not in problem.message


def test_catalogue_that_repeats_secrets(cloud: Cloud, loopback_only: list[str]) -> None:
    """A host or a region that holds the token or the key is not quoted whole."""
    for place in (
        {"publicURL": "https://new-token.invalid/v2/1"},
        {"region": "demo-key"},
    ):
        document = catalogue({**IAD, **place})
        cloud.answers["/identity/v2.0/tokens"] = iter([json_answer(document)])
        options = user(cloud) if "publicURL" in place else user(cloud, region="iad")
        problem = bad(ask("", "rackspace:backup/b", options=options, timeout=1))
        loopback_only.clear()
        assert "***" in problem.message
        assert "new-token" not in problem.message
        assert "demo-key" not in problem.message


@pytest.mark.parametrize("tenant", ["..", ".", " "])
def test_tenant_that_is_none(cloud: Cloud, tenant: str) -> None:
    """A tenant that would change the path is refused, and nothing is sent."""
    options = {"url": cloud.url, "tenant": "${X}", "token": "${TOKEN}"}
    environ = {**ENVIRON, "X": tenant}
    problem = bad(ask("", "rackspace:backup/b", options=options, environ=environ))
    assert problem.category is Category.USAGE
    assert cloud.requests == []


def test_token_with_space_around(account: Cloud) -> None:
    """The line break that a secret's file ends in is no part of the token."""
    backup = account.add_backup()
    environ = {"TOKEN": f" {TOKEN}\n"}
    assert good(ask(account.url, f"rackspace:backup/{backup}", environ=environ))


def test_another_tenant(account: Cloud) -> None:
    """A token of another project is refused, and the sentence names the tenant."""
    account.add_token(TOKEN, "654321")
    problem = bad(ask(account.url, "rackspace:backup/b"))
    assert problem.category is Category.UNAUTHORIZED
    assert "its rights and the tenant" in problem.message


@pytest.mark.parametrize(
    ("options", "public_url", "path"),
    [
        ({"region": "iad"}, "{url}/{region}/v2/{tenant}", "/iad/v2/123456"),
        ({"region": "IAD"}, "{url}/{region}/v2/{tenant}", "/iad/v2/123456"),
        ({"region": " Lon "}, "{url}/{region}/v2/{tenant}", "/lon/v2/123456"),
        ({"region": "dfw"}, "{url}/{region}/v1.0/{tenant}", "/dfw/v2/123456"),
        ({"region": "dfw"}, "{url}/{region}/v1.0/{tenant}/", "/dfw/v2/123456"),
        ({"region": "dfw"}, "{url}/{region}/v1.0", "/dfw/v2/123456"),
        ({"region": "dfw"}, "{url}/{region}", "/dfw/v2/123456"),
        (
            {"region": "iad", "tenant": "123456"},
            "{url}/{region}/v1.0/{tenant}",
            "/iad/v2/123456",
        ),
        ({"region": "${REGION}"}, "{url}/{region}/v2/{tenant}", "/iad/v2/123456"),
        ({"url": "HERE", "tenant": "123456"}, "https://example.org/", "/v2/123456"),
        ({"url": "HERE", "region": "iad"}, "https://example.org/", "/v2/123456"),
    ],
)
def test_catalogue(
    cloud: Cloud, options: dict[str, str], public_url: str, path: str
) -> None:
    """The endpoint is the catalogue's for the region, in the form of version 2."""
    backup = cloud.add_backup()
    cloud.public_url = public_url
    options = {key: value.replace("HERE", cloud.url) for key, value in options.items()}
    environ = {**ENVIRON, "REGION": "IAD"}
    address = f"rackspace:backup/{backup}"
    status = ask(cloud.url, address, options=user(cloud, **options), environ=environ)
    assert good(status).reported is State.SUCCEEDED
    assert [request.path for request in cloud.requests] == [
        "/identity/v2.0/tokens",
        f"{path}/backups/{backup}",
    ]


def catalogue(*endpoints: object, kind: object = "rax:backup") -> dict[str, object]:
    """Return an identity service's answer whose catalogue has these endpoints."""
    services = [{"type": kind, "endpoints": list(endpoints)}]
    return {"access": {"token": {"id": "new-token"}, "serviceCatalog": services}}


IAD = {"region": "IAD", "tenantId": TENANT, "publicURL": "https://example.org/v1.0/1"}


@pytest.mark.parametrize(
    ("answer", "options", "category", "sentence"),
    [
        (
            catalogue(IAD, {**IAD, "region": "LON"}),
            {},
            Category.USAGE,
            "lists the regions IAD, LON for backups, and 'no region' is configured",
        ),
        (
            catalogue(IAD, {**IAD, "region": "LON"}),
            {"region": "syd"},
            Category.USAGE,
            "IAD, LON for backups, and 'syd' is configured",
        ),
        (catalogue(), {"region": "iad"}, Category.USAGE, "lists the regions no region"),
        (catalogue(IAD, kind="rax:dns"), {}, Category.USAGE, "no region for backups"),
        (catalogue(IAD), {"tenant": "654321"}, Category.USAGE, "lists the regions IAD"),
        (
            catalogue({**IAD, "publicURL": "http://example.org/v2/1"}),
            {},
            Category.INVALID_RESPONSE,
            "backup endpoint that must use https",
        ),
        (
            catalogue({**IAD, "publicURL": "https://me:s3cret@example.org/v2/1"}),
            {},
            Category.INVALID_RESPONSE,
            "must not hold a user or a password",
        ),
        *(
            (catalogue({**IAD, "publicURL": url}), {}, Category.INVALID_RESPONSE, "")
            for url in (None, "", "example.org", "file:///etc", 5, ["https://x.org"])
        ),
        (catalogue("IAD"), {}, Category.INVALID_RESPONSE, "no list of objects"),
        (catalogue({**IAD, "region": 5}), {"region": "5"}, "", "not a text"),
        (catalogue({**IAD, "tenantId": 123456}), {"tenant": TENANT}, "", "not a text"),
        (catalogue(IAD, kind=5), {}, Category.INVALID_RESPONSE, "not a text"),
        ({}, {}, Category.INVALID_RESPONSE, "has no token in it"),
        ({"access": None}, {}, Category.INVALID_RESPONSE, "has no token in it"),
        ({"access": []}, {}, Category.INVALID_RESPONSE, "not an object"),
        ({"access": {"token": {}}}, {}, Category.INVALID_RESPONSE, "has no token"),
        ({"access": {"token": {"id": 5}}}, {}, Category.INVALID_RESPONSE, "not a text"),
        ({"access": {"token": {"id": "a\nb"}}}, {}, Category.INVALID_RESPONSE, ""),
        ({"access": {"token": {"id": "é"}}}, {}, Category.INVALID_RESPONSE, "no token"),
        ({"access": {"token": {"id": "a"}}}, {}, Category.INVALID_RESPONSE, "no list"),
        ([], {}, Category.INVALID_RESPONSE, "is no JSON object"),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else "",
)
def test_wrong_catalogues(
    cloud: Cloud,
    answer: object,
    options: dict[str, str],
    category: Category,
    sentence: str,
) -> None:
    """A log-in that leads nowhere sends no token anywhere, and says what is wrong."""
    cloud.answers["/identity/v2.0/tokens"] = repeat(json_answer(answer))
    problem = bad(ask("", "rackspace:backup/b", options=user(cloud, **options)))
    assert problem.category is (category or Category.INVALID_RESPONSE)
    assert sentence in problem.message
    assert "s3cret" not in problem.message
    assert log_ins(cloud) == len(cloud.requests) == 1


@pytest.mark.parametrize(
    ("code", "category", "tries"),
    [
        (400, Category.INVALID_RESPONSE, 1),
        (401, Category.UNAUTHORIZED, 1),
        (403, Category.UNAUTHORIZED, 1),
        (404, Category.NOT_FOUND, 1),
        (429, Category.RATE_LIMITED, ATTEMPTS),
        (500, Category.UNREACHABLE, ATTEMPTS),
        (503, Category.UNREACHABLE, ATTEMPTS),
    ],
)
def test_identity_service_that_refuses(
    cloud: Cloud, code: int, category: Category, tries: int
) -> None:
    """A log-in that fails is told by its own reason, and the account is not asked."""
    cloud.answers["/identity/v2.0/tokens"] = repeat(json_answer({}, status=code))
    problem = bad(ask("", "rackspace:backup/b", options=user(cloud, region="iad")))
    assert problem.category is category
    assert log_ins(cloud) == len(cloud.requests) == tries


def resolve(
    directory: Path,
    cloud: Cloud,
    addresses: list[str],
    *,
    monkeypatch: pytest.MonkeyPatch,
    accounts: dict[str, dict[str, str]] | None = None,
    **values: Any,
) -> dict[str, Status]:
    """Resolve addresses as a site does, and return their statuses by address."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    tables = accounts or {"rackspace": user(cloud, region="iad")}
    values = {"timeout": "10s", "deadline": "30s", "providers": tables, **values}
    site = Site(configure(directory, cloud.url, **values))
    marks = [badge_mark(address, {}) for address in addresses]
    return {str(s.address): status for s, status in site.resolve(marks).items()}


def without_lists(cloud: Cloud) -> None:
    """Have each source asked for by itself."""
    for kind in ("configurations", "activities", "backups"):
        cloud.answers[f"/iad/v2/{TENANT}/{kind}"] = repeat(Answer(status=404))


def test_one_log_in(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many sources an account has and threads ask for them, it logs in once."""
    wanted = [f"rackspace:configuration/{configured(cloud)}" for _ in range(40)]
    cloud.latency = 0.01
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    assert {status.state for status in statuses.values()} == {State.SUCCEEDED}
    assert len(statuses) == 40
    assert log_ins(cloud) == 1


def test_refused_log_in_is_remembered(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log-in that was refused is not tried again for each source."""
    cloud.accounts.clear()
    wanted = [f"rackspace:configuration/{number}" for number in range(40)]
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    problems = [status.problem for status in statuses.values()]
    assert {problem and problem.category for problem in problems} == {
        Category.UNAUTHORIZED
    }
    assert len(cloud.requests) == log_ins(cloud) == 1


def test_refused_token_is_remembered(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that was refused is not tried again for each source."""
    wanted = [f"rackspace:backup/{number}" for number in range(40)]
    account = {"url": cloud.url, "tenant": TENANT, "token": "${EXPIRED}"}
    monkeypatch.setenv("EXPIRED", "expired")
    tables = {"rackspace": account}
    statuses = resolve(
        tmp_path, cloud, wanted, monkeypatch=monkeypatch, accounts=tables
    )
    problems = {status.problem for status in statuses.values()}
    assert {p and p.category for p in problems} == {Category.UNAUTHORIZED}
    assert len(cloud.requests) == 1


class Forgetful(Cloud):
    """Revokes all tokens after so many requests for backups, once or each time."""

    def __init__(self, *, after: int, again: bool) -> None:
        super().__init__()
        self.after, self.again = after, again
        self.seen = 0

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.seen += "x-auth-token" in request.headers
            if self.seen >= self.after and (self.again or self.seen == self.after):
                self.expire_tokens()
        return super().answer(request)


def test_token_that_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 401 in the middle earns one log-in, whatever number of threads met it."""
    with Forgetful(after=20, again=False) as cloud:
        cloud.latency = 0.01
        without_lists(cloud)
        wanted = [f"rackspace:configuration/{configured(cloud)}" for _ in range(40)]
        statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
        assert {status.state for status in statuses.values()} == {State.SUCCEEDED}
        assert log_ins(cloud) == 2


def test_token_that_never_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new token is refused too, the sources are unauthorized, soon."""
    with Forgetful(after=1, again=True) as cloud:
        wanted = [f"rackspace:configuration/{configured(cloud)}" for _ in range(40)]
        statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
        problems = {status.problem for status in statuses.values()}
        assert {p.category for p in problems if p} == {Category.UNAUTHORIZED}
        assert None not in problems
        assert log_ins(cloud) == 2
        # Only those of the first round are asked for, twice.
        assert len(cloud.requests) <= 2 + 16 + 16


def test_identity_service_that_hangs(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An identity service that hangs costs one timeout, not one for each source."""
    cloud.latency = 5
    wanted = [f"rackspace:backup/{number}" for number in range(40)]
    begun = datetime.now(UTC)
    statuses = resolve(
        tmp_path, cloud, wanted, monkeypatch=monkeypatch, timeout="0.3s", deadline="4s"
    )
    seconds = (datetime.now(UTC) - begun).total_seconds()
    problems = [status.problem for status in statuses.values()]
    assert {p.category for p in problems if p} == {Category.TIMEOUT}
    assert len(problems) == 40 and None not in problems
    assert len(cloud.requests) == 1
    assert seconds < 4  # The deadline: it wasn't what ended this.


@pytest.mark.parametrize("shared", [True, False], ids=["one-tenant", "two-tenants"])
def test_two_accounts(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shared: bool
) -> None:
    """Two accounts of one system are asked each with its own credential, at once."""
    other = TENANT if shared else "654321"
    cloud.accounts.append(Account(username="eve", api_key="eve-key", tenant=other))
    cloud.add_token(TOKEN, TENANT)
    for tenant, state in ((TENANT, "completed"), ("654321", "failed")):
        cloud.add_backup(id=f"of-{tenant}", tenant=tenant, state=state)
    monkeypatch.setenv("EVES", "eve-key")
    eve = {"type": "rackspace", "username": "eve", "api_key": "${EVES}"}
    accounts = {
        "rackspace": {"url": f"{cloud.url}", "tenant": TENANT, "token": "${TOKEN}"},
        "archive": user(cloud, **eve, region="iad") | eve,
    }
    wanted = [
        f"{name}:backup/of-{tenant}"
        for name in accounts
        for tenant in (TENANT, "654321")
    ]
    statuses = resolve(
        tmp_path, cloud, wanted, monkeypatch=monkeypatch, accounts=accounts
    )
    succeeded, unknown, failed = State.SUCCEEDED, State.UNKNOWN, State.FAILED
    expected = [
        succeeded,
        unknown,
        *((succeeded, unknown) if shared else (unknown, failed)),
    ]
    assert [statuses[address].state for address in wanted] == expected
    sent = {
        r.headers["x-auth-token"]: r.path.split("/v2/")[1].split("/")[0]
        for r in cloud.requests
        if "x-auth-token" in r.headers
    }
    assert len(sent) == 2
    assert sent[TOKEN] == TENANT
    assert set(sent.values()) == {TENANT, other}


# Many backups of one account


def listed(cloud: Cloud) -> list[str]:
    """Return the queries of the list calls."""
    return [r.query for r in cloud.requests if r.path.endswith("/backups")]


def test_many_backups(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of backups take a handful of calls, and each gets its own status."""
    states = {cloud.add_backup(state=word): word for word in [*STATES] * 50}
    wanted = [f"rackspace:backup/{identifier}" for identifier in states]
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    told = {name.rpartition("/")[2]: s.native for name, s in statuses.items()}
    assert told == states
    assert len(cloud.requests) <= 7


PAGES: list[Callable[[Cloud, str], object]] = [
    lambda cloud, thief: Answer(status=404),
    lambda cloud, thief: Answer(status=500),
    lambda cloud, thief: Answer(body=b'{"backups": ['),
    lambda cloud, thief: json_answer([]),
    lambda cloud, thief: json_answer({}),
    lambda cloud, thief: json_answer({"backups": None}),
    lambda cloud, thief: json_answer({"backups": [5]}),
    lambda cloud, thief: json_answer({"backups": [{"id": 5}]}),
    lambda cloud, thief: json_answer({"backups": [{}]}),
    lambda cloud, thief: json_answer({"backups": [], "links": None}),
    lambda cloud, thief: json_answer({"backups": [], "links": [{"rel": "next"}]}),
    lambda cloud, thief: json_answer(
        {"backups": [], "links": [{"rel": "next", "href": f"{thief}/?marker=a"}]}
    ),
    lambda cloud, thief: json_answer(
        {"backups": [], "links": [{"rel": "next", "href": "https://[::1?marker=a"}]}
    ),
    lambda cloud, thief: json_answer(
        {"backups": [{"id": next(iter(cloud.backups)), "state": None}], "links": []}
    ),
]


class Recorder(HttpService):
    """A server of somebody else's, which remembers who came."""

    visits = 0

    def answer(self, request: Request) -> Answer:
        self.visits += 1
        return json_answer({"backups": []})


@pytest.mark.parametrize("page", PAGES)
def test_list_that_is_of_no_use(
    cloud: Cloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: Callable[[Cloud, str], Answer],
) -> None:
    """Where the list fails, lies or never ends, each backup is asked for by itself."""
    wanted = [f"rackspace:backup/{cloud.add_backup()}" for _ in range(5)]
    with Recorder() as thief:
        path = f"/iad/v2/{TENANT}/backups"
        cloud.answers[path] = repeat(page(cloud, thief.url))
        statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
        assert thief.visits == 0
    assert {status.state for status in statuses.values()} == {State.SUCCEEDED}
    assert len(listed(cloud)) <= ATTEMPTS
    assert len(cloud.requests) <= 1 + ATTEMPTS + 5


def test_list_that_contradicts_itself(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that a page tells of twice, and differently, is unknown.

    What belongs to another account, or cannot be read, is asked for by itself.
    """
    for identifier in ("a", "b", "c"):
        cloud.add_backup(id=identifier, state="failed")
    said = [{**RUN, "id": "a"}, {**RUN, "id": "a", "state": "failed"}]
    said += [{**RUN, "id": "b", "ended_time": "soon"}, {**RUN, "id": "c"}]
    path = f"/iad/v2/{TENANT}/backups"
    cloud.answers[path] = repeat(json_answer({"backups": said}))
    wanted = [f"rackspace:backup/{identifier}" for identifier in "abc"]
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    states = [statuses[address].state for address in wanted]
    assert states == [State.UNKNOWN, State.FAILED, State.SUCCEEDED]
    problem = statuses[wanted[0]].problem
    assert problem and "tells two things of one backup" in problem.message
    said[3]["project_id"] = "654321"
    cloud.answers[path] = repeat(json_answer({"backups": said}))
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch, cache_ttl="0s")
    assert {statuses[address].state for address in wanted} == {State.FAILED}


def test_list_is_not_read_in_vain(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two old backups among thousands are not searched for page by page."""
    old = [cloud.add_backup(ended=NOW - 9999 * HOUR) for _ in range(2)]
    for number in range(1500):
        cloud.add_backup(ended=NOW - number * HOUR)
    wanted = [f"rackspace:backup/{identifier}" for identifier in old]
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    assert {status.state for status in statuses.values()} == {State.SUCCEEDED}
    assert len(cloud.requests) <= 6


# Many configurations of one account


def world_of_configurations(cloud: Cloud) -> list[str]:
    """Add configurations whose latest run is as it can be, with one success before."""
    wanted = []
    for number, word in enumerate([*STATES] * 5):
        plan = cloud.add_configuration(next=NOW + HOUR)
        cloud.add_backup(configuration=plan, ended=NOW - 30 * HOUR)
        newest = (
            {} if STATES[word] in UNFINISHED else {"ended": NOW - number * HOUR / 9}
        )
        cloud.add_backup(configuration=plan, state=word, **newest)
        cloud.add_activity(configuration=plan, type="cleanup")
        wanted.append(plan)
    wanted.append(cloud.add_configuration())
    wanted += [cloud.add_configuration(**told) for told in ({"deleted": True},)]
    disabled = cloud.add_configuration(enabled=False)
    cloud.add_backup(configuration=disabled, ended=NOW - HOUR)
    return [f"rackspace:configuration/{plan}" for plan in (*wanted, disabled)]


def test_many_configurations(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty configurations take a handful of calls, and none is told differently."""
    wanted = world_of_configurations(cloud)
    listed = resolve(tmp_path / "a", cloud, wanted, monkeypatch=monkeypatch)
    assert len(cloud.requests) <= 9
    without_lists(cloud)
    alone = resolve(tmp_path / "b", cloud, wanted, monkeypatch=monkeypatch)
    unlike = {"checked": None}
    assert {name: replace(status, **unlike) for name, status in listed.items()} == {
        name: replace(status, **unlike) for name, status in alone.items()
    }
    assert {status.reported for status in listed.values()} == {
        *STATES.values(),
        State.UNKNOWN,
        State.DELETED,
    }


def entry_of(plan: str, run: str, state: str, time: datetime | None) -> dict[str, Any]:
    """Return a run's entry in the account's history."""
    told = {"last_updated_time": time and time.isoformat()}
    return entry(id=run, state=state, configuration={"id": plan}, **told)


def plan_of(identifier: str, **told: Any) -> dict[str, Any]:
    """Return a configuration as the list tells of it."""
    return {**PLAN, "id": identifier, "backups": {}, **told}


LYING_LISTS: dict[str, tuple[str, object]] = {
    "plans-without-flags": ("configurations", [{"id": "a"}, {"id": "b"}]),
    "plans-with-odd-flags": (
        "configurations",
        [plan_of("a", enabled="yes"), plan_of("b", deleted=0)],
    ),
    "plans-twice": (
        "configurations",
        [plan_of("a"), plan_of("b"), *(plan_of(i, enabled=False) for i in "ab")],
    ),
    "plans-of-another-account": (
        "configurations",
        [plan_of("a", project_id="654321"), plan_of("b", project_id="654321")],
    ),
    "plans-that-are-none": ("configurations", [{"id": []}, {"id": 5}]),
    "plans-no-list": ("configurations", None),
    "oldest-first": (
        "activities",
        [
            entry_of(plan, run, "completed", NOW - age * HOUR)
            for age, plan, run in ((9, "a", "a1"), (8, "b", "b1"), (1, "a", "a2"))
        ],
    ),
    "no-times": (
        "activities",
        [entry_of(plan, f"{plan}1", "completed", None) for plan in "ab"],
    ),
    "not-whose": (
        "activities",
        [
            {**entry_of("a", "x", "failed", NOW), "configuration": None},
            *(entry_of(plan, f"{plan}1", "completed", NOW - HOUR) for plan in "ab"),
        ],
    ),
    "history-of-another-account": (
        "activities",
        [
            {**entry_of(plan, f"{plan}1", "completed", NOW), "project_id": "654321"}
            for plan in "ab"
        ],
    ),
    "history-no-list": ("activities", {}),
}


@pytest.mark.parametrize(("kind", "rows"), LYING_LISTS.values(), ids=LYING_LISTS)
def test_lists_that_lie(
    cloud: Cloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    rows: object,
) -> None:
    """What a list does not tell clearly is asked for alone: no failure is lost."""
    for plan in "ab":
        cloud.add_configuration(id=plan)
        cloud.add_backup(id=f"{plan}1", configuration=plan, ended=NOW - 9 * HOUR)
        cloud.add_backup(
            id=f"{plan}2", configuration=plan, ended=NOW - HOUR, state="failed"
        )
    cloud.answers[f"/iad/v2/{TENANT}/{kind}"] = repeat(json_answer({kind: rows}))
    wanted = [f"rackspace:configuration/{plan}" for plan in "ab"]
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    assert {status.reported for status in statuses.values()} == {State.FAILED}
    assert {status.last_success for status in statuses.values()} == {NOW - 9 * HOUR}


def test_history_that_ends_early(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configurations that never ran are not searched for through the whole history."""
    busy = cloud.add_configuration()
    for number in range(450):
        cloud.add_backup(configuration=busy, ended=NOW - number * HOUR)
    wanted = [cloud.add_configuration() for _ in range(3)]
    addresses = [f"rackspace:configuration/{plan}" for plan in wanted]
    statuses = resolve(tmp_path, cloud, addresses, monkeypatch=monkeypatch)
    assert {s.details.reason for s in statuses.values()} == {"no backup has run yet"}
    assert len(cloud.requests) <= 1 + 2 + 3


# Restores


def restored(account: Cloud, *states: str) -> str:
    """Add a configuration whose restores had these states, the newest first."""
    plan = account.add_configuration()
    backup = account.add_backup(configuration=plan)
    for age, word in enumerate(states):
        ended = {} if STATES.get(word) in UNFINISHED else {"ended": NOW - age * HOUR}
        account.add_restore(backup=backup, state=word, **ended)
    return plan


def ask_restore(account: Cloud, plan: str) -> Status:
    return good(ask(account.url, f"rackspace:restore/{plan}"))


RESTORES = [word for word in STATES if word not in ("missed", "skipped")]


@pytest.mark.parametrize("word", RESTORES)
def test_newest_restore(account: Cloud, word: str) -> None:
    """A restore is told as its newest is; the last success is that of a completed one.

    Restores of other configurations are none of its.
    """
    plan = restored(account, word, "failed", "completed", "completed")
    restored(account, "failed", "completed")
    status = ask_restore(account, plan)
    assert (status.reported, status.native) == (STATES[word], word)
    assert status.last_success == (None if word == "completed" else NOW - 2 * HOUR)
    if word == "completed":
        assert status.finished == NOW
        assert status.details == Details(errors=0, files=6, bytes=127_000_000)


@pytest.mark.parametrize("word", ["paused", "", "Completed"])
def test_unknown_state_of_a_restore(account: Cloud, word: str) -> None:
    """A word that nobody knows is never green, for a restore neither."""
    status = ask_restore(account, restored(account, word, "completed"))
    assert (status.reported, status.native) == (State.UNKNOWN, word)


def test_never_restored(account: Cloud) -> None:
    """A configuration without a restore is unknown and says so."""
    restored(account, "completed")
    status = ask_restore(account, restored(account))
    assert status.reported is State.UNKNOWN
    assert status.details.reason is not None
    assert "none of the account's latest restores" in status.details.reason
    assert status.details.never_ran is None


def test_no_restore_at_all(account: Cloud) -> None:
    """An account without any restore says of each configuration that none ever ran."""
    status = ask_restore(account, account.add_configuration())
    assert status.reported is State.UNKNOWN
    assert status.details == Details(reason="no restore was ever made", never_ran=True)


def test_restore_of_a_backup_that_is_gone(account: Cloud) -> None:
    """What was restored may be gone by now: the history names its restores too."""
    plan, other = restored(account, "completed"), restored(account)
    account.backups.clear()
    assert ask_restore(account, plan).reported is State.SUCCEEDED
    assert ask_restore(account, other).reported is State.UNKNOWN


@pytest.mark.parametrize(
    "overrides",
    [{"state": None}, {"state": 5}, {"ended_time": "soon"}, {"project_id": "654321"}],
    ids=str,
)
def test_restore_of_another_shape(account: Cloud, overrides: dict[str, Any]) -> None:
    """A restore that cannot be read hides behind no older one."""
    plan = restored(account, "completed", "completed")
    next(iter(account.restores.values())).overrides = overrides
    problem = bad(ask(account.url, f"rackspace:restore/{plan}"))
    assert problem.category is Category.INVALID_RESPONSE
    assert "654321" not in problem.message


def test_many_restores(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All restores of an account are listed once; each restored backup is asked once.

    One that cannot be read costs its own configuration alone.
    """
    plans = [restored(cloud, "completed", "failed") for _ in range(10)]
    next(iter(cloud.restores.values())).overrides = {"ended_time": "soon"}
    wanted = [f"rackspace:restore/{plan}" for plan in plans]
    statuses = resolve(tmp_path, cloud, wanted, monkeypatch=monkeypatch)
    assert [statuses[name].reported for name in wanted] == [
        State.UNKNOWN,
        *[State.SUCCEEDED] * 9,
    ]
    assert len(cloud.requests) == 1 + 1 + 10
