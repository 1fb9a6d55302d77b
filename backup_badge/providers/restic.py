"""restic: snapshots by host, path and tag, or what the job itself said when it ended.

Source: restic's doc/075_scripting.rst, "Exit codes", "backup" and "snapshots". Debian's
restic 0.14 has the exit code 1 for all of them, so its words are looked at, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from backup_badge.provider import (
    COMMAND,
    FILE,
    Answer,
    Ask,
    Category,
    Failure,
    Fields,
    Locator,
    Provider,
    State,
    Status,
)

FAILURES = (
    Failure(
        category=Category.UNAUTHORIZED,
        codes=(12,),
        words=("wrong password", "no key found", "empty password", "password from"),
        advice="the repository's password is wrong or missing: see RESTIC_PASSWORD_FILE"
        " and the option 'env'",
    ),
    Failure(
        category=Category.UNREACHABLE,
        codes=(11,),
        words=("already locked", "unable to create lock", "save(<lock/"),
        advice="the repository is locked, or cannot be: add '--no-lock' to the command",
    ),
    Failure(
        category=Category.UNREACHABLE,
        words=("dial tcp", "connection refused", "no such host", "i/o timeout"),
        advice="the repository's host cannot be reached",
    ),
    Failure(
        category=Category.UNAUTHORIZED,
        words=("permission denied", "access denied"),
        advice="the repository may not be read by the user who builds",
    ),
    Failure(
        category=Category.NOT_FOUND,
        codes=(10,),
        words=("unable to open config file", "specify repository location"),
        advice="there is no repository: see RESTIC_REPOSITORY and the option 'env'",
    ),
)
_REASONS = {
    3: "some files could not be read",
    10: "there is no repository",
    11: "the repository was locked",
    12: "the repository's password was wrong",
    130: "it was interrupted",
}
_MAY_FOLLOW = {"summary": {"error", "exit_error", "exit"}, "exit_error": {"exit"}}
"""What a job says behind these is about the same run; all else begins another."""
_Run = dict[str, list[Fields]]
_NONE = Fields(document={}, origin="")


class Restic(Provider):
    """Snapshots only exist: one that lacks files looks the same. A ``run`` knows."""

    type = "restic"
    ways = (FILE, COMMAND)
    addresses = (
        "latest",
        "run",
        "host/HOST",
        "host/HOST/tag/TAG",
        "host/HOST/path/PATH...",
        "host/HOST/tag/TAG/path/PATH...",
        "tag/TAG",
        "tag/TAG/path/PATH...",
        "path/PATH...",
    )
    states: ClassVar = {
        "exit code 0": State.SUCCEEDED,
        "exit code 3": State.COMPLETED_WITH_ERRORS,
        "error": State.COMPLETED_WITH_ERRORS,
        "exit code 1": State.FAILED,
        "exit code 130": State.STOPPED,
    }

    def label(self, locator: Locator) -> str:
        """Return the last part of the address, if that names something."""
        return locator.segments[-1] if locator.values else self.type

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Return the newest snapshot that fits, or how the job's last run ended."""
        answer = ask.document(FAILURES)
        if locator.kind == "run":
            return self._last_run(ask, ask.once("runs", lambda: _runs(answer)))
        snapshots = ask.once("snapshots", lambda: list(_snapshots(answer)))
        if not snapshots:
            return self.nothing("there is no snapshot yet")
        found = [self._exists(ask, one) for one in snapshots if _fits(one, locator)]
        newest = self.newest(found)
        if newest is None:
            raise ask.problem(Category.NOT_FOUND, f"no snapshot fits {str(locator)!r}")
        return newest

    def _exists(self, ask: Ask, snapshot: Fields) -> Status:
        told = _told(snapshot.table("summary"))
        started = told["started"] or snapshot.instant("time")
        return self.exists(ask, **{**told, "started": started})

    def _last_run(self, ask: Ask, runs: list[_Run]) -> Status:
        """Return the newest run, the last: a job writes one after another."""
        statuses = [self._run(ask, run) for run in runs]
        return self.with_last_success(statuses[-1], statuses)

    def _run(self, ask: Ask, run: _Run) -> Status:
        ends = [*run.get("exit_error", ()), *run.get("exit", ())]
        errors = len(run.get("error", ()))
        if not ends and "summary" not in run:
            return self.nothing("the run has not ended, or what it said is cut off")
        summary = run.get("summary", [_NONE])[-1]
        if summary.flag("dry_run"):
            return self.nothing("the last run was a dry run, which saves nothing")
        told = {"errors": errors or None, **_told(summary)}
        if not ends:
            return self.said("error", **told) if errors else self.exists(ask, **told)
        code = ends[-1].count("code")
        if code is None:
            raise ends[-1].invalid("has an exit without its code")
        word = f"exit code {code}"
        told["finished"] = ends[-1].instant("time") or told["finished"]
        # "If an unknown exit code is returned, then it MUST be treated as a failure."
        states = {word: State.FAILED, **self.states}
        return self.said(word, states=states, reason=_REASONS.get(code), **told)


def _snapshots(answer: Answer) -> Iterator[Fields]:
    """Return the snapshots of a list, or of its groups (``--group-by``)."""
    for row in answer.rows():
        group = row.document.get("snapshots")
        if group is None:
            yield row
        elif isinstance(group, list):
            for one in group:
                if isinstance(one, dict):
                    yield Fields(document=one, origin=row.origin)


def _fits(snapshot: Fields, locator: Locator) -> bool:
    wanted = locator.values
    return (
        ("HOST" not in wanted or snapshot.document.get("hostname") == wanted["HOST"])
        and ("TAG" not in wanted or wanted["TAG"] in _texts(snapshot, "tags"))
        and (
            "PATH" not in wanted
            or wanted["PATH"].strip("/")
            in (path.strip("/") for path in _texts(snapshot, "paths"))
        )
    )


def _texts(snapshot: Fields, key: str) -> list[str]:
    found = snapshot.document.get(key)
    items = found if isinstance(found, list) else []
    return [item for item in items if isinstance(item, str)]


def _runs(answer: Answer) -> list[_Run]:
    """Return what a job said, run by run, by the kind of message."""
    runs: list[_Run] = [{}]
    for message in answer.messages():
        kind = message.text("message_type") or ""
        ended = [one for one in ("exit", *_MAY_FOLLOW) if one in runs[-1]]
        if any(kind not in _MAY_FOLLOW.get(one, ()) for one in ended):
            runs.append({})
        runs[-1].setdefault(kind, []).append(message)
    if not any(runs):
        raise answer.invalid("is not what 'restic backup --json' prints")
    return runs


def _told(summary: Fields) -> dict[str, Any]:
    """Return what a run and a snapshot have in common; old ones have no times."""
    return {
        "started": summary.instant("backup_start"),
        "finished": summary.instant("backup_end"),
        "files": summary.count("total_files_processed"),
        "bytes": summary.count("data_added"),
    }
