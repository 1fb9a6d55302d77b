"""A stand-in for the API of a Kubernetes cluster, as far as lists of objects need it.

Discovery, lists by ``limit`` and ``continue``, and refusals are as in
kubernetes.io/docs/reference/using-api/api-concepts; ``kubectl`` works with it.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from loopback import Answer, HttpService, Request, json_answer

TOKEN = "t0ken-of-a-service-account"
_LIST = re.compile(r"/apis/(?P<group>[^/]+/[^/]+)(?:/namespaces/([^/]+))?/(\w+)")


def resource(
    kind: str, name: str, *, group: str, namespace: str = "prod", **parts: Any
) -> dict[str, Any]:
    """Return an object; ``labels`` and ``created`` are parts of its metadata."""
    metadata = {
        "name": name,
        "namespace": namespace,
        "labels": parts.pop("labels", {}),
        "creationTimestamp": parts.pop("created", "2026-11-28T02:00:00Z"),
    }
    if "deleted" in parts:
        metadata["deletionTimestamp"] = parts.pop("deleted")
    return {"apiVersion": group, "kind": kind, "metadata": metadata, **parts}


def printed(*items: dict[str, Any]) -> dict[str, Any]:
    """Return what ``kubectl get KINDS -o json`` prints of several objects."""
    return {
        "apiVersion": "v1",
        "items": [*items],
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }


class Cluster(HttpService):
    """Holds ``objects``, of the ``groups`` that are installed; knows one token.

    ``forbidden`` are plurals that may not be listed. A continued list of the plurals
    in ``expired`` lived too long. ``most`` is the most that stand on a page.
    ``kubectl`` sends its token over ``tls`` alone.
    """

    def __init__(
        self,
        objects: Sequence[dict[str, Any]],
        *,
        forbidden: Sequence[str] = (),
        expired: Sequence[str] = (),
        most: int = 500,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__()
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
            self.url = self.url.replace("http:", "https:")
        self.asked: list[str] = []
        self._objects = objects
        self._forbidden, self._expired, self._most = forbidden, expired, most

    def answer(self, request: Request) -> Answer:
        """Answer by a list, a part of the discovery, or a Status that refuses."""
        self.asked.append(f"{request.path}?{request.query}")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal(401, "Unauthorized", "Unauthorized")
        kinds = {(one["apiVersion"], one["kind"]) for one in self._objects}
        if found := _discovered(request.path, sorted(kinds)):
            return json_answer(found)
        matched = _LIST.fullmatch(request.path)
        if not matched or matched["group"] not in {group for group, _ in kinds}:
            return Answer(status=404, body=b"404 page not found\n")
        group, namespace, plural = matched.groups()
        if plural not in {_plural(kind) for known, kind in kinds if known == group}:
            return Answer(status=404, body=b"404 page not found\n")
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        if plural in self._forbidden:
            why = f'{plural} is forbidden: User "docs" cannot list resource "{plural}"'
            return _refusal(403, "Forbidden", why)
        if plural in self._expired and "continue" in query:
            return _refusal(410, "Expired", "The provided continue parameter is old")
        return self._page(group, namespace, plural, query)

    def _page(
        self, group: str, namespace: str | None, plural: str, query: dict[str, str]
    ) -> Answer:
        items = [
            one
            for one in self._objects
            if (one["apiVersion"], _plural(one["kind"])) == (group, plural)
            and namespace in (None, one["metadata"]["namespace"])
        ]
        first = int(query.get("continue", "0"))
        last = first + min(int(query.get("limit") or self._most), self._most)
        metadata = {"resourceVersion": "7"}
        if last < len(items):
            metadata["continue"] = str(last)
        kind = f"{items[0]['kind'] if items else 'Thing'}List"
        page = {"apiVersion": group, "kind": kind, "metadata": metadata}
        return json_answer({**page, "items": items[first:last]})


def kubeconfig(
    directory: Path, url: str, *, authority: Path, token: str = TOKEN
) -> Path:
    """Write a configuration for ``kubectl`` and return its path."""
    path = directory / "kubeconfig"
    path.write_text(f"""\
apiVersion: v1
kind: Config
current-context: test
contexts: [{{name: test, context: {{cluster: test, user: docs}}}}]
clusters:
  - name: test
    cluster: {{server: "{url}", certificate-authority: "{authority}"}}
users: [{{name: docs, user: {{token: "{token}"}}}}]
""")
    return path


def _plural(kind: str) -> str:
    return f"{kind.lower()}s"


def _refusal(code: int, reason: str, message: str) -> Answer:
    status = {"apiVersion": "v1", "kind": "Status", "status": "Failure"}
    told = {"message": message, "reason": reason, "code": code}
    return json_answer({**status, **told}, status=code)


def _discovered(path: str, kinds: list[tuple[str, str]]) -> dict[str, Any] | None:
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/api/v1":
        return {"kind": "APIResourceList", "groupVersion": "v1", "resources": []}
    if path == "/apis":
        groups = []
        for version in sorted({group for group, _ in kinds}):
            one = {"groupVersion": version, "version": version.partition("/")[2]}
            name = version.partition("/")[0]
            groups.append({"name": name, "versions": [one], "preferredVersion": one})
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    group = path.removeprefix("/apis/")
    resources = [
        {
            "name": _plural(kind),
            "singularName": kind.lower(),
            "namespaced": True,
            "kind": kind,
            "verbs": ["get", "list"],
        }
        for known, kind in kinds
        if known == group
    ]
    if not resources:
        return None
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": group,
        "resources": resources,
    }
