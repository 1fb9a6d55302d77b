"""The stand-in for the backup systems, in a process that no measurement counts."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))

TENANT, TOKEN = "123456", "bench-token"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running service; ``url`` is its base."""

    url: str
    pipe: Connection

    def requests(self) -> int:
        """Return how many requests came since the last time that this was called."""
        self.pipe.send("count")
        return int(self.pipe.recv())


@contextmanager
def running(*, latency: float, badges: int = 0, backups: int = 0) -> Iterator[Service]:
    """Serve badges of ``acme/site0`` and so on, and backups, all of them succeeded.

    ``latency`` is in seconds; backups have the identifiers 0, 1 and so on.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, latency, badges, backups))
    process.start()
    try:
        yield Service(url=here.recv(), pipe=here)
    finally:
        here.send("stop")
        process.join()


def _serve(pipe: Connection, latency: float, badges: int, backups: int) -> None:
    from cloud import Cloud

    with Cloud() as cloud:
        cloud.latency = latency
        cloud.badges = {("acme", f"site{n}"): "succeeded" for n in range(badges)}
        cloud.add_token(TOKEN, TENANT)
        for number in range(backups):
            cloud.add_backup(id=str(UUID(int=number)), tenant=TENANT)
        pipe.send(cloud.url)
        while pipe.recv() == "count":
            pipe.send(len(cloud.requests))
            cloud.clear()
