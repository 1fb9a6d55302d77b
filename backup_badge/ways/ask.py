"""Asking on behalf of a provider: bounded, capped, redacted, each question once."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.status import Status
from backup_badge.ways.access import Access
from backup_badge.ways.answer import Answer
from backup_badge.ways.failure import Failure
from backup_badge.ways.locator import Locator
from backup_badge.ways.paging import Next, Query
from backup_badge.ways.way import Http

Result = TypeVar("Result")

MOST_PAGES = 100
"""Pages that are read of one list at the most."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What :meth:`Provider.read` asks through, for one source.

    ``now`` is the time of the build (UTC), ``max_age`` the source's, if it has one.
    ``wanted`` are the locators of all sources that this system is asked for in this
    build. ``known`` is the answer that is remembered, if any. ``within`` is what
    :meth:`Provider.discover` is told to look in, if anything. Every call raises
    ProblemError where there is no answer to be had, and answers the same question from
    the first answer.
    """

    now: datetime
    max_age: timedelta | None = None
    wanted: Collection[Locator] = ()
    known: Status | None = None
    within: tuple[str, ...] = ()
    access: Access = field(repr=False)
    answers: list[Answer] = field(default_factory=list, repr=False)

    @property
    def options(self) -> Mapping[str, Any]:
        """The provider's options, with those of the source over them.

        References are expanded, and secrets left out: see :meth:`secret`.
        """
        return self.access.options

    @property
    def is_http(self) -> bool:
        """Whether HTTP is the configured way."""
        return isinstance(self.access.way, Http)

    @property
    def base(self) -> str:
        """The URL that all paths are below, without a slash at its end."""
        return self.access.base

    def secret(self, name: str) -> str:
        """Return a secret, for a library or a login. Never a part of a status."""
        return self.access.secret(name)

    def get(self, path: str = "", **query: str) -> Answer:
        """Get what is at a path below the configured URL; its status is a success."""
        is_conditional = (
            isinstance(self.access.way, Http) and self.access.way.conditional
        )
        known = self.known.validator if self.known and is_conditional else None
        answer = self.access.get(path, query, known)
        self.answers.append(answer)
        return answer

    def post(self, path: str, content: object) -> Answer:
        """Post a JSON document below the configured URL."""
        return self.access.post(path, content)

    def pages(self, path: str, next: Next, **query: str) -> Iterator[Answer]:
        """Get the pages of a list, one after another, as they are asked for.

        ``next`` tells how the list goes on: ``by_link``, ``by_page()``,
        ``by_cursor(...)`` or a function of a page and its query. Raises ProblemError
        (``invalid_response``) after :data:`MOST_PAGES` pages, unless nobody asked for
        more.
        """
        asked: Query = query
        for _ in range(MOST_PAGES):
            page = self.access.get(path, asked)
            yield page
            following = next(page, asked)
            if following is None:
                return
            asked = following
        # A part of a list must not pass for the list: the newest may be missing.
        raise page.invalid(f"is a list that goes on after {MOST_PAGES} pages")

    def file(self) -> Answer:
        """Read the configured file. Works offline, and is never remembered."""
        return self.access.file()

    def run(self, *fixed: str) -> Answer:
        """Run the configured command, with ``fixed`` arguments behind its own.

        They are the provider's own words: never a part of a locator or an answer.
        """
        return self.access.run(fixed)

    def document(self, failures: Iterable[Failure] = ()) -> Answer:
        """Return the answer of whichever way is configured.

        A command whose exit code is not 0 has none: ``failures`` say what its codes
        and its words mean. :meth:`run` returns the answer whatever the exit code.
        """
        return self.access.document(failures)

    def call(self, function: Callable[..., Result], *arguments: Hashable) -> Result:
        """Call a function of a library that brings its own network.

        It is called once a build for these arguments, and never offline. Whatever it
        raises is a problem of the source.
        """
        return self.access.call(function, arguments)

    @property
    def validator(self) -> str | None:
        """The name of this version of the answer, where there was one answer alone."""
        way = self.access.way
        if isinstance(way, Http) and way.conditional and len(self.answers) == 1:
            return self.answers[0].validator
        return None

    def once(self, key: Hashable, find: Callable[[], Result]) -> Result:
        """Return what ``find`` returned when it was first called for this key.

        For what is worked out of an answer that many sources share, such as an index.
        """
        return self.access.memo.once(("once", key), find)

    def problem(
        self, category: Category, message: str, *, public: str | None = None
    ) -> ProblemError:
        """Return an error to raise: a category, and one sentence for the log.

        ``public`` is one for a reader, which names no host, file, variable or account;
        without it the category has one.
        """
        return ProblemError(category, message, public=public)

    @contextmanager
    def explained(
        self, category: Category, message: str, *, public: str | None = None
    ) -> Iterator[None]:
        """Say a problem of one category in the provider's own sentence.

        For what a refusal means in this system, such as a 404 for what is private.
        ``public`` is as in :meth:`problem`.
        """
        try:
            yield
        except ProblemError as error:
            if error.problem.category is not category:
                raise
            raise self.problem(category, message, public=public) from error
