"""Asking backup systems what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from itertools import islice

from backup_badge.ask.questions import Questions
from backup_badge.config.proposals import watching
from backup_badge.config.settings import Settings
from backup_badge.config.systems import provider_settings, system_of
from backup_badge.provider import Ask, Found, Provider, Unlisted
from backup_badge.providers import find_provider
from backup_badge.values.found import Listing
from backup_badge.values.problem import Category, Problem
from backup_badge.ways.access import Access
from backup_badge.ways.contained import contained

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
        prepared = contained(partial(_prepare, questions, settings, name))
        if isinstance(prepared, Problem):
            listings[name] = Listing(problem=prepared)
            continue
        access, why = prepared
        listings[name] = Listing(unlisted=why)
        if access is not None:
            wanted = list(watching(settings, name).values())
            ask = Ask(now=now, wanted=wanted, within=within, access=access)
            provider = system_of(name, settings.providers)
            job = partial(contained, partial(_listed, provider, ask))
            jobs[name] = access.queue, job
    for name, said in (questions.each(jobs) if jobs else {}).items():
        listings[name] = Listing(problem=said) if isinstance(said, Problem) else said
    return listings


def _prepare(
    questions: Questions, settings: Settings, name: str
) -> tuple[Access | None, str]:
    """Return the access to a provider's system, or why there is none."""
    system = provider_settings(name, settings.providers)
    faults = find_provider(system.type).faults(system.options)
    if not faults:
        return questions.accesses.of_provider(name, {}), ""
    hint = "" if name in settings.providers else f": configure [providers.{name}]"
    return None, f"it {faults[0]}{hint}"


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
