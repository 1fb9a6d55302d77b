"""The bad servers are as bad as they say, and loopback has a guard at its edge."""

from __future__ import annotations

import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import faults
import pytest
import requests
import trustme
from faults import Faulty, refusing, unaccepting

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (faults.never_answers, requests.ReadTimeout),
        (faults.drip_headers, requests.ReadTimeout),
        (faults.drip_body, requests.ConnectionError),
        (faults.truncated, requests.exceptions.ChunkedEncodingError),
        (faults.reset_midway, requests.exceptions.ChunkedEncodingError),
        (faults.redirect_loop, requests.TooManyRedirects),
        (faults.redirect_to("file:///etc/hostname"), requests.exceptions.InvalidSchema),
        (faults.status(503, {}), 503),
        (faults.double_gzip, 200),
        (faults.html_login_page, 200),
    ],
)
def test_fault(behaviour: faults.Behaviour, outcome: object) -> None:
    """A fault does to a careless client what its name says, and ends with its test."""
    before, faulty = threading.active_count(), Faulty(behaviour)
    with faulty as url:
        try:
            seen: object = requests.get(f"{url}/path", timeout=0.5).status_code
        except requests.RequestException as error:
            seen = type(error)
    assert seen == outcome
    assert faulty.connections == len(faulty.requests) >= 1
    assert faulty.requests[0].startswith(b"GET /path HTTP/1.1\r\n")
    assert threading.active_count() == before


@pytest.mark.parametrize("behaviour", [faults.endless_body, faults.endless_redirect])
def test_endless_fault(behaviour: faults.Behaviour) -> None:
    """A body without end is sent as long as somebody reads, and no longer."""
    # Not by requests: it reads a redirect's body whole, whatever it is told.
    with Faulty(behaviour) as url, closing(_connection(url)) as connection:
        connection.request("GET", "/")
        assert len(connection.getresponse().read(2**24)) == 2**24


@pytest.mark.parametrize(
    ("place", "outcome"),
    [(refusing, ConnectionRefusedError), (unaccepting, TimeoutError)],
)
def test_no_connection(
    place: Callable[[], AbstractContextManager[str]], outcome: type[OSError]
) -> None:
    """A port refuses or leaves a caller waiting, as long as the test lasts."""
    with place() as url:
        for _ in range(2):
            with pytest.raises(outcome):
                socket.create_connection(_address(url), timeout=0.2)


def test_in_turn() -> None:
    """Behaviours come one after another, and the last one stays."""
    codes = [500, 429, 204]
    with Faulty(faults.in_turn(*(faults.status(code, {}) for code in codes))) as url:
        seen = [requests.get(url, timeout=5).status_code for _ in range(5)]
    assert seen == [500, 429, 204, 204, 204]


def test_tls(authority: trustme.CA) -> None:
    """A server that was given a certificate speaks HTTPS, and misbehaves as before."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Faulty(faults.status(418, {}), tls=context) as url:
        with authority.cert_pem.tempfile() as bundle:
            assert requests.get(url, verify=bundle, timeout=5).status_code == 418
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(url, timeout=5)


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def _connection(url: str) -> HTTPConnection:
    return HTTPConnection(urlsplit(url).netloc, timeout=5)


def test_bomb() -> None:
    """The bomb is a mebibyte of one proper gzip stream that unpacks to a gibibyte."""
    with Faulty(faults.gzip_bomb) as url:
        packed = requests.get(url, stream=True, timeout=30).raw.read()
    size, unpacker = 0, zlib.decompressobj(wbits=31)
    while not unpacker.eof:
        size += len(unpacker.decompress(packed, 2**20))
        packed = unpacker.unconsumed_tail
    assert len(packed) == 0 and size == 2**30 + len(faults.GOOD_NEWS)


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        lambda: socket.create_connection(("example.org", 80), timeout=1),
        lambda: socket.gethostbyname("example.org"),
        lambda: requests.get("http://198.51.100.1/", timeout=1),
    ],
)
def test_guard(reach: Callable[[], object], loopback_only: list[str]) -> None:
    """Whatever reaches past loopback is refused and remembered, to fail the test."""
    with pytest.raises(OSError):
        reach()
    assert loopback_only
    loopback_only.clear()


def test_name_that_nobody_has() -> None:
    """A name under .invalid is unknown to the resolver, and no look-up is made."""
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("backup.invalid", 443)
