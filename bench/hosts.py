"""Whole builds of sites, with our badges and with what people write instead."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from report import Row
from service import Service, running
from sites import MKDOCS, MKDOCS_SEARCH, SPHINX, Flavor, write_mkdocs, write_sphinx
from timing import compared, counted, in_turns, run, side_by_side, timed

LATENCY = 0.05


@dataclass(frozen=True, kw_only=True)
class _Host:
    """How sites are written and built, how often, and how much longer one may take.

    ``bound`` is that of a first build. Those of a site that is built ``again``, and of
    one without a badge, are a few per cent. ``shares`` says that such a site is built
    at the same time as its words, on one core, and the processor's seconds are taken.
    """

    command: list[str]
    write: Callable[..., None]
    rounds: int
    again: int
    bound: float
    shares: bool = True


_MKDOCS = _Host(
    command=[sys.executable, "-m", "mkdocs", "build", "-q"],
    write=write_mkdocs,
    rounds=16,
    again=32,
    bound=1.25,
)
_SPHINX = _Host(
    command=[sys.executable, "-m", "sphinx", "-q", ".", "site"],
    write=write_sphinx,
    rounds=8,
    again=8,
    bound=1.10,
)

_TIGHT = (
    ("1,000 badges, built again", "badges", 1.05),
    ("switched on, no badge", "unused", 1.02),
)
"""What is built again, which site it is, and the bound: a few per cent of the words."""

_COPY = "copy"
"""The words in another folder: what they come to tells how good a ratio is."""


def mkdocs(folder: Path) -> Iterator[Row]:
    """A whole MkDocs build, against the words typed in by hand and requests.get."""
    yield from _site(folder, "MkDocs", _MKDOCS, MKDOCS)


def mkdocs_short(folder: Path) -> Iterator[Row]:
    """The same with pages of nothing but badges: the worst case."""
    host = replace(_MKDOCS, write=partial(write_mkdocs, sections=0))
    flavors = {name: MKDOCS[name] for name in ("words", "badges", "unused")}
    yield from _site(folder, "MkDocs, bare pages", host, flavors)


def mkdocs_search(folder: Path) -> Iterator[Row]:
    """The same with the host's own search, which reads all HTML of every page."""
    yield from _site(folder, "MkDocs and its search", _MKDOCS, MKDOCS_SEARCH)


def mkdocs_counted(folder: Path) -> Iterator[Row]:
    """The second build of the same site by counted instructions: slow, good to 1 %."""
    if shutil.which("valgrind") is None:
        print(
            "by counted instructions: left out, there is no valgrind", file=sys.stderr
        )
        return
    flavors = {name: MKDOCS[name] for name in ("words", "badges", "unused")}
    _build_once(folder, _MKDOCS, flavors)
    millions = {}
    for name in flavors:
        with _inside(folder / name):
            millions[name] = counted(_MKDOCS.command) / 1e6
    for what, name, bound in _TIGHT:
        ratio = millions[name] / millions["words"]
        figure = f"{millions[name]:,.0f} million"
        what = f"MkDocs by instructions: {what}"
        yield Row(what=what, figure=figure, ratio=ratio, bound=bound)


def sphinx(folder: Path) -> Iterator[Row]:
    """A whole Sphinx build, serial, against the words typed in by hand."""
    yield from _site(folder, "Sphinx", _SPHINX, SPHINX)


def sphinx_parallel(folder: Path) -> Iterator[Row]:
    """The same with two processes."""
    host = replace(_SPHINX, command=[*_SPHINX.command, "-j2"], again=24, shares=False)
    yield from _site(folder, "Sphinx -j2", host, SPHINX)


def _site(
    folder: Path, name: str, host: _Host, flavors: Mapping[str, Flavor]
) -> Iterator[Row]:
    """Build a site in each flavour, in turns, and compare each round with itself."""
    with running(latency=LATENCY) as service:
        for flavor, site in {**flavors, _COPY: flavors["words"]}.items():
            host.write(folder / flavor, site, url=service.url)
        build = partial(_build, folder, host.command)
        first = in_turns(
            ["badges", "words", *flavors.keys() & {"html"}], build, host.rounds
        )
        words = first["words"]
        plain = statistics.median(words)
        yield Row(what=f"{name}: badges typed in by hand", figure=f"{plain:.2f} s")
        service.requests()
        build("badges")
        what = f"{name}: 1,000 badges, {service.requests()} requests"
        yield _row(what, first["badges"], words, host.bound)
        yield from _again(folder, name, host, service)
        if "html" in first:
            what = f"{name}: the badges' HTML typed in by hand"
            yield _row(what, first["html"], words)
        for flavor in [flavor for flavor in flavors if "requests" in flavor]:
            yield _row(f"{name}: macros plugin, {flavor}", [build(flavor)], [plain])


def _again(folder: Path, name: str, host: _Host, service: Service) -> Iterator[Row]:
    """What is built again, beside the same site in words."""
    build = partial(_build, folder, host.command, fresh=False)
    for flavor in ("words", "unused", _COPY):
        build(flavor)
    for what, flavor, bound in (*_TIGHT, ("the same words", _COPY, None)):
        if host.shares:
            rounds = [_beside(folder, host, flavor, n) for n in range(host.again)]
            ours, words = ([r[folder / n] for r in rounds] for n in (flavor, "words"))
        else:
            taken = in_turns([flavor, "words"], build, host.again)
            ours, words = taken[flavor], taken["words"]
        what = f"{name}: {what}, {service.requests()} requests"
        yield _row(what, ours, words, bound)


def _beside(folder: Path, host: _Host, name: str, number: int) -> dict[Path, float]:
    pair = [folder / name, folder / "words"]
    for one in pair:
        shutil.rmtree(one / "site")
    return side_by_side(
        dict.fromkeys(pair if number % 2 else reversed(pair), host.command)
    )


def _row(
    what: str, seconds: list[float], plain: list[float], bound: float | None = None
) -> Row:
    """Return the median time, and how it compares round by round."""
    ratio, error = compared(seconds, plain)
    figure = f"{statistics.median(seconds):.2f} s"
    return Row(what=what, figure=figure, ratio=ratio, error=error, bound=bound)


def _build_once(folder: Path, host: _Host, flavors: Mapping[str, Flavor]) -> None:
    """Write sites and build them, so that what is built again has its answers."""
    with running(latency=LATENCY) as service:
        for name in flavors:
            host.write(folder / name, flavors[name], url=service.url)
            _build(folder, host.command, name)


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
