"""Measures what the promises of speed rest on: ``make bench``.

Every figure is a ratio of two things measured in one run on one machine, or a count.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fleet import fleet
from report import Row
from service import TENANT, TOKEN, Service, running
from sites import MKDOCS, SPHINX, Flavor, write_mkdocs, write_sphinx

from backup_badge import Layer, Settings, Site, load, table_mark
from backup_badge.render.html import render_table

ROUNDS = 5
LATENCY, SITE_LATENCY = 0.1, 0.05

_MKDOCS = [sys.executable, "-m", "mkdocs", "build", "-q"]
_SPHINX = [sys.executable, "-m", "sphinx", "-q", ".", "site"]


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
    yield from _site(folder, "MkDocs", _MKDOCS, MKDOCS, write_mkdocs, bound=1.25)


def mkdocs_short(folder: Path) -> Iterator[Row]:
    """The same with pages of nothing but badges: the worst case."""
    write = partial(write_mkdocs, sections=0)
    flavors = {name: MKDOCS[name] for name in ("words", "badges", "unused")}
    yield from _site(folder, "MkDocs, bare pages", _MKDOCS, flavors, write, bound=1.25)


def sphinx(folder: Path) -> Iterator[Row]:
    """A whole Sphinx build, serial, against the words typed in by hand."""
    yield from _site(folder, "Sphinx", _SPHINX, SPHINX, write_sphinx, bound=1.10)


def sphinx_parallel(folder: Path) -> Iterator[Row]:
    """The same with two processes."""
    command = [*_SPHINX, "-j2"]
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
    "mkdocs_short": mkdocs_short,
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
    """Build a site in each flavour, in turns, and compare each round with itself."""
    with running(latency=SITE_LATENCY) as service:
        for name, flavor in flavors.items():
            write(folder / name, flavor, url=service.url)
        build = partial(_build, folder, command)
        cold = _in_turns([n for n in flavors if "requests" not in n], build)
        plain = statistics.median(cold["words"])
        yield _row(f"{host}: badges typed in by hand", cold["words"], cold["words"])
        service.requests()
        build("badges")
        what = f"{host}: 1,000 badges, {service.requests()} requests"
        yield _row(what, cold["badges"], cold["words"], bound)
        yield _row(
            f"{host}: switched on, no badge", cold["unused"], cold["words"], 1.02
        )
        warm = _in_turns(["words", "badges"], partial(build, fresh=False))
        what = f"{host}: 1,000 badges, built again, {service.requests()} requests"
        yield _row(what, warm["badges"], warm["words"], 1.05)
        for name in flavors:
            if "requests" in name:
                yield _row(f"{host}: macros plugin, {name}", [build(name)], [plain])


def _row(
    what: str, seconds: list[float], plain: list[float], bound: float | None = None
) -> Row:
    """Return the median time, and the median of the rounds' ratios."""
    ratio = statistics.median(
        ours / theirs for ours, theirs in zip(seconds, plain, strict=True)
    )
    figure = f"{statistics.median(seconds):.2f} s"
    return Row(what=what, figure=figure, ratio=ratio, bound=bound)


def _in_turns(
    names: list[str], build: Callable[[str], float]
) -> dict[str, list[float]]:
    """Return the seconds that each takes in each round: machines change their pace."""
    rounds = [{name: build(name) for name in names} for _ in range(ROUNDS)]
    return {name: [one[name] for one in rounds] for name in names}


def _build(folder: Path, command: list[str], name: str, *, fresh: bool = True) -> float:
    """Build a whole site; ``fresh`` forgets what was asked before."""
    folder = folder / name
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
