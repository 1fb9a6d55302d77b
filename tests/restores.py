"""Sources with restore tests, whose answers are files that a test writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backup_badge.config.load import load
from backup_badge.config.settings import Settings

CONFIGURATION = """\
cache_dir = "cache"

[providers.job]
type = "json"
preset = "borg-job"

[sources.orders-db]
address = "job:document"
label = "Orders database"
file = "orders.json"
description = "Orders and payments"
owner = "Team Payments"
groups = ["databases"]
max_age = "26h"
link = "https://example.org/orders"

[sources.orders-db.restore]
address = "json:document"
preset = "drill"
file = "drill.json"
max_age = "100d"

[sources.wiki]
address = "job:document"
file = "wiki.json"
owner = "Team Web"
groups = ["databases"]
"""


def configure(directory: Path, text: str = CONFIGURATION) -> Settings:
    """Write a configuration and both backups, which succeeded; return the settings."""
    (directory / "backup-badge.toml").write_text(text)
    for name in ("orders", "wiki"):
        write_run(directory / f"{name}.json")
    return load(directory, environ={})


def write_run(path: Path, *, code: int = 0, days: float = 0.1, **more: Any) -> None:
    """Write what a job says that ended so many days ago."""
    ended = datetime.now(UTC) - timedelta(days=days)
    started = ended - timedelta(minutes=14)
    times = {"started": started.isoformat(), "finished": ended.isoformat()}
    path.write_text(json.dumps({**times, "exit": code, **more}))
