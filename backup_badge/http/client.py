"""Asking over HTTP: retries, redirects and credentials, under one deadline."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from backup_badge._version import __version__
from backup_badge.http.responses import Response, conditional, retry_after
from backup_badge.http.transport import Transport
from backup_badge.http.urls import is_loopback
from backup_badge.values.problem import Category, LastingError, Problem, ProblemError

USER_AGENT = f"backup-badge/{__version__}"
ATTEMPTS = 3
MAX_REDIRECTS = 5
FAILURES_BEFORE_GIVING_UP = 3
"""When so many sources of a host fail and none succeeds, the others fail fast."""
_PASSING_STATUS = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class _Question:
    """A request; one that is ``confidential`` never leaves its origin."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: object = field(default=None, repr=False)
    confidential: bool = field(kw_only=True)
    shown: str | None = field(default=None, kw_only=True)

    def host(self, url: str) -> str:
        """How messages call the host that was asked for ``url``."""
        return self.shown or urlsplit(url).netloc


@dataclass
class Client:
    """Sends requests for the providers, all of them before one deadline.

    ``timeout`` bounds one exchange, in seconds; ``until`` is when all of them must
    have ended, by ``clock``, which tells monotonic seconds. Safe to use from several
    threads.
    """

    timeout: float
    until: float
    concurrency: int = 16
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    _origins: dict[str, _Patience] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
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

        With the ``validator`` of an earlier answer the server may answer 304.
        ``shown`` is how messages call the host, whose name may be a secret.

        Returns the answer whatever its status: see :mod:`backup_badge.http.responses`.
        Raises ProblemError when there is no answer to be had.
        """
        headers = {"Accept": accept, **conditional(validator), **(credentials or {})}
        confidential = credentials is not None
        return self._ask(
            _Question("GET", url, headers, confidential=confidential, shown=shown)
        )

    def post_json(
        self, url: str, *, content: object, shown: str | None = None
    ) -> Response:
        """Post a JSON document that holds a credential. Raises as :meth:`get`."""
        headers = {"Accept": "application/json"}
        return self._ask(
            _Question("POST", url, headers, content, confidential=True, shown=shown)
        )

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
        patience = self._patience(question)
        for attempt in range(1, ATTEMPTS + 1):
            patience.refuse_if_hopeless(self.until)
            self._closing.wait(max(patience.not_before - self.clock(), 0))
            outcome = self._try(question)
            patience.note(question.url, outcome)
            if not _may_pass(outcome):
                break
            delay = self._delay(outcome, attempt)
            told = isinstance(outcome, Response) and "retry-after" in outcome.headers
            if told:
                patience.not_before = self.clock() + delay
            hopeless = attempt == ATTEMPTS or self.clock() + delay >= self.until
            if hopeless or (not told and self._closing.wait(delay)):
                break
        if isinstance(outcome, ProblemError):
            raise outcome
        return outcome

    def _patience(self, question: _Question) -> _Patience:
        parts = urlsplit(question.url)
        host = question.host(question.url)
        # An origin that messages call by two names is told of by each alone.
        origin = f"{parts.scheme}://{parts.netloc} {host}"
        with self._lock:
            return self._origins.setdefault(origin, _Patience(host))

    def _delay(self, outcome: Response | ProblemError, attempt: int) -> float:
        """Seconds until the next try: more each time, never twice the same."""
        delay = float(2 ** (attempt - 2)) * (0.5 + self.jitter())
        if isinstance(outcome, Response):
            return max(delay, retry_after(outcome.headers.get("retry-after")))
        return delay

    def _try(self, question: _Question) -> Response | ProblemError:
        try:
            return self._follow(question)
        except ProblemError as error:
            return error

    def _follow(self, question: _Question) -> Response:
        """Make one exchange, redirects included, within ``timeout``."""
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
                )
            except ProblemError as error:
                message = (
                    f"{question.host(url)} gave no answer: {error.problem.message}"
                )
                raise type(error)(error.problem.category, message) from error
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or not target:
                return response
            url = _redirected(url, target, question)
        raise ProblemError(
            Category.INVALID_RESPONSE,
            f"{question.host(url)} redirects in a circle: check the URL",
        )


@dataclass
class _Patience:
    """What is known of an origin: what fails there, and when it may be asked again."""

    host: str
    failing: dict[str, Problem] = field(default_factory=dict)
    not_before: float = 0.0

    def note(self, url: str, outcome: Response | ProblemError) -> None:
        """Remember a failure; any other answer proves the host alive."""
        if isinstance(outcome, ProblemError):
            if outcome.problem.category is not Category.INVALID_RESPONSE:
                self.failing[url] = outcome.problem
        elif outcome.status not in _PASSING_STATUS:
            self.failing = {}
        elif outcome.status != 429:
            message = f"{self.host} answered {outcome.status}: it is in trouble"
            self.failing[url] = Problem(category=Category.UNREACHABLE, message=message)

    def refuse_if_hopeless(self, until: float) -> None:
        """Raise ProblemError when the host is dead, or wants no question until then."""
        if self.not_before >= until:
            message = f"{self.host} wants to be left alone for longer than a build"
            raise ProblemError(Category.RATE_LIMITED, message)
        failing = list(self.failing.values())
        if len(failing) >= FAILURES_BEFORE_GIVING_UP:
            raise ProblemError(
                failing[0].category,
                f"{failing[0].message} (after {len(failing)} such sources, the host is"
                " not asked again in this build)",
            )


def _may_pass(outcome: Response | ProblemError) -> bool:
    if isinstance(outcome, ProblemError):
        is_lasting = isinstance(outcome, LastingError)
        return outcome.problem.category is Category.UNREACHABLE and not is_lasting
    return outcome.status in _PASSING_STATUS


def _identity(parts: SplitResult) -> tuple[str, str | None, int | None]:
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default


def _refuse_plain_http(question: _Question) -> None:
    parts = urlsplit(question.url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise ProblemError(
            Category.USAGE,
            f"{question.host(question.url)} is asked over plain http, and no credential"
            " is sent that way: use https",
        )


def _redirected(url: str, target: str, question: _Question) -> str:
    """Return where a redirect leads; refuse what is unsafe to follow."""
    here = urlsplit(url)
    try:
        there = urlsplit(urljoin(url, target))
        unsafe = there.scheme not in ("http", "https") or not there.hostname
        unsafe = unsafe or there.username is not None
        other = _identity(here) != _identity(there)
    except ValueError:
        unsafe = other = True
    downgrade = not unsafe and here.scheme == "https" and there.scheme == "http"
    secret = question.confidential
    if unsafe or downgrade or (other and secret):
        why = "and a credential never goes there" if secret else "which is unsafe"
        raise ProblemError(
            Category.INVALID_RESPONSE,
            f"{question.host(url)} redirects to another place, {why}: configure the URL"
            " that answers itself",
        )
    return there.geturl()
