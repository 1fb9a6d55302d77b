"""How the tests ask: settings for services on loopback, and one source at a time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup_badge.ask.build_reach import BuildReach
from backup_badge.ask.pool import Pool
from backup_badge.ask.resolver import utc_now
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.http.client import Client
from backup_badge.options.option import read_options
from backup_badge.provider import Access, Ask
from backup_badge.providers import find_provider
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import parse_address
from backup_badge.values.status import Status
from backup_badge.ways.contained import contained
from backup_badge.ways.locator import match_locator

TENANT = "123456"
TOKEN = "t0ken-of-the-tests"
ENVIRON = {"TOKEN": TOKEN, "USER": "demo", "KEY": "demo-key"}
LATE = Problem(category=Category.TIMEOUT, message="too late for the test")


def providers(url: str) -> dict[str, dict[str, str]]:
    """Return both providers' tables; a token opens the second one's account."""
    rackspace = {"url": url, "tenant": TENANT, "token": "${TOKEN}"}
    return {"cloudback": {"url": url}, "rackspace": rackspace}


def configure(directory: Path, url: str, **values: Any) -> Settings:
    """Return settings for services at ``url``, with ``values`` laid over them."""
    values = {
        "cache_dir": "cache",
        "timeout": "10s",
        "deadline": "30s",
        "providers": providers(url),
        **values,
    }
    overlay = ConfigSource(values=values, origin="test", directory=directory)
    return load(directory, overlay=overlay, environ={})


def client(*, timeout: float = 3.0, deadline: float = 6.0) -> Client:
    """Return a client that waits between two tries no longer than it is told to."""
    until = time.monotonic() + deadline
    return Client(timeout=timeout, until=until, jitter=lambda: -0.5)


def ask(
    url: str,
    address: str = "cloudback:acme/website",
    *,
    options: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = ENVIRON,
    **times: float,
) -> Status | Problem:
    """Ask for one source as a resolver does, and return what came of it."""
    asked = parse_address(address)
    provider = find_provider(asked.provider)
    table = providers(url)[asked.provider] if options is None else options
    read, faults = read_options(provider.options(), table)
    assert not faults
    locator = match_locator(provider.addresses, asked.segments)
    assert locator is not None
    asking = client(**times)
    reach = BuildReach(
        settings=Settings(),
        environ=environ,
        client=lambda: asking,
        until=lambda: asking.until,
        now=utc_now,
    )
    access = Access(
        name=asked.provider,
        provider=provider,
        given=read,
        reach=reach,
        environ=environ,
    )
    question = Ask(now=utc_now(), wanted=[locator], access=access)
    done: list[Status | Problem] = []

    def fetch() -> bool:
        done.append(contained(lambda: provider.read(question, locator)))
        return True

    def tick() -> bool:
        asking.abort_overdue()
        return time.monotonic() < asking.until

    pool = Pool(size=1)
    pool.submit("", [fetch])
    pool.wait(tick)
    asking.close()
    pool.close(seconds=1)
    return done[0] if done else LATE
