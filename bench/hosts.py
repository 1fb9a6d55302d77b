"""Whole builds of sites with badges, and of the same sites in words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from results import Row, Taken
from service import Service, running
from sites import LARGE, SMALL, Size, write_mkdocs, write_sphinx

LATENCY = 0.05
"""Seconds that the backup system takes for an answer."""

LEAST, MOST, PATIENCE = 3, 9, 60
"""How many rounds at least and at most, and after how many seconds none begins."""

BUILDS = {"words": "words", "first": "badges", "second": "badges", "unused": "unused"}
"""What is built in each round: a name, and which site it is."""


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host and its theme: how its sites are written and built, and their bounds.

    The bounds are those of a first build, of a second one, and of one without a badge.
    """

    name: str
    command: str
    write: Callable[..., None]
    bounds: tuple[float, float, float]


MATERIAL = Host(
    name="Material",
    command="mkdocs build -q",
    write=partial(write_mkdocs, theme="{name: material, font: false}"),
    bounds=(1.25, 1.15, 1.03),
)
MKDOCS = Host(
    name="MkDocs",
    command="mkdocs build -q",
    write=partial(write_mkdocs, theme="mkdocs"),
    bounds=(2.0, 1.3, 1.03),
)
SPHINX = Host(
    name="Sphinx",
    command="sphinx -q . site",
    write=write_sphinx,
    bounds=(1.15, 1.1, 1.03),
)


def ratios(host: Host, folder: Path, size: Size = LARGE) -> Iterator[Row]:
    """Compare builds of a large site with builds of the same site in words.

    A first build waits for answers, so the clock counts. The others do not wait: what
    counts is the processor's time, which other work on the machine changes less.
    """
    taken = _rounds(host, folder, size)
    builds = (
        ("first", f"{size.marks} badges, first build", "clock"),
        ("second", f"{size.marks} badges, second build", "processor"),
        ("unused", "switched on, no badge", "processor"),
    )
    for (name, what, by), bound in zip(builds, host.bounds, strict=True):
        pairs = zip(taken[name], taken["words"], strict=True)
        yield Row(
            what=f"{host.name}: {what}, {by}",
            taken=taken[name],
            beside=taken["words"],
            result=median(getattr(a, by) / getattr(b, by) for a, b in pairs),
            bound=bound,
            least=1,
        )


def budgets(host: Host, folder: Path, size: Size = SMALL) -> Iterator[Row]:
    """Tell how much of the processor's time a badge, a request and nothing take.

    The site is small and full of badges, so that little else takes time.
    """
    taken = _rounds(host, folder, size)
    for what, name, beside, number, bound in (
        ("a badge", "second", "unused", size.marks, 0.2),
        ("a request", "first", "second", size.sources, 5),
        ("switched on, no badge", "unused", "words", 1, 50),
    ):
        pairs = zip(taken[name], taken[beside], strict=True)
        more = median(a.processor - b.processor for a, b in pairs)
        yield Row(
            what=f"{host.name}: {what}, processor",
            taken=taken[name],
            beside=taken[beside],
            result=more / number * 1000,
            bound=bound,
            unit=" ms",
        )


def _rounds(host: Host, folder: Path, size: Size) -> dict[str, list[Taken]]:
    """Return what each build took in each round, in which all take turns.

    Every other round goes backwards. One round ahead is not counted: it compiles
    modules and fills the cache.
    """
    rounds: list[dict[str, Taken]] = []
    with running(latency=LATENCY, badges=size.sources) as service:
        for site in set(BUILDS.values()):
            host.write(folder / site, site, size=size, url=service.url)
        end = time.monotonic() + PATIENCE
        while len(rounds) <= LEAST or (len(rounds) <= MOST and time.monotonic() < end):
            order = list(BUILDS)[:: -1 if len(rounds) % 2 else 1]
            rounds.append({n: _build(host, folder, size, service, n) for n in order})
    return {name: [taken[name] for taken in rounds[1:]] for name in BUILDS}


def _build(host: Host, folder: Path, size: Size, service: Service, name: str) -> Taken:
    """Build a whole site anew; leave when it does not ask or show what it should."""
    place = folder / (site := BUILDS[name])
    shutil.rmtree(place / "site", ignore_errors=True)
    if name == "first":
        shutil.rmtree(place / ".cache", ignore_errors=True)
    # Material prints a notice on the future of MkDocs.
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    before, begin = _children(), time.perf_counter()
    command = [sys.executable, "-m", *host.command.split()]
    subprocess.run(command, cwd=place, env=environ, check=True)
    clock, processor = time.perf_counter() - begin, _children() - before
    pages = (page.read_text() for page in (place / "site").rglob("*.html"))
    green = sum(page.count(' data-backup-state="succeeded"') for page in pages)
    expected = size.sources if name == "first" else 0, size.marks * (site == "badges")
    if (found := (service.requests(), green)) != expected:
        sys.exit(f"void: {host.name}, {name}: requests and green badges are {found}")
    return Taken(clock=clock, processor=processor)


def _children() -> float:
    """Return the processor's seconds of all programs that have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
