"""A thousand sources at once, without a host."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from uuid import UUID

from results import Row, Taken
from service import TENANT, TOKEN, running

from backup_badge import Site, load, table_mark

ROUNDS, CONCURRENCY = 3, 16

LATENCY = 0.1
"""Seconds that the backup system takes for an answer."""


def anonymous(folder: Path, number: int = 1000) -> Iterator[Row]:
    """Sources with a request each, against the least time that these can take."""
    addresses = [f"cloudback:acme/site{source}" for source in range(number)]
    with running(latency=LATENCY, badges=number) as service:
        rounds = (folder / str(number) for number in range(ROUNDS))
        taken = [_resolve(place, addresses, service.url) for place in rounds]
    yield Row(
        what=f"{number} sources that take {LATENCY:g} s each, clock",
        taken=taken,
        result=median(run.clock for run in taken) * CONCURRENCY / (number * LATENCY),
        bound=1.6,
        least=1,
    )


def listed(folder: Path, number: int = 1000) -> Iterator[Row]:
    """Backups of one Rackspace account: its list has a hundred of them on a page."""
    addresses = [f"rackspace:backup/{UUID(int=backup)}" for backup in range(number)]
    with running(latency=LATENCY, backups=number) as service:
        taken = [_resolve(folder, addresses, service.url)]
        calls, least = service.requests(), number / 100
    what = f"{number} Rackspace backups"
    yield Row(
        what=what, taken=taken, result=calls, bound=least, least=least, unit=" calls"
    )


def _resolve(folder: Path, addresses: Sequence[str], url: str) -> Taken:
    """Resolve sources of which nothing is known, and make sure that all are green."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backup-badge.toml").write_text(
        f'concurrency = {CONCURRENCY}\nproviders.cloudback.url = "{url}"\n'
        f'[providers.rackspace]\nurl = "{url}"\ntenant = "{TENANT}"\n'
        'token = "${BENCH_TOKEN}"\n'
    )
    os.environ["BENCH_TOKEN"] = TOKEN
    begin, before = time.perf_counter(), time.process_time()
    site = Site(load(folder))
    statuses = site.resolve([table_mark(addresses, {})])
    clock, processor = time.perf_counter() - begin, time.process_time() - before
    states = {str(status.state) for status in statuses.values()}
    if len(statuses) != len(addresses) or states != {"succeeded"}:
        sys.exit(f"void: {len(statuses)} statuses, {states}")
    return Taken(clock=clock, processor=processor)
