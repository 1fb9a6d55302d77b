"""Reading objects of Kubernetes: from its API, or from what ``kubectl`` printed.

Source: kubernetes.io/docs/reference/using-api/api-concepts, "Retrieving large results
sets in chunks", and kubectl's ``get ... -o json``.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar
from urllib.parse import quote

from backup_badge.documents.schedules import allowed_age, cron_interval
from backup_badge.provider import (
    COMMAND,
    FILE,
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Http,
    Provider,
    State,
    Status,
    Way,
    bearer,
    by_cursor,
)

_PAGE = "200"
"""Objects on a page. With all that the API adds, they are some kilobytes each."""
_CLOCKS = timedelta(minutes=5)
"""How much a schedule's time may differ from that of the run it made."""
FAILURES = (
    Failure(
        category=Category.NOT_FOUND,
        words=("doesn't have a resource type", "(NotFound)"),
        advice="the cluster does not know these objects; check the names, and whether"
        " the operator is installed",
    ),
    Failure(
        category=Category.UNAUTHORIZED,
        words=("(Forbidden)",),
        advice="the account may not list these objects; give it the verbs get and list",
    ),
    Failure(
        category=Category.UNAUTHORIZED,
        words=("must be logged in", "(Unauthorized)"),
        advice="the cluster does not accept the credential; check when it expires",
    ),
    Failure(
        category=Category.UNREACHABLE,
        words=("Unable to connect", "was refused"),
        advice="the cluster cannot be reached",
    ),
)
"""What kubectl says of failures on its standard error; its exit code is always 1."""


class Resource:
    """One object of a list that many sources share."""

    def __init__(self, document: Fields) -> None:
        self._document = document
        self.group = (self.find("apiVersion") or "").partition("/")[0]
        self.kind = self.find("kind")
        self.name = self.find("metadata", "name")
        self.namespace = self.find("metadata", "namespace")

    def find(self, *path: str) -> str | None:
        """Return the text at the end of a path, by which a source knows its objects.

        Never raises: an object that cannot be read is nobody's.
        """
        value: object = self._document.document
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, str) else None

    def label(self, name: str) -> str | None:
        """Return the value of a label."""
        return self.find("metadata", "labels", name)

    @property
    def spec(self) -> Fields:
        """What was asked for."""
        return self._document.table("spec")

    @property
    def status(self) -> Fields:
        """What the operator says of it."""
        return self._document.table("status")

    @property
    def created(self) -> datetime | None:
        """When the object was made (UTC)."""
        return self._time("creationTimestamp")

    @property
    def is_going(self) -> bool:
        """Whether it is about to be deleted."""
        return self._time("deletionTimestamp") is not None

    def condition(self, kind: str) -> Fields:
        """Return the condition of a type, empty where there is none."""
        conditions: object = self.status.document.get("conditions")
        for one in conditions if isinstance(conditions, list) else ():
            if isinstance(one, dict) and one.get("type") == kind:
                return Fields(document=one, origin=self._document.origin)
        return Fields(document={}, origin=self._document.origin)

    def _time(self, key: str) -> datetime | None:
        return self._document.table("metadata").time(key)


class KubernetesProvider(Provider, ABC):
    """A provider of objects of one API group and version, such as ``velero.io/v1``.

    Over HTTP it needs a service account's token. A file or a command holds the output
    of ``kubectl get KINDS -o json``: one object, or a list of all kinds.
    """

    group: ClassVar[str]
    within = "NAMESPACE"
    ways: ClassVar[tuple[Way, ...]] = (
        Http(credentials=(bearer(),), required=True),
        FILE,
        COMMAND,
    )

    def objects(
        self, ask: Ask, kind: str, namespace: str, *, group: str = ""
    ) -> list[Resource]:
        """Return the objects of a kind in a namespace, which may be none at all.

        Those of all namespaces where it is empty.
        """
        group = group or self.group
        if ask.is_http:
            listed = partial(_listed, ask, group, kind, namespace)
            return ask.once((group, kind, namespace), listed)
        # Several systems have a kind Backup: their objects may stand in one file.
        groups = (group.partition("/")[0], "")
        return [
            one
            for one in ask.once("printed", partial(_printed, ask))
            if one.group in groups
            and one.kind == kind
            and namespace in ("", one.namespace)
        ]

    def schedules(
        self, ask: Ask, kind: str, form: str, cron: Callable[[Resource], str | None]
    ) -> Iterator[Found]:
        """List the objects of a kind, in all namespaces or the one that is named.

        ``form`` is the first segment of their addresses, ``cron`` tells a schedule.
        """
        for one in self.objects(ask, kind, "".join(ask.within)):
            if one.namespace and one.name:
                yield Found(
                    segments=(form, one.namespace, one.name),
                    label=one.name,
                    groups=(one.namespace,),
                    max_age=allowed_age(cron_interval(cron(one))),
                )

    def named(self, ask: Ask, objects: Iterable[Resource], name: str) -> Resource:
        """Return the object of a name. Raises ProblemError (``not_found``)."""
        for one in objects:
            if one.name == name:
                return one
        why = f"there is no {name!r} in the namespace; check both names"
        raise ask.problem(Category.NOT_FOUND, why)

    def latest(
        self, runs: Sequence[Status], nothing: str, *, never_ran: bool = False
    ) -> Status:
        """Return the newest run, and when one went well.

        ``nothing`` says why there is none, ``never_ran`` that there never was one.
        """
        newest = self.newest(runs) or self.nothing(nothing, never_ran=never_ran)
        return self.with_last_success(newest, runs)

    @staticmethod
    def word_of(
        one: Fields, key: str, *, new: str, began: datetime | None
    ) -> str | None:
        """Return an object's word; ``new`` for none, unless it tells of a run."""
        return one.text(key) or (new if began is None else None)

    @staticmethod
    def existing(one: Resource, status: Status) -> Status:
        """Return a run's status, which is no good news where it is being deleted."""
        if one.is_going and status.reported.is_good:
            return Provider.turned(status, State.DELETED, "it is being deleted")
        return status

    @staticmethod
    def of_newest(status: Status, made: datetime | None) -> Status:
        """Return the newest run's status, unless its schedule made a newer one.

        ``made`` is when the schedule says that it made its last run.
        """
        ran = status.started or status.finished
        if made is None or (ran is not None and made - ran <= _CLOCKS):
            return status
        gone = f"the backup of {made:%Y-%m-%d %H:%M} UTC is gone"
        if status.reported.is_good or ran is None:
            return Provider.turned(status, State.DELETED, gone)
        return status


def _listed(ask: Ask, group: str, kind: str, namespace: str) -> list[Resource]:
    """Read all pages of a list of the API."""
    plural = f"{kind.lower()}s"
    place = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
    path = f"/apis/{group}{place}/{plural}"
    missing = (
        f"the cluster knows no {plural} of {group}: the operator is not installed, has"
        " another version, or 'url' is not that of the cluster's API"
    )
    pages = ask.pages(path, by_cursor("metadata.continue", "continue"), limit=_PAGE)
    with ask.explained(Category.NOT_FOUND, missing):
        found = [*map(Resource, next(pages).rows("items"))]
    # Where a list lives too long between two pages, the API answers 410.
    with ask.explained(Category.NOT_FOUND, "the list changed while it was read"):
        found += [Resource(row) for page in pages for row in page.rows("items")]
    return found


def _printed(ask: Ask) -> list[Resource]:
    """Read what kubectl printed: one object, or a list of objects."""
    answer = ask.document(FAILURES)
    document = answer.fields()
    if "items" not in document.document and document.text("kind"):
        return [Resource(document)]
    # In a list of one kind, which tools of operators print, it may say the kind alone.
    kind = (document.text("kind") or "").removesuffix("List")
    common = {"apiVersion": document.text("apiVersion"), "kind": kind} if kind else {}
    return [
        Resource(Fields(document={**common, **row.document}, origin=row.origin))
        for row in answer.rows("items")
    ]
