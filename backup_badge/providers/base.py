"""What a provider is: the adapter for one backup system."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from backup_badge.http.urls import check_url
from backup_badge.options.option import Option
from backup_badge.options.references import expand, find_reference
from backup_badge.values.problem import Category, ProblemError

if TYPE_CHECKING:
    from backup_badge.http.client import Client
    from backup_badge.values.status import Status


class Session(ABC):
    """One account of a backup system during one build. Used from several threads."""

    @abstractmethod
    def fetch(self, segments: tuple[str, ...], known: Status | None) -> Status:
        """Ask for one source and return its status as reported.

        ``known`` is the last answer: where it has a validator, the server may say
        that it still holds, and it is returned. Raises ProblemError when the status
        could not be had.
        """

    def sweep(
        self, wanted: Collection[tuple[str, ...]]
    ) -> Iterator[tuple[tuple[str, ...], Status]]:
        """Yield what a few calls can tell of many sources.

        What is not yielded is fetched one by one. Raises ProblemError to give up.
        """
        yield from ()


class Provider(ABC):
    """Knows the calls and the words of one backup system.

    A subclass declares its options and its addresses, and opens a session where the
    requests are made: only there are references to secrets expanded.
    """

    type: ClassVar[str]
    """The name of the backup system, as in ``[providers.NAME]`` and addresses."""

    options: ClassVar[tuple[Option, ...]]
    addresses: ClassVar[tuple[str, ...]]
    """The forms of a locator, for messages and the reference page."""

    dated: ClassVar[bool] = True
    """Whether answers carry times, so that their age can be judged."""

    @classmethod
    def faults(cls, options: Mapping[str, Any]) -> list[str]:
        """Say what is wrong with options that are right one by one."""
        return []

    @classmethod
    @abstractmethod
    def accepts(cls, segments: tuple[str, ...]) -> bool:
        """Whether the segments have one of the forms of :attr:`addresses`."""

    @classmethod
    def label(cls, segments: tuple[str, ...]) -> str:
        """The default left text of a badge whose source is named by its address."""
        return segments[-1]

    @classmethod
    def from_url(cls, host: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return the segments that somebody means who writes a URL as an address.

        ``path`` holds the URL's own segments, as they are written.
        """
        return None

    @classmethod
    def host(cls, options: Mapping[str, Any]) -> str:
        """What requests share: accounts of one service are slow together."""
        return str(options.get("url"))

    @classmethod
    def load(cls) -> None:
        """Import what asking needs. Called before there are threads."""
        return

    @classmethod
    @abstractmethod
    def open(
        cls, options: Mapping[str, Any], client: Client, environ: Mapping[str, str]
    ) -> Session:
        """Begin asking. Raises ProblemError when a reference cannot be expanded."""


def expand_url(value: str, environ: Mapping[str, str]) -> str:
    """Expand a configured base URL; what references stand for is checked as well.

    Raises ProblemError when a variable is not set or holds no URL.
    """
    try:
        return check_url(expand(value, environ))
    except ValueError as error:
        raise ProblemError(Category.USAGE, f"the configured URL {error}") from None


def shown_host(value: str, url: str) -> str:
    """Return how messages call the host of a URL that was configured as ``value``.

    What a reference stands for is never quoted: the reference is named instead.
    """
    name = find_reference(value)
    return f"the host that ${{{name}}} stands for" if name else urlsplit(url).netloc
