"""What the lists of an account tell, so that hundreds of sources take a few calls.

Source: the documents that the package names. What a list does not tell clearly is left
out: it is asked for alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from backup_badge.provider import Fields, ProblemError, Status
from backup_badge.providers.rackspace.documents import next_page, read_list

PAGE = "100"
"""Entries a page, the guide's default: more may be refused."""

Get = Callable[..., Fields]
"""Takes a path and a query."""


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What is known by IDs: of backups and configurations, and a history for each.

    A history is a document as ``/configurations/ID/activities`` is, but it may lack
    older runs.
    """

    statuses: dict[str, Status] = field(default_factory=dict)
    backups: dict[str, Fields] = field(default_factory=dict)
    configurations: dict[str, Fields] = field(default_factory=dict)
    histories: dict[str, Fields] = field(default_factory=dict)


def read_lists(
    get: Get, *, backups: Collection[str], configurations: Collection[str]
) -> Lists:
    """Read the lists that save calls for these backups and configurations.

    Where one cannot be had, the others are not waited for: a host that is silent is so
    for each of them.
    """
    lists = Lists()
    with suppress(ProblemError):
        _read_configurations(get, configurations, lists)
        living = {
            identifier
            for identifier in configurations
            if identifier not in lists.configurations
            or not lists.configurations[identifier].document["deleted"]
        }
        _read_histories(get, living, lists)
        runs = {run for one in lists.histories for run in _needed(one, lists)}
        _read_backups(get, {*backups, *runs}, lists)
    return lists


def _sweep(
    get: Get,
    kind: str,
    wanted: Collection[str],
    take: Callable[[Fields], Collection[str]],
    *,
    query: dict[str, str] | None = None,
    has_gaps: bool = False,
) -> None:
    """Read a list, newest first, as long as its pages pay.

    A page costs one call and so does an entry that is asked for alone: reading ends
    when the pages have answered for fewer sources than they are, and at a page that
    answered for none, unless the list ``has_gaps``.
    """
    missing, pages = set(wanted), 0
    query = {"limit": PAGE, "sort_dir": "desc"} if query is None else query
    while (
        query is not None
        and len(missing) > 1
        and pages <= len(wanted) - len(missing) + 1
    ):
        page = get(f"/{kind}", **query)
        pages += 1
        told = missing & set(take(page))
        missing -= told
        query = next_page(page) if told or has_gaps else None


def _read_backups(get: Get, wanted: Collection[str], lists: Lists) -> None:
    def take(page: Fields) -> Collection[str]:
        listed = read_list(page)
        for row in page.tables("backups"):
            identifier = _text(row, "id")
            if identifier in listed and identifier not in lists.statuses:
                lists.statuses[identifier] = listed[identifier]
                if listed[identifier].problem is None:
                    lists.backups[identifier] = row
        return listed

    _sweep(get, "backups", wanted, take, has_gaps=True)


def _read_configurations(get: Get, wanted: Collection[str], lists: Lists) -> None:
    known, twice = lists.configurations, set[str]()

    def take(page: Fields) -> Collection[str]:
        for row in page.tables("configurations"):
            identifier = _text(row, "id")
            if identifier not in wanted or identifier in twice or not _is_whole(row):
                continue
            if known.setdefault(identifier, row).document != row.document:
                twice.add(identifier)
                del known[identifier]
        return known

    _sweep(get, "configurations", wanted, take, query={})


def _text(row: Fields, key: str) -> str:
    """Return a text, empty for what is none: a bad entry costs its own source only."""
    value = row.document.get(key)
    return value if isinstance(value, str) else ""


def _is_whole(configuration: Fields) -> bool:
    """Whether a list says what decides: one that is switched off must not look on."""
    flags = (configuration.document.get(name) for name in ("enabled", "deleted"))
    backups = configuration.document.get("backups")
    return all(isinstance(flag, bool) for flag in flags) and isinstance(backups, dict)


def _read_histories(get: Get, wanted: Collection[str], lists: Lists) -> None:
    rows: dict[str, list[Fields]] = {}
    last: list[datetime] = []

    def take(page: Fields) -> Collection[str]:
        try:
            for row in page.tables("activities"):
                owner = row.table("configuration").text("id") or ""
                time = row.time("last_updated_time")
                is_backup = row.text("type") == "backup"
                if is_backup and not (owner and time):
                    raise page.invalid("does not say when a run was, or whose")
                if time and min([time, *last]) != time:
                    raise page.invalid("lists runs in no order")
                last[:] = [time] if time else last
                if is_backup and owner in wanted:
                    rows.setdefault(owner, []).append(row)
        except ProblemError:
            # Which run is the newest cannot be told from this list.
            rows.clear()
            raise
        return rows

    _sweep(get, "activities", wanted, take)
    for owner, runs in rows.items():
        document = {"activities": [run.document for run in runs]}
        first = runs[0]
        lists.histories[owner] = Fields(
            document=document, origin=first.origin, zone=first.zone
        )


def _needed(configuration: str, lists: Lists) -> set[str]:
    """Return the backups that tell of a configuration: its latest, its last success."""
    newest = lists.histories[configuration].document["activities"][0]
    needed = {newest.get("id")}
    known = lists.configurations.get(configuration)
    if known is not None and newest.get("state") != "completed":
        needed.add(known.table("backups").table("last_completed").text("id"))
    return {identifier for identifier in needed if isinstance(identifier, str)}
