"""HTTP/1.1 on loopback for the stand-in service: what came, what goes, how it ends."""

from __future__ import annotations

import json
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Self, cast


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client sent: ``path`` still percent-encoded, header names lower-case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a client gets; ``Content-Length`` is added."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_answer(document: object, *, status: int = 200) -> Answer:
    """Return the document as ``application/json``."""
    headers = {"Content-Type": "application/json"}
    return Answer(status=status, headers=headers, body=json.dumps(document).encode())


class LoopbackServer(socketserver.ThreadingTCPServer):
    """A TCP server on loopback which, on leaving ``with``, is gone with all threads.

    ``handler`` is called with socket, address and server for each connection. ``port``
    0 means any free one; ``url`` names the one that was taken.
    """

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, handler: Callable[..., Any], *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.stopping = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        for connection, thread in list(self._open.items()):
            # Ends a read or a write that the other side keeps waiting.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a daemon thread that ``__exit__`` can end and join."""
        arguments = (request, client_address)
        thread = threading.Thread(
            target=self.process_request_thread, args=arguments, daemon=True
        )
        self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        self._open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a client hangs up, as they do; print any other fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class HttpService(LoopbackServer):
    """Answers each HTTP request by ``answer``, with connections kept alive."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(_Handler, port=port)

    def answer(self, request: Request) -> Answer:
        """Answer a request; called in the connection's thread."""
        return json_answer({"path": request.path}, status=404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: two of them wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        answer = cast(HttpService, self.server).answer(request)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = respond

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the service keeps its own record."""
