"""What the runs of one backup come to: the newest, the worst, what is switched off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from backup_badge.values.state import State
from backup_badge.values.status import Status

_PATIENCE = timedelta(hours=2)
"""How late a run may begin: schedulers have queues."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Runs:
    """The base of a provider that tells what it makes of the runs that it has read."""

    @staticmethod
    def with_last_success(status: Status, runs: Iterable[Status]) -> Status:
        """Return a status that knows when the newest of its runs went well."""
        good = [run for run in runs if run.reported is State.SUCCEEDED]
        times = [run.finished or run.started for run in good]
        last = max((time for time in times if time is not None), default=None)
        return replace(status, last_success=last)

    @staticmethod
    def stopped(status: Status, reason: str) -> Status:
        """Return the status of what is switched off: never green, whatever ran last."""
        is_over = status.reported.is_good or status.reported is State.UNKNOWN
        state = State.STOPPED if is_over else status.reported
        return Runs.turned(status, state, reason)

    @staticmethod
    def turned(status: Status, state: State, reason: str) -> Status:
        """Return a status that comes to another state than its word, and why."""
        details = replace(status.details, reason=reason)
        return replace(status, reported=state, details=details)

    @staticmethod
    def unless_missed(status: Status, now: datetime) -> Status:
        """Return a success as overdue where the next run should have begun by now.

        For systems that tell ``next_run`` and move it on as soon as a run begins.
        Nobody starts the runs then, or the answer is a file that nobody writes.
        """
        due = status.next_run
        is_success = status.reported is State.SUCCEEDED
        if not is_success or due is None or now - due <= _PATIENCE:
            return status
        reason = f"the run of {due:%Y-%m-%d %H:%M} UTC has not begun"
        return Runs.turned(status, State.OVERDUE, reason)

    @staticmethod
    def newest(runs: Iterable[Status]) -> Status | None:
        """Return the run that began last, or None where there is none.

        A run of which only the end is known counts by that.
        """
        return max(
            runs, key=lambda run: run.started or run.finished or _LONG_AGO, default=None
        )

    @staticmethod
    def worst(statuses: Iterable[Status]) -> Status | None:
        """Return the worst by the rank of what was reported, or None.

        It never ran only if none of them did.
        """
        statuses = list(statuses)
        worst = min(statuses, key=lambda status: status.reported.rank, default=None)
        if worst is None or all(status.details.never_ran for status in statuses):
            return worst
        return replace(worst, details=replace(worst.details, never_ran=None))
