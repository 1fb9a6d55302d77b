"""Whole builds of sites, with our badges and with what people write instead."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from report import Row
from service import running
from sites import MKDOCS, MKDOCS_SEARCH, SPHINX, Flavor, write_mkdocs, write_sphinx
from timing import compared, counted, in_turns, run, timed

LATENCY = 0.05
ROUNDS = 16
"""Of builds that take two seconds; of slower ones fewer."""

_MKDOCS = [sys.executable, "-m", "mkdocs", "build", "-q"]
_SPHINX = [sys.executable, "-m", "sphinx", "-q", ".", "site"]


def mkdocs(folder: Path) -> Iterator[Row]:
    """A whole MkDocs build, against the words typed in by hand and requests.get."""
    yield from _site(folder, "MkDocs", _MKDOCS, MKDOCS, write_mkdocs, bound=1.25)


def mkdocs_short(folder: Path) -> Iterator[Row]:
    """The same with pages of nothing but badges: the worst case."""
    write = partial(write_mkdocs, sections=0)
    flavors = {name: MKDOCS[name] for name in ("words", "badges", "unused")}
    yield from _site(folder, "MkDocs, bare pages", _MKDOCS, flavors, write, bound=1.25)


def mkdocs_search(folder: Path) -> Iterator[Row]:
    """The same with the host's own search, which reads all HTML of every page."""
    host, flavors = "MkDocs and its search", MKDOCS_SEARCH
    yield from _site(folder, host, _MKDOCS, flavors, write_mkdocs, bound=1.25)


def mkdocs_counted(folder: Path) -> Iterator[Row]:
    """The second build of the same site by counted instructions: slow, good to 1 %."""
    if shutil.which("valgrind") is None:
        print(
            "by counted instructions: left out, there is no valgrind", file=sys.stderr
        )
        return
    with running(latency=LATENCY) as service:
        millions = {}
        for name in ("words", "badges", "unused"):
            write_mkdocs(folder / name, MKDOCS[name], url=service.url)
            _build(folder, _MKDOCS, name)
            with _inside(folder / name):
                millions[name] = counted(_MKDOCS) / 1e6
    for what, name, bound in (
        ("MkDocs by instructions: 1,000 badges, built again", "badges", 1.05),
        ("MkDocs by instructions: switched on, no badge", "unused", 1.02),
    ):
        ratio = millions[name] / millions["words"]
        figure = f"{millions[name]:,.0f} million"
        yield Row(what=what, figure=figure, ratio=ratio, bound=bound)


def sphinx(folder: Path) -> Iterator[Row]:
    """A whole Sphinx build, serial, against the words typed in by hand."""
    yield from _site(folder, "Sphinx", _SPHINX, SPHINX, write_sphinx, bound=1.10)


def sphinx_parallel(folder: Path) -> Iterator[Row]:
    """The same with two processes."""
    command = [*_SPHINX, "-j2"]
    yield from _site(folder, "Sphinx -j2", command, SPHINX, write_sphinx, bound=1.10)


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
    with running(latency=LATENCY) as service:
        for name, flavor in flavors.items():
            write(folder / name, flavor, url=service.url)
        build = partial(_build, folder, command)
        rounds = ROUNDS if host.startswith("MkDocs") else 3
        names = [name for name in flavors if "requests" not in name]
        cold = in_turns(names, build, rounds)
        plain = statistics.median(cold["words"])
        yield Row(what=f"{host}: badges typed in by hand", figure=f"{plain:.2f} s")
        service.requests()
        build("badges")
        what = f"{host}: 1,000 badges, {service.requests()} requests"
        yield _row(what, cold["badges"], cold["words"], bound)
        yield _row(
            f"{host}: switched on, no badge", cold["unused"], cold["words"], 1.02
        )
        warm = in_turns(["words", "badges"], partial(build, fresh=False), 2 * rounds)
        what = f"{host}: 1,000 badges, built again, {service.requests()} requests"
        yield _row(what, warm["badges"], warm["words"], 1.05)
        if "html" in cold:
            what = f"{host}: the badges' HTML typed in by hand"
            yield _row(what, cold["html"], cold["words"])
        for name in flavors:
            if "requests" in name:
                yield _row(f"{host}: macros plugin, {name}", [build(name)], [plain])


def _row(
    what: str, seconds: list[float], plain: list[float], bound: float | None = None
) -> Row:
    """Return the median time, and how it compares round by round."""
    ratio, error = compared(seconds, plain)
    figure = f"{statistics.median(seconds):.2f} s"
    return Row(what=what, figure=figure, ratio=ratio, error=error, bound=bound)


def _build(folder: Path, command: list[str], name: str, *, fresh: bool = True) -> float:
    """Build a whole site; ``fresh`` forgets what was asked before."""
    folder = folder / name
    shutil.rmtree(folder / "site", ignore_errors=True)
    if fresh:
        shutil.rmtree(folder / ".cache", ignore_errors=True)
    with _inside(folder):
        return timed(lambda: run(command))


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
