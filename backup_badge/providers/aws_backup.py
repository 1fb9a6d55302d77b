"""AWS Backup: the newest job of a resource, and the newest restore of it.

Source: AWS Backup's API reference, ListBackupJobs, BackupJob and RestoreJobsListMember;
for COMPLETED with a message category its developer guide, "Viewing backup jobs".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import ClassVar

from backup_badge.provider import (
    COMMAND,
    FILE,
    LIBRARY,
    TEXT,
    URL,
    Answer,
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Locator,
    Option,
    Provider,
    State,
    Status,
    Unlisted,
)
from backup_badge.providers.aws_calls import (
    JOBS,
    RESTORES,
    Rows,
    list_backup_jobs,
    list_protected_resources,
    list_restore_jobs,
)

_ISSUES = "COMPLETED with issues"
_CATEGORY = re.compile(r"[A-Za-z_]{1,40}")
_LISTS = {"resource": JOBS, "restore": RESTORES}
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

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the resources that have recovery points, or jobs in what is printed."""
        if _is_live(ask):
            rows = _live(ask, list_protected_resources)
        else:
            answer = _printed(ask)
            if JOBS not in answer.fields().document:
                raise Unlisted("only 'aws backup list-backup-jobs' lists what there is")
            rows = answer.rows(JOBS)
        names: dict[str, str | None] = {}
        for row in rows:
            if arn := row.text("ResourceArn"):
                names.setdefault(arn, row.name("ResourceName"))
        for arn, name in names.items():
            if all(arn.split("/")):
                yield Found(segments=("resource", *arn.split("/")), label=name)

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
    if not _is_live(ask):
        return _printed(ask).rows(_LISTS[kind])
    # arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, where some have no region.
    region = "".join(arn.split(":")[3:4]) or None
    listing = list_restore_jobs if kind == "restore" else list_backup_jobs
    return _live(ask, listing, arn, region=region)


def _is_live(ask: Ask) -> bool:
    return not (ask.options.get("file") or ask.options.get("command"))


def _printed(ask: Ask) -> Answer:
    answer = ask.document([_REFUSED])
    if answer.fields().document.get("NextToken"):
        raise answer.invalid("is a part of a list: leave out '--max-items'")
    return answer


def _live(
    ask: Ask, listing: Callable[..., Rows], *asked: str, region: str | None = None
) -> list[Fields]:
    given = ask.options
    account = given.get("region") or region, given["profile"], given["endpoint_url"]
    rows = ask.call(listing, account, *asked)
    return [Fields(document=row, origin="the answer of AWS Backup") for row in rows]
