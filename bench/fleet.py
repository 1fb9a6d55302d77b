"""Many sites that are built at once from one status file, on one host."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from shutil import rmtree

from report import Row

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))

BUILDS, SOURCES = 50, 200
NAME = "backup-status.json"
BUILD = """
import sys
from pathlib import Path
from backup_badge import Site, load, table_mark
from backup_badge.render.html import render_table

site = Site(load(Path(sys.argv[1])))
mark = table_mark([], {})
statuses = site.resolve([mark])
render_table(site.table(mark))
site.close()
sys.exit(any(status.problem for status in statuses.values()))
"""
"""What stands for a build: all that is ours in it, and nothing of its host's."""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds by the clock, and of processors."""

    wall: float
    processor: float


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """A running host of one status file; ``url`` is the file's."""

    url: str
    pipe: Connection

    def traffic(self) -> tuple[int, int]:
        """Return the requests and the bytes of bodies since the last time."""
        self.pipe.send("count")
        counted: tuple[int, int] = self.pipe.recv()
        return counted


def fleet(folder: Path) -> Iterator[Row]:
    """Builds at once: their status file beside them, fetched, and remembered.

    The ratio is that of processor time, which others on the machine disturb less.
    """
    content = _status_file()
    with _publishing(content) as publisher:
        sites = [folder / str(number) for number in range(BUILDS)]
        local = folder / NAME
        folder.mkdir(exist_ok=True)
        local.write_bytes(content)
        _build_all(sites, location=str(local))
        plain = _build_all(sites, location=str(local))
        yield _row("a file beside them", plain, plain, publisher)
        for site in sites:
            rmtree(site / ".cache", ignore_errors=True)
        for what, ttl, bound in (
            ("a URL, for the first time", "5m", None),
            ("a URL, fresh", "5m", 1.25),
            ("a URL, to be validated", "0s", None),
        ):
            spent = _build_all(sites, location=publisher.url, ttl=ttl)
            yield _row(what, spent, plain, publisher, bound)


def _row(
    what: str,
    spent: Spent,
    plain: Spent,
    publisher: Publisher,
    bound: float | None = None,
) -> Row:
    requests, size = publisher.traffic()
    return Row(
        what=f"{BUILDS} builds at once, {SOURCES} sources from {what}",
        figure=f"{spent.wall:.1f} s, {requests} requests, {size / 1e3:.0f} kB",
        ratio=spent.processor / plain.processor,
        bound=bound,
    )


def _build_all(sites: list[Path], *, location: str, ttl: str = "5m") -> Spent:
    """Start all builds, and return what was spent when the last one has ended."""
    for site in sites:
        site.mkdir(exist_ok=True)
        head = f'status_file = "{location}"\ncache_ttl = "{ttl}"\n'
        # One processor for fifty builds is slower than any host.
        head += 'timeout = "2m"\ndeadline = "5m"\n'
        entries = "".join(
            f'[sources.s{n}]\naddress = "cloudback:acme/{n}"\n' for n in range(SOURCES)
        )
        (site / "backup-badge.toml").write_text(head + entries)
    begin, before = time.perf_counter(), _children()
    command = [sys.executable, "-c", BUILD]
    builds = [subprocess.Popen([*command, str(site)]) for site in sites]
    failed = [build for build in builds if build.wait()]
    wall, processor = time.perf_counter() - begin, _children() - before
    if failed:
        sys.exit(f"the measurement is void: {len(failed)} builds had problems")
    return Spent(wall=wall, processor=processor)


def _children() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _status_file() -> bytes:
    from backup_badge import State, Status
    from backup_badge.documents.records import to_record
    from backup_badge.values.source import Source, parse_address

    entries = {}
    for number in range(SOURCES):
        address = parse_address(f"cloudback:acme/{number}")
        source = Source(name=f"s{number}", address=address, label=f"Site {number}")
        entries[source.name] = to_record(source, Status(reported=State.SUCCEEDED))
    return json.dumps({"schema": 1, "generated": None, "sources": entries}).encode()


@contextmanager
def _publishing(content: bytes) -> Iterator[Publisher]:
    """Serve a status file from a process of its own, with an ETag."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, content))
    process.start()
    try:
        yield Publisher(url=f"{here.recv()}/{NAME}", pipe=here)
    finally:
        here.send("stop")
        process.join()


def _serve(pipe: Connection, content: bytes) -> None:
    from loopback import Answer, HttpService, Request

    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    sent: list[int] = []

    class Host(HttpService):
        def answer(self, request: Request) -> Answer:
            known = request.headers.get("if-none-match") == etag
            sent.append(0 if known else len(content))
            headers = {"ETag": etag}
            if known:
                return Answer(status=304, headers=headers)
            return Answer(headers=headers, body=content)

    with Host() as host:
        pipe.send(host.url)
        while pipe.recv() == "count":
            pipe.send((len(sent), sum(sent)))
            sent.clear()
