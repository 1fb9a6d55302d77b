"""The calls of AWS Backup that are read, by boto3, which finds its credentials.

Source: AWS Backup's API reference, ListBackupJobs, ListProtectedResources and
ListRestoreJobsByProtectedResource.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from backup_badge.provider import Category, ProblemError

JOBS, RESTORES, RESOURCES = "BackupJobs", "RestoreJobs", "Results"
"""The lists in the answers, here and in what the command prints."""
_ANSWERS = {
    401: Category.UNAUTHORIZED,
    403: Category.UNAUTHORIZED,
    404: Category.NOT_FOUND,
    429: Category.RATE_LIMITED,
}

Rows = list[Mapping[str, Any]]
Account = tuple[str | None, str | None, str | None]
"""A region, a profile and a URL to ask, as far as they are told."""


def list_backup_jobs(account: Account, arn: str) -> Rows:
    """Ask for the backup jobs of a resource."""
    return _pages(account, "list_backup_jobs", JOBS, ByResourceArn=arn)


def list_restore_jobs(account: Account, arn: str) -> Rows:
    """Ask for the restore jobs of a resource."""
    name = "list_restore_jobs_by_protected_resource"
    return _pages(account, name, RESTORES, ResourceArn=arn)


def list_protected_resources(account: Account) -> Rows:
    """Ask for what AWS Backup has made a backup of."""
    return _pages(account, "list_protected_resources", RESOURCES)


def _pages(account: Account, name: str, key: str, **query: str) -> Rows:
    """Ask through boto3, which need not be installed. Raises ProblemError."""
    region, profile, url = account
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
        pages = client.get_paginator(name).paginate(**query)
        rows = [row for page in pages for row in page.get(key, ())]
    except botocore.ClientError as error:
        raise _refused(error.response) from None
    except botocore.BotoCoreError as error:
        # Its words may hold hosts and profiles: only its class is told.
        raise _failed(type(error).__name__) from None
    return [json.loads(json.dumps(row, default=datetime.isoformat)) for row in rows]


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
