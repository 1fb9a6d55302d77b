"""Measures what the promises of speed rest on: ``make bench``.

Every figure is a ratio of two things measured in one run on one machine, or a count.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fleet import fleet
from report import Row
from service import TENANT, TOKEN, Service, running
from sites import MKDOCS, SPHINX, Flavor, write_mkdocs, write_sphinx

from backup_badge import Layer, Settings, Site, load, table_mark
from backup_badge.render.html import render_table

ROUNDS = 3
LATENCY, SITE_LATENCY = 0.1, 0.05


def main() -> None:
    """Run every measurement and print a table, Markdown."""
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        print("| measured | figure | ratio | bound |\n|---|---|---|---|", flush=True)
        for name, measure in MEASURES.items():
            if not wanted or name in wanted:
                for row in measure(Path(folder) / name):
                    print(row, flush=True)


def anonymous(folder: Path) -> Iterator[Row]:
    """1,000 anonymous sources, against the least time that concurrency allows."""
    sources = 1000
    with running(latency=LATENCY) as service:
        settings = _settings(folder, service)
        targets = [f"cloudback:acme/{number}" for number in range(sources)]
        seconds = _timed(lambda: _resolve(settings, targets))
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
        seconds = _timed(lambda: _resolve(settings, targets))
        calls = service.requests()
        least = len(targets) / settings.concurrency * LATENCY
        yield Row(
            what=f"resolve {len(targets)} Rackspace backups, against one by one",
            figure=f"{seconds:.2f} s, {calls} calls",
            ratio=seconds / least,
        )


def mkdocs(folder: Path) -> Iterator[Row]:
    """A whole MkDocs build, against the words typed in by hand and requests.get."""
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    yield from _site(folder, "MkDocs", command, MKDOCS, write_mkdocs, bound=1.25)


def sphinx(folder: Path) -> Iterator[Row]:
    """A whole Sphinx build, serial, against the words typed in by hand."""
    command = [sys.executable, "-m", "sphinx", "-q", ".", "site"]
    yield from _site(folder, "Sphinx", command, SPHINX, write_sphinx, bound=1.10)


def sphinx_parallel(folder: Path) -> Iterator[Row]:
    """The same with two processes."""
    command = [sys.executable, "-m", "sphinx", "-q", "-j2", ".", "site"]
    yield from _site(folder, "Sphinx -j2", command, SPHINX, write_sphinx, bound=1.10)


def imports(folder: Path) -> Iterator[Row]:
    """What importing each host's part adds, before any badge is asked for."""
    for host, ours in (
        ("mkdocs.commands.build", "mkdocs_backup_badge.plugin"),
        ("sphinx.application", "sphinx_backup_badge"),
    ):
        plain = _best(lambda h=host: _run([sys.executable, "-c", f"import {h}"]))
        both = _best(
            lambda h=host, o=ours: _run([sys.executable, "-c", f"import {h}, {o}"])
        )
        yield Row(
            what=f"import {ours} after {host}",
            figure=f"{(both - plain) * 1000:+.0f} ms",
            ratio=both / plain,
        )


def growth(folder: Path) -> Iterator[Row]:
    """Time and peak memory with the number of sources, and a table of them all."""
    with running(latency=0) as service:
        for number in (100, 1000, 10000):
            settings = _settings(folder, service, deadline=timedelta(minutes=5))
            targets = [f"cloudback:acme/{n}-{number}" for n in range(number)]
            tracemalloc.start()
            seconds = _timed(lambda s=settings, t=targets: _resolve(s, t))
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            site = Site(settings)
            table = site.table(table_mark(targets, {}))
            rendered = _timed(lambda t=table: render_table(t))
            yield Row(
                what=f"{number} sources: resolve, peak memory, render a table",
                figure=f"{seconds * 1e3 / number:.2f} ms and {peak / number / 1e3:.1f}"
                f" kB each, {rendered:.3f} s",
            )


MEASURES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "anonymous": anonymous,
    "listed": listed,
    "mkdocs": mkdocs,
    "sphinx": sphinx,
    "sphinx_parallel": sphinx_parallel,
    "imports": imports,
    "growth": growth,
    "fleet": fleet,
}


def _site(
    folder: Path,
    host: str,
    command: list[str],
    flavors: Mapping[str, Flavor],
    write: Callable[..., None],
    *,
    bound: float,
) -> Iterator[Row]:
    """Build a site in each flavour, in turns, and compare the best of the rounds."""
    with running(latency=SITE_LATENCY) as service:
        for name, flavor in flavors.items():
            write(folder / name, flavor, url=service.url)
        cold = _in_turns(folder, command, [n for n in flavors if "requests" not in n])
        plain = cold["words"]
        yield _row(f"{host}: badges typed in by hand", plain, plain)
        service.requests()
        _build(folder / "badges", command, fresh=True)
        count = service.requests()
        what = f"{host}: 1,000 badges, {count} requests"
        yield _row(what, cold["badges"], plain, bound)
        yield _row(f"{host}: switched on, no badge", cold["unused"], plain, 1.02)
        warm = _in_turns(folder, command, ["words", "badges"], keep_cache=True)
        what = f"{host}: 1,000 badges, built again, {service.requests()} requests"
        yield _row(what, warm["badges"], warm["words"], 1.05)
        for name in flavors:
            if "requests" in name:
                seconds = _build(folder / name, command, fresh=True)
                yield _row(f"{host}: macros plugin, {name}", seconds, plain)


def _row(what: str, seconds: float, plain: float, bound: float | None = None) -> Row:
    ratio = seconds / plain
    return Row(what=what, figure=f"{seconds:.2f} s", ratio=ratio, bound=bound)


def _in_turns(
    folder: Path, command: list[str], names: list[str], *, keep_cache: bool = False
) -> dict[str, float]:
    best = dict.fromkeys(names, float("inf"))
    for _ in range(ROUNDS):
        for name in names:
            seconds = _build(folder / name, command, fresh=not keep_cache)
            best[name] = min(best[name], seconds)
    return best


def _build(folder: Path, command: list[str], *, fresh: bool) -> float:
    """Build the whole site; ``fresh`` forgets what was asked before."""
    shutil.rmtree(folder / "site", ignore_errors=True)
    if fresh:
        shutil.rmtree(folder / ".cache", ignore_errors=True)
    with _inside(folder):
        return _timed(lambda: _run(command))


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


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
    return load(folder, overlay=Layer(values=values, origin="bench", directory=folder))


def _resolve(settings: Settings, targets: list[str]) -> None:
    site = Site(settings)
    statuses = site.resolve([table_mark(targets, {})])
    problems = {status.problem for status in statuses.values() if status.problem}
    if problems:
        sys.exit(f"the measurement is void: {problems}")


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _best(measured: Callable[[], None], rounds: int = 7) -> float:
    return min(_timed(measured) for _ in range(rounds))


def _timed(measured: Callable[[], None]) -> float:
    begin = time.perf_counter()
    measured()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
