"""What the author of a provider imports, and nothing else.

A provider knows one backup system: which addresses it has, which words it says, how its
answers are read. It is declared by class attributes, and has one method,
:meth:`Provider.read`. All asking goes through the :class:`Ask` that this method gets,
which bounds it, keeps secrets and never asks the same question twice in a build.

A system is asked by a :data:`Way`: :class:`Http`; ``FILE`` and ``COMMAND``, which the
configuration names; ``LIBRARY``, which is code of the provider's own.

An :class:`Option` has one of these kinds: ``TEXT``, ``ACCOUNT`` (a text, or a reference
to one), ``SECRET`` (a reference, never written out), ``URL``, ``PATH`` (relative to the
file that names it), ``FLAG`` (true or false), ``COUNT`` (a whole number), ``DURATION``
(``26h``, read as a timedelta), ``NAMES`` (a list of texts), ``STATE_TABLE`` (from words
to states), ``TIME_ZONE`` (its name) and ``EXPRESSION`` (JMESPath).

The interface changes only with the number :data:`api`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from backup_badge.documents.fields import Fields
from backup_badge.options.kinds import (
    ACCOUNT,
    COUNT,
    DURATION,
    FLAG,
    NAMES,
    SECRET,
    TEXT,
    URL,
)
from backup_badge.options.option import Option
from backup_badge.options.provider_kinds import (
    EXPRESSION,
    PATH,
    STATE_TABLE,
    TIME_ZONE,
)
from backup_badge.values.found import Found, Unlisted
from backup_badge.values.problem import Category, Problem, ProblemError
from backup_badge.values.runs import Runs
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status
from backup_badge.ways.access import Access
from backup_badge.ways.answer import Answer, Sample
from backup_badge.ways.ask import Ask
from backup_badge.ways.credential import Credential, basic, bearer, header
from backup_badge.ways.entry import Entry
from backup_badge.ways.failure import Failure
from backup_badge.ways.locator import Locator
from backup_badge.ways.paging import by_cursor, by_link, by_page
from backup_badge.ways.way import (
    COMMAND,
    FILE,
    LIBRARY,
    Http,
    Way,
    way_faults,
    way_options,
)

__all__ = [
    "ACCOUNT",
    "COMMAND",
    "COUNT",
    "DURATION",
    "EXPRESSION",
    "FILE",
    "FLAG",
    "LIBRARY",
    "NAMES",
    "PATH",
    "SECRET",
    "STATE_TABLE",
    "TEXT",
    "TIME_ZONE",
    "URL",
    "Access",
    "Answer",
    "Ask",
    "Category",
    "Credential",
    "Details",
    "Entry",
    "Failure",
    "Fields",
    "Found",
    "Http",
    "Locator",
    "Option",
    "ProblemError",
    "Provider",
    "Sample",
    "State",
    "Status",
    "Unlisted",
    "Way",
    "api",
    "basic",
    "bearer",
    "by_cursor",
    "by_link",
    "by_page",
    "header",
]

api = 1
"""The version of this interface."""

_DETAILS = frozenset(Details.__dataclass_fields__)


class Provider(Runs, ABC):
    """The adapter for one backup system. A subclass declares:

    ``type``: its name, as in ``[providers.NAME]`` and in addresses.
    ``ways``: how it is reached; their options come with them.
    ``own``: the options that it has besides. They may stand at a source, too.
    ``addresses``: the forms of a locator. Capitals stand for a segment, ``NAME...`` for
    one and all that follow: ``slug/SLUG``, ``path/PATH...``, ``document``.
    ``states``: the system's words, and what they mean.
    ``dated``: False for a system whose answers never tell when a backup ran.
    ``within``: what ``discover`` may be told to look in, such as a ``PAGE``.
    """

    type: ClassVar[str]
    ways: ClassVar[tuple[Way, ...]]
    own: ClassVar[tuple[Option, ...]] = ()
    addresses: ClassVar[tuple[str, ...]]
    states: ClassVar[Mapping[str, State]] = {}
    dated: ClassVar[bool] = True
    within: ClassVar[str] = ""

    @abstractmethod
    def read(self, ask: Ask, locator: Locator) -> Status:
        """Return what the system says of one source.

        Asks through ``ask`` and reads what comes back. Green needs a word that is known
        to be good: see :meth:`said`. Raises ProblemError where the answer is none; so
        do all calls of ``ask`` and all readers of an answer.
        """

    def discover(self, ask: Ask) -> Iterable[Found]:
        """Return what the system holds, by one cheap call, and how to address it.

        ``ask.wanted`` are the locators that are watched already; those that stand for
        something that is found belong into its ``also``. Raises Unlisted where the
        system cannot tell, and ProblemError like :meth:`read`.
        """
        form = f"{ask.access.name}:{self.addresses[0]}"
        why = "it has no list to ask for: write the address of each source"
        raise Unlisted(f"{why}, {form}")

    def label(self, locator: Locator) -> str:
        """Return the left text of a badge whose source is named by its address."""
        return locator.segments[-1]

    def from_url(self, host: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return the segments that somebody means who writes a URL as an address.

        ``path`` holds the URL's own segments, as they are written.
        """
        return None

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Say what is wrong with options that are right one by one.

        Each sentence goes on from "the provider 'NAME'".
        """
        return way_faults(self.ways, options)

    def login(self, access: Access) -> Entry | None:
        """Return where to ask and with which headers, for systems that want a login.

        None: at ``url``, with the configured credential.
        """
        return None

    @classmethod
    def options(cls) -> tuple[Option, ...]:
        """Return all options, in their order."""
        return (*way_options(cls.ways), *cls.own)

    def said(
        self,
        word: str | None,
        *,
        states: Mapping[str, State] | None = None,
        **told: Any,
    ) -> Status:
        """Return the status that the system's own word stands for.

        ``told`` are fields of :class:`Status` (``finished``, ``last_success``, ...) and
        of :class:`Details` (``reason``, ``bytes``, ...). A word that nobody knows is
        kept, and its state is unknown, with a problem.
        """
        known = self.states if states is None else states
        details = {name: told.pop(name) for name in _DETAILS & told.keys()}
        status = Status(
            reported=known.get(word or "", State.UNKNOWN),
            native=word,
            details=Details(**details),
            **told,
        )
        if word in known:
            return status
        what = f"says {word!r}, a word that nobody knows" if word else "says no word"
        message = f"the backup system {what}"
        problem = Problem(
            category=Category.INVALID_RESPONSE, message=message, public_message=message
        )
        return replace(status, problem=status.problem or problem)

    def exists(self, ask: Ask, **told: Any) -> Status:
        """Return the status of a system that tells only that there is a backup.

        It is a success under a ``max_age``, which then judges it, and else unknown,
        with a problem: the configuration has to say how old it may be.
        """
        if ask.max_age is not None:
            return self.said("exists", states={"exists": State.SUCCEEDED}, **told)
        why = "there is a backup, but only its age can be judged: set 'max_age'"
        problem = Problem(category=Category.USAGE, message=why, public_message=why)
        told = {**told, "reason": None, "problem": problem}
        return self.said("exists", states={"exists": State.UNKNOWN}, **told)

    def nothing(self, reason: str, *, never_ran: bool = False) -> Status:
        """Return the status of a source of which the system knows nothing (yet).

        ``never_ran`` where its answer says that there was no run at all: a restore test
        is then shown as never tested. A list that is cut off, filtered or cleaned up
        does not say that, nor does an answer that cannot be read.
        """
        details = Details(reason=reason, never_ran=never_ran or None)
        return Status(reported=State.UNKNOWN, details=details)
