"""One exchange over HTTP that cannot last longer, grow larger or go further than asked.

``requests`` alone bounds neither: its timeouts are per read, it inflates bodies
without limit, and it reads the whole body of a redirect. Here a body is read piece by
piece with an eye on the clock, and whatever escapes that (dripped headers, a hanging
TLS handshake) is ended from outside: see :meth:`Transport.abort_overdue`.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from backup_badge.http.connections import Exchange, open_session, watching
from backup_badge.http.responses import Response
from backup_badge.http.urls import is_loopback
from backup_badge.values.problem import Category, LastingError, ProblemError

MAX_BODY = 4 * 1024 * 1024
"""The most bytes of an answer that are read, after inflation; the list call of a
backup system answers with about 150 kB a page."""
_PIECE = 64 * 1024
_ERRORS = (OSError, ValueError, HTTPException, urllib3.exceptions.HTTPError)
"""What the libraries raise for a request that cannot be made or gets no answer."""


@dataclass
class Transport:
    """Connections, kept and reused, and the exchanges under way on them.

    ``clock`` tells monotonic seconds. Safe to use from several threads.
    """

    connections: int
    clock: Callable[[], float] = time.monotonic
    _active: set[Exchange] = field(default_factory=set)
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _environments: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session = open_session(connections=self.connections)

    def exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        json: object = None,
        until: float,
        ca_file: Path | None = None,
    ) -> Response:
        """Send one request and read its answer, a redirect included, before ``until``.

        Raises ProblemError: ``timeout``, ``unreachable``, ``invalid_response``.
        """
        exchange = Exchange(until=until)
        with self._lock:
            if self._closed:
                raise _too_slow()
            self._active.add(exchange)
        try:
            with watching(exchange):
                response = self._send(method, url, headers, json, exchange, ca_file)
            if not exchange.aborted:
                return response
        except _ERRORS as error:
            if not exchange.aborted:
                raise explain(error) from error
        finally:
            with self._lock:
                self._active.discard(exchange)
        raise _too_slow()

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: object,
        exchange: Exchange,
        ca_file: Path | None,
    ) -> Response:
        left = exchange.until - self.clock()
        if left <= 0:
            raise _too_slow()
        request = requests.Request(method, url, headers=dict(headers), json=json)
        response = self._session.send(
            self._session.prepare_request(request),
            timeout=left,
            allow_redirects=False,
            **(self._environment(url) | _trusting(ca_file)),
        )
        try:
            body = self._read(response, exchange.until)
        except BaseException:
            response.raw.close()
            raise
        response.raw.release_conn()
        names = {name.lower(): value for name, value in response.headers.items()}
        return Response(status=response.status_code, headers=names, body=body)

    def _environment(self, url: str) -> dict[str, Any]:
        """Return what the environment says of an origin: proxies and certificates.

        It is read once: that takes longer than all the rest of a request.
        """
        origin = urlsplit(url)[:2]
        if origin not in self._environments:
            settings = self._session.merge_environment_settings(
                url, _proxies(url), stream=True, verify=None, cert=None
            )
            self._environments[origin] = dict(settings)
        return self._environments[origin]

    def _read(self, response: requests.Response, until: float) -> bytes:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip"):
            raise _invalid(f"its answer is encoded as {encoding!r}, not as asked for")
        inflater = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
        body = bytearray()
        received = 0
        while piece := response.raw.read1(_PIECE, decode_content=False):
            if self.clock() > until:
                raise _too_slow()
            received += len(piece)
            while piece and max(received, len(body)) <= MAX_BODY:
                try:
                    body += inflater.decompress(piece, _PIECE) if inflater else piece
                except zlib.error:
                    raise _invalid(_NO_GZIP) from None
                piece = inflater.unconsumed_tail if inflater else b""
            if max(received, len(body)) > MAX_BODY:
                raise _invalid(f"its answer is larger than {MAX_BODY} bytes")
        if inflater and body and not inflater.eof:
            raise _invalid("its answer ends in the middle")
        return bytes(body)

    def abort_overdue(self) -> None:
        """End the exchanges whose time is over, whatever they are waiting for."""
        now = self.clock()
        with self._lock:
            overdue = [exchange for exchange in self._active if now > exchange.until]
        for exchange in overdue:
            exchange.abort()

    def close(self) -> None:
        """End every exchange, close every connection and begin nothing more."""
        with self._lock:
            self._closed = True
            active = list(self._active)
        for exchange in active:
            exchange.abort()
        self._session.close()


def _trusting(ca_file: Path | None) -> dict[str, Any]:
    return {"verify": str(ca_file)} if ca_file else {}


def _proxies(url: str) -> dict[str, Any]:
    """Keep what goes to loopback from the environment's proxies: it may be secret."""
    direct = is_loopback(urlsplit(url).hostname or "")
    return dict.fromkeys(("http", "https", "all")) if direct else {}


def _too_slow() -> ProblemError:
    return ProblemError(Category.TIMEOUT, _TOO_SLOW)


def _invalid(why: str) -> ProblemError:
    return ProblemError(Category.INVALID_RESPONSE, why)


def explain(error: Exception) -> ProblemError:
    """Say in one sentence why no answer came. Never quotes the request."""
    chain = _chain(error)
    for kinds, category, sentence in _CAUSES:
        if any(isinstance(link, kinds) for link in chain):
            lasts = kinds is urllib3.exceptions.SSLError
            return (LastingError if lasts else ProblemError)(category, sentence)
    return ProblemError(
        Category.UNREACHABLE, "the connection failed: check the network and the URL"
    )


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what it was raised for, wherever the libraries keep that."""
    chain: list[BaseException] = []
    queue: list[object] = [error]
    while queue and len(chain) < 20:
        link = queue.pop(0)
        if isinstance(link, BaseException) and link not in chain:
            chain.append(link)
            queue += [*link.args, link.__cause__, link.__context__]
            queue.append(getattr(link, "reason", None))
    return chain


_TOO_SLOW = "it took too long to answer: try again later, or raise 'timeout'"
_NO_GZIP = "its answer is not the gzip it claims to be"
_BROKEN_OFF = "it broke the connection off in the middle: try again later"

# In order: urllib3 counts a name that cannot be resolved and a refused connection
# among its timeouts.
_CAUSES: tuple[tuple[type[BaseException], Category, str], ...] = (
    (
        urllib3.exceptions.NameResolutionError,
        Category.UNREACHABLE,
        "its host name cannot be resolved: check the URL and the network",
    ),
    (
        urllib3.exceptions.SSLError,
        Category.UNREACHABLE,
        "its certificate cannot be trusted: check the URL and the CA bundle",
    ),
    (
        ConnectionRefusedError,
        Category.UNREACHABLE,
        "it refused the connection: check the URL, and whether the service is up",
    ),
    (TimeoutError, Category.TIMEOUT, _TOO_SLOW),
    (urllib3.exceptions.ReadTimeoutError, Category.TIMEOUT, _TOO_SLOW),
    (
        urllib3.exceptions.ProxyError,
        Category.UNREACHABLE,
        "the proxy did not let the request through: check the proxy settings",
    ),
    (urllib3.exceptions.ProtocolError, Category.UNREACHABLE, _BROKEN_OFF),
    (ConnectionError, Category.UNREACHABLE, _BROKEN_OFF),
)
