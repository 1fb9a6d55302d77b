"""Where requests go and with which credential: found once a build, refused once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from backup_badge.values.problem import ProblemError


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A base URL, the headers that go with each request, and the secrets in those.

    ``shown`` is how messages call the place.
    """

    url: str
    shown: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Door:
    """Opens when the first request needs it. Threads wait for each other here.

    ``open`` finds the entry. Where it is worth a second try (``renewable``), a refusal
    in the middle of a build has it called once more. A refusal that stands is
    remembered: a key that is refused is not tried again.
    """

    def __init__(
        self, open: Callable[[], Entry], *, renewable: Callable[[], bool]
    ) -> None:
        self._open = open
        self._is_renewable = renewable
        self._is_renewed = False
        self._entry: Entry | None = None
        self._refusal: ProblemError | None = None
        self._lock = threading.Lock()

    def entry(self) -> Entry:
        """Return the entry. Raises ProblemError, and the same one ever after."""
        with self._lock:
            self._raise_refusal()
            if self._entry is None:
                self._entry = self._tried()
            return self._entry

    def renewed(self, refused: Entry) -> Entry | None:
        """Return another entry than the one that was refused, if there is one."""
        with self._lock:
            if self._entry is not refused:
                return self._entry
            if self._is_renewed or not self._is_renewable():
                return None
            self._is_renewed = True
            renewed = self._tried()
            if renewed == refused:
                return None
            self._entry = renewed
            return renewed

    def close(self, refused: Entry, error: ProblemError) -> None:
        """Remember a refusal, unless there is another entry by now."""
        with self._lock:
            if self._entry is refused:
                self._refusal = error

    def _tried(self) -> Entry:
        try:
            return self._open()
        except ProblemError as error:
            self._refusal = error
            raise

    def _raise_refusal(self) -> None:
        if self._refusal is not None:
            raise self._refusal.again()
