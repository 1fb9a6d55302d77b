"""What is known of a project's badges and tables, kept in Sphinx' environment.

All of it ends in ``environment.pickle``: what pages say and show, nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING

from backup_badge import Badge, Table
from backup_badge.values.mark import Mark
from sphinx_backup_badge.nodes import Fault

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

_NAME = "backup_badge_record"


@dataclass(frozen=True, kw_only=True)
class Use:
    """A badge or a table in a page; ``place`` is ``FILE:LINE``, as Sphinx writes it."""

    mark: Mark | Fault
    place: str


@dataclass(kw_only=True)
class Record:
    """The uses in each page, and what is true of them in this build.

    ``format`` is what the builder writes, as Sphinx names it; ``views`` holds what each
    mark looks like; ``failing`` sentences on the sources that fail the build;
    ``export`` the folder of the site that publishes them. ``shown``, ``reread``,
    ``outdated`` and ``written`` are names of documents: those in which something was
    put in its place, those read in this build, those whose badges look different from
    what was written before, and those written. ``spared`` is what Sphinx would write
    besides.
    """

    uses: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    format: str = ""
    views: dict[Mark, Badge | Table] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)
    export: str | None = None
    shown: set[str] = field(default_factory=set)
    reread: set[str] = field(default_factory=set)
    outdated: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    spared: dict[str, set[str]] = field(default_factory=dict)

    def all_uses(self) -> Iterator[Use]:
        """Return every use, in the order of the documents' names."""
        for _, uses in sorted(self.uses.items()):
            yield from uses

    def digests(self) -> dict[str, str]:
        """Return for each page with badges a hash of what they look like."""
        look = cache(self._look)
        return {
            docname: _digest(look(use.mark) for use in uses)
            for docname, uses in self.uses.items()
        }

    def view(self, mark: Mark | Fault) -> Badge | Table | Fault:
        """Return what a mark looks like in this build."""
        if isinstance(mark, Fault):
            return mark
        late = "this was made after all pages were read, when nothing more is asked"
        return self.views.get(mark, Fault(message=late, text=str(mark)))

    def _look(self, mark: Mark | Fault) -> str:
        return repr(_without_checks(self.view(mark)))


def _digest(looks: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(looks).encode()).hexdigest()[:16]


def _without_checks(view: Badge | Table | Fault) -> Badge | Table | Fault:
    """Leave out when a provider was asked, but for the day: else it is no news."""
    if isinstance(view, Badge):
        return _by_day(view)
    if not isinstance(view, Table):
        return view
    shown = [column != "checked" for column in view.columns]
    rows = (
        tuple(
            replace(cell, badge=_by_day(cell.badge)) if cell.badge else cell
            for cell in compress(row, shown)
        )
        for row in view.rows
    )
    return replace(view, rows=tuple(rows))


def _by_day(badge: Badge) -> Badge:
    terms = (replace(one, checked=(one.checked or "")[:10]) for one in badge.judged)
    return replace(badge, judged=tuple(terms))


def record_of(env: BuildEnvironment) -> Record:
    """Return the environment's record."""
    if not hasattr(env, _NAME):
        setattr(env, _NAME, Record())
    found: Record = getattr(env, _NAME)
    return found
