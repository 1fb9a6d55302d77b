"""A server on loopback that behaves badly in one named way.

What it has to say is always good news: a client that falls for it shows a success that
nobody vouched for.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from itertools import repeat

from loopback import LoopbackServer

Behaviour = Callable[[socket.socket], None]

GOOD_NEWS = (
    b'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
    b'aria-label="Cloudback: succeeded"><title>Cloudback: succeeded</title></svg>'
)
LOGIN_PAGE = (
    b"<!doctype html><html><head><title>Sign in</title></head>"
    b"<body><p>You succeeded in signing out.</p></body></html>"
)
SVG = {"Content-Type": "image/svg+xml"}
MEBIBYTE = b" " * 2**20


class Faulty:
    """``with Faulty(behaviour) as url``; each connection carries one request.

    ``requests`` holds what came, each head with its body; ``connections`` counts those
    that came with nothing, too. With ``tls``, a server's context, the URL is https.
    """

    def __init__(
        self, behaviour: Behaviour, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[bytes] = []
        self._behaviour = behaviour
        self._tls = tls
        self._accepted: list[socket.socket] = []

    def __enter__(self) -> str:
        self._server = LoopbackServer(self._serve)
        if self._tls is not None:
            listener = self._tls.wrap_socket(self._server.socket, server_side=True)
            self._server.socket = listener
            self._server.url = self._server.url.replace("http:", "https:")
        self._server.__enter__()
        return self._server.url

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    @property
    def connections(self) -> int:
        """How many connections were accepted."""
        return len(self._accepted)

    def _serve(self, connection: socket.socket, *_: object) -> None:
        self._accepted.append(connection)
        with suppress(OSError):
            if request := _read_request(connection):
                self.requests.append(request)
                self._behaviour(connection)


def _read_request(connection: socket.socket) -> bytes:
    # To its last byte: closing on unread ones would reset what was answered.
    head, length = b"", 0
    with connection.makefile("rb") as stream:
        for line in stream:
            head += line
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            if line == b"\r\n":
                return head + stream.read(length)
    return b""


def _head(status: int = 200, headers: Mapping[str, str] = SVG) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def _linger(connection: socket.socket, seconds: float | None) -> None:
    # Waits like a sleep, and ends it by an OSError when the other side, or the test, is
    # done with the connection.
    connection.settimeout(seconds)
    with suppress(TimeoutError):
        if not connection.recv(1):
            raise ConnectionAbortedError
    connection.settimeout(None)


def _drip(connection: socket.socket, data: bytes) -> None:
    for byte in data:
        connection.sendall(bytes([byte]))
        _linger(connection, 1)


def never_answers(connection: socket.socket) -> None:
    """Accept, read, and say nothing until the client gives up."""
    _linger(connection, None)


def drip_headers(connection: socket.socket) -> None:
    """Send the head, a byte a second."""
    _drip(connection, _head() + GOOD_NEWS)


def drip_body(connection: socket.socket) -> None:
    """Send the head at once and the body a byte a second."""
    connection.sendall(_head(headers={**SVG, "Content-Length": str(len(GOOD_NEWS))}))
    _drip(connection, GOOD_NEWS)


def reset_midway(connection: socket.socket) -> None:
    """Reset the connection after all of the body but its announced last byte."""
    truncated(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def truncated(connection: socket.socket) -> None:
    """Announce one byte more than is sent; what is sent reads like a whole document."""
    head = _head(headers={**SVG, "Content-Length": str(len(GOOD_NEWS) + 1)})
    connection.sendall(head + GOOD_NEWS)


def endless_body(connection: socket.socket) -> None:
    """Send a whole document, and spaces after it for ever."""
    connection.sendall(_head() + GOOD_NEWS)
    for spaces in repeat(b" " * 2**16):
        connection.sendall(spaces)


def endless_redirect(connection: socket.socket) -> None:
    """Redirect, with a body that never ends."""
    connection.sendall(_head(302, {"Location": "/elsewhere"}))
    for spaces in repeat(b" " * 2**16):
        connection.sendall(spaces)


def endless_continue(connection: socket.socket) -> None:
    """Say "100 Continue" for ever, and never anything else."""
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def endless_trailer(connection: socket.socket) -> None:
    """Send a whole document in chunks, and trailing header fields for ever."""
    chunk = b"%x\r\n%s\r\n0\r\n" % (len(GOOD_NEWS), GOOD_NEWS)
    connection.sendall(_head(headers={**SVG, "Transfer-Encoding": "chunked"}) + chunk)
    while True:
        connection.sendall(b"X-Trailer: more\r\n" * 100)


def gzip_bomb(connection: socket.socket) -> None:
    """Send about a mebibyte which inflates to a document and a gibibyte of spaces."""
    connection.sendall(_head(headers={**SVG, "Content-Encoding": "gzip"}))
    for part in _bomb():
        connection.sendall(part)


def _bomb() -> Iterator[bytes]:
    stream, crc = zlib.compressobj(9, wbits=-15), zlib.crc32(GOOD_NEWS)
    yield gzip.compress(b"")[:10]
    yield stream.compress(GOOD_NEWS) + stream.flush(zlib.Z_FULL_FLUSH)
    # After a full flush each mebibyte is the same thousand bytes.
    part = stream.compress(MEBIBYTE) + stream.flush(zlib.Z_FULL_FLUSH)
    for _ in range(1024):
        crc = zlib.crc32(MEBIBYTE, crc)
        yield part
    size = len(GOOD_NEWS) + 1024 * len(MEBIBYTE)
    yield stream.flush() + struct.pack("<II", crc, size)


def double_gzip(connection: socket.socket) -> None:
    """Send a document that was compressed twice, and say so."""
    body = gzip.compress(gzip.compress(GOOD_NEWS))
    headers = {**SVG, "Content-Encoding": "gzip, gzip"}
    status(200, headers, body)(connection)


def html_login_page(connection: socket.socket) -> None:
    """Answer like a captive portal: 200, and a page to sign in."""
    status(200, {"Content-Type": "text/html"}, LOGIN_PAGE)(connection)


def redirect_loop(connection: socket.socket) -> None:
    """Redirect every request to the same path of the same server."""
    redirect_to("/again")(connection)


def redirect_to(location: str, *, code: int = 302) -> Behaviour:
    """Redirect to ``location``, be it ``file:///etc/hostname`` or another server."""
    return status(code, {"Location": location}, GOOD_NEWS)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave differently to each request; the last behaviour is for all that follow."""
    left = list(behaviours)

    def behave(connection: socket.socket) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(connection)

    return behave


def status(code: int, headers: Mapping[str, str], body: bytes = GOOD_NEWS) -> Behaviour:
    """Answer with this status, these headers and this body."""
    length = {"Content-Length": str(len(body))}

    def answer(connection: socket.socket) -> None:
        connection.sendall(_head(code, {**headers, **length}) + body)

    return answer


@contextmanager
def refusing() -> Iterator[str]:
    """Yield the URL of a port that is taken but refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def unaccepting() -> Iterator[str]:
    """Yield the URL of a server whose queue is full: connecting to it never ends."""
    with socket.socket() as server, ExitStack() as fillers:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
