"""What a build says in its log, and what fails it: each problem once, with its place.

A host notes every mark that it shows, and every fault that it meets, with the place
in the page. What there is to be said of them is then data, for the host to log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backup_badge.site import Site
from backup_badge.values.mark import Mark
from backup_badge.values.problem import Category, UsageError
from backup_badge.values.source import Source
from backup_badge.view.badge import describe_source
from backup_badge.view.wording import for_the_log, sentence

_NAMED = 10
"""How many sources a message names that is about many."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One line for the log.

    ``category`` is a :class:`Category`, or ``notice`` for what is beside the sources.
    ``place`` is ``FILE:LINE``, ``FILE`` or None, where a page is to blame or shows it.
    """

    category: str
    text: str
    place: str | None = None


class Report:
    """Gathers what the pages of one build show."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._places: dict[Source, str] = {}
        self._faults: dict[tuple[str, str], None] = {}
        self._said: set[object] = set()

    def show(self, mark: Mark, place: Callable[[], str]) -> None:
        """Note that a page shows a mark. ``place`` is asked where it is the first.

        What a build publishes is shown too: it says so with ``TableMark()`` and no
        place, once its pages are noted.
        """
        for source in self._site.shown(mark):
            if source not in self._places:
                self._places[source] = place()

    def fault(self, error: UsageError, place: str) -> None:
        """Note that something in a page cannot be understood."""
        self._faults[str(error), place] = None

    def messages(self) -> Iterator[Message]:
        """Return what there is to say and was not said yet.

        The sources that are shown are resolved by then. One cause that hits many
        sources is one message, with their count and their names.
        """
        for text, place in self._faults:
            if self._is_new((text, place)):
                yield Message(category=Category.USAGE, text=text, place=place or None)
        causes: dict[tuple[Category, str], list[Source]] = {}
        for source in self._places:
            problem = self._site.status(source).problem
            if problem is not None and self._is_new(source):
                causes.setdefault((problem.category, problem.message), []).append(
                    source
                )
        for (category, cause), sources in causes.items():
            first = self._places[sources[0]]
            yield Message(
                category=category, text=_say(cause, sources), place=first or None
            )
        for notice in self._site.notices:
            if self._is_new(notice):
                yield Message(category="notice", text=notice)

    def failure(self) -> str | None:
        """Return what a build says that ``fail_on`` fails; None for a good one."""
        failing = [
            self._sentence(source, place)
            for source, place in self._places.items()
            if self._site.status(source).state in self._site.settings.fail_on
        ]
        lines = ["'fail_on' fails this build over:", *failing]
        return "\n- ".join(lines) if failing else None

    def _sentence(self, source: Source, place: str) -> str:
        badge = describe_source(source, for_the_log(self._site.status(source)))
        what = sentence(badge.label, badge.title)
        return f"{what} ({place})" if place else what

    def _is_new(self, what: object) -> bool:
        is_new = what not in self._said
        self._said.add(what)
        return is_new


def _say(cause: str, sources: list[Source]) -> str:
    """Say which sources a cause hits; one that is not understood has no address."""
    names = [source.name for source in sources if source.address is not None]
    if not names:
        return cause
    if len(names) == 1:
        return f"{names[0]}: {cause}"
    more = ", …" if len(names) > _NAMED else ""
    return f"{len(names)} sources: {cause} ({', '.join(names[:_NAMED])}{more})"
