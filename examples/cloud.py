"""A stand-in for three backup systems, over real HTTP on loopback.

Speaks Cloudback's badge protocol (Cloudback documentation, Backup Status Badge), the
reading half of the Rackspace Cloud Backup v2 guide with its identity service, and
Healthchecks' API.
``python examples/cloud.py`` serves the world of ``world.py`` and prints its URL; tests
write ``with Cloud() as cloud`` and fill in what they need.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from cloudback_badge import draw_badge
from healthchecks_api import Healthchecks
from loopback import Answer, HttpService, Request, json_answer
from rackspace_documents import (
    TENANT,
    Account,
    Activity,
    Backup,
    Configuration,
    Restore,
    access_document,
)
from world import furnish

REGIONS = ("IAD", "DFW", "LON")


class Cloud(HttpService):
    """All services at ``url``; all state is plain data, to be changed at any time.

    ``badges`` maps decoded path segments to a status word, or to a document of one's
    own: text that starts with ``<``, or bytes. ``answers`` maps a raw path to answers
    which are given before the real one, as long as they last. ``page_size`` is the
    default and the largest page. ``public_url`` is the catalogue's pattern (the guide's
    own catalogue says ``/v1.0/{tenant}``). ``healthchecks`` are the checks of one
    project, below ``url``/healthchecks. ``latency`` is in seconds; ``down`` answers
    503 to everything.
    """

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.badges: dict[tuple[str, ...], str | bytes] = {}
        self.backups: dict[str, Backup] = {}
        self.configurations: dict[str, Configuration] = {}
        self.restores: dict[str, Restore] = {}
        self.activities: list[Activity] = []
        self.accounts = [Account(username="demo", api_key="demo-key", tenant=TENANT)]
        self.tokens: dict[str, str] = {}
        self.healthchecks = Healthchecks()
        self.answers: dict[str, Iterator[Answer]] = {}
        self.requests: list[Request] = []
        self.page_size = 100
        self.public_url = "{url}/{region}/v2/{tenant}"
        self.latency = 0.0
        self.down = False
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Forget the requests recorded so far."""
        with self._lock:
            self.requests.clear()

    def add_token(self, token: str, tenant: str) -> None:
        """Accept ``token`` for ``tenant`` without any identity call."""
        self.tokens[token] = tenant

    def expire_tokens(self) -> None:
        """Revoke every token, issued and added ones alike."""
        self.tokens.clear()

    def add_backup(self, **fields: Any) -> str:
        """Add a run, see ``Backup`` for the fields and defaults; return its id."""
        backup = Backup(**fields)
        self.backups[backup.id] = backup
        return backup.id

    def add_restore(self, **fields: Any) -> str:
        """Add a restore of a backup, see ``Restore`` for the fields; return its id."""
        owner = self.backups[fields["backup"]].configuration
        restore = Restore(**{"configuration": owner, **fields})
        self.restores[restore.id] = restore
        return restore.id

    def add_configuration(self, **fields: Any) -> str:
        """Add a configuration, see ``Configuration`` for the fields; return its id."""
        configuration = Configuration(**fields)
        self.configurations[configuration.id] = configuration
        return configuration.id

    def add_activity(self, **fields: Any) -> str:
        """Add a cleanup or the like, see ``Activity`` for the fields; return its id."""
        self.activities.append(Activity(**fields))
        return self.activities[-1].id

    def answer(self, request: Request) -> Answer:
        """Record the request and answer it."""
        with self._lock:
            self.requests.append(request)
            planned = next(self.answers.get(request.path, iter(())), None)
        self.stopping.wait(self.latency)
        if self.down:
            return _error(503, "Service Unavailable")
        return planned or self._route(request)

    def _route(self, request: Request) -> Answer:
        # Split before decoding: an encoded slash belongs to its segment.
        match [unquote(segment) for segment in request.path.split("/")[1:]]:
            case ["badge", *names] if len(names) in (2, 4):
                return self._badge(request, tuple(names))
            case ["identity", "v2.0", "tokens"] if request.method == "POST":
                return self._authenticate(request)
            case ["healthchecks", *rest]:
                return self.healthchecks.answer(request, rest)
            case ["v2", tenant, *rest]:
                return self._rackspace(request, f"/v2/{tenant}", tenant, rest)
            case [region, "v2", tenant, *rest] if region.upper() in REGIONS:
                prefix = f"/{region}/v2/{tenant}"
                return self._rackspace(request, prefix, tenant, rest)
        return _error(404, "Not Found")

    def _badge(self, request: Request, names: tuple[str, ...]) -> Answer:
        badge = self.badges.get(names, "unknown")
        if isinstance(badge, str):
            badge = (badge if badge.startswith("<") else draw_badge(badge)).encode()
        etag = f'"{hashlib.sha256(badge).hexdigest()[:16]}"'
        if etag in request.headers.get("if-none-match", ""):
            return Answer(status=304, headers={"ETag": etag})
        headers = {"Content-Type": "image/svg+xml; charset=utf-8", "ETag": etag}
        return Answer(headers=headers, body=badge)

    def _authenticate(self, request: Request) -> Answer:
        try:
            asked = json.loads(request.body)["auth"]["RAX-KSKEY:apiKeyCredentials"]
            pair = asked["username"], asked["apiKey"]
        except (ValueError, KeyError, TypeError):
            fault = {"code": 400, "message": "Invalid request body."}
            return json_answer({"badRequest": fault}, status=400)
        for account in self.accounts:
            if pair == (account.username, account.api_key):
                return self._let_in(account)
        fault = {"code": 401, "message": "Unable to authenticate user."}
        return json_answer({"unauthorized": fault}, status=401)

    def _let_in(self, account: Account) -> Answer:
        token, place = (
            secrets.token_hex(16),
            {"url": self.url, "tenant": account.tenant},
        )
        self.add_token(token, account.tenant)
        endpoints = {
            name: self.public_url.format(region=name.lower(), **place)
            for name in REGIONS
        }
        return json_answer(access_document(account, token=token, endpoints=endpoints))

    def _rackspace(
        self, request: Request, prefix: str, tenant: str, rest: Sequence[str]
    ) -> Answer:
        if refusal := self._refusal(request, tenant):
            return refusal
        base = self.url + prefix
        runs = [run for run in list(self.backups.values()) if run.tenant == tenant]
        restores = [one for one in list(self.restores.values()) if one.tenant == tenant]
        plans = {
            id_: one
            for id_, one in list(self.configurations.items())
            if one.tenant == tenant
        }
        history = [run.activity() for run in (*runs, *restores)]
        history += [one for one in self.activities if one.configuration in plans]
        match rest:
            case ["backups"]:
                return self._page("backups", runs, request, base)
            case ["backups", id_] if any(run.id == id_ for run in runs):
                return json_answer(self.backups[id_].document(base))
            case ["restores"]:
                return self._page("restores", restores, request, base)
            case ["restores", id_] if any(one.id == id_ for one in restores):
                return json_answer(self.restores[id_].document(base))
            case ["activities"]:
                return self._page("activities", history, request, base)
            case ["configurations"]:
                own = {
                    id_: [run for run in runs if run.configuration == id_]
                    for id_ in plans
                }
                told = [one.document(base, own[id_]) for id_, one in plans.items()]
                return json_answer({"configurations": told, "links": []})
            case ["configurations", id_] if id_ in plans:
                own = [run for run in runs if run.configuration == id_]
                return json_answer(plans[id_].document(base, own))
            case ["configurations", id_, "activities"] if id_ in plans:
                history = [one for one in history if one.configuration == id_]
                return self._page("activities", history, request, base)
        return _error(404, "Not Found", "There is no such resource.")

    def _refusal(self, request: Request, tenant: str) -> Answer | None:
        owner = self.tokens.get(request.headers.get("x-auth-token", ""))
        if owner is None:
            return _error(401, "Unauthorized", "The token is expired or invalid.")
        if owner != tenant:
            return _error(403, "Forbidden", "The token belongs to another project.")
        if request.method not in ("GET", "HEAD"):
            return _error(405, "Method Not Allowed")
        return None

    def _page(
        self,
        name: str,
        records: Sequence[Backup | Activity | Restore],
        request: Request,
        base: str,
    ) -> Answer:
        asked = {key: values[-1] for key, values in parse_qs(request.query).items()}
        # Of two with the same time, the one added last is the newer one.
        rows = sorted(records, key=lambda row: row.updated)
        if asked.get("sort_dir") != "asc":
            rows.reverse()
        ids = [row.id for row in rows]
        limit, marker = asked.get("limit", str(self.page_size)), asked.get("marker")
        if not limit.isdecimal() or not int(limit) or marker not in (None, *ids):
            return _error(400, "Validation failed.", "limit or marker is invalid.")
        start = ids.index(marker) + 1 if marker else 0
        rows = rows[start : start + min(int(limit), self.page_size)]
        page: dict[str, object] = {name: [row.document(base) for row in rows]}
        # The guide: links can be missing when the list is empty. So the last page names
        # a next one too, which is empty and names none.
        if rows:
            query = urlencode({**asked, "marker": rows[-1].id})
            href = f"{self.url}{request.path}?{query}"
            page["links"] = [{"href": href, "rel": "next"}]
        return json_answer(page)


def _error(status: int, message: str, *errors: str) -> Answer:
    return json_answer({"message": message, "errors": list(errors)}, status=status)


def main() -> None:
    """Serve the demonstration's world until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    with Cloud(port=parser.parse_args().port) as cloud:
        furnish(cloud)
        print(cloud.url, flush=True)
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


if __name__ == "__main__":
    main()
