"""restic: snapshots by host, path and tag, or what the job itself said when it ended.

Source: restic's doc/075_scripting.rst, "Exit codes", "backup" and "snapshots". Debian's
restic 0.14 has the exit code 1 for all of them, so its words are looked at, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backup_badge.provider import (
    COMMAND,
    FILE,
    Answer,
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Locator,
    Provider,
    Status,
    Unlisted,
)
from backup_badge.providers.restic_job import STATES, last_run, of_summary

FAILURES = (
    Failure(
        category=Category.UNAUTHORIZED,
        codes=(12,),
        words=("wrong password", "no key found", "empty password", "password from"),
        advice="the repository's password is wrong or missing: see RESTIC_PASSWORD,"
        " RESTIC_PASSWORD_FILE and the option 'env'",
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


_Set = tuple[str, tuple[str, ...], tuple[str, ...]]
"""What tells one backup of a repository from others: its host, tags, else paths."""


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
    states = STATES

    def label(self, locator: Locator) -> str:
        """Return the last part of the address, if that names something."""
        return locator.segments[-1] if locator.values else self.type

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Return the newest snapshot that fits, or how the job's last run ended."""
        answer = ask.document(FAILURES)
        if locator.kind == "run":
            return last_run(self, ask, answer)
        snapshots = ask.once("snapshots", lambda: list(_snapshots(answer)))
        if not snapshots:
            return self.nothing("there is no snapshot yet")
        found = [self._exists(ask, one) for one in snapshots if _fits(one, locator)]
        newest = self.newest(found)
        if newest is None:
            raise ask.problem(Category.NOT_FOUND, f"no snapshot fits {str(locator)!r}")
        return newest

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the hosts; where one has several backups, their tags or paths."""
        answer = ask.document(FAILURES)
        if not answer.text().lstrip().startswith("["):
            raise Unlisted("only 'restic snapshots --json' lists what there is")
        snapshots = [one for one in _snapshots(answer) if _is_complete(one)]
        sets = {_set_of(one): one for one in snapshots}
        for key, one in sets.items():
            others = [other for it, other in sets.items() if it != key]
            same_host = [it for it in sets if it != key and it[0] == key[0]]
            form = ("host", key[0], *(_difference(key, same_host) if same_host else ()))
            watching = (
                wanted.segments
                for wanted in ask.wanted
                if wanted.kind != "run"
                and _fits(one, wanted)
                and not any(_fits(other, wanted) for other in others)
            )
            label = key[0] if len(form) == 2 else f"{key[0]} {form[-1]}"
            yield Found(segments=form, label=label, groups=key[1], also=tuple(watching))

    def _exists(self, ask: Ask, snapshot: Fields) -> Status:
        told = of_summary(snapshot.table("summary"))
        started = told["started"] or snapshot.instant("time")
        return self.exists(ask, **{**told, "started": started})


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


def _is_complete(snapshot: Fields) -> bool:
    host = snapshot.document.get("hostname")
    return isinstance(host, str) and bool(host)


def _set_of(snapshot: Fields) -> _Set:
    tags = tuple(sorted(_texts(snapshot, "tags")))
    paths = () if tags else tuple(sorted(_texts(snapshot, "paths")))
    return snapshot.document["hostname"], tags, paths


def _difference(one: _Set, others: Sequence[_Set]) -> tuple[str, ...]:
    """Return the segments of a tag, or else of a path, that best tells a set."""
    _, tags, paths = one
    for tag in sorted(tags, key=lambda tag: sum(tag in it[1] for it in others)):
        return ("tag", tag)
    for path in sorted(paths, key=lambda path: sum(path in it[2] for it in others)):
        parts = tuple(path.strip("/").split("/"))
        if all(parts):
            return ("path", *parts)
    return ()


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
