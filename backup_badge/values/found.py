"""What a backup system says that it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from backup_badge.values.problem import Category, Problem, ProblemError


@dataclass(frozen=True, kw_only=True)
class Found:
    """One backup that a system holds, as an address can name it.

    ``segments`` are those of its address, decoded. ``groups`` are the system's own:
    tags, namespaces. ``max_age`` follows from the system's own schedule. ``also`` are
    other addresses whose source watches it, too. ``is_sure`` is False where the system
    cannot tell whether it is a backup: then nobody is blamed who does not watch it.
    """

    segments: tuple[str, ...]
    label: str | None = None
    groups: tuple[str, ...] = ()
    max_age: timedelta | None = None
    also: tuple[tuple[str, ...], ...] = ()
    is_sure: bool = True


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What came of asking a system what it holds.

    ``unlisted`` says why a system cannot list it, ``problem`` why this one did not.
    """

    found: tuple[Found, ...] = ()
    unlisted: str = ""
    problem: Problem | None = None


class Unlisted(ProblemError):
    """A system, or the way it is configured, cannot tell what it holds."""

    def __init__(self, why: str) -> None:
        super().__init__(Category.USAGE, why)
