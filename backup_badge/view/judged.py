"""What the script of a page judges its badges by, again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time, vouching_times
from backup_badge.view.wording import is_untested


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A source behind a badge, for a reader's browser to judge again as time goes by.

    ``state`` was judged when the page was built. The times are ISO 8601, in UTC;
    ``as_of`` says that ``checked`` is shown. Of ``status`` and ``source`` they are what
    :func:`judge` looks at. ``window`` changes as often as a page has to be written
    again so that the age of an answer without times does not make it overdue. ``own``
    says that its address alone does not tell which source it is, ``untested`` that it
    is a restore test that never ran.
    """

    source: str
    address: str | None
    state: State
    reported: State
    max_age: timedelta | None = None
    dated: bool = True
    stale: bool = False
    as_of: bool = False
    started: str | None = None
    finished: str | None = None
    last_success: str | None = None
    expected_by: str | None = None
    checked: str | None = None
    window: int | None = None
    own: bool = False
    untested: bool = False


def judged_of(source: Source, status: Status) -> Judged:
    """Return what a browser judges a source by."""
    window = None
    if source.max_age and not vouching_times(status) and status.checked is not None:
        step = max(source.max_age / 24, timedelta(seconds=1))
        window = (status.checked - datetime.fromtimestamp(0, UTC)) // step
    return Judged(
        source=source.name,
        address=str(source.address) if source.address else None,
        state=status.state,
        reported=status.reported,
        max_age=source.max_age,
        dated=status.dated,
        stale=status.stale,
        as_of=status.as_of is not None,
        started=format_time(status.started),
        finished=format_time(status.finished),
        last_success=format_time(status.last_success),
        expected_by=format_time(status.expected_by),
        checked=format_time(status.checked),
        window=window,
        own=bool(source.options),
        untested=is_untested(source, status),
    )
