"""AWS Backup: the newest job of a resource, and the newest restore of it.

Source: AWS Backup's API reference, ListBackupJobs, BackupJob and RestoreJobsListMember;
for COMPLETED with a message category its developer guide, "Viewing backup jobs".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, ClassVar

from backup_badge.provider import (
    COMMAND,
    FILE,
    LIBRARY,
    TEXT,
    URL,
    Ask,
    Category,
    Failure,
    Fields,
    Locator,
    Option,
    ProblemError,
    Provider,
    State,
    Status,
)

_ISSUES = "COMPLETED with issues"
_CATEGORY = re.compile(r"[A-Za-z_]{1,40}")
_LISTS = {"resource": "BackupJobs", "restore": "RestoreJobs"}
_RESOURCES = {"resource": "ResourceArn", "restore": "SourceResourceArn"}
_REFUSED = Failure(
    category=Category.UNAUTHORIZED,
    words=(
        "unable to locate credentials",
        "accessdenied",
        "expiredtoken",
        "invalid token",
        "unrecognizedclient",
    ),
    advice="AWS refuses its credentials, or it has none: see 'env'",
)
_ANSWERS = {
    401: Category.UNAUTHORIZED,
    403: Category.UNAUTHORIZED,
    404: Category.NOT_FOUND,
    429: Category.RATE_LIMITED,
}


class AwsBackup(Provider):
    """A resource by its ARN: from ``aws backup list-... --output json``, or live.

    Without a file and a command it asks through boto3, which finds its credentials.
    """

    type = "aws-backup"
    ways = (FILE, COMMAND, LIBRARY)
    own = (
        Option(
            name="region",
            kind=TEXT,
            help="The region to ask, through boto3. Default: the one in the ARN.",
        ),
        Option(
            name="profile",
            kind=TEXT,
            help="The profile of the AWS configuration to ask with, through boto3.",
        ),
        Option(
            name="endpoint_url",
            kind=URL,
            help="Where to ask, through boto3, instead of the region's own endpoint.",
        ),
    )
    addresses = ("resource/ARN...", "restore/ARN...")
    states: ClassVar = {
        "CREATED": State.SCHEDULED,
        "PENDING": State.SCHEDULED,
        "RUNNING": State.IN_PROGRESS,
        "COMPLETED": State.SUCCEEDED,
        _ISSUES: State.COMPLETED_WITH_ERRORS,
        "PARTIAL": State.COMPLETED_WITH_ERRORS,
        "ABORTING": State.STOPPED,
        "ABORTED": State.STOPPED,
        "FAILED": State.FAILED,
        # It could not start in its window: there is no backup.
        "EXPIRED": State.FAILED,
        "COMPLETED, validation SUCCESSFUL": State.SUCCEEDED,
        "COMPLETED, validation VALIDATING": State.IN_PROGRESS,
        "COMPLETED, validation TIMED_OUT": State.COMPLETED_WITH_ERRORS,
        "COMPLETED, validation FAILED": State.FAILED,
    }

    def label(self, locator: Locator) -> str:
        """Return the last part of the ARN."""
        return re.split("[:/]", locator["ARN"])[-1]

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the jobs of the resource, and take the one that was made last."""
        kind, arn = locator.kind, locator["ARN"]
        key = _RESOURCES[kind]
        jobs = [one for one in _jobs(ask, kind, arn) if one.document.get(key) == arn]
        runs = [self._run(one) for one in jobs]
        if not runs:
            what = "restore" if kind == "restore" else "backup"
            return self.nothing(f"AWS Backup lists no {what} job of this resource")
        newest = max(zip(jobs, runs, strict=True), key=lambda pair: _made(pair[0]))
        return self.with_last_success(newest[1], runs)

    def _run(self, job: Fields) -> Status:
        word, reason = job.text("State") or job.text("Status"), None
        category = job.text("MessageCategory") or "SUCCESS"
        validation = job.text("ValidationStatus")
        if word == "COMPLETED" and category.upper() != "SUCCESS":
            word = _ISSUES
        elif word == "COMPLETED" and validation:
            word = f"COMPLETED, validation {validation}"
        # The message beside it may hold accounts and names.
        if category.upper() != "SUCCESS" and _CATEGORY.fullmatch(category):
            reason = f"its message category is {category}"
        return self.said(
            word,
            started=_made(job),
            finished=job.instant("CompletionDate"),
            bytes=job.count("BackupSizeInBytes"),
            name=job.name("ResourceName"),
            reason=reason,
        )


def _made(job: Fields) -> datetime:
    made = job.instant("CreationDate")
    if made is None:
        raise job.invalid("has a job without a 'CreationDate'")
    return made


def _jobs(ask: Ask, kind: str, arn: str) -> list[Fields]:
    given = ask.options
    if given.get("file") or given.get("command"):
        answer = ask.document([_REFUSED])
        if answer.fields().document.get("NextToken"):
            raise answer.invalid("is a part of a list: leave out '--max-items'")
        return answer.rows(_LISTS[kind])
    # arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, where some have no region.
    region = given.get("region") or "".join(arn.split(":")[3:4]) or None
    jobs = ask.call(_live, kind, arn, region, given["profile"], given["endpoint_url"])
    return [Fields(document=job, origin="the answer of AWS Backup") for job in jobs]


def _live(
    kind: str, arn: str, region: str | None, profile: str | None, url: str | None
) -> list[Mapping[str, Any]]:
    """Ask through boto3, which need not be installed. Raises ProblemError."""
    try:
        boto3, botocore = import_module("boto3"), import_module("botocore.exceptions")
        config = import_module("botocore.config").Config(
            connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2}
        )
    except ImportError:
        why = "asking AWS needs boto3: install 'backup-badge[aws]'"
        raise ProblemError(Category.USAGE, why) from None
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        client = session.client("backup", endpoint_url=url, config=config)
        name, query = "list_backup_jobs", {"ByResourceArn": arn}
        if kind == "restore":
            name = "list_restore_jobs_by_protected_resource"
            query = {"ResourceArn": arn}
        pages = client.get_paginator(name).paginate(**query)
        jobs = [job for page in pages for job in page.get(_LISTS[kind], ())]
    except botocore.ClientError as error:
        raise _refused(error.response) from None
    except botocore.BotoCoreError as error:
        # Its words may hold hosts and profiles: only its class is told.
        raise _failed(type(error).__name__) from None
    return [json.loads(json.dumps(job, default=datetime.isoformat)) for job in jobs]


def _refused(answer: Mapping[str, Any]) -> ProblemError:
    code = str(answer.get("Error", {}).get("Code"))
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    category = _ANSWERS.get(status, Category.UNREACHABLE)
    if "Throttl" in code:
        category = Category.RATE_LIMITED
    return ProblemError(category, f"AWS Backup refused to answer: {code:.60}")


def _failed(name: str) -> ProblemError:
    if "Credential" in name or "Profile" in name or "Region" in name:
        why = f"boto3 has no credentials, profile or region to ask with: {name}"
        return ProblemError(Category.UNAUTHORIZED, why)
    category = Category.TIMEOUT if "Timeout" in name else Category.UNREACHABLE
    return ProblemError(category, f"AWS Backup could not be asked: {name}")
