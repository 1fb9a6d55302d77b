"""borgmatic: Borg's answers for all repositories of its configuration, in one list.

Source: borgmatic's borgmatic/actions/json.py and commands/borgmatic.py. Its ``--json``
prints nothing at all where one of the repositories fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from backup_badge.provider import (
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Locator,
    Status,
)
from backup_badge.providers.borg import FAILURES, BorgArchives

_FAILURES = (
    Failure(
        category=Category.USAGE,
        words=("configuration files found", "error parsing configuration"),
        advice="its configuration is missing or wrong: see the argument '--config'",
    ),
    Failure(
        category=Category.NOT_FOUND,
        words=("no archives found",),
        advice="one of the repositories has no archive",
    ),
    Failure(
        category=Category.NOT_FOUND,
        words=("does not exist", "not a valid repository"),
        advice="one of the repositories is not there, and it then prints none",
    ),
    Failure(
        category=Category.UNAUTHORIZED,
        words=("passphrase supplied", "acquire a passphrase", "passcommand"),
        advice="a passphrase is wrong or missing: see borgmatic's configuration",
    ),
    Failure(
        category=Category.USAGE,
        words=("access aborted", "initialization aborted"),
        advice="Borg asks whether this moved or unencrypted repository is the right"
        " one: set 'relocated_repo_access_is_ok' or"
        " 'unknown_unencrypted_repo_access_is_ok' in borgmatic's configuration",
    ),
    *FAILURES,
)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Borgmatic(BorgArchives):
    """One of the repositories, or the one of all that lags behind the most."""

    type = "borgmatic"
    addresses = (
        "latest",
        "archive/NAME",
        "prefix/PREFIX",
        "glob/GLOB",
        "repository/LABEL",
        "repository/LABEL/archive/NAME",
        "repository/LABEL/prefix/PREFIX",
        "repository/LABEL/glob/GLOB",
    )

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Return the newest archive of the repository, or that of the one behind."""
        repositories = ask.document(_FAILURES).rows()
        if "LABEL" in locator.values:
            repositories = [_labelled(ask, repositories, locator["LABEL"])]
        newest = [self.newest_archive(ask, locator, one) for one in repositories]
        if not newest:
            return self.nothing("borgmatic lists no repository")
        return min(newest, key=lambda one: one.finished or one.started or _NEVER)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the repositories. What is asked of all of them watches each."""
        repositories = ask.document(_FAILURES).rows()
        for one in repositories:
            names = [name for name in _names(one) if isinstance(name, str) and name]
            watching = (
                wanted.segments
                for wanted in ask.wanted
                if wanted.values.get("LABEL") in (None, *names)
            )
            if names:
                yield Found(
                    segments=("repository", names[0]),
                    label=names[0].rstrip("/").rpartition("/")[2] or names[0],
                    also=tuple(watching),
                )


def _labelled(ask: Ask, repositories: list[Fields], label: str) -> Fields:
    """Return the repository of a label or, as old versions have none, a location."""
    found = [one for one in repositories if label in _names(one)]
    if len(found) != 1:
        count = f"{len(found)} repositories have" if found else "no repository has"
        why = f"{count} the label or location {label!r}"
        raise ask.problem(Category.NOT_FOUND, why)
    return found[0]


def _names(repository: Fields) -> list[object]:
    told = repository.document.get("repository")
    return [told.get("label"), told.get("location")] if isinstance(told, dict) else []
