"""One exchange is bounded in time and size, and can be ended from outside."""

from __future__ import annotations

import gc
import socket
import threading
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import faults
import pytest
import requests
from cloud import Cloud
from faults import Faulty

from backup_badge.http.responses import Response
from backup_badge.http.transport import MAX_BODY, Transport, explain
from backup_badge.values.problem import Category, ProblemError

SECRET = "s3cret-of-the-transport"


@pytest.fixture
def transport() -> Iterator[Transport]:
    with closing(Transport(connections=4)) as opened:
        yield opened


def exchange(transport: Transport, url: str, seconds: float = 5) -> Response:
    """Make one exchange that may last so long."""
    headers = {"X-Auth-Token": SECRET}
    until = time.monotonic() + seconds
    return transport.exchange("GET", url, headers=headers, until=until)


def in_background(job: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Begin a job in a thread; return that and where the result or error will be."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(job())
        except ProblemError as error:
            outcome.append(error.problem.category)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, outcome


def test_answer(cloud: Cloud, transport: Transport) -> None:
    """An answer is read whole; its header names are in lower case."""
    cloud.badges["acme", "website"] = "succeeded"
    response = exchange(transport, f"{cloud.url}/badge/acme/website")
    assert response.status == 200
    assert response.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert response.body.endswith(b"</svg>\n")


@pytest.mark.parametrize(
    "behaviour", [faults.gzip_bomb, faults.endless_body, faults.endless_redirect]
)
def test_memory(transport: Transport, behaviour: faults.Behaviour) -> None:
    """A body that grows without end costs a few times the limit, and no more."""
    with Faulty(behaviour) as url:
        tracemalloc.start()
        try:
            with pytest.raises(ProblemError, match="larger than"):
                exchange(transport, url)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 6 * MAX_BODY


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("encoded", [False, True])
def test_largest_body(transport: Transport, extra: int, *, encoded: bool) -> None:
    """The limit is of what a body inflates to, to the byte."""
    body, headers = b" " * (MAX_BODY + extra), {}
    if encoded:
        body, headers = faults.gzip.compress(body), {"Content-Encoding": "gzip"}
    with Faulty(faults.status(200, headers, body)) as url:
        if extra:
            with pytest.raises(ProblemError, match="larger than"):
                exchange(transport, url)
        else:
            assert len(exchange(transport, url).body) == MAX_BODY


@pytest.mark.slow
@pytest.mark.parametrize(
    "behaviour",
    [
        faults.never_answers,
        faults.drip_headers,
        faults.drip_body,
        faults.endless_trailer,
    ],
)
@pytest.mark.parametrize("end", [Transport.abort_overdue, Transport.close])
def test_end_from_outside(
    transport: Transport, behaviour: faults.Behaviour, end: Callable[[Transport], None]
) -> None:
    """Whatever an exchange waits for, it ends as soon as it is told to."""
    moment = [time.monotonic()]
    transport.clock = lambda: moment[0]
    with Faulty(behaviour) as url:
        thread, outcome = in_background(lambda: exchange(transport, url, 30))
        thread.join(timeout=0.2)
        transport.abort_overdue()
        assert thread.is_alive()
        moment[0] += 31
        end(transport)
        thread.join(timeout=2)
        assert not thread.is_alive()
    assert outcome == [Category.TIMEOUT]


def test_truncated_by_us(transport: Transport) -> None:
    """What had come of an answer when we ended it is never taken for the answer."""

    def endless_document(connection: faults.socket.socket) -> None:
        # No length: the end of the connection is the end of the body.
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + faults.GOOD_NEWS)
        faults.never_answers(connection)

    with Faulty(endless_document) as url:
        thread, outcome = in_background(lambda: exchange(transport, url, 0.2))
        while thread.is_alive():
            transport.abort_overdue()
            thread.join(timeout=0.02)
    assert outcome == [Category.TIMEOUT]


def test_look_up_that_hangs(
    cloud: Cloud, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that was given up while a name was looked up is never sent."""
    look_up, begun, over = socket.getaddrinfo, threading.Event(), threading.Event()

    def hang(*arguments: Any, **options: Any) -> Any:
        begun.set()
        over.wait(20)
        return look_up(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    thread, outcome = in_background(lambda: exchange(transport, cloud.url))
    assert begun.wait(20)
    transport.close()
    over.set()
    thread.join(20)
    assert outcome == [Category.TIMEOUT]
    assert cloud.requests == []


def test_after_closing(cloud: Cloud, transport: Transport) -> None:
    """A transport that was closed opens no connection any more."""
    transport.close()
    with pytest.raises(ProblemError):
        exchange(transport, cloud.url)
    assert cloud.requests == []


def test_no_time_left(cloud: Cloud, transport: Transport) -> None:
    """An exchange whose time is over before it begins is not begun."""
    with pytest.raises(ProblemError) as raised:
        exchange(transport, cloud.url, -1)
    assert raised.value.problem.category is Category.TIMEOUT
    assert cloud.requests == []


def test_broken_connections_are_not_reused(transport: Transport) -> None:
    """After an exchange that failed the next one gets a connection of its own."""
    good = faults.status(200, faults.SVG)
    server = Faulty(faults.in_turn(faults.endless_body, faults.truncated, good))
    with server as url:
        for _ in range(2):
            with pytest.raises(ProblemError):
                exchange(transport, url)
        assert exchange(transport, url).body == faults.GOOD_NEWS
    assert server.connections == 3


@pytest.mark.parametrize(
    "behaviour", [faults.reset_midway, faults.truncated, faults.double_gzip]
)
def test_errors_tell_no_secret(
    transport: Transport, behaviour: faults.Behaviour
) -> None:
    """Neither an error nor anything in its traceback quotes what was sent."""
    with Faulty(behaviour) as url, pytest.raises(ProblemError) as raised:
        exchange(transport, f"{url}/path")
    told = "".join(traceback.format_exception(raised.value))
    assert "ProblemError" in told
    assert SECRET not in told + repr(raised.value) + repr(transport)


def test_unforeseen_error() -> None:
    """An error that nobody foresaw is a failed connection, and quotes nothing."""
    problem = explain(requests.RequestException(f"header {SECRET}")).problem
    assert problem.category is Category.UNREACHABLE
    assert SECRET not in problem.message


def test_nothing_is_left_open(transport: Transport) -> None:
    """No socket outlives its exchange and the transport, whichever way it ended."""
    for behaviour in (faults.reset_midway, faults.endless_body, faults.html_login_page):
        with Faulty(behaviour) as url:
            outcome = in_background(lambda url=url: exchange(transport, url))
            outcome[0].join()
    transport.close()
    # A socket that was left open warns when it is collected, and warnings are errors.
    gc.collect()
