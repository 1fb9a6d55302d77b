"""Asking over HTTP: retries, redirects and credentials, under one deadline."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from backup_badge._version import __version__
from backup_badge.http.patience import Patience, may_pass
from backup_badge.http.redirects import REDIRECTS, redirected
from backup_badge.http.responses import (
    CONDITIONS,
    Response,
    conditional,
    requested_pause,
)
from backup_badge.http.transport import Transport
from backup_badge.http.urls import is_plain
from backup_badge.values.problem import Category, ProblemError

USER_AGENT = f"backup-badge/{__version__}"
ATTEMPTS = 4
"""Tries of one question, within two to five seconds: a burst of errors passes."""
MAX_REDIRECTS = 5


@dataclass(frozen=True, kw_only=True)
class _Question:
    """A request; one that is ``confidential`` never leaves its origin.

    ``host`` is what messages call it.
    """

    method: str
    url: str
    host: str
    headers: Mapping[str, str] = field(repr=False)
    content: object = field(default=None, repr=False)
    confidential: bool
    ca_file: Path | None = None


@dataclass
class Client:
    """Sends requests for the providers, all of them before one deadline.

    ``timeout`` bounds one exchange, in seconds; ``until`` is when all of them must
    have ended, by ``clock``, which tells monotonic seconds. After :meth:`close` it can
    be opened again, and still knows which hosts are dead. Safe to use from several
    threads.

    Messages name the host of a URL, or what is given as ``shown``: the host of a URL
    that a reference stands for is not to be told.
    """

    timeout: float
    until: float
    concurrency: int = 16
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    _origins: dict[str, Patience] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.reopen(self.until)

    def reopen(self, until: float) -> None:
        """Begin anew to send requests, until then by the clock."""
        self.until = until
        self._closing = threading.Event()
        self._transport = Transport(connections=self.concurrency, clock=self.clock)

    def get(
        self,
        url: str,
        *,
        accept: str,
        credentials: Mapping[str, str] | None = None,
        validator: str | None = None,
        shown: str | None = None,
    ) -> Response:
        """Get a URL; ``credentials`` are headers that go to its origin alone.

        With the ``validator`` of an earlier answer, and only then, the server may
        answer 304. Returns and raises as :meth:`send`.
        """
        headers = {"Accept": accept, **conditional(validator), **(credentials or {})}
        confidential = credentials is not None
        return self.send(
            "GET", url, headers=headers, confidential=confidential, shown=shown
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: object = None,
        confidential: bool,
        shown: str | None = None,
        ca_file: Path | None = None,
    ) -> Response:
        """Send a request, with ``content`` as JSON if there is any.

        One that is ``confidential`` never leaves its origin, nor goes over plain HTTP.
        ``ca_file`` holds certificates to trust instead of the system's.

        Returns the answer whatever its status: see :mod:`backup_badge.http.responses`.
        Raises ProblemError when there is no answer to be had.
        """
        host = shown or urlsplit(url).netloc
        question = _Question(
            method=method,
            url=url,
            host=host,
            headers=headers,
            content=content,
            confidential=confidential,
            ca_file=ca_file,
        )
        response = self._ask(question)
        if response.status == 304 and not CONDITIONS & headers.keys():
            raise ProblemError(
                Category.INVALID_RESPONSE,
                f"{host} answered 304: it says that nothing has changed, and was not"
                " asked that",
            )
        return response

    def abort_overdue(self) -> None:
        """End the exchanges whose time is over. To be called now and then."""
        self._transport.abort_overdue()

    def close(self) -> None:
        """End everything that is under way and close the connections."""
        self._closing.set()
        self._transport.close()

    def _ask(self, question: _Question) -> Response:
        """Try until there is an answer worth having, or no time or hope is left."""
        if question.confidential:
            _refuse_plain_http(question)
        patience, closing = self._patience(question.url), self._closing
        for attempt in range(1, ATTEMPTS + 1):
            patience.refuse_if_hopeless(question.host, self.until)
            closing.wait(max(patience.not_before - self.clock(), 0))
            outcome = self._try(question)
            if not may_pass(outcome):
                break
            told = requested_pause(outcome) if isinstance(outcome, Response) else None
            delay = max(self._delay(attempt), told or 0.0)
            if told is not None:
                patience.not_before = self.clock() + delay
            hopeless = attempt == ATTEMPTS or self.clock() + delay >= self.until
            if hopeless or (told is None and closing.wait(delay)):
                break
        patience.note(question.url, outcome)
        if isinstance(outcome, ProblemError):
            problem = outcome.problem
            message = f"{question.host} {problem.message}"
            raise type(outcome)(problem.category, message) from outcome
        return outcome

    def _patience(self, url: str) -> Patience:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            return self._origins.setdefault(origin, Patience())

    def _delay(self, attempt: int) -> float:
        """Seconds until the next try: more each time, never twice the same."""
        return float(2 ** (attempt - 2)) * (0.5 + self.jitter())

    def _try(self, question: _Question) -> Response | ProblemError:
        try:
            return self._follow(question)
        except ProblemError as error:
            return error

    def _follow(self, question: _Question) -> Response:
        """Make one exchange, redirects included, within ``timeout``.

        Raises ProblemError, whose message goes on after the name of the host.
        """
        url = question.url
        # At the deadline whoever waits ends this, and can say why: hence the grace.
        until = min(self.clock() + self.timeout, self.until + 0.5)
        headers = {
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "gzip",
            **question.headers,
        }
        for _ in range(MAX_REDIRECTS + 1):
            try:
                response = self._transport.exchange(
                    question.method,
                    url,
                    headers=headers,
                    json=question.content,
                    until=until,
                    ca_file=question.ca_file,
                )
            except ProblemError as error:
                message = f"gave no answer: {error.problem.message}"
                raise type(error)(error.problem.category, message) from error
            target = response.headers.get("location")
            if response.status not in REDIRECTS or not target:
                return response
            url = redirected(url, target, confidential=question.confidential)
        raise ProblemError(
            Category.INVALID_RESPONSE, "redirects in a circle: check the URL"
        )


def _refuse_plain_http(question: _Question) -> None:
    if is_plain(question.url):
        raise ProblemError(
            Category.USAGE,
            f"{question.host} is asked over plain http, and no credential is sent that"
            " way: use https",
        )
