"""What the Rackspace services know, and the JSON documents in which they say it.

Shapes from the Rackspace Cloud Backup v2 guide. ``base`` is the address under which the
client called: ``http://127.0.0.1:PORT/iad/v2/TENANT``. Times are aware, in UTC.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

AGENT = "8f135b4f-7a69-4b8a-947f-5e80d772fd97"
TENANT = "123456"
WAITING = ("start_requested", "start_scheduled", "queued", "preparing")
RUNNING = ("in_progress", "stop_requested")
COMPLETED = ("completed", "completed_with_errors")


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return str(uuid.uuid4())


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" if moment else None


def _link(href: str, rel: str = "full") -> dict[str, str]:
    return {"href": href, "rel": rel}


def _reference(base: str, kind: str, id_: str) -> dict[str, object]:
    return {"id": id_, "links": [_link(f"{base}/{kind}/{id_}")]}


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user of the identity service and the tenant whose backups it may read."""

    username: str
    api_key: str
    tenant: str


@dataclass(kw_only=True)
class Activity:
    """A ``backup``, ``cleanup`` or ``restore`` in a configuration's history."""

    configuration: str
    type: str
    state: str = "completed"
    updated: datetime = field(default_factory=_now)
    id: str = field(default_factory=_new_id)

    def document(self, base: str) -> dict[str, object]:
        """Return an entry of ``activities``; a cleanup names no configuration."""
        owner = {
            "configuration": _reference(base, "configurations", self.configuration)
        }
        return {
            "id": self.id,
            "type": self.type,
            "last_updated_time": _stamp(self.updated),
            "state": self.state,
            "agent": _reference(base, "agents", AGENT),
            **(owner if self.type != "cleanup" else {}),
            "links": [_link(f"{base}/{self.type}s/{self.id}", self.type)],
        }


@dataclass(kw_only=True)
class Run:
    """A run of an agent; times that aren't given suit its state.

    One that is finished ended an hour ago. ``overrides`` are laid over the JSON
    document, to make it as odd as a test needs.
    """

    kind: ClassVar[str]
    length: ClassVar[timedelta]

    tenant: str = TENANT
    id: str = field(default_factory=_new_id)
    configuration: str = field(default_factory=_new_id)
    state: str = "completed"
    started: datetime | None = None
    ended: datetime | None = None
    errors: int = 0
    reason: str = ""
    files: int = 6
    bytes: int = 127_000_000
    overrides: Mapping[str, object] = field(default_factory=dict)
    created: datetime = field(default_factory=_now)

    def __post_init__(self) -> None:
        if self.state in RUNNING:
            self.started = self.started or _now() - timedelta(minutes=10)
        elif self.state not in WAITING:
            an_hour_ago = _now() - timedelta(hours=1)
            begun = self.started
            self.ended = self.ended or (begun + self.length if begun else an_hour_ago)
            self.started = self.started or self.ended - self.length

    @property
    def updated(self) -> datetime:
        """When something last happened to the run, for "newest first"."""
        return self.ended or self.started or self.created

    def activity(self) -> Activity:
        """Return the entry in the configuration's history."""
        return Activity(
            configuration=self.configuration,
            type=self.kind,
            state=self.state,
            updated=self.updated,
            id=self.id,
        )


@dataclass(kw_only=True)
class Backup(Run):
    """One run of a backup."""

    kind = "backup"
    length = timedelta(seconds=88)

    diagnostics: str = ""
    files_searched: int = 1222
    bytes_searched: int = 3_700_000_000
    restorable: bool | None = None

    def document(self, base: str) -> dict[str, object]:
        """Return the answer to ``GET /backups/{id}``.

        What isn't known yet is null before the run begins and absent while it runs, so
        that a client meets both.
        """
        waiting, here = self.state in WAITING, f"{base}/backups/{self.id}"
        restorable = self.restorable
        document: dict[str, object] = {
            "project_id": self.tenant,
            "id": self.id,
            "agent": _reference(base, "agents", AGENT),
            "configuration": _reference(base, "configurations", self.configuration),
            "state": self.state,
            "started_time": _stamp(self.started),
            "ended_time": _stamp(self.ended),
            "snapshot_id": None if waiting else 1111,
            "errors": {
                "count": self.errors,
                "reason": self.reason,
                "diagnostics": self.diagnostics,
                "links": [_link(f"{here}/errors")],
            },
            "files_searched": 0 if waiting else self.files_searched,
            "files_backed_up": 0 if waiting else self.files,
            "bytes_searched": 0 if waiting else self.bytes_searched,
            "bytes_backed_up": 0 if waiting else self.bytes,
            "bytes_in_db": 0 if waiting else 49_340_871,
            "bandwidth_avg_bps": 0 if waiting else 16_628_982,
            "restorable": self.state in COMPLETED if restorable is None else restorable,
            "links": [_link(here, "self"), _link(f"{here}/events", "events")],
        }
        if self.state in RUNNING:
            for later in ("ended_time", "snapshot_id", "restorable"):
                del document[later]
        return {**document, **self.overrides}


@dataclass(kw_only=True)
class Restore(Run):
    """One restore of a backup."""

    kind = "restore"
    length = timedelta(seconds=41)

    backup: str

    def document(self, base: str) -> dict[str, object]:
        """Return the answer to ``GET /restores/{id}``: it names the backup alone."""
        here = f"{base}/restores/{self.id}"
        return {
            "project_id": self.tenant,
            "id": self.id,
            "backup": _reference(base, "backups", self.backup),
            "destination_agent": _reference(base, "agents", AGENT),
            "destination_path": "/srv/restored",
            "state": self.state,
            "started_time": _stamp(self.started),
            "ended_time": _stamp(self.ended),
            "errors": {
                "count": self.errors,
                "reason": self.reason,
                "diagnostics": "",
                "links": [_link(f"{here}/errors")],
            },
            "files_restored": self.files if self.ended else 0,
            "bytes_restored": self.bytes if self.ended else 0,
            "links": [_link(here, "self"), _link(f"{here}/events", "events")],
            **self.overrides,
        }


@dataclass(kw_only=True)
class Configuration:
    """What is backed up when: "the nightly backup of the orders database"."""

    tenant: str = TENANT
    id: str = field(default_factory=_new_id)
    name: str = "Nightly"
    enabled: bool = True
    deleted: bool = False
    next: datetime | None = field(default_factory=lambda: _now() + timedelta(hours=22))
    overrides: Mapping[str, object] = field(default_factory=dict)

    def document(self, base: str, runs: Sequence[Backup]) -> dict[str, object]:
        """Return the answer to ``GET /configurations/{id}``, given its own runs."""
        completed = [run for run in runs if run.state in COMPLETED]
        last = max(completed, key=lambda run: run.updated, default=None)
        here = f"{base}/configurations/{self.id}"
        runs_again = self.next if self.enabled and not self.deleted else None
        return {
            "project_id": self.tenant,
            "id": self.id,
            "agent": _reference(base, "agents", AGENT),
            "name": self.name,
            "enabled": self.enabled,
            "schedule": {
                "start": "2014-08-05T18:22:21Z",
                "recurrence": ["RRULE:FREQ=DAILY"],
                "time_zone": "Etc/UTC",
            },
            "retention": {"days": 30},
            "inclusions": [{"type": "folder", "path": "/srv/"}],
            "exclusions": [],
            "notifications": [],
            "deleted": self.deleted,
            "backups": {
                "last_completed": last and _reference(base, "backups", last.id),
                "next": runs_again and {"scheduled_time": _stamp(runs_again)},
            },
            "links": [
                _link(here, "self"),
                _link(f"{here}/activities", "activities"),
                _link(f"{here}/events", "events"),
            ],
            **self.overrides,
        }


def access_document(
    account: Account, *, token: str, endpoints: Mapping[str, str]
) -> dict[str, object]:
    """Return the answer to ``POST /tokens``; ``endpoints`` maps region to address."""
    tenant = account.tenant
    expires = _now() + timedelta(days=1)
    backup = [
        {"region": region, "tenantId": tenant, "publicURL": url}
        for region, url in endpoints.items()
    ]
    # As in the guide's own example: other services too, and one that has no region.
    dns = [{"tenantId": tenant, "publicURL": "https://dns.example.org/v1.0/" + tenant}]
    return {
        "access": {
            "token": {
                "id": token,
                "expires": f"{expires:%Y-%m-%dT%H:%M:%S}.488Z",
                "tenant": {"id": tenant, "name": tenant},
            },
            "serviceCatalog": [
                {"name": "cloudDNS", "type": "rax:dns", "endpoints": dns},
                {"name": "cloudBackup", "type": "rax:backup", "endpoints": backup},
            ],
            "user": {"id": "172157", "name": account.username, "roles": []},
        }
    }
