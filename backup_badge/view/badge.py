"""From a status to what a reader sees of it: label, message, colour, sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from backup_badge.values.mark import BadgeMark
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status, format_time, vouching_times
from backup_badge.view.formats import Moment, format_moment, short_day
from backup_badge.view.judged import Judged, judged_of
from backup_badge.view.known_sentences import N_
from backup_badge.view.language import ENGLISH, Language
from backup_badge.view.statements import time_of
from backup_badge.view.wording import (
    as_of,
    as_of_time,
    explain,
    label_in,
    message,
    sentence,
    word_for,
)

_NONE: Mapping[Source, Status] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A badge, ready to be rendered in any medium.

    ``source`` and ``state`` are for machines; ``label`` and ``message`` are the left
    and the right text; ``title`` is the whole sentence. An empty ``label`` leaves the
    left half out; ``subject`` is then what the sentence is about. ``time`` is when the
    run took place, in ISO 8601 and UTC. ``date`` is the day from which a green badge
    that can expire tells; it is shown where no script judges the badge again. ``as_of``
    is how the message ends where it tells when the answer was given. ``stale`` says
    that a remembered answer stands in. ``judged`` are the sources: one, or a group's.
    ``lang`` is the language of the words, where it is another than the page's, and
    ``colon`` what that language writes between label and message.
    """

    source: str
    state: State
    label: str
    message: str
    title: str
    link: str | None = None
    style: str = "flat"
    classes: tuple[str, ...] = ()
    subject: str = ""
    time: str | None = None
    date: Moment | None = None
    as_of: Moment | None = None
    stale: bool = False
    judged: tuple[Judged, ...] = ()
    lang: str | None = None
    colon: str = ": "


def describe(
    mark: BadgeMark,
    statuses: Mapping[Source, Status],
    *,
    group_label: str | None = None,
    restores: Mapping[Source, Status] = _NONE,
    language: Language = ENGLISH,
) -> Badge:
    """Return the badge for a mark and the statuses of the sources it stands for.

    ``group_label`` is the left text of a roll-up; without it, the group's name.
    ``restores`` are the restore tests of its sources. ``language`` is the page's.
    """
    is_group = mark.target.startswith("group:")
    ((source, status), *others) = statuses.items()
    if is_group and source.problem is None:
        badge = _roll_up(mark.target, statuses, restores, language, label=group_label)
    else:
        assert not others
        badge = describe_source(source, status, language)
    label = mark.label or badge.label
    return replace(
        badge,
        label=label,
        title=sentence(label, badge.title, language),
        link=mark.link or badge.link,
        style=mark.style,
        classes=mark.classes,
        lang=language.lang,
    )


def describe_source(
    source: Source, status: Status, language: Language = ENGLISH
) -> Badge:
    """Return the plain badge of one source; its title lacks the label."""
    return Badge(
        source=source.name,
        state=status.state,
        label=label_in(language, source, status),
        message=message(source, status, language),
        title=explain(source, status, language),
        link=source.link,
        time=format_time(time_of(status.state, status)),
        date=_date({source: status}, language),
        as_of=_as_of(as_of_time(status), language),
        stale=status.stale,
        judged=(judged_of(source, status),),
        colon=sentence("", "", language),
    )


def _roll_up(
    target: str,
    backups: Mapping[Source, Status],
    restores: Mapping[Source, Status],
    language: Language,
    *,
    label: str | None,
) -> Badge:
    """Return the badge of a group: its worst state, and how many succeeded.

    Restore tests are counted separately. One that is worse than every backup gives
    the badge its state, and the message names it.
    """
    _, statuses = language.gettext, {**backups, **restores}
    source = min(statuses, key=lambda source: statuses[source].state.rank)
    worst, lead = statuses[source].state, word_for(source, statuses[source], language)
    lead = _("restore {state}", state=lead) if source.is_restore else lead
    count = _succeeded(backups, N_("{succeeded} of {total} succeeded"), language)
    if restores:
        tested = _succeeded(restores, N_("{succeeded} of {total} restores"), language)
        count = f"{count}, {tested}"
    named = _named(statuses, worst, language)
    times = filter(None, map(as_of_time, statuses.values()))
    told_as = _as_of(min(times, default=None), language)
    words = [count] if worst is State.SUCCEEDED else [lead, count]
    words += [told_as.text] if told_as else []
    return Badge(
        source=target,
        state=worst,
        label=label or target.removeprefix("group:"),
        message=", ".join(words),
        title=f"{count}; {', '.join(named)}" if named else count,
        date=_date(statuses, language) if worst.is_good else None,
        as_of=told_as,
        stale=any(status.stale for status in statuses.values()),
        judged=tuple(judged_of(source, status) for source, status in statuses.items()),
        colon=sentence("", "", language),
    )


def _named(
    statuses: Mapping[Source, Status], worst: State, language: Language
) -> list[str]:
    """Name the sources that have the worst state, then those whose answer is old."""
    _ = language.gettext
    called = {one: label_in(language, one, status) for one, status in statuses.items()}
    bad = [
        f"{called[source]} {word_for(source, status, language)}"
        for source, status in statuses.items()
        if status.state is worst and worst is not State.SUCCEEDED
    ]
    told = [(called[one], status.as_of) for one, status in statuses.items()]
    old = [
        f"{label} {_('as of {time}', time=format_moment(time, language))}"
        for label, time in told
        if time
    ]
    return bad + old


def _succeeded(
    statuses: Mapping[Source, Status], message: str, language: Language
) -> str:
    """Count the statuses that are a success: ``11 of 12 succeeded``."""
    succeeded = sum(status.state is State.SUCCEEDED for status in statuses.values())
    return language.gettext(message, succeeded=succeeded, total=len(statuses))


def _as_of(time: datetime | None, language: Language) -> Moment | None:
    """Return the end of a message that tells when the answer was given."""
    if time is None:
        return None
    return Moment(text=as_of(time, language), time=format_time(time) or "")


def _date(statuses: Mapping[Source, Status], language: Language) -> Moment | None:
    """Return the oldest day that a green badge rests on, where its green can expire."""
    times = [
        time
        for source, status in statuses.items()
        if status.state.is_good and (source.max_age or status.expected_by)
        if status.as_of is None
        for time in (*vouching_times(status), status.checked)[:1]
        if time is not None
    ]
    if not times:
        return None
    day = min(times)
    return Moment(text=short_day(day, language), time=f"{day:%Y-%m-%d}")
