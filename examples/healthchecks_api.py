"""The part of the stand-in service that speaks Healthchecks' Management API v3.

Knows what a read-only key may ask: the list of checks, one check, its status changes.
Source: healthchecks.io/docs/api.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from loopback import Answer, Request, json_answer


@dataclass(kw_only=True)
class Check:
    """One check, with a simple schedule.

    ``last_ping`` is the last that said how a run ended, ``last_start`` the one of a run
    that is under way; ``flips`` are the times at which the check went down or up,
    newest first.
    """

    slug: str
    status: str = "up"
    tags: str = ""
    last_ping: datetime | None = None
    timeout: timedelta = timedelta(days=1)
    grace: timedelta = timedelta(hours=1)
    last_start: datetime | None = None
    flips: list[tuple[datetime, int]] = field(default_factory=list)

    @property
    def unique_key(self) -> str:
        """What tells a check to who has a read-only key."""
        return hashlib.sha1(self.slug.encode(), usedforsecurity=False).hexdigest()

    def document(self) -> dict[str, Any]:
        """Return the check as a read-only key sees it."""
        is_up = self.status in ("up", "grace")
        due = self.last_ping + self.timeout if is_up and self.last_ping else None
        # A run under way is due from its beginning on.
        start = None if self.status == "down" else self.last_start
        next_ping = min(filter(None, (due, start)), default=None)
        return {
            "name": self.slug.replace("-", " ").capitalize(),
            "slug": self.slug,
            "tags": self.tags,
            "desc": "",
            "grace": int(self.grace.total_seconds()),
            "n_pings": 412 if self.last_ping else 0,
            "status": self.status,
            "started": self.last_start is not None,
            "last_ping": self.last_ping and self.last_ping.isoformat(),
            "next_ping": next_ping and next_ping.isoformat(),
            "manual_resume": False,
            "methods": "",
            "unique_key": self.unique_key,
            "timeout": int(self.timeout.total_seconds()),
        }


class Healthchecks:
    """One project's checks; ``keys`` are the keys that are accepted."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.keys = {"read-only-key"}

    def answer(self, request: Request, path: Sequence[str]) -> Answer:
        """Answer a request; ``path`` is its path below the service's own URL."""
        if request.headers.get("x-api-key") not in self.keys:
            return json_answer({"error": "missing api key"}, status=401)
        match request.method, *(part for part in path if part):
            case "GET", "api", "v3", "checks":
                return json_answer({"checks": self._listed(parse_qs(request.query))})
            case "GET", "api", "v3", "checks", key, *rest:
                return self._one(key, rest)
        return json_answer({}, status=404)

    def _one(self, key: str, rest: Sequence[str]) -> Answer:
        found = [check for check in self.checks if check.unique_key == key]
        if found and not rest:
            return json_answer(found[0].document())
        if found and rest == ["flips"]:
            flips = [
                {"timestamp": time.isoformat(), "up": up} for time, up in found[0].flips
            ]
            return json_answer(flips)
        return json_answer({}, status=404)

    def _listed(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        slugs, tags = query.get("slug"), query.get("tag", [])
        return [
            check.document()
            for check in self.checks
            if (slugs is None or check.slug in slugs)
            and set(tags) <= set(check.tags.split())
        ]
