"""AWS Backup: jobs as the command prints them, and live through boto3."""

from __future__ import annotations

import json
import re
import sys
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from command import run
from real_tools import category, told

from backup_badge.providers.aws_backup import AwsBackup
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DAY = timedelta(hours=36)
LIST = ["aws", "backup", "list-backup-jobs", "--output", "json"]
RESTORES = ["aws", "backup", "list-restore-jobs", "--output", "json"]
ARN = "arn:aws:rds:eu-central-1:123456789012:db:orders"
ENDED = datetime(2026, 11, 28, 2, 20, tzinfo=UTC)
BEFORE = ENDED - timedelta(days=1)
DONE = ("COMPLETED", "PARTIAL", "ABORTED", "FAILED", "EXPIRED")


def job(state: str = "COMPLETED", day: int = 28, **more: Any) -> dict[str, Any]:
    """Return a job as version 1 of the command writes it: times are epoch floats."""
    made = datetime(2026, 11, day, 2, 0, tzinfo=UTC).timestamp()
    ended = {"CompletionDate": made + 1200} if state in DONE else {}
    return {
        "AccountId": "123456789012",
        "BackupJobId": f"job-{day}",
        "ResourceArn": ARN,
        "ResourceType": "RDS",
        "CreationDate": made,
        "State": state,
        "BackupSizeInBytes": 21474836480,
        "PercentDone": "100.0",
        **ended,
        **more,
    }


def restore(status: str = "COMPLETED", day: int = 28, **more: Any) -> dict[str, Any]:
    """Return a restore job, with times as version 2 of the command writes them."""
    ended = {"CompletionDate": f"2026-11-{day}T04:20:00+02:00"}
    return {
        "RestoreJobId": f"restore-{day}",
        "SourceResourceArn": ARN,
        "CreationDate": f"2026-11-{day}T04:00:00.123000+02:00",
        "Status": status,
        **(ended if status in DONE else {}),
        **more,
    }


def case(name: str, state: State, *jobs: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": f"resource/{ARN}",
        "answers": {"command": {"BackupJobs": list(jobs)}},
        "options": {"command": LIST},
        "max_age": DAY,
        "now": NOW,
    }
    return Case(name=name, state=state, **{**told, **more})


def restored(name: str, state: State, *jobs: Any, **more: Any) -> Case:
    answers = {"command": {"RestoreJobs": list(jobs)}}
    told = {"address": f"restore/{ARN}", "options": {"command": RESTORES}}
    return case(name, state, **{"answers": answers, **told, **more})


VOLUME = "arn:aws:ec2:eu-central-1:123456789012:volume/vol-1"
CASES = (
    case(
        "completed",
        State.SUCCEEDED,
        job(MessageCategory="SUCCESS", ResourceName="Orders"),
        job(day=26),
        told={
            "native": "COMPLETED",
            "name": "Orders",
            "finished": ENDED,
            "last_success": ENDED,
            "bytes": 21474836480,
            "reason": None,
        },
    ),
    case("completed, without a category", State.SUCCEEDED, job(), max_age=None),
    case(
        "completed with issues",
        State.COMPLETED_WITH_ERRORS,
        job(day=27),
        job(MessageCategory="VSS_ERROR", StatusMessage=f"{ARN} failed"),
        told={
            "native": "COMPLETED with issues",
            "reason": "its message category is VSS_ERROR",
            "last_success": BEFORE,
        },
    ),
    case(
        "a category that may be anything",
        State.COMPLETED_WITH_ERRORS,
        job(MessageCategory="see db1.example"),
        told={"reason": None},
    ),
    case("completed some days ago", State.OVERDUE, job(day=20)),
    case("newest by time", State.SUCCEEDED, job("FAILED", 20), job(), job(day=27)),
    *(
        case(
            state,
            meaning,
            job(state),
            job(day=27),
            told={"native": state, "last_success": BEFORE},
        )
        for state, meaning in (
            ("CREATED", State.SCHEDULED),
            ("PENDING", State.SCHEDULED),
            ("RUNNING", State.IN_PROGRESS),
            ("PARTIAL", State.COMPLETED_WITH_ERRORS),
            ("ABORTING", State.STOPPED),
            ("ABORTED", State.STOPPED),
            ("FAILED", State.FAILED),
            ("EXPIRED", State.FAILED),
        )
    ),
    case(
        "a failure says why",
        State.FAILED,
        job("FAILED", MessageCategory="AccessDenied"),
        told={"reason": "its message category is AccessDenied"},
    ),
    case(
        "a run that began later, and has not ended",
        State.IN_PROGRESS,
        job(CompletionDate=NOW.timestamp()),
        job("RUNNING", CreationDate=NOW.timestamp() - 3600),
    ),
    case(
        "a word that nobody knows",
        State.UNKNOWN,
        job("PONDERING"),
        category=Category.INVALID_RESPONSE,
        told={"native": "PONDERING"},
    ),
    case("another resource", State.UNKNOWN, job(ResourceArn=VOLUME)),
    case("junk beside it", State.SUCCEEDED, {"ResourceArn": VOLUME}, 7, job()),
    case(
        "a resource with a slash in its ARN",
        State.SUCCEEDED,
        job(ResourceArn=VOLUME),
        address=f"resource/{VOLUME}",
    ),
    case(
        "a time without a zone",
        State.UNKNOWN,
        job(CreationDate="2026-11-28T02:00:00"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no time",
        State.UNKNOWN,
        job(CreationDate=None),
        category=Category.INVALID_RESPONSE,
    ),
    case("no job", State.UNKNOWN),
    case(
        "a part of a list",
        State.UNKNOWN,
        answers={"command": {"BackupJobs": [job()], "NextToken": "more"}},
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "from a file",
        State.SUCCEEDED,
        answers={"file": {"BackupJobs": [job()]}},
        options={"file": "jobs.json"},
    ),
    case(
        "a command that AWS refuses",
        State.UNKNOWN,
        answers={"command": Said(code=254, errors="AccessDeniedException: user/docs")},
        category=Category.UNAUTHORIZED,
    ),
    case(
        "a command that fails",
        State.UNKNOWN,
        answers={"command": Said(code=252, errors="Unknown options: --outputs")},
        category=Category.USAGE,
    ),
    *(
        restored(name, state, restore(status, **more), told={"native": native})
        for name, state, status, more, native in (
            ("restored", State.SUCCEEDED, "COMPLETED", {}, "COMPLETED"),
            ("is restored", State.IN_PROGRESS, "RUNNING", {}, "RUNNING"),
            ("restore failed", State.FAILED, "FAILED", {}, "FAILED"),
            *(
                (
                    f"restored, validation {word}",
                    state,
                    "COMPLETED",
                    {"ValidationStatus": word},
                    f"COMPLETED, validation {word}",
                )
                for word, state in (
                    ("SUCCESSFUL", State.SUCCEEDED),
                    ("VALIDATING", State.IN_PROGRESS),
                    ("TIMED_OUT", State.COMPLETED_WITH_ERRORS),
                    ("FAILED", State.FAILED),
                )
            ),
        )
    ),
    restored(
        "a validation that nobody knows",
        State.UNKNOWN,
        restore(ValidationStatus="PONDERING"),
        category=Category.INVALID_RESPONSE,
    ),
    restored(
        "newest restore",
        State.SUCCEEDED,
        restore("FAILED", 20),
        restore(),
        told={"finished": ENDED, "last_success": ENDED},
    ),
    restored("never restored", State.UNKNOWN),
    restored(
        "a list of backups in its place",
        State.UNKNOWN,
        answers={"command": {"BackupJobs": [job()]}},
        category=Category.INVALID_RESPONSE,
    ),
)


@pytest.mark.parametrize("one", checks(AwsBackup, CASES), ids=str)
def test_aws_backup(one: Check) -> None:
    """Words and times come to their states; the kit holds what every one must."""
    one()


CONFIGURATION = """\
[providers.aws-backup]
region = "eu-central-1"
endpoint_url = "{url}"
"""


class Service(ThreadingHTTPServer):
    """AWS Backup's API on loopback, as its reference has it: lists of two pages."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[str] = []
        self.jobs: list[dict[str, Any]] = []
        self.restores: list[dict[str, Any]] = []
        self.resources: list[dict[str, Any]] = []
        self.refusal: tuple[int, str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        self.server.asked.append(self.path)
        key, jobs = "BackupJobs", self.server.jobs
        if target.path == "/resources/":
            key, jobs = "Results", self.server.resources
        elif target.path.startswith("/resources/"):
            arn = unquote(target.path.split("/")[2])
            key, jobs = "RestoreJobs", self.server.restores
            jobs = [one for one in jobs if one["SourceResourceArn"] == arn]
        else:
            jobs = [one for one in jobs if one["ResourceArn"] == query["resourceArn"]]
        middle = 1 if "nextToken" not in query else len(jobs)
        answer: dict[str, Any] = {key: jobs[:1] if middle == 1 else jobs[1:]}
        if middle == 1 and len(jobs) > 1:
            answer["NextToken"] = "second"
        self.reply(200, answer)

    def reply(self, code: int, answer: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json"}
        if self.server.refusal:
            code, name = self.server.refusal
            headers["x-amzn-ErrorType"] = name
            answer = {"message": "user/docs may not do this"}
        body = json.dumps(answer).encode()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Yield a service that boto3 has credentials for."""
    try:
        import boto3  # noqa: F401
    except ImportError:
        pytest.skip("boto3 is not installed")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "docs",
        "AWS_SECRET_ACCESS_KEY": "kept",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, daemon=True)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


def ask(service: Service, *addresses: str, **options: str) -> list[Any]:
    found = told(
        AwsBackup,
        *addresses,
        options={"endpoint_url": service.url, **options},
        environ={},
        max_age=None,
    )
    return [found[address] for address in addresses]


def test_live(aws: Service) -> None:
    """Each resource is asked for once, to the last page; times come with a zone."""
    aws.jobs = [job("FAILED", 20), job(), job(day=27), job(ResourceArn=VOLUME)]
    aws.restores = [restore(day=27, CreationDate=BEFORE.timestamp() - 60)]
    aws.restores[0]["CompletionDate"] = BEFORE.timestamp()
    database, volume, drill = ask(
        aws, f"resource/{ARN}", f"resource/{VOLUME}", f"restore/{ARN}"
    )
    assert (database.state, database.finished) == (State.SUCCEEDED, ENDED)
    assert volume.state is State.SUCCEEDED
    assert (drill.state, drill.finished) == (State.SUCCEEDED, BEFORE)
    assert len(aws.asked) == 4


def test_live_listing(aws: Service) -> None:
    """All protected resources are listed, to the last page, by their names."""
    aws.resources = [
        {"ResourceArn": ARN, "ResourceName": "Orders", "LastBackupTime": 1},
        {"ResourceArn": VOLUME},
    ]
    Path("backup-badge.toml").write_text(CONFIGURATION.format(url=aws.url))
    ran = run("discover", "aws-backup")
    assert ran.code == 0, ran.err
    tables = tomllib.loads(ran.out)["sources"].values()
    assert [unquote(one["address"]) for one in tables] == [
        f"aws-backup:resource/{ARN}",
        f"aws-backup:resource/{VOLUME}",
    ]
    assert [one["label"] for one in tables] == ["Orders", VOLUME.rpartition("/")[2]]


def test_live_explained(aws: Service) -> None:
    """A call of the library is told like any exchange, without what it asks for."""
    aws.jobs = [job()]
    text = CONFIGURATION.format(url=aws.url)
    text += f'[sources.orders]\naddress = "aws-backup:resource/{ARN}"\n'
    Path("backup-badge.toml").write_text(text)
    out = run("explain", "orders").out
    assert re.search(r"asked +the call list_backup_jobs: 1 entry, \d\.\d\d s\n", out)
    assert "123456789012" not in out
    aws.refusal = (403, "AccessDeniedException")
    said = "AWS Backup refused to answer: AccessDeniedException"
    assert f"the call list_backup_jobs: {said}, " in run("explain", "orders").out


def test_live_nothing(aws: Service) -> None:
    """A resource without a job is unknown."""
    (status,) = ask(aws, f"resource/{ARN}", region="eu-west-1")
    assert category(status) is None
    assert "no backup job" in status.details.reason


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        (403, "AccessDeniedException", Category.UNAUTHORIZED),
        (403, "ExpiredTokenException", Category.UNAUTHORIZED),
        (400, "ThrottlingException", Category.RATE_LIMITED),
        (404, "ResourceNotFoundException", Category.NOT_FOUND),
        (500, "ServiceUnavailableException", Category.UNREACHABLE),
    ],
)
def test_live_refused(aws: Service, code: int, name: str, expected: Category) -> None:
    """A refusal has its category, and never the message of AWS."""
    aws.refusal = (code, name)
    (status,) = ask(aws, f"resource/{ARN}")
    assert category(status) is expected
    assert status.problem.message == f"AWS Backup refused to answer: {name}"


def test_live_without_credentials(
    aws: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without credentials nothing is asked, and the reason says what is missing."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    (status,) = ask(aws, f"resource/{ARN}")
    assert category(status) is Category.UNAUTHORIZED
    assert "boto3 has no credentials" in status.problem.message
    assert aws.asked == []


def test_live_unknown_profile(aws: Service) -> None:
    """A profile that is not configured is named by its kind alone."""
    (status,) = ask(aws, f"resource/{ARN}", profile="nobody")
    assert category(status) is Category.UNAUTHORIZED
    assert "nobody" not in status.problem.message


def test_live_unreachable(aws: Service) -> None:
    """A service that is not there is unreachable."""
    (status,) = ask(aws, f"resource/{ARN}", endpoint_url="http://127.0.0.1:1")
    assert category(status) is Category.UNREACHABLE


def test_live_without_boto3(aws: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without boto3 the reason says what to install."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    (status,) = ask(aws, f"resource/{ARN}")
    assert category(status) is Category.USAGE
    assert "backup-badge[aws]" in status.problem.message
