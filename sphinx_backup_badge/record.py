"""What is known of a project's badges and tables, kept in Sphinx' environment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import compress
from typing import TYPE_CHECKING, Any

from backup_badge import Badge, Table
from backup_badge.values.mark import Mark
from backup_badge.view.language import ENGLISH, Language
from sphinx_backup_badge.nodes import Fault

if TYPE_CHECKING:
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

_NAME = "backup_badge_record"

View = Badge | Table | Fault


@dataclass(frozen=True, kw_only=True)
class Use:
    """A badge or a table in a page; ``place`` is ``FILE:LINE``, as Sphinx writes it.

    ``conditions`` are what it depends on whether a builder shows it: the names of the
    elements around it, and their expressions.
    """

    mark: Mark | Fault
    place: str
    conditions: tuple[tuple[str, str], ...] = ()


@dataclass(kw_only=True)
class Record:
    """The uses in each page, and what is true of them in this build.

    ``used`` are those that this ``builder`` shows; ``views`` holds what each mark looks
    like, in this ``language``; ``failure`` says what fails the build; ``export`` is the
    folder in which the built site publishes its statuses. ``reread``, ``outdated`` and
    ``written`` are names of documents: those read in this build, those whose badges
    look different from what was written before, and those written. ``shown`` are the
    marks that were put into each page, its own and those copied from others.
    ``numbers`` and ``spared`` belong to :func:`~sphinx_backup_badge.outputs.begin`.
    """

    uses: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    builder: Builder | None = None
    used: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    language: Language = ENGLISH
    views: dict[Mark, Badge | Table] = field(default_factory=dict)
    failure: str | None = None
    export: str | None = None
    reread: set[str] = field(default_factory=set)
    outdated: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    shown: dict[str, set[Mark | Fault]] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)
    spared: dict[str, set[str]] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep in the pickled environment what pages say, nothing of the build."""
        return Record, (), {"uses": self.uses}

    def all_used(self) -> Iterator[Use]:
        """Return every use that is shown, in the order of the documents' names."""
        for _, uses in sorted(self.used.items()):
            yield from uses

    def view(self, mark: Mark | Fault) -> View:
        """Return what a mark looks like in this build."""
        if isinstance(mark, Fault):
            return mark
        late = "this was made after all pages were read, when nothing more is asked"
        return self.views.get(mark, Fault(message=late, text=str(mark)))

    def looks(self) -> dict[str, str]:
        """Return a digest of what each mark looks like, by the mark's own digest."""
        marks = {use.mark for use in self.all_used()}
        return {key(mark): _digest(repr(_lasting(self.view(mark)))) for mark in marks}

    def keys(self, docname: str) -> set[str]:
        """Return the digests of the marks of a page, and of those put into it."""
        return {key(use.mark) for use in self.used.get(docname, ())} | {
            key(mark) for mark in self.shown.get(docname, ())
        }


def key(mark: Mark | Fault) -> str:
    """Return a digest of a mark that is the same in every process."""
    return _digest(json.dumps(asdict(mark), default=sorted))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lasting(view: View) -> View:
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
