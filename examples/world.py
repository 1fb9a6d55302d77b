"""The demonstration's world, in which every state can be seen.

``backup-badge.toml`` beside this file gives these backups their names.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from healthchecks_api import Check

if TYPE_CHECKING:
    from cloud import Cloud

SECRETS = {
    "RACKSPACE_USER": "demo",
    "RACKSPACE_KEY": "demo-key",
    "HEALTHCHECKS_KEY": "demo-key",
}
"""What the references in the configuration stand for, besides ``CLOUD_URL``."""

BADGES = {
    ("acme", "website"): "succeeded",
    ("github", "acme", "repository", "handbook"): "succeeded",
    ("github", "acme", "repository", "blog"): "failed",
    ("github", "acme", "repository", "shop"): "in progress",
    ("gitlab", "acme/tools", "repository", "build images"): "scheduled",
    ("azuredevops", "acme", "repository", "legacy portal"): "deleted",
    ("github", "acme", "repository", "playground"): "unknown",
}

# Name, id, state of the newest run, hours since that ended (0: it hasn't).
CONFIGURATIONS = (
    ("Orders database", "7c8ee069-568f-4d5a-932f-fb2af86b5fd5", "completed", 3),
    ("Ledger", "c61d3f85-0a9e-47b2-8f43-7e25b9d0c1a6", "completed", 72),
    ("Invoices", "19a4e6d2-f3b7-4c85-a0e9-58d12c7b4f63", "queued", 0),
    ("Search index", "4e90a7b3-62cd-4f18-b5d7-90c3e1f6a258", "in_progress", 0),
    ("Mail", "e8350b9c-7d14-4826-9ab5-c4f6a1e2d037", "failed", 7),
    ("Reports", "5fb82e61-a4c9-4d03-8e76-1b9d5c3a07f2", "skipped", 9),
    ("Sandbox", "a7d9c034-1e6f-4b58-93c2-6f08e4b7d5a1", "stopped", 30),
    ("Staging", "38c5f7a0-d2b1-49e4-8760-e9a3d4c1b6f8", "completed", 20),
    ("Media archive", "b2f7c1d4-8e35-4a0b-9c61-3d5f70a8e924", "completed", 5),
    ("Old wiki", "d04b6e92-5c87-41fa-b3d8-2a7f9e60c5b3", "completed", 2000),
)
DISABLED, DELETED = ("Staging",), ("Old wiki",)

# What the newest runs have besides; that of the media archive is the guide's example.
DETAILS: dict[str, dict[str, Any]] = {
    "Orders database": {"files_searched": 418, "files": 37, "bytes": 2_840_000_000},
    "Mail": {"errors": 3, "reason": "agent_lost_connection", "files": 0, "bytes": 0},
    "Reports": {"files": 0, "bytes": 0},
    "Media archive": {
        "id": "0d95d699-d16b-11e4-93bd-c8e0eb190e3d",
        "state": "completed_with_errors",
        "errors": 1,
        "reason": "unable_to_process_some_files",
        "diagnostics": "Some files could not be backed up. Partial list follows.",
    },
}


def furnish(cloud: Cloud) -> None:
    """Fill ``cloud`` with the world above; every time counts back from now."""
    now = datetime.now(UTC)
    cloud.badges.update(BADGES)
    for name, id_, state, hours in CONFIGURATIONS:
        cloud.add_configuration(
            id=id_, name=name, enabled=name not in DISABLED, deleted=name in DELETED
        )
        # The run before the newest went well, and newer activities are no backups: who
        # reads the wrong line of the history shows a wrong status.
        older = cloud.add_backup(
            configuration=id_, ended=now - timedelta(hours=hours + 22)
        )
        newest = {"configuration": id_, "state": state, **DETAILS.get(name, {})}
        if hours:
            newest["ended"] = now - timedelta(hours=hours)
        cloud.add_backup(**newest)
        cloud.add_restore(backup=older, state="failed", ended=now)
        cloud.add_activity(configuration=id_, type="cleanup", state="completed")
    cloud.healthchecks.keys.add(SECRETS["HEALTHCHECKS_KEY"])
    silent = now - timedelta(days=4)
    cloud.healthchecks.checks += [
        Check(slug="payroll", last_ping=now - timedelta(hours=9)),
        Check(
            slug="uploads",
            last_ping=now - timedelta(hours=9),
            last_start=now - timedelta(minutes=12),
        ),
        Check(
            slug="wiki-dump",
            status="down",
            last_ping=silent,
            flips=[(silent + timedelta(hours=25), 0)],
        ),
    ]


def environ(cloud: Cloud) -> dict[str, str]:
    """Return the variables that the configuration refers to."""
    return {"CLOUD_URL": cloud.url, **SECRETS}
