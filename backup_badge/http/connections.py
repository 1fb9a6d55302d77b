"""Connections that keep to themselves and can be cut from outside.

A ``requests`` session that sends no cookies and no credentials of its own accord,
follows no redirect, and whose connections can be shut down while a thread waits on
them: the only way to end an exchange that drips its headers or hangs in TLS.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_local = threading.local()


@dataclass(eq=False)
class Exchange:
    """One exchange under way, so that it can be ended from outside."""

    until: float
    connection: HTTPConnection | None = None
    sock: socket.socket | None = None
    aborted: bool = False

    def abort(self) -> None:
        """Shut the connection down; whoever waits on it is woken by an error."""
        self.aborted = True
        # A connection forgets its socket when the answer says that it will be closed.
        for sock in (self.sock, getattr(self.connection, "sock", None)):
            if sock is not None:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


def _is_another(record: logging.LogRecord) -> bool:
    return getattr(_local, "exchange", None) is None


# What urllib3 logs quotes the URL, whose query may be a credential.
for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_is_another)


@contextmanager
def watching(exchange: Exchange) -> Iterator[None]:
    """Let the exchange know the connection that this thread uses meanwhile."""
    _local.exchange = exchange
    try:
        yield
    finally:
        _local.exchange = None


def _watch(connection: HTTPConnection) -> None:
    exchange: Exchange | None = getattr(_local, "exchange", None)
    if exchange is not None:
        exchange.connection, exchange.sock = connection, connection.sock
        if exchange.aborted:
            # It hung in a name look-up: what was given up long ago is not sent.
            raise TimeoutError


class _Answer(HTTPResponse):
    """An answer without its cookies: they would be parsed, and none is ever sent."""

    def begin(self) -> None:
        super().begin()
        del self.msg["Set-Cookie"], self.msg["Set-Cookie2"]


class _WatchedHTTP(HTTPConnection):
    response_class = _Answer

    def connect(self) -> None:
        _watch(self)
        super().connect()
        _watch(self)

    def getresponse(self) -> Any:
        _watch(self)
        return super().getresponse()


class _WatchedHTTPS(_WatchedHTTP, HTTPSConnection):
    """The same over TLS: what the first class calls next is the second."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _HTTPPool,
            "https": _HTTPSPool,
        }


class _NoAuth(AuthBase):
    """Keeps ``.netrc`` from adding a credential that nobody configured."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """See no redirects: requests would read their bodies, without a bound."""
        return


def open_session(*, connections: int) -> requests.Session:
    """Return a session that keeps up to so many connections to each host."""
    session = _Session()
    session.auth = _NoAuth()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = _Adapter(pool_maxsize=connections, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
