"""Measures what the promises of speed rest on: ``make bench``.

Every figure is a ratio of two things measured in one run on one machine, or a count.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import tracemalloc
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from fleet import fleet
from hosts import (
    mkdocs,
    mkdocs_counted,
    mkdocs_search,
    mkdocs_short,
    sphinx,
    sphinx_parallel,
)
from report import Row
from service import TENANT, TOKEN, Service, running
from timing import in_turns, run, timed

from backup_badge import ConfigSource, Settings, Site, load, table_mark
from backup_badge.render.html import render_table

LATENCY = 0.1


def main() -> None:
    """Run every measurement and print a table, Markdown."""
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
        os.chdir(folder)
        print("| measured | figure | ratio | bound |\n|---|---|---|---|", flush=True)
        for name, measure in MEASURES.items():
            if not wanted or name in wanted:
                for row in measure(Path(folder) / name):
                    print(row, flush=True)


def _in_memory() -> Path | None:
    """Return a place for files in memory: a disk takes its time when it likes."""
    place = Path("/dev/shm")
    has_room = place.is_dir() and shutil.disk_usage(place).free > 2**30
    return place if has_room and os.access(place, os.W_OK) else None


def anonymous(folder: Path) -> Iterator[Row]:
    """1,000 anonymous sources, against the least time that concurrency allows."""
    sources = 1000
    with running(latency=LATENCY) as service:
        settings = _settings(folder, service)
        targets = [f"cloudback:acme/{number}" for number in range(sources)]
        seconds = timed(lambda: _resolve(settings, targets))
        least = sources / settings.concurrency * LATENCY
        figure = f"{seconds:.2f} s, {service.requests()} requests"
        yield Row(
            what=f"resolve {sources} anonymous sources, {LATENCY:g} s each",
            figure=figure,
            ratio=seconds / least,
            bound=1.25,
        )


def listed(folder: Path) -> Iterator[Row]:
    """1,000 Rackspace backups, against asking one by one."""
    identifiers = [str(uuid.uuid4()) for _ in range(1000)]
    with running(latency=LATENCY, backups=identifiers) as service:
        settings = _settings(folder, service)
        targets = [f"rackspace:backup/{identifier}" for identifier in identifiers]
        seconds = timed(lambda: _resolve(settings, targets))
        calls = service.requests()
        least = len(targets) / settings.concurrency * LATENCY
        yield Row(
            what=f"resolve {len(targets)} Rackspace backups, against one by one",
            figure=f"{seconds:.2f} s, {calls} calls",
            ratio=seconds / least,
        )


_IMPORTS = {
    "MkDocs": (
        "mkdocs.__main__, mkdocs.commands.build, mkdocs.config.defaults",
        "mkdocs_backup_badge.plugin",
        "mkdocs_backup_badge.processors",
    ),
    "Sphinx": (
        "sphinx.cmd.build, sphinx.application, sphinx.builders.html",
        "sphinx_backup_badge",
        "backup_badge.site",
    ),
}
"""What a build imports: of the host, of ours always, and where a badge is in use."""


def imports(folder: Path) -> Iterator[Row]:
    """What our imports add to each host's own; the network library is in neither."""
    for name, (host, always, used) in _IMPORTS.items():
        wanted = {
            "plain": host,
            "switched on": f"{host}, {always}",
            "with a badge in use": f"{host}, {always}, {used}",
        }
        seconds = in_turns(wanted, partial(_import, wanted))
        plain = seconds.pop("plain")
        for what, ours in seconds.items():
            more = median(a - b for a, b in zip(ours, plain, strict=True))
            yield Row(
                what=f"{name}: imports, {what}",
                figure=f"{more * 1000:+.0f} ms",
                ratio=1 + more / median(plain),
            )


def _import(modules: Mapping[str, str], what: str) -> float:
    """Return how long Python takes to start and to import some modules."""
    script = f"import {modules[what]}, sys; assert 'requests' not in sys.modules"
    return timed(partial(run, [sys.executable, "-c", script]))


def growth(folder: Path) -> Iterator[Row]:
    """Time and peak memory with the number of sources, and a table of them all."""
    with running(latency=0) as service:
        for number in (100, 1000, 10000):
            settings = _settings(folder, service, deadline=timedelta(minutes=5))
            targets = [f"cloudback:acme/{n}-{number}" for n in range(number)]
            tracemalloc.start()
            seconds = timed(lambda s=settings, t=targets: _resolve(s, t))
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            site = Site(settings)
            table = site.table(table_mark(targets, {}))
            rendered = timed(lambda t=table: render_table(t))
            yield Row(
                what=f"{number} sources: resolve, peak memory, render a table",
                figure=f"{seconds * 1e3 / number:.2f} ms and {peak / number / 1e3:.1f}"
                f" kB each, {rendered:.3f} s",
            )


MEASURES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "anonymous": anonymous,
    "listed": listed,
    "mkdocs": mkdocs,
    "mkdocs_counted": mkdocs_counted,
    "mkdocs_search": mkdocs_search,
    "mkdocs_short": mkdocs_short,
    "sphinx": sphinx,
    "sphinx_parallel": sphinx_parallel,
    "imports": imports,
    "growth": growth,
    "fleet": fleet,
}


def _settings(
    folder: Path, service: Service, *, deadline: timedelta | None = None
) -> Settings:
    folder.mkdir(exist_ok=True)
    os.environ["BENCH_TOKEN"] = TOKEN
    account = {"url": service.url, "tenant": TENANT, "token": "${BENCH_TOKEN}"}
    values: dict[str, object] = {
        "providers": {"cloudback": {"url": service.url}, "rackspace": account}
    }
    if deadline:
        values["deadline"] = f"{deadline.total_seconds():g}s"
    return load(
        folder, overlay=ConfigSource(values=values, origin="bench", directory=folder)
    )


def _resolve(settings: Settings, targets: list[str]) -> None:
    site = Site(settings)
    statuses = site.resolve([table_mark(targets, {})])
    problems = {status.problem for status in statuses.values() if status.problem}
    if problems:
        sys.exit(f"the measurement is void: {problems}")


if __name__ == "__main__":
    main()
