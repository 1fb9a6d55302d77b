"""Reading objects of Kubernetes: from its API, or from what ``kubectl`` printed.

Source: kubernetes.io/docs/reference/using-api/api-concepts, "Retrieving large results
sets in chunks", and kubectl's ``get ... -o json``.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from urllib.parse import quote

from backup_badge.provider import (
    COMMAND,
    FILE,
    Ask,
    Category,
    Fields,
    Http,
    Provider,
    bearer,
    by_cursor,
)

_PAGE = "500"


class KubernetesProvider(Provider, ABC):
    """A provider of objects of one API group, such as ``velero.io/v1``.

    Over HTTP it needs a service account's token. A file or a command holds the output
    of ``kubectl get KINDS --all-namespaces -o json``: one list of all kinds.
    """

    group: str
    ways = (Http(credentials=(bearer(),), required=True), FILE, COMMAND)

    def objects(self, ask: Ask, kind: str, plural: str, namespace: str) -> list[Fields]:
        """Return the objects of a kind in a namespace."""
        if ask.is_http:
            path = f"/apis/{self.group}/namespaces/{quote(namespace, safe='')}/{plural}"
            pages = ask.pages(
                path, by_cursor("metadata.continue", "continue"), limit=_PAGE
            )
            return [row for page in pages for row in page.rows("items")]
        answer = ask.document()
        return [
            row
            for row in answer.rows("items")
            if row.text("kind") == kind and _namespace(row) == namespace
        ]

    def named(self, ask: Ask, objects: Iterable[Fields], name: str) -> Fields:
        """Return the object of a name. Raises ProblemError (``not_found``)."""
        for one in objects:
            if one.table("metadata").text("name") == name:
                return one
        raise ask.problem(Category.NOT_FOUND, f"there is no {name!r} in the answer")


def label(one: Fields, name: str) -> str | None:
    """Return an object's label."""
    return one.table("metadata").table("labels").text(name)


def _namespace(one: Fields) -> str | None:
    return one.table("metadata").text("namespace")
