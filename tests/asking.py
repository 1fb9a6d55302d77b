"""How the tests ask: settings for services on loopback, and one source at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backup_badge.ask.pool import Crew
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.http.client import Client
from backup_badge.options.option import read_options
from backup_badge.providers import PROVIDERS
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import parse_address
from backup_badge.values.status import Status

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
        "timeout": "3s",
        "deadline": "6s",
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
    provider = PROVIDERS[asked.provider]
    table = providers(url)[asked.provider] if options is None else options
    read, faults = read_options(provider.options, table)
    assert not faults
    asking = client(**times)

    def job() -> Iterator[tuple[str, Status]]:
        session = provider.open(read, asking, environ)
        yield address, session.fetch(asked.segments, None)

    crew: Crew[str, Status] = Crew(size=1)
    crew.submit([address], job)
    crew.wait([address], until=asking.until, late=LATE, tick=asking.abort_overdue)
    asking.close()
    crew.dismiss(seconds=1)
    return crew.result(address)
