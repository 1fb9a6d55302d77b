"""Why something could not be had: problems are data, faults are exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backup_badge.values.spelling import nearest


class Category(StrEnum):
    """The kinds of problems; Sphinx's ``suppress_warnings`` knows them by name."""

    USAGE = "usage"
    UNKNOWN_SOURCE = "unknown_source"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    INVALID_RESPONSE = "invalid_response"
    OFFLINE = "offline"


PASSING = frozenset(
    {
        Category.UNREACHABLE,
        Category.TIMEOUT,
        Category.RATE_LIMITED,
        Category.OFFLINE,
    }
)
"""Silence: no answer came, so a remembered one may stand in. Any other is news."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a status could not be had: a category and one sentence for the log.

    ``public_message`` is the sentence for a reader, where there is one that tells more
    than the category: without the name of a host, a file, a variable or an account.
    """

    category: Category
    message: str
    public_message: str | None = None

    @property
    def public(self) -> str:
        """The sentence for a reader."""
        return self.public_message or _PUBLIC.get(self.category) or self.message


_PUBLIC = {
    Category.USAGE: "the backup system could not be asked as it is configured",
    Category.UNREACHABLE: "the backup system could not be reached",
    Category.TIMEOUT: "the backup system did not answer in time",
    Category.UNAUTHORIZED: "the backup system could not be asked: access was refused",
    Category.NOT_FOUND: "the backup system does not know this backup",
    Category.RATE_LIMITED: "the backup system asks for fewer requests",
    Category.INVALID_RESPONSE: "the answer could not be understood",
    Category.OFFLINE: "the backup system was not asked in this build",
}


class BackupBadgeError(Exception):
    """The root of every error this package raises; ``str()`` is fit for a user."""


class ProblemError(BackupBadgeError):
    """Carries a :class:`Problem` up to where it becomes part of a status."""

    def __init__(
        self, category: Category, message: str, *, public: str | None = None
    ) -> None:
        super().__init__(message)
        self.problem = Problem(
            category=category, message=message, public_message=public
        )

    def again(self) -> ProblemError:
        """Return the same problem without a traceback, which may hold much."""
        problem = self.problem
        return ProblemError(
            problem.category, problem.message, public=problem.public_message
        )


class LastingError(ProblemError):
    """A problem that asking again cannot mend."""


class UsageError(BackupBadgeError):
    """Something that an author or operator wrote cannot be understood."""


class ConfigurationError(UsageError):
    """All faults of a configuration, one sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))

    @property
    def listing(self) -> str:
        """What a build that stops over them says, behind the project's name."""
        faults = "".join(f"\n- {fault}" for fault in self.faults)
        return f"cannot read its configuration:{faults}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest known word, or nothing."""
    near = nearest(word, tuple(known))
    return f" Did you mean {near!r}?" if near else ""
