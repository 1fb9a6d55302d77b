"""Duplicati: metadata of backups. From its server's source."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback import Answer, HttpService, Request, json_answer
from real_access import RealAsker

from backup_badge.provider import Category, State
from backup_badge.providers.duplicati import Duplicati
from backup_badge.testing import NOW, Case, Check, Said, checks

OPTIONS = {"url": "https://duplicati.example.org", "token": "${TOKEN}"}
BY_PASSWORD = {"url": "https://duplicati.example.org", "password": "${KEY}"}
LIST, LOGIN = "/api/v1/backups", "/api/v1/auth/login"
LOG = "/api/v1/backup/3/log"


def backup(name: str, number: str = "3", **metadata: str) -> dict[str, Any]:
    return {
        "Backup": {
            "ID": number,
            "Name": name,
            "Description": "",
            "Tags": [],
            "TargetURL": "s3://bucket.example.org/orders",
            "Metadata": metadata,
            "IsTemporary": False,
        },
        "Schedule": {
            "ID": 2,
            "Tags": [f"ID={number}"],
            "Time": "2026-11-29T02:00:00Z",
            "Repeat": "1D",
            "LastRun": "2026-11-28T02:00:00Z",
        },
    }


def case(name: str, state: State, metadata: dict[str, str], **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "backup/Orders DB",
        "options": OPTIONS,
        "answers": {LIST: [backup("Wiki", "1"), backup("Orders DB", **metadata)]},
    }
    return Case(name=name, state=state, **{**told, **more})


def logged(word: str, **told: Any) -> dict[str, Any]:
    """Return a row of the log: the result of a run is a document in a text."""
    result = {
        "MainOperation": "Backup",
        "ParsedResult": word,
        "BeginTime": "2026-11-28T02:00:05.1234567Z",
        "EndTime": "2026-11-28T03:00:00.7654321Z",
        "FilesWithError": 0,
        "PartialBackup": False,
        "Interrupted": False,
        "WarningsActualLength": 0,
        "ErrorsActualLength": 0,
        **told,
    }
    return {
        "ID": 7,
        "OperationID": 9,
        "Timestamp": 1795834800,
        "Type": "Result",
        "Message": json.dumps(result),
        "Exception": None,
    }


OLDER = {"BeginTime": "2026-11-27T02:00:05Z", "EndTime": "2026-11-27T03:00:00Z"}
LATER = {"BeginTime": "2026-11-28T04:00:00Z", "EndTime": "2026-11-28T04:10:00Z"}


def with_log(name: str, state: State, *rows: dict[str, Any], **more: Any) -> Case:
    answers = {LIST: [backup("Orders DB", **GOOD)], LOG: list(rows)}
    return case(name, state, GOOD, **{"answers": answers, **more})


GOOD = {
    "LastBackupDate": "20261128T020000Z",
    "LastBackupStarted": "20261128T020005Z",
    "LastBackupFinished": "20261128T030000Z",
    "LastBackupDuration": "00:59:55.1603460",
    "SourceFilesSize": "24053349764",
    "SourceFilesCount": "59484",
}
LAST = datetime(2026, 11, 28, 3, tzinfo=UTC)
MESSAGE = {"LastErrorMessage": "The folder /srv/orders does not exist"}
SINCE = {"LastErrorDate": "20261128T050000Z", **MESSAGE}
CASES = (
    case(
        "finished",
        State.SUCCEEDED,
        GOOD,
        told={
            "native": "finished",
            "finished": LAST,
            "last_success": LAST,
            "next_run": datetime(2026, 11, 29, 2, tzinfo=UTC),
            "files": 59484,
            "bytes": 24053349764,
        },
    ),
    case(
        "by its number",
        State.SUCCEEDED,
        GOOD,
        address="backup/3",
        told={"name": "Orders DB"},
    ),
    case(
        "a time without its zone is UTC",
        State.SUCCEEDED,
        {"LastBackupFinished": "20261128T030000"},
        told={"finished": LAST},
    ),
    case("old", State.OVERDUE, GOOD, max_age=timedelta(hours=6)),
    case(
        "failed before it went well",
        State.SUCCEEDED,
        {**GOOD, **MESSAGE, "LastErrorDate": "20261120T050000Z"},
    ),
    case(
        "failed since it went well",
        State.FAILED,
        {**GOOD, **SINCE},
        told={
            "native": "error",
            "last_success": LAST,
            "reason": "the last run ended with an error",
        },
    ),
    case("never went well", State.FAILED, SINCE, told={"last_success": None}),
    case("has never run", State.UNKNOWN, {}),
    case(
        "has no metadata",
        State.UNKNOWN,
        {},
        answers={LIST: [{"Backup": {"Name": "Orders DB", "Metadata": None}}]},
    ),
    case(
        "no schedule",
        State.SUCCEEDED,
        GOOD,
        answers={LIST: [{**backup("Orders DB", **GOOD), "Schedule": None}]},
        told={"next_run": None},
    ),
    case(
        "a time that is none",
        State.UNKNOWN,
        {"LastBackupFinished": "yesterday"},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no such backup",
        State.UNKNOWN,
        GOOD,
        address="backup/Shop",
        category=Category.NOT_FOUND,
    ),
    case(
        "two of a name",
        State.UNKNOWN,
        GOOD,
        answers={LIST: [backup("Orders DB", "1", **GOOD), backup("Orders DB", **GOOD)]},
        category=Category.NOT_FOUND,
    ),
    case(
        "a bad entry costs the others nothing",
        State.SUCCEEDED,
        GOOD,
        answers={LIST: [None, {"Backup": "junk"}, backup("Orders DB", **GOOD)]},
    ),
    case(
        "by a login",
        State.SUCCEEDED,
        GOOD,
        options=BY_PASSWORD,
        answers={
            LOGIN: {"AccessToken": "eyJ0.abc", "RefreshNonce": None},
            LIST: [backup("Orders DB", **GOOD)],
        },
    ),
    case(
        "a login that is answered without a token",
        State.UNKNOWN,
        GOOD,
        options=BY_PASSWORD,
        answers={LOGIN: {}, LIST: [backup("Orders DB", **GOOD)]},
        category=Category.INVALID_RESPONSE,
    ),
)

LOGGED = (
    with_log(
        "its log says success",
        State.SUCCEEDED,
        logged("Success"),
        logged("Warning", **OLDER),
        told={"native": "Success", "files": 59484, "errors": None},
    ),
    with_log(
        "its log has warnings",
        State.COMPLETED_WITH_ERRORS,
        logged("Warning", WarningsActualLength=3),
        logged("Success", **OLDER),
        told={
            "native": "Warning",
            "errors": 3,
            "last_success": datetime(2026, 11, 27, 3, tzinfo=UTC),
            "next_run": datetime(2026, 11, 29, 2, tzinfo=UTC),
        },
    ),
    with_log(
        "its log has errors, and the metadata tell of none",
        State.COMPLETED_WITH_ERRORS,
        logged("Error", FilesWithError=2, WarningsActualLength=1, ErrorsActualLength=2),
        told={"native": "Error", "errors": 3, "last_success": None},
    ),
    with_log("a fatal result", State.FAILED, logged("Fatal")),
    with_log(
        "somebody stopped it",
        State.COMPLETED_WITH_ERRORS,
        logged("Success", PartialBackup=True),
        told={"native": "partial"},
    ),
    with_log("a result that is not known yet", State.UNKNOWN, logged("Unknown")),
    with_log(
        "a result that nobody knows",
        State.UNKNOWN,
        logged("Splendid"),
        category=Category.INVALID_RESPONSE,
    ),
    with_log(
        "other tasks that had errors since are none of the backup's",
        State.SUCCEEDED,
        logged("Error", MainOperation="Restore", **LATER),
        {**logged("Success"), "Type": "Message", "Message": "Nothing to compact"},
        logged("Success"),
        told={"native": "Success"},
    ),
    with_log(
        "a log that ends before the run that finished",
        State.SUCCEEDED,
        logged("Warning", **OLDER),
        told={"native": "finished", "last_success": LAST},
    ),
    with_log(
        "a result that cannot be read",
        State.UNKNOWN,
        {**logged("Success"), "Message": "ParsedResult: Success"},
        category=Category.INVALID_RESPONSE,
    ),
    with_log(
        "a log that cannot be had is no good news",
        State.UNKNOWN,
        answers={LIST: [backup("Orders DB", **GOOD)], LOG: Said(code=500)},
        category=Category.UNREACHABLE,
    ),
)


@pytest.mark.parametrize("one", checks(Duplicati, (*CASES, *LOGGED)), ids=str)
def test_duplicati(one: Check) -> None:
    """Times come to states; the kit holds what every provider must."""
    one()


class Service(HttpService):
    """A Duplicati with the password ``s3cret``; a login adds a token."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[str] = []
        self.tokens = ["forever-token"]

    def answer(self, request: Request) -> Answer:
        self.requests.append(request.path)
        if (request.method, request.path) == ("POST", LOGIN):
            if json.loads(request.body).get("Password") != "s3cret":
                return json_answer(
                    {"Error": "Invalid password", "Code": 401}, status=401
                )
            self.tokens.append(f"token-{len(self.tokens)}")
            return json_answer({"AccessToken": self.tokens[-1], "RefreshNonce": None})
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens:
            return Answer(status=401)
        if request.path == LOG:
            return json_answer([logged("Success")])
        return json_answer([backup("Orders DB", **GOOD), backup("Wiki", "1", **SINCE)])


@pytest.mark.parametrize(
    ("option", "secret", "requests"),
    [
        ("token", "forever-token", [LIST, LOG]),
        ("password", "s3cret", [LOGIN, LIST, LOG]),
    ],
)
def test_over_http(option: str, secret: str, requests: list[str]) -> None:
    """A token that lasts, or a login for one; the list is asked for once."""
    with Service() as service:
        given = {"url": service.url, option: "${KEY}"}
        asker = RealAsker(Duplicati, given, at=NOW, environ={"KEY": secret})
        assert asker.status("backup/Orders DB").state is State.SUCCEEDED
        assert asker.status("backup/1").state is State.FAILED
        assert service.requests == requests


@pytest.mark.parametrize("option", ["token", "password"])
def test_refused(option: str) -> None:
    """A secret that is refused is tried once for all sources."""
    with Service() as service:
        given = {"url": service.url, option: "${KEY}"}
        asker = RealAsker(Duplicati, given, at=NOW, environ={"KEY": "wrong"})
        problems = [asker.status(f"backup/{name}").problem for name in ("1", "3")]
        assert len(service.requests) == 1
    assert [one and one.category for one in problems] == [Category.UNAUTHORIZED] * 2
