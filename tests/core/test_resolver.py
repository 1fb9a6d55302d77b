"""A build asks once, ends in time, and one bad source costs the others nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import faults
import pytest
from asking import ENVIRON, TENANT, TOKEN, configure, providers
from buggy_provider import Buggy, install
from cloud import Cloud
from faults import Faulty
from loopback import Answer, Request, json_answer

from backup_badge import Settings, Site, State, Status, badge_mark, table_mark
from backup_badge.ask.answers import Answers
from backup_badge.ask.cache import Cache
from backup_badge.ask.find import find
from backup_badge.ask.resolver import Resolver
from backup_badge.documents.records import to_document
from backup_badge.http.client import ATTEMPTS
from backup_badge.values.problem import (
    Category,
    ConfigurationError,
    Problem,
    ProblemError,
)
from backup_badge.values.source import Source

pytestmark = pytest.mark.slow

WEBSITE = "cloudback:acme/website"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>succeeded</text></svg>'


class Good(Cloud):
    """The stand-in service, where every badge says that all is well."""

    running = most = 0

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        if request.path.startswith("/badge/"):
            names = tuple(request.path.split("/")[2:])
            self.badges.setdefault(names, "succeeded")
        answer = super().answer(request)
        with self._lock:
            self.running -= 1
        return answer


@pytest.fixture
def good() -> Iterator[Good]:
    with Good() as cloud:
        cloud.add_token(TOKEN, TENANT)
        yield cloud


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Fail a test that leaves a thread of ours alive."""
    yield
    assert threads() == []


def sources(settings: Settings, *targets: str) -> list[Source]:
    """Return the sources that names and addresses stand for."""
    return [source for target in targets for source in find(settings, target)]


def threads() -> list[threading.Thread]:
    """Return the threads that ask; those of the servers of the tests are others."""
    return [t for t in threading.enumerate() if t.name.endswith("(_work)")]


def many(provider: str, number: int) -> list[str]:
    """Return so many addresses of a provider of badges."""
    return [f"{provider}:acme/{index:04}" for index in range(number)]


def resolve(
    settings: Settings, *targets: str, **options: Any
) -> tuple[list[Status], float]:
    """Resolve targets as a build does; return their statuses and how long it took."""
    resolver = Resolver(settings, **{"environ": ENVIRON, **options})
    asked = sources(settings, *targets)
    begun = time.monotonic()
    statuses = resolver.resolve(asked)
    seconds = time.monotonic() - begun
    assert threads() == []
    return [statuses[source] for source in asked], seconds


def problems(statuses: list[Status]) -> list[Problem]:
    """Return the problem of each status, which has to have one."""
    found = [status.problem for status in statuses]
    assert None not in found
    return [problem for problem in found if problem is not None]


# Few


def test_each_source_once(good: Good, tmp_path: Path) -> None:
    """A source is asked once a build, however many badges, names and rounds it has."""
    named = {"site": {"address": WEBSITE}, "web": {"address": WEBSITE, "max_age": "1h"}}
    settings = configure(tmp_path, good.url, cache_ttl="0s", sources=named)
    site = Site(settings, resolver=Resolver(settings, environ=ENVIRON))
    backup = good.add_backup()
    marks = [
        badge_mark(target, {"label": str(number)})
        for number in range(50)
        for target in (WEBSITE, "site", "web", f"rackspace:backup/{backup}")
    ]
    site.resolve(marks[:3])
    for _ in range(2):
        site.resolve(marks)
        assert {site.badge(mark).state for mark in marks} == {State.SUCCEEDED}
        site.table(table_mark([], {}))
    paths = [request.path for request in good.requests]
    assert sorted(paths) == ["/badge/acme/website", f"/v2/{TENANT}/backups/{backup}"]


def test_who_watches_is_told_how_far_it_is(good: Good, tmp_path: Path) -> None:
    """How many of how many sources have their answer, what is remembered counts too."""
    settings = configure(tmp_path, good.url, concurrency=1)
    targets = many("cloudback", 3)
    Resolver(settings, environ=ENVIRON).resolve(sources(settings, targets[0]))
    told: list[tuple[int, int]] = []
    resolver = Resolver(
        settings, environ=ENVIRON, watch=lambda done, of: told.append((done, of))
    )
    resolver.resolve(sources(settings, *targets))
    assert told == sorted(told)
    assert {of for _, of in told} == {3}
    assert {1, 3} <= {done for done, _ in told}


@pytest.mark.parametrize("concurrency", [1, 4, 16])
def test_concurrency(good: Good, tmp_path: Path, concurrency: int) -> None:
    """No more exchanges are under way at once than allowed, and no fewer."""
    good.latency = 0.1
    settings = configure(tmp_path, good.url, concurrency=concurrency, deadline="9s")
    statuses, seconds = resolve(settings, *many("cloudback", 4 * concurrency))
    assert {status.state for status in statuses} == {State.SUCCEEDED}
    assert good.most == concurrency
    assert seconds < 10 * 4 * 0.1


# Bounded

REMAINING = 2.0
"""Seconds beside the deadline that a build may take."""


@pytest.mark.parametrize(
    "behaviour",
    [
        faults.never_answers,
        faults.drip_headers,
        faults.drip_body,
        faults.endless_trailer,
        faults.status(503, {}),
        faults.status(429, {"Retry-After": "1"}),
        faults.redirect_loop,
        faults.reset_midway,
    ],
)
def test_deadline(tmp_path: Path, behaviour: faults.Behaviour) -> None:
    """Whatever a server does to many sources, a build ends soon after its deadline."""
    with Faulty(behaviour) as url:
        settings = configure(tmp_path, url, timeout="30s", deadline="0.6s")
        statuses, seconds = resolve(settings, *many("cloudback", 60))
    assert seconds < 0.6 + REMAINING
    assert {status.state for status in statuses} == {State.UNKNOWN}
    assert all(len(problem.message) < 300 for problem in problems(statuses))


def test_deadline_is_explained(tmp_path: Path) -> None:
    """Who ran out of time reads how much there was and what to do."""
    with Faulty(faults.never_answers) as url:
        settings = configure(tmp_path, url, timeout="30s", deadline="0.3s")
        statuses, _ = resolve(settings, *many("cloudback", 3))
    for problem in problems(statuses):
        assert problem.category is Category.TIMEOUT
        assert "within the 0.3 s" in problem.message
        assert "raise 'deadline'" in problem.message


def test_deadline_in_sum(good: Good, tmp_path: Path) -> None:
    """The deadline is for all waiting of a build, however often it asks.

    Time that passes in between does not count, and what is known stays known.
    """
    with Faulty(faults.never_answers) as bad:
        tables = {**providers(good.url), "a": {"type": "cloudback", "url": bad}}
        settings = configure(
            tmp_path, "", providers=tables, timeout="30s", deadline="1.5s"
        )
        resolver = Resolver(settings)
        waited = 0.0
        for number in range(10):
            if number == 2:
                (late,) = resolver.resolve(sources(settings, WEBSITE)).values()
                assert late.state is State.UNKNOWN
            (first,) = sources(settings, "cloudback:acme/first")
            if number == 0:
                known = resolver.resolve([first])
                time.sleep(1.6)
            assert resolver.resolve([first]) == known
            begun = time.monotonic()
            asked = sources(settings, f"a:acme/{number}")
            (problem,) = problems(list(resolver.resolve(asked).values()))
            waited += time.monotonic() - begun
            assert problem.category is Category.TIMEOUT
    assert known[first].state is State.SUCCEEDED
    assert 1.0 < waited < 1.5 + REMAINING
    assert [request.path for request in good.requests] == ["/badge/acme/first"]


def test_late_source(good: Good, tmp_path: Path) -> None:
    """A source that is found late is asked, in what is left of the deadline."""
    settings = configure(tmp_path, good.url)
    resolver = Resolver(settings, environ=ENVIRON)
    backups = [good.add_backup() for _ in range(4)]
    for backup in backups:
        targets = (f"rackspace:backup/{backup}", f"cloudback:acme/{backup}")
        found = resolver.resolve(sources(settings, *targets))
        assert {status.state for status in found.values()} == {State.SUCCEEDED}


def test_what_is_known_of_a_host(good: Good, tmp_path: Path) -> None:
    """Dead hosts and refused credentials cost their time once a build."""
    refusal = Faulty(faults.status(401, {}))
    later = Faulty(faults.status(429, {"Retry-After": "3600"}))
    dead = Faulty(faults.status(503, {}))
    with refusal as a, later as b, dead as c:
        token = {"url": a, "tenant": TENANT, "token": "${TOKEN}", "type": "rackspace"}
        tables = {
            "a": token,
            "b": {"type": "cloudback", "url": b},
            "c": {"type": "cloudback", "url": c},
        }
        settings = configure(tmp_path, "", providers=tables, deadline="30s")
        resolver = Resolver(settings, environ=ENVIRON)
        seen = []
        for number in range(4):
            targets = [f"a:backup/{number}", *many("b", 8), *many("c", 8)]
            targets = [f"{target}{number}" for target in targets]
            found = list(resolver.resolve(sources(settings, *targets)).values())
            assert [problem.category for problem in problems(found)] == [
                Category.UNAUTHORIZED,
                *[Category.RATE_LIMITED] * 8,
                *[Category.UNREACHABLE] * 8,
            ]
            servers = (refusal, later, dead)
            seen.append([len(server.requests) for server in servers])
    assert seen == [seen[0]] * 4


def test_burst_that_passes(good: Good, tmp_path: Path) -> None:
    """Ten sources of ten survive errors that pass, whatever kind of error they are."""
    for code in (503, 429, 500):
        over = time.monotonic() + 1.2

        class Burst(Good):
            def answer(self, request: Request) -> Answer:
                busy = time.monotonic() < over  # noqa: B023
                if busy:
                    return Answer(status=code)  # noqa: B023
                return super().answer(request)

        with Burst() as service:
            folder = tmp_path / str(code)
            settings = configure(folder, service.url, deadline="30s")
            statuses, _ = resolve(settings, *many("cloudback", 10))
        assert {status.state for status in statuses} == {State.SUCCEEDED}


def test_connections_that_break_at_first(tmp_path: Path) -> None:
    """Sources whose first connection breaks are asked again, all of them."""
    good = faults.status(200, faults.SVG)
    with Faulty(faults.in_turn(*[faults.reset_midway] * 10, good)) as url:
        settings = configure(tmp_path, url, deadline="30s")
        statuses, _ = resolve(settings, *many("cloudback", 10))
    assert {status.state for status in statuses} == {State.SUCCEEDED}


def test_no_thread_to_be_had(
    good: Good, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no thread can be started nothing is asked, and the build goes on."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.endswith("(_work)"):
            raise RuntimeError("can't start new thread")
        start(thread)

    settings = configure(tmp_path, good.url)
    aged(configure(tmp_path, good.url), 0 * HOUR, WEBSITE)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    remembered, other = aged(settings, HOUR, WEBSITE, "cloudback:acme/other")
    assert (remembered.reported, remembered.stale) == (State.SUCCEEDED, True)
    (problem,) = problems([other])
    assert "no thread" in problem.message


def test_threads_import_nothing(tmp_path: Path) -> None:
    """The XML parser's library swaps a module of Python's while it is imported.

    A host that imports that module at the same time would go on with the wrong one.
    """
    script = """
import sys, threading
from pathlib import Path

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread().name.endswith("(_work)"):
            late.append(name)

late = []
from backup_badge import Site, badge_mark, load
sys.meta_path.insert(0, Watch())
site = Site(load(Path(sys.argv[1]), environ={}))
marks = [badge_mark(f"cloudback:acme/{n}", {}) for n in range(3)]
site.resolve(marks)
print(*(name for name in late if "xml" in name or "backup_badge" in name))
"""
    with Good() as cloud:
        text = f'[providers.cloudback]\nurl = "{cloud.url}"\n'
        (tmp_path / "backup-badge.toml").write_text(text)
        command = [sys.executable, "-c", script, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert len(cloud.requests) == 3
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_look_up_that_hangs(
    good: Good, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name look-up cannot be ended, but it can be left behind."""
    over, look_up = threading.Event(), socket.getaddrinfo

    def hang(host: object, *arguments: Any, **options: Any) -> Any:
        if str(host).endswith(".invalid"):
            over.wait(9)
        return look_up(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    slow = {"type": "cloudback", "url": "https://backup.invalid"}
    tables = {**providers(good.url), "a": slow}
    settings = configure(tmp_path, "", providers=tables, deadline="0.5s")
    resolver = Resolver(settings)
    asked = sources(settings, *many("a", 3), *many("cloudback", 3))
    begun = time.monotonic()
    statuses = list(resolver.resolve(asked).values())
    assert time.monotonic() - begun < 0.5 + REMAINING
    over.set()
    for thread in threads():
        thread.join()
    assert {p.category for p in problems(statuses[:3])} == {Category.TIMEOUT}
    assert {status.state for status in statuses[3:]} == {State.SUCCEEDED}


def test_accounts_of_a_slow_host_share_its_part(good: Good, tmp_path: Path) -> None:
    """Two providers at one host that hangs hold no more threads than one."""
    with Faulty(faults.never_answers) as bad:
        slow = {"type": "cloudback", "url": bad}
        tables = {**providers(good.url), "a": slow, "b": slow}
        values = {"concurrency": 2, "timeout": "2s", "deadline": "2s"}
        settings = configure(tmp_path, "", providers=tables, **values)
        targets = [*many("a", 3), *many("b", 3), *many("cloudback", 3)]
        statuses, _ = resolve(settings, *targets)
    assert len(problems(statuses[:6])) == 6
    assert {status.state for status in statuses[6:]} == {State.SUCCEEDED}


BAD: dict[str, Any] = {
    "refused": faults.refusing,
    "unaccepting": faults.unaccepting,
    "silent": lambda: Faulty(faults.never_answers),
    "drip-headers": lambda: Faulty(faults.drip_headers),
    "hangs-up": lambda: Faulty(lambda connection: connection.close()),
    "500": lambda: Faulty(faults.status(500, {})),
    "429": lambda: Faulty(faults.status(429, {"Retry-After": "3600"})),
    "404": lambda: Faulty(faults.status(404, {})),
    "login-page": lambda: Faulty(faults.html_login_page),
    "endless": lambda: Faulty(faults.endless_body),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_others_are_not_hurt(
    good: Good, tmp_path: Path, bad: type[AbstractContextManager[str]]
) -> None:
    """One source that fails, in whatever way, costs the others nothing."""
    with bad() as url:
        tables = {**providers(good.url), "a": {"type": "cloudback", "url": url}}
        times = {"timeout": "0.8s", "deadline": "2.5s"}
        settings = configure(tmp_path, "", providers=tables, concurrency=2, **times)
        targets = ["a:acme/bad", *many("cloudback", 30)]
        (first, *others), seconds = resolve(settings, *targets)
    assert first.state is State.UNKNOWN
    assert {status.state for status in others} == {State.SUCCEEDED}
    assert seconds < 2.5 + REMAINING


@pytest.mark.parametrize("name", ["silent", "drip-headers", "hangs-up", "500", "429"])
def test_dead_host(good: Good, tmp_path: Path, name: str) -> None:
    """A dead host is not asked a hundred times, and a live one goes on unharmed."""
    server = BAD[name]()
    with server as url:
        tables = {**providers(good.url), "a": {"type": "cloudback", "url": url}}
        settings = configure(
            tmp_path, "", providers=tables, timeout="4s", deadline="30s"
        )
        targets = many("a", 100) + many("cloudback", 100)
        statuses, seconds = resolve(settings, *targets)
    assert server.connections <= 16 * ATTEMPTS
    told = problems(statuses[:100])
    assert len({problem.category for problem in told}) == 1
    assert url.partition("//")[2] in told[-1].message
    assert {status.state for status in statuses[100:]} == {State.SUCCEEDED}
    assert seconds < 30  # The deadline: it wasn't what ended this.


def test_dead_host_is_explained(tmp_path: Path) -> None:
    """Sources of a dead host that were not asked say so, and why."""
    with faults.refusing() as url:
        settings = configure(tmp_path, url, concurrency=3, deadline="30s")
        statuses, _ = resolve(settings, *many("cloudback", 10))
    told = [problem.message for problem in problems(statuses)]
    assert all("refused the connection" in message for message in told)
    assert sum("is not asked again" in message for message in told) >= 7


@pytest.mark.parametrize("code", [404, 500])
def test_live_host(good: Good, tmp_path: Path, code: int) -> None:
    """A host that fails for a source or two is not given up."""
    for number in (0, 1):
        bad = Answer(status=code)
        good.answers[f"/badge/acme/{number:04}"] = iter([bad] * ATTEMPTS)
    settings = configure(tmp_path, good.url, concurrency=2, deadline="30s")
    statuses, _ = resolve(settings, *many("cloudback", 40))
    states = [status.state for status in statuses]
    assert states == [State.UNKNOWN] * 2 + [State.SUCCEEDED] * 38


class Malicious(BaseException):
    """What no ``except Exception`` stops."""


class Hollow(ProblemError):
    """A problem that has none."""

    def __init__(self) -> None:
        self.args = ("hollow",)


class OfItsOwn(ProblemError):
    """A problem that is made in another way."""

    def __init__(self) -> None:
        super().__init__(Category.INVALID_RESPONSE, "OfItsOwn: buggy_provider.py, line")


RAISED = [
    OfItsOwn(),
    KeyError("secret"),
    SystemExit(3),
    KeyboardInterrupt(),
    GeneratorExit(),
    StopIteration(),
    MemoryError(),
    RecursionError(),
    Malicious("secret"),
    Hollow(),
]


OTHERS = (ProblemError, SystemExit, KeyboardInterrupt, GeneratorExit, Malicious)
"""What is no failure of a library."""


@pytest.fixture
def buggy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Buggy]:
    """Return another package's provider, which is installed."""
    install(tmp_path / "packages")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    return Buggy


@pytest.mark.parametrize(
    "place", ["from_url", "faults", "label", "read", "call", "once"]
)
@pytest.mark.parametrize("error", RAISED, ids=repr)
def test_buggy_provider(
    good: Good,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    buggy: type[Buggy],
    error: BaseException,
    place: str,
) -> None:
    """What one provider raises is its own sources' problem, whatever and wherever.

    In the main thread it is the user who interrupts a build, and not the provider.
    """
    monkeypatch.setattr(buggy, "error", error)
    monkeypatch.setattr(buggy, "place", place)
    targets = [*many("buggy", 5), *many("cloudback", 5)]
    is_main = place in ("from_url", "faults", "label")
    if is_main and isinstance(error, (KeyboardInterrupt, SystemExit)):
        with pytest.raises(type(error)):
            resolve(configure(tmp_path, good.url), *targets)
        return
    named = {"named": {"address": "buggy:acme/named", "label": "Named"}}
    settings = configure(tmp_path, good.url, concurrency=2, sources=named)
    if place != "label":
        targets[0] = "named"
    statuses, _ = resolve(settings, *targets)
    if place == "from_url":
        # It only gives a hint. Without it nothing is lost.
        assert all(status.problem is None for status in statuses)
        return
    told = problems(statuses[:5])
    assert all(type(error).__name__ in p.message for p in told)
    assert all(type(error).__name__ not in p.public for p in told)
    if place == "call" and not isinstance(error, OTHERS):
        # A library brings its own network.
        assert {p.category for p in told} == {Category.UNREACHABLE}
    else:
        assert {p.category for p in told} == {Category.INVALID_RESPONSE}
        assert all("buggy_provider.py, line" in p.message for p in told)
    assert "secret" not in str(told)
    assert {status.state for status in statuses[5:]} == {State.SUCCEEDED}


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "succeeded",
        Status,
        Status(reported=State.SUCCEEDED, finished=datetime(2026, 1, 1)),
        Status(reported=State.SUCCEEDED, finished="yesterday"),  # type: ignore[arg-type]
        Status(reported="succeeded"),  # type: ignore[arg-type]
    ],
)
def test_provider_that_answers_nonsense(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    buggy: type[Buggy],
    nonsense: Any,
) -> None:
    """What is no status that can be judged is a problem, and never green."""
    monkeypatch.setattr(buggy, "answer", nonsense)
    settings = configure(tmp_path, "", providers={}, max_age="1h")
    statuses, _ = resolve(settings, *many("buggy", 3))
    assert [status.state for status in statuses] == [State.UNKNOWN] * 3
    assert len(problems(statuses)) == 3


def test_missing_credential(good: Good, tmp_path: Path) -> None:
    """An account whose credential is not set costs no other account anything."""
    backup = good.add_backup()
    settings = configure(tmp_path, good.url)
    targets = [WEBSITE, f"rackspace:backup/{backup}"]
    statuses, seconds = resolve(settings, *targets, environ={})
    assert statuses[0].state is State.SUCCEEDED
    (problem,) = problems(statuses[1:])
    assert problem.category is Category.UNAUTHORIZED
    assert "TOKEN is not set" in problem.message
    assert len(good.requests) == 1
    assert seconds < 5


# Remembered


def aged(settings: Settings, after: timedelta, *targets: str) -> list[Status]:
    """Resolve targets in a build that takes place later."""
    statuses, _ = resolve(settings, *targets, now=lambda: NOW + after)
    return statuses


@pytest.mark.parametrize(
    ("answer", "category", "stands_in"),
    [
        (Answer(status=503), Category.UNREACHABLE, True),
        (Answer(status=500), Category.UNREACHABLE, True),
        (
            Answer(status=429, headers={"Retry-After": "99"}),
            Category.RATE_LIMITED,
            True,
        ),
        (Answer(body=faults.LOGIN_PAGE), Category.INVALID_RESPONSE, False),
        (Answer(body=b""), Category.INVALID_RESPONSE, False),
        (Answer(status=204), Category.INVALID_RESPONSE, False),
        (Answer(status=400), Category.INVALID_RESPONSE, False),
        (Answer(status=418), Category.INVALID_RESPONSE, False),
        (Answer(status=401), Category.UNAUTHORIZED, False),
        (Answer(status=403), Category.UNAUTHORIZED, False),
        (Answer(status=404), Category.NOT_FOUND, False),
        (Answer(status=410), Category.NOT_FOUND, False),
    ],
)
def test_stale(
    good: Good, tmp_path: Path, answer: Answer, category: Category, *, stands_in: bool
) -> None:
    """An old answer stands in for silence, with the problem; it hides no news.

    Nor does it in a later outage, when the news is old.
    """
    settings = configure(tmp_path, good.url, deadline="0.5s")
    (first,) = aged(configure(tmp_path, good.url), 0 * HOUR, WEBSITE)
    good.answers["/badge/acme/website"] = iter([answer] * 5)
    (status,) = aged(settings, 2 * HOUR, WEBSITE)
    (problem,) = problems([status])
    assert problem.category is category
    assert status.stale is stands_in
    assert first.state is State.SUCCEEDED
    # It does not say when it ran, and so is not green.
    assert status.state is State.UNKNOWN
    assert status.reported is (first.reported if stands_in else State.UNKNOWN)
    assert status.checked == (NOW if stands_in else None)
    good.down = True
    (later,) = aged(settings, 3 * HOUR, WEBSITE)
    assert later.stale is stands_in
    assert later.reported is (first.reported if stands_in else State.UNKNOWN)


def test_confirmed_unasked(tmp_path: Path) -> None:
    """That nothing has changed counts only where that was asked."""
    answers = [faults.status(200, faults.SVG), faults.status(304, {}, b"")]
    with Faulty(faults.in_turn(*answers)) as url:
        settings = configure(tmp_path, url)
        states = [aged(settings, n * HOUR, WEBSITE)[0].state for n in range(4)]
    assert states == [State.SUCCEEDED, *[State.UNKNOWN] * 3]


@pytest.mark.parametrize("bad", ["refused", "unaccepting", "silent", "hangs-up"])
def test_stale_when_unreachable(good: Good, tmp_path: Path, bad: str) -> None:
    """The same when the server cannot be reached or never answers."""
    with BAD[bad]() as url:
        tables = {"cloudback": {"url": "${URL}"}}
        times = {"timeout": "0.2s", "deadline": "0.4s"}
        settings = configure(tmp_path, "", providers=tables, **times)
        # The account is another one at another address: the cache must not know it.
        patient = configure(tmp_path, "", providers=tables)
        (fresh,) = aged_at(patient, good.url, 0 * HOUR)
        (other,) = aged_at(settings, url, 2 * HOUR)
        assert (fresh.state, other.state) == (State.SUCCEEDED, State.UNKNOWN)
    good.down = True
    (stale,) = aged_at(settings, good.url, 2 * HOUR)
    assert (stale.reported, stale.stale) == (State.SUCCEEDED, True)


def aged_at(settings: Settings, url: str, after: timedelta) -> list[Status]:
    """Resolve the website at a URL that the environment tells, in a later build."""
    now = NOW + after
    statuses, _ = resolve(settings, WEBSITE, environ={"URL": url}, now=lambda: now)
    return statuses


@pytest.mark.parametrize(("hours", "state"), [(24, "succeeded"), (25, "unknown")])
def test_too_stale(good: Good, tmp_path: Path, hours: int, state: str) -> None:
    """An answer older than stale_if_error stands in for nothing."""
    settings = configure(tmp_path, good.url, deadline="0.3s")
    aged(configure(tmp_path, good.url), 0 * HOUR, WEBSITE)
    good.down = True
    (status,) = aged(settings, hours * HOUR, WEBSITE)
    assert status.reported.value == state
    assert status.state is State.UNKNOWN


def test_stale_is_said(good: Good, tmp_path: Path) -> None:
    """A badge whose answer is old says so, and why there is no newer one."""
    settings = configure(tmp_path, good.url, deadline="0.3s", cache_ttl="0s")
    aged(configure(tmp_path, good.url), 0 * HOUR, WEBSITE)
    good.down = True
    resolver = Resolver(settings, now=lambda: NOW + HOUR, environ=ENVIRON)
    site = Site(settings, resolver=resolver)
    title = site.badge(badge_mark(WEBSITE, {})).title
    assert "the backup system could not be reached" in title
    assert "the last answer was 'succeeded', on 21 November 2026, 04:00 UTC" in title
    (source,) = site.sources(badge_mark(WEBSITE, {}))
    (problem,) = problems([site.status(source)])
    assert "answered 503" in problem.message


def test_stale_is_judged_now(good: Good, tmp_path: Path) -> None:
    """An old success that stands in ages like any other: it becomes overdue."""
    good.add_backup(id="b", ended=NOW - HOUR)
    states = []
    for hours in (0, 1, 2, 3):
        good.down = hours > 0
        deadline = "0.3s" if good.down else "6s"
        settings = configure(tmp_path, good.url, deadline=deadline, max_age="3h")
        (status,) = aged(settings, hours * HOUR, "rackspace:backup/b")
        states.append(status.state)
    assert states == [*[State.SUCCEEDED] * 3, State.OVERDUE]


# Recorded


def record(directory: Path, cloud: Cloud, **values: Any) -> dict[str, Any]:
    """Return a status file's document of a good badge and a good backup."""
    cloud.badges["acme", "website"] = "succeeded"
    cloud.add_token(TOKEN, TENANT)
    cloud.add_backup(id="b", ended=NOW - HOUR)
    named = {
        "site": {"address": WEBSITE},
        "orders": {"address": "rackspace:backup/b", "max_age": "3h"},
    }
    settings = configure(directory / "recorder", cloud.url, sources=named, **values)
    resolver = Resolver(settings, now=lambda: NOW, environ=ENVIRON)
    statuses = resolver.resolve(settings.sources.values())
    cloud.clear()
    return to_document(statuses, generated=NOW)


def recorded(
    directory: Path, document: object, *targets: str, after: timedelta = 0 * HOUR
) -> list[Status]:
    """Resolve targets from a status file with this content."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    (directory / "backup-status.json").write_bytes(content)
    named = {"site": {"address": WEBSITE}, "orders": {"address": "rackspace:backup/b"}}
    settings = configure(
        directory, "", status_file="backup-status.json", sources=named, max_age="3h",
        providers=providers("https://example.org"),
    )  # fmt: skip
    return aged(settings, after, *targets)


def test_status_file(cloud: Cloud, tmp_path: Path) -> None:
    """A source is found in a status file by its name, or by its address."""
    document = record(tmp_path, cloud)
    targets = ("site", WEBSITE, "orders", "rackspace:backup/b")
    statuses = recorded(tmp_path, document, *targets)
    assert [status.state for status in statuses] == [State.SUCCEEDED] * 4
    assert [status.native for status in statuses] == ["succeeded"] * 2 + [
        "completed"
    ] * 2
    assert statuses[2].finished == NOW - HOUR
    assert statuses[2].details.bytes == 127_000_000
    assert cloud.requests == []


def test_status_file_is_judged_now(cloud: Cloud, tmp_path: Path) -> None:
    """What a status file says is judged when it is read, not when it was written."""
    document = record(tmp_path, cloud)
    states = [
        recorded(tmp_path, document, "orders", after=hours * HOUR)[0].state
        for hours in (0, 2, 3)
    ]
    assert states == [State.SUCCEEDED, State.SUCCEEDED, State.OVERDUE]
    document["sources"]["orders"]["state"] = "succeeded"
    assert recorded(tmp_path, document, "orders", after=9 * HOUR)[0].state is (
        State.OVERDUE
    )


@pytest.mark.parametrize("target", ["cloudback:acme/other", "rackspace:backup/c"])
def test_missing_in_the_status_file(cloud: Cloud, tmp_path: Path, target: str) -> None:
    """A source that a status file doesn't have is offline, whatever else is near it."""
    (status,) = recorded(tmp_path, record(tmp_path, cloud), target)
    assert status.state is State.UNKNOWN
    (problem,) = problems([status])
    assert problem.category is Category.OFFLINE
    assert "not in the status file backup-status.json" in problem.message


def test_name_of_another_address(cloud: Cloud, tmp_path: Path) -> None:
    """An entry of the right name and another address is another backup's."""
    document = record(tmp_path, cloud)
    document["sources"]["site"]["address"] = "cloudback:acme/other"
    (status,) = recorded(tmp_path, document, "site")
    assert status.state is State.UNKNOWN


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "succeeded",
        {"address": 5},
        {"address": "rackspace:backup/c", "reported_state": "fine"},
        {"address": "rackspace:backup/c", "details": []},
    ],
)
def test_broken_neighbour(cloud: Cloud, tmp_path: Path, broken: object) -> None:
    """A broken entry is a problem of its own source and of no other."""
    document = record(tmp_path, cloud)
    document["sources"] = {"a": broken, **document["sources"], "z": broken}
    statuses = recorded(tmp_path, document, "orders", "rackspace:backup/b", WEBSITE)
    assert {status.state for status in statuses} == {State.SUCCEEDED}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reported_state": "fine"}, "unknown state 'fine'"),
        ({"reported_state": None}, "unknown state None"),
        ({"reported_state": ["succeeded"]}, "not a text"),
        ({"finished": "yesterday"}, "no time"),
        ({"details": {"restorable": "yes"}}, "not true or false"),
        ({"problem": {"category": "bad luck", "message": "x"}}, "unknown problem"),
        ({"problem": {"category": "offline"}}, "unknown problem"),
        ({"problem": "none"}, "not an object"),
    ],
)
def test_broken_entry(
    cloud: Cloud, tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    """A source whose entry cannot be read is unknown, and the reason names the file."""
    document = record(tmp_path, cloud)
    document["sources"]["orders"] |= fields
    (status,) = recorded(tmp_path, document, "orders")
    assert status.state is State.UNKNOWN
    (problem,) = problems([status])
    assert problem.category is Category.INVALID_RESPONSE
    assert "backup-status.json" in problem.message
    assert reason in problem.message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"schema": 2, "sources": {}}',
        b'{"schema": "1", "sources": {}}',
        b'{"schema": 1, "sources": []}',
        b'{"schema": 1, "generated": "soon"}',
        b'{"schema": 1, "generated": 5}',
    ],
)
def test_no_status_file(tmp_path: Path, content: bytes) -> None:
    """What is no status file answers nothing, and is named."""
    (status,) = recorded(tmp_path, content, "site")
    (problem,) = problems([status])
    assert problem.category is Category.INVALID_RESPONSE
    assert "backup-status.json" in problem.message


@pytest.mark.parametrize("place", ["absent.json", ".", "backup-badge.toml/x"])
def test_unreadable_status_file(tmp_path: Path, place: str) -> None:
    """A status file that cannot be read makes every source offline, with its name."""
    (tmp_path / "backup-badge.toml").touch()
    settings = configure(
        tmp_path, "", status_file=place, providers=providers("https://example.org")
    )
    (status,), _ = resolve(settings, WEBSITE)
    (problem,) = problems([status])
    assert problem.category is Category.OFFLINE
    assert "cannot be read" in problem.message


def test_status_file_with_a_problem(cloud: Cloud, tmp_path: Path) -> None:
    """A problem that was written down is still one: the state is as it was then."""
    document = record(tmp_path, cloud)
    problem = {"category": "unreachable", "message": "it was down"}
    document["sources"]["orders"]["problem"] = problem
    document["sources"]["site"] |= {"problem": problem, "reported_state": "unknown"}
    orders, site = recorded(tmp_path, document, "orders", "site")
    assert (orders.state, orders.stale) == (State.SUCCEEDED, True)
    assert (site.state, site.stale) == (State.UNKNOWN, False)
    assert {p.message for p in problems([orders, site])} == {"it was down"}


def test_status_file_by_url(cloud: Cloud, tmp_path: Path) -> None:
    """A status file is fetched once, without a credential, and nobody else is asked."""
    document = record(tmp_path, cloud)
    path = "/status/backup-status.json"
    cloud.answers[path] = iter([json_answer(document)] * 2)
    environ = {"STATUS_URL": f"{cloud.url}{path}?signature=s3cret"}
    settings = configure(tmp_path, cloud.url, status_file="${STATUS_URL}")
    resolver = Resolver(settings, now=lambda: NOW, environ=environ)
    targets = sources(settings, WEBSITE, "rackspace:backup/b", "cloudback:acme/other")
    statuses = list(resolver.resolve(targets).values())
    resolver.resolve(targets)
    assert [status.state for status in statuses] == [
        State.SUCCEEDED,
        State.SUCCEEDED,
        State.UNKNOWN,
    ]
    (problem,) = problems(statuses[2:])
    assert problem.category is Category.OFFLINE
    assert "s3cret" not in problem.message
    (request,) = cloud.requests
    assert request.query == "signature=s3cret"
    assert not {"authorization", "x-auth-token", "cookie"} & request.headers.keys()


@pytest.mark.parametrize("bad", [*BAD, "double-gzip", "truncated"])
def test_status_file_by_a_bad_url(tmp_path: Path, bad: str) -> None:
    """A status file that cannot be had ends in time, with a reason and no secret."""
    more: dict[str, Any] = {
        "double-gzip": lambda: Faulty(faults.double_gzip),
        "truncated": lambda: Faulty(faults.truncated),
    }
    with {**BAD, **more}[bad]() as url:
        settings = configure(
            tmp_path,
            "",
            status_file="${STATUS_URL}",
            providers=providers("https://example.org"),
            timeout="0.3s",
            deadline="0.5s",
        )
        environ = {"STATUS_URL": f"{url}/status.json?signature=s3cret"}
        targets = (WEBSITE, "rackspace:backup/b")
        (status, _), seconds = resolve(settings, *targets, environ=environ)
    assert seconds < 0.5 + REMAINING
    assert status.state is State.UNKNOWN
    (problem,) = problems([status])
    assert "s3cret" not in problem.message


@pytest.mark.parametrize("user", ["me:s3cret@", "s3cret@"])
def test_status_file_by_a_url_with_a_user(tmp_path: Path, user: str) -> None:
    """A user in a status file's URL is a secret: written out it is refused, untold."""
    with pytest.raises(ConfigurationError) as raised:
        configure(tmp_path, "", status_file=f"https://{user}example.org/status.json")
    assert "and so is a secret" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_old_answers_behind_a_status_file(good: Good, tmp_path: Path) -> None:
    """When a status file's host fails, what was remembered stands in, and says so."""
    (fresh,) = aged(configure(tmp_path, good.url), 0 * HOUR, WEBSITE)
    with faults.refusing() as url:
        settings = configure(
            tmp_path, good.url, status_file=f"{url}/status.json", deadline="0.5s"
        )
        (stale,) = aged(settings, HOUR, WEBSITE)
    assert (fresh.state, stale.state) == (State.SUCCEEDED, State.UNKNOWN)
    assert (stale.reported, stale.stale) == (State.SUCCEEDED, True)


# Offline

NO_SOCKETS = """
import json, sys

def refuse(event, arguments):
    if event.startswith("socket."):
        print(event, arguments, file=sys.stderr)
        sys.exit(99)

sys.path[:0] = json.loads(sys.argv[1])
from pathlib import Path
from backup_badge import ConfigSource, Site, load, table_mark

directory, values = Path(sys.argv[2]), json.loads(sys.argv[3])
overlay = ConfigSource(values=values, origin="test", directory=directory)
sys.addaudithook(refuse)
site = Site(load(directory, overlay=overlay, environ={}))
mark = table_mark(["cloudback:acme/website", "rackspace:backup/b"], {})
site.resolve([mark])
table = site.table(mark)
loaded = sorted({"requests", "urllib3", "ssl"} & set(sys.modules))
column = table.columns.index("state")
print(json.dumps([[row[column].badge.state for row in table.rows], loaded]))
"""


@pytest.mark.parametrize(
    ("values", "states"),
    [
        ({"offline": True}, ["unknown", "succeeded"]),
        ({"offline": True, "status_file": "status.json"}, ["succeeded", "succeeded"]),
        ({"status_file": "status.json"}, ["succeeded", "succeeded"]),
        (
            {"offline": True, "status_file": "http://127.0.0.1:9/status.json"},
            ["unknown", "unknown"],
        ),
        ({"offline": True, "cache_dir": "empty"}, ["unknown", "unknown"]),
    ],
    ids=["cache", "status-file", "status-file-alone", "status-url", "nothing"],
)
def test_offline(
    good: Good, tmp_path: Path, values: dict[str, Any], states: list[str]
) -> None:
    """Offline not a single socket is made, and no network library is even loaded."""
    tables = providers("http://127.0.0.1:9")
    settings = configure(tmp_path, "", providers=tables)
    (source,) = sources(settings, WEBSITE)
    checked = datetime.now(UTC)
    known = Status(reported=State.SUCCEEDED, native="succeeded", checked=checked)
    cache = Cache(settings.cache_dir)
    remembered = Answers(settings, cache, now=lambda: checked, environ=ENVIRON)
    remembered.keep(source, known)
    document = record(tmp_path, good)
    for entry in document["sources"].values():
        entry["finished"] = entry["finished"] and "2026-01-01T00:00:00Z"
    (tmp_path / "status.json").write_text(json.dumps(document))
    values = {"cache_dir": "cache", "providers": tables, **values}
    arguments = [json.dumps(sys.path), str(tmp_path), json.dumps(values)]
    done = subprocess.run(
        [sys.executable, "-c", NO_SOCKETS, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    seen, loaded = json.loads(done.stdout)
    assert Counter(seen) == Counter(states)
    assert loaded == []
    assert good.requests == []


def test_offline_is_explained(tmp_path: Path) -> None:
    """Who is offline and remembers nothing reads that nothing was asked."""
    settings = configure(
        tmp_path, "", offline=True, providers=providers("https://x.org")
    )
    statuses, seconds = resolve(settings, *many("cloudback", 100))
    assert {p.category for p in problems(statuses)} == {Category.OFFLINE}
    assert "'offline' is set" in problems(statuses)[0].message
    assert seconds < 5


@pytest.mark.parametrize("hours", [1, 23])
def test_offline_with_an_old_answer(good: Good, tmp_path: Path, hours: int) -> None:
    """Offline an old answer stands in as long as it may, and says that it is old."""
    aged(configure(tmp_path, good.url), 0 * HOUR, WEBSITE)
    good.clear()
    (status,) = aged(configure(tmp_path, good.url, offline=True), hours * HOUR, WEBSITE)
    assert (status.reported, status.stale) == (State.SUCCEEDED, True)
    assert good.requests == []
