"""The stand-in service in a process of its own, so that it shares no interpreter."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))

TENANT = "123456"
TOKEN = "bench-token"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running service; ``url`` is its base."""

    url: str
    pipe: Connection

    def requests(self) -> int:
        """Return how many requests came since the last time, and begin anew."""
        self.pipe.send("count")
        count: int = self.pipe.recv()
        return count


@contextmanager
def running(*, latency: float, backups: list[str] | None = None) -> Iterator[Service]:
    """Serve every badge as "succeeded", and the backups; ``latency`` is in seconds."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, latency, backups or []))
    process.start()
    try:
        yield Service(url=here.recv(), pipe=here)
    finally:
        here.send("stop")
        process.join()


def _serve(pipe: Connection, latency: float, backups: list[str]) -> None:
    from cloud import Cloud

    class Everything(dict[tuple[str, ...], str | bytes]):
        def get(self, key: object, default: object = None) -> str:  # type: ignore[override]
            return "succeeded"

    with Cloud() as cloud:
        cloud.badges = Everything()
        cloud.latency = latency
        cloud.add_token(TOKEN, TENANT)
        for identifier in backups:
            cloud.add_backup(id=identifier, tenant=TENANT)
        pipe.send(cloud.url)
        while pipe.recv() == "count":
            pipe.send(len(cloud.requests))
            cloud.clear()
