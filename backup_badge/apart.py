"""Asking in a process of its own, while a host goes on with its work.

Python does one thing at a time: threads that ask take from the host's reading what they
gain by waiting. A process uses another core, can be ended whatever it hangs in, and
leaves no thread in a host that forks. See :mod:`backup_badge.worker`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from backup_badge.asking import Asking
from backup_badge.problems import Problem
from backup_badge.sources import Address
from backup_badge.status import Status

if TYPE_CHECKING:
    from backup_badge.worker import Worker

_GRACE = 1.0
"""Seconds that the process has, after the deadline, to say what it got."""


class Apart(Asking):
    """Asks for the first that is started in a process, as long as that is possible.

    What is left is asked here, by threads, when it is collected: none is alive before.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._worker: Worker | None = None
        self._away: set[Address] = set()
        self._waiting: set[Address] = set()

    def has_time_for(self, addresses: Iterable[Address]) -> bool:
        """Whether all are answered, or half of the deadline is left at least."""
        if self._worker is not None and self._worker.is_done:
            self._fetch()
        return super().has_time_for(addresses)

    def collect(self, addresses: Iterable[Address]) -> dict[Address, Status | Problem]:
        """Return the answers to what was started, at the deadline at the latest."""
        addresses = set(addresses)
        if addresses & self._away:
            self._fetch()
        if addresses & self._waiting:
            waiting, self._waiting = sorted(self._waiting, key=str), set()
            super()._submit(waiting)
        return super().collect(addresses)

    def close(self) -> None:
        """End the process as well; what it was to ask is left."""
        super().close()
        if self._worker is not None:
            self._worker.end()
            self._worker = None
        self._waiting |= self._away
        self._away.clear()

    @property
    def _is_idle(self) -> bool:
        return super()._is_idle and not self._away and not self._waiting

    def _submit(self, addresses: Iterable[Address]) -> None:
        # Imported here: a build that asks for nothing starts no process.
        from backup_badge.worker import Task, start_worker

        addresses = tuple(addresses)
        if self._worker is None:
            # No process, no room for a file: then not.
            with suppress(OSError, ValueError):
                task = Task(self._settings, addresses, until=self._begin())
                self._worker = start_worker(task)
                self._away.update(addresses)
                return
        self._waiting.update(addresses)

    def _fetch(self) -> None:
        """Take over the answers; what has none is to be asked here."""
        assert self._worker is not None
        end = self._begin() + _GRACE
        while not self._worker.is_done and self._clock() < end:
            self._worker.wait(0.02)
            self._watch()
        report = self._worker.report()
        self._answers.update(report.answers)
        self._memory.note(report.notices)
        self._away -= report.answers.keys()
        self.close()
