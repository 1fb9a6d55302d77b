"""Asking backup systems what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import islice

from backup_badge.ask.contained import contained
from backup_badge.ask.questions import Questions
from backup_badge.config.proposals import watching
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings
from backup_badge.provider import Ask, Found, Provider, Unlisted
from backup_badge.providers import find_provider
from backup_badge.values.found import Listing
from backup_badge.values.problem import Category, Problem

_MOST = 10_000
"""Entries of one system that are compared. A part of them must not pass for all."""


def discover(
    questions: Questions,
    settings: Settings,
    names: Iterable[str],
    *,
    within: tuple[str, ...],
    now: datetime,
) -> dict[str, Listing]:
    """Return what the systems of some providers hold, or why that is not known."""
    listings: dict[str, Listing] = {}
    jobs: dict[str, tuple[str, Callable[[], Listing | Problem]]] = {}
    for name in dict.fromkeys(names):
        system = provider_settings(name, settings.providers)
        provider = find_provider(system.type)
        listings[name] = Listing()
        faults = provider.faults(system.options)
        if faults:
            hint = "" if name in settings.providers else f": configure {_table(name)}"
            listings[name] = Listing(unlisted=f"it {faults[0]}{hint}")
            continue
        access = questions.access(name, {})
        wanted = list(watching(settings, name).values())
        ask = Ask(now=now, wanted=wanted, within=within, access=access)
        jobs[name] = access.queue, partial(contained, partial(_listed, provider, ask))
    for name, said in (questions.each(jobs) if jobs else {}).items():
        listings[name] = Listing(problem=said) if isinstance(said, Problem) else said
    return listings


def _listed(provider: Provider, ask: Ask) -> Listing:
    try:
        found = tuple(islice(provider.discover(ask), _MOST + 1))
    except Unlisted as error:
        return Listing(unlisted=str(error))
    if not all(isinstance(one, Found) for one in found):
        raise TypeError("what is discovered is no Found")
    if len(found) > _MOST:
        why = f"the system holds more than {_MOST}, which is too much to compare"
        raise ask.problem(Category.INVALID_RESPONSE, why)
    return Listing(found=found)


def _table(name: str) -> str:
    return f"[providers.{name}]"
