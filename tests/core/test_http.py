"""Whatever a server does, a question ends in time, with a reason, and leaks nothing."""

from __future__ import annotations

import gzip
import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from typing import Any

import faults
import pytest
import trustme
from asking import TENANT, TOKEN, ask, client
from cloud import Cloud
from faults import GOOD_NEWS, SVG, Faulty
from loopback import Answer, json_answer

from backup_badge import State, Status, __version__
from backup_badge.values.problem import Category, Problem, ProblemError

pytestmark = pytest.mark.slow

TIMEOUT = 0.4
"""Seconds for an exchange that is to run out of them; there are plenty for others."""

GZIP = {**SVG, "Content-Encoding": "gzip"}


def answers(code: int, headers: dict[str, str] = SVG, body: bytes = GOOD_NEWS) -> Any:
    """Return a place where every request gets this answer."""
    return Faulty(faults.status(code, headers, body))


def redirects(location: str) -> Any:
    """Return a place that redirects to ``location``."""
    return Faulty(faults.redirect_to(location))


HOSTILE: list[tuple[str, Callable[[], AbstractContextManager[str]], Category, str]] = [
    ("refused", faults.refusing, Category.UNREACHABLE, "refused the connection"),
    (
        "unresolvable",
        lambda: nullcontext("https://backup.invalid"),
        Category.UNREACHABLE,
        "host name cannot be resolved",
    ),
    ("connect-timeout", faults.unaccepting, Category.TIMEOUT, "too long"),
    ("silent", lambda: Faulty(faults.never_answers), Category.TIMEOUT, "too long"),
    ("drip-headers", lambda: Faulty(faults.drip_headers), Category.TIMEOUT, "too long"),
    ("drip-body", lambda: Faulty(faults.drip_body), Category.TIMEOUT, "too long"),
    ("continue", lambda: Faulty(faults.endless_continue), Category.TIMEOUT, "too long"),
    ("trailer", lambda: Faulty(faults.endless_trailer), Category.TIMEOUT, "too long"),
    ("reset", lambda: Faulty(faults.reset_midway), Category.UNREACHABLE, "broke"),
    ("truncated", lambda: Faulty(faults.truncated), Category.UNREACHABLE, "broke"),
    (
        "garbage",
        lambda: Faulty(lambda connection: connection.sendall(b"\x16\x03\x01 hello\n")),
        Category.UNREACHABLE,
        "broke",
    ),
    (
        "hangs-up",
        lambda: Faulty(lambda connection: connection.close()),
        Category.UNREACHABLE,
        "broke",
    ),
    (
        "endless-body",
        lambda: Faulty(faults.endless_body),
        Category.INVALID_RESPONSE,
        "larger than 4194304 bytes",
    ),
    (
        "endless-redirect",
        lambda: Faulty(faults.endless_redirect),
        Category.INVALID_RESPONSE,
        "larger than",
    ),
    (
        "double-gzip",
        lambda: Faulty(faults.double_gzip),
        Category.INVALID_RESPONSE,
        "encoded as 'gzip, gzip'",
    ),
    (
        "brotli",
        lambda: answers(200, {**SVG, "Content-Encoding": "br"}),
        Category.INVALID_RESPONSE,
        "encoded as 'br'",
    ),
    (
        "no-gzip",
        lambda: answers(200, GZIP),
        Category.INVALID_RESPONSE,
        "not the gzip it claims to be",
    ),
    (
        "half-a-gzip",
        lambda: answers(200, GZIP, gzip.compress(GOOD_NEWS)[:-9]),
        Category.INVALID_RESPONSE,
        "ends in the middle",
    ),
    (
        "redirect-loop",
        lambda: Faulty(faults.redirect_loop),
        Category.INVALID_RESPONSE,
        "in a circle",
    ),
    *(
        (f"to-{to}", lambda to=to: redirects(to), Category.INVALID_RESPONSE, "unsafe")
        for to in (
            "file:///etc/hostname",
            "ftp://127.0.0.1/badge.svg",
            "javascript:alert(1)",
            "data:image/svg+xml,succeeded",
            "//[",
            "http://127.0.0.1:99999/",
        )
    ),
    (
        "to-nowhere",
        lambda: answers(302),
        Category.INVALID_RESPONSE,
        "answered 302",
    ),
    ("304", lambda: answers(304), Category.INVALID_RESPONSE, "answered 304"),
    ("401", lambda: answers(401), Category.UNAUTHORIZED, "401: it does not accept"),
    ("403", lambda: answers(403), Category.UNAUTHORIZED, "403: the credential is not"),
    ("404", lambda: answers(404), Category.NOT_FOUND, "404: it knows no such backup"),
    ("410", lambda: answers(410), Category.NOT_FOUND, "410: the backup is gone"),
    ("418", lambda: answers(418), Category.INVALID_RESPONSE, "answered 418"),
    ("429", lambda: answers(429), Category.RATE_LIMITED, "429: it asks for fewer"),
    ("500", lambda: answers(500), Category.UNREACHABLE, "500: it is in trouble"),
    ("503", lambda: answers(503), Category.UNREACHABLE, "503: it is in trouble"),
    (
        "login-page",
        lambda: Faulty(faults.html_login_page),
        Category.INVALID_RESPONSE,
        "an HTML page, perhaps a login page",
    ),
    (
        "empty",
        lambda: answers(200, SVG, b""),
        Category.INVALID_RESPONSE,
        "no picture",
    ),
]


@pytest.mark.parametrize(
    ("place", "category", "sentence"),
    [pytest.param(*row, id=name) for name, *row in HOSTILE],
)
def test_hostile(
    place: Callable[[], AbstractContextManager[str]], category: Category, sentence: str
) -> None:
    """A question to a bad server ends within its time, with category and sentence."""
    with place() as url:
        begun = time.monotonic()
        problem = ask(url, timeout=TIMEOUT if category is Category.TIMEOUT else 5.0)
        seconds = time.monotonic() - begun
    assert isinstance(problem, Problem)
    assert problem.category is category
    assert sentence in problem.message
    assert url.partition("//")[2] in problem.message
    assert seconds < TIMEOUT + 1.5


@pytest.mark.parametrize(
    ("code", "tries"),
    [(401, 1), (403, 1), (404, 1), (418, 1), (429, 4), (500, 4), (503, 4)],
)
def test_tries(code: int, tries: int) -> None:
    """What cannot pass is tried once, and what can four times."""
    server = Faulty(faults.status(code, {}))
    with server as url:
        assert isinstance(ask(url), Problem)
    assert len(server.requests) == tries


@pytest.mark.parametrize("bad", [faults.status(500, {}), faults.reset_midway])
def test_trouble_that_passes(bad: faults.Behaviour) -> None:
    """What fails once and then works costs nothing but a moment."""
    server = Faulty(faults.in_turn(bad, faults.status(200, SVG)))
    with server as url:
        status = ask(url)
    assert isinstance(status, Status)
    assert status.reported is State.SUCCEEDED
    assert len(server.requests) == 2


def in_seconds(seconds: float) -> str:
    """Return an HTTP date so far from now."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("code", "later", "least", "most"),
    [
        (429, lambda: "1", 1.0, 9.0),
        (503, lambda: in_seconds(2), 0.9, 9.0),
        (429, lambda: in_seconds(-3600), 0.0, 5.0),
        (503, lambda: "0", 0.0, 5.0),
        (429, lambda: "soon", 0.0, 5.0),
        (429, lambda: "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", 0.0, 5.0),
    ],
    ids=["seconds", "date", "past", "zero", "nonsense", "overflow"],
)
def test_retry_after(
    code: int, later: Callable[[], str], least: float, most: float
) -> None:
    """A server is asked again when it said, and soon when that makes no sense."""
    busy = faults.status(code, {"Retry-After": later()})
    with Faulty(faults.in_turn(busy, faults.status(200, SVG))) as url:
        begun = time.monotonic()
        status = ask(url)
        seconds = time.monotonic() - begun
    assert isinstance(status, Status)
    assert status.reported is State.SUCCEEDED
    assert least <= seconds < most


@pytest.mark.parametrize(
    "later",
    [lambda: "3600", lambda: in_seconds(3600), lambda: "9" * 400],
    ids=["seconds", "date", "digits"],
)
def test_retry_after_the_deadline(later: Callable[[], str]) -> None:
    """A server that says "in an hour" is believed at once: nobody waits, or asks on."""
    server = Faulty(faults.status(429, {"Retry-After": later()}))
    asking = client()
    with server as url:
        begun = time.monotonic()
        for name in ("a", "b", "c", "d"):
            with pytest.raises(ProblemError) as raised:
                response = asking.get(f"{url}/{name}", accept="*/*")
                raise ProblemError(Category.RATE_LIMITED, str(response.status))
            assert raised.value.problem.category is Category.RATE_LIMITED
        seconds = time.monotonic() - begun
    asking.close()
    assert seconds < 5
    assert len(server.requests) == 1


def test_retry_after_is_the_hosts() -> None:
    """While a host has asked for patience, nothing else is asked of it either."""
    busy = faults.status(429, {"Retry-After": "1"})
    server = Faulty(faults.in_turn(busy, faults.status(200, SVG)))
    asking = client()
    with server as url:
        begun = time.monotonic()
        first = Thread(target=asking.get, args=(f"{url}/a",), kwargs={"accept": "*/*"})
        first.start()
        while not server.requests:
            time.sleep(0.01)
        time.sleep(0.1)
        assert asking.get(f"{url}/b", accept="*/*").status == 200
        assert time.monotonic() - begun >= 0.9
        first.join()
    asking.close()
    assert len(server.requests) == 3


AWKWARD = [
    *(
        {"Retry-After": later}
        for later in (
            "",
            " ",
            "-1",
            "1e400",
            "\u00b2",
            "0 0 0 0 0",
            "Mon, 01 Jan 0001 00:00:00 +2359",
            "Mon, 99 Foo 2026 99:99:99 GMT",
            "(" * 50_000,
        )
    ),
    *(
        {"Set-Cookie": cookie}
        for cookie in (
            "a=b; expires=Thu, 99-Foo-99999999999999999999 00:00:00 GMT",
            "a=b; max-age=99999999999999999999999999",
            "a=b; port=x; version=y; domain=[",
            '"' * 1000,
            "\xff=\xfe;;;=",
        )
    ),
    *(
        {"Location": place}
        for place in (
            "http://[",
            "http://[::1%25]:x/",
            "//\u00ad.example/",
            "http://xn--.invalid/",
            "http://a..b/",
            f"http://{'a' * 300}/",
            "http://127.0.0.1:99999999999/",
            "\xff\x80\x01",
            "?" * 20_000,
        )
    ),
    {"Content-Type": "\xff" * 100},
    {"ETag": "\xff\t\x80"},
    {"Transfer-Encoding": "chunked"},
    {"Transfer-Encoding": "nonsense"},
    {"Content-Encoding": "\xff"},
    {" ": "x"},
    {"X" * 70_000: "x"},
    {"": "x"},
]


@pytest.mark.parametrize("headers", AWKWARD, ids=lambda h: repr(h)[:40])
@pytest.mark.parametrize("code", [200, 302, 503])
def test_awkward_headers(code: int, headers: dict[str, str]) -> None:
    """Headers that no parser takes end in a status or a problem, and in no warning."""
    with Faulty(faults.status(code, {**SVG, **headers})) as url:
        answer = ask(url, deadline=3)
    assert isinstance(answer, Status if code == 200 else Problem) or set(headers) & {
        "Transfer-Encoding",
        "Content-Encoding",
        "X" * 70_000,
    }
    if isinstance(answer, Problem):
        assert "its provider failed" not in answer.message


def test_shown_name(tmp_path: Path) -> None:
    """No message names the host of a URL that is to be called by another name."""
    bad: list[AbstractContextManager[str]] = [
        faults.refusing(),
        nullcontext("https://secret-host.invalid"),
        nullcontext("http://secret-host.example"),
        Faulty(faults.reset_midway),
        Faulty(faults.redirect_loop),
        Faulty(faults.status(304, {}, b"")),
        redirects("file:///etc"),
        redirects("https://secret-host.invalid/"),
        Faulty(faults.status(429, {"Retry-After": "3600"})),
    ]
    for place in bad:
        asking = client()
        with place as url:
            for attempt in range(5):
                with pytest.raises(ProblemError) as raised:
                    answer = asking.get(
                        f"{url}/{attempt}",
                        accept="*/*",
                        credentials={"X-Auth-Token": TOKEN},
                        shown="${URL}",
                    )
                    raise ProblemError(Category.RATE_LIMITED, f"${{URL}} {answer}")
                said = raised.value.problem.message
                assert "${URL}" in said
                assert url.partition("//")[2] not in said
                assert "secret-host" not in said
        asking.close()


def test_urls_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing that libraries log of a request is kept: its URL may be a secret."""
    caplog.set_level(logging.DEBUG)
    odd = faults.status(200, {**SVG, "Content-Length ": "1"})
    for behaviour in (faults.status(200, SVG), odd, faults.reset_midway):
        asking = client()
        with Faulty(behaviour) as url, suppress(ProblemError):
            asking.get(f"{url}/?signature=hunter2", accept="*/*")
        asking.close()
    assert caplog.records == []


def test_closed_and_opened_again(cloud: Cloud) -> None:
    """A client that is closed asks nothing; opened again it knows what it knew."""
    cloud.badges["acme", "website"] = "succeeded"
    url = f"{cloud.url}/badge/acme/website"
    asking = client()
    assert asking.get(url, accept="*/*").status == 200
    asking.close()
    with pytest.raises(ProblemError):
        asking.get(url, accept="*/*")
    with faults.refusing() as dead:
        for until in (5.0, 5.0):
            asking.reopen(time.monotonic() + until)
            assert asking.get(url, accept="*/*").status == 200
            told = []
            for number in range(4):
                with pytest.raises(ProblemError) as raised:
                    asking.get(f"{dead}/{number}", accept="*/*")
                told.append("is not asked again" in str(raised.value))
            asking.close()
    assert told == [True] * 4


def test_back_off() -> None:
    """The second wait is longer than the first, and neither is ever quite the same."""
    server = Faulty(faults.status(500, {}))
    waits = []
    for jitter in (0.0, 0.2):
        asking = client()
        asking.jitter = lambda jitter=jitter: -0.4 + jitter
        with server as url:
            begun = time.monotonic()
            asking.get(url, accept="*/*")
            waits.append(time.monotonic() - begun)
        asking.close()
    assert 0.15 <= waits[0] < waits[1]


# Redirects and credentials


def token_sent(request: bytes) -> bool:
    return TOKEN.encode() in request


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect_with_a_credential(code: int) -> None:
    """A redirect to another port is refused when a credential would go along."""
    thief = Faulty(faults.status(200, {"Content-Type": "application/json"}, b"{}"))
    with thief as elsewhere:
        honest = Faulty(faults.redirect_to(f"{elsewhere}/v2/1/backups/b", code=code))
        with honest as url:
            problem = ask(url, "rackspace:backup/b")
    assert isinstance(problem, Problem)
    assert problem.category is Category.INVALID_RESPONSE
    assert "a credential never goes there" in problem.message
    assert thief.connections == 0
    assert token_sent(honest.requests[0])


def test_redirect_of_a_log_in() -> None:
    """An API key in a body goes nowhere else either."""
    thief = Faulty(faults.status(200, {}, b"{}"))
    with thief as elsewhere, redirects(f"{elsewhere}/tokens") as url:
        options = {"username": "demo", "api_key": "${KEY}", "identity_url": url}
        problem = ask(url, "rackspace:backup/b", options=options)
    assert isinstance(problem, Problem)
    assert "a credential never goes there" in problem.message
    assert thief.connections == 0


def test_redirect_with_a_user_in_it() -> None:
    """A server cannot have its own words shown as the name of a host."""
    with Faulty(faults.redirect_to("/")) as url:
        place = url.replace("//", "//what-a-server-says@")
        with redirects(f"{place}/v2/1/backups/b") as first:
            problem = ask(first)
    assert isinstance(problem, Problem)
    assert "what-a-server-says" not in problem.message


def test_redirect_within_an_origin(cloud: Cloud) -> None:
    """A redirect to another path of the same origin is followed, credential and all."""
    cloud.add_token(TOKEN, TENANT)
    backup = cloud.add_backup()
    place = {"Location": f"/v2/{TENANT}/backups/{backup}?again"}
    cloud.answers[f"/v2/{TENANT}/backups/{backup}"] = iter(
        [Answer(status=307, headers=place)]
    )
    status = ask(cloud.url, f"rackspace:backup/{backup}")
    assert isinstance(status, Status)
    assert status.reported is State.SUCCEEDED
    assert [r.headers["x-auth-token"] for r in cloud.requests] == [TOKEN, TOKEN]


def test_redirect_without_a_credential(cloud: Cloud) -> None:
    """A badge may be served from another host: there is no secret to lose."""
    cloud.badges["acme", "website"] = "failed"
    with redirects(f"{cloud.url}/badge/acme/website") as url:
        status = ask(url)
    assert isinstance(status, Status)
    assert status.reported is State.FAILED


@pytest.fixture
def tls(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], ssl.SSLContext]]:
    """Trust the authority; return how a server gets a certificate for a name."""
    authority.cert_pem.write_to_path(str(tmp_path / "bundle.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "bundle.pem"))

    def certified(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    yield certified


def test_https(tls: Callable[[str], ssl.SSLContext]) -> None:
    """A certificate that the configured bundle vouches for is trusted."""
    with Faulty(faults.status(200, SVG), tls=tls("127.0.0.1")) as url:
        status = ask(url)
    assert isinstance(status, Status)
    assert status.reported is State.SUCCEEDED


@pytest.mark.parametrize("trusted", [False, True], ids=["unknown-issuer", "wrong-name"])
def test_wrong_certificate(
    tls: Callable[[str], ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    *,
    trusted: bool,
) -> None:
    """A certificate of unknown origin or another name gets no request to see."""
    if not trusted:
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    name = "example.org" if trusted else "127.0.0.1"
    server = Faulty(faults.status(200, SVG), tls=tls(name))
    with server as url:
        problem = ask(url)
    assert isinstance(problem, Problem)
    assert problem.category is Category.UNREACHABLE
    assert "certificate cannot be trusted" in problem.message
    assert server.requests == []


def test_downgrade(tls: Callable[[str], ssl.SSLContext]) -> None:
    """A redirect from HTTPS to plain HTTP is not followed, secret or no secret."""
    plain = Faulty(faults.status(200, SVG))
    with plain as target:
        behaviour = faults.redirect_to(f"{target}/badge/acme/website")
        with Faulty(behaviour, tls=tls("127.0.0.1")) as url:
            problem = ask(url)
    assert isinstance(problem, Problem)
    assert problem.category is Category.INVALID_RESPONSE
    assert plain.connections == 0


@pytest.mark.parametrize("behaviour", [faults.drip_headers, faults.drip_body])
def test_drip_over_https(
    tls: Callable[[str], ssl.SSLContext], behaviour: faults.Behaviour
) -> None:
    """A server that drips inside TLS is cut off as one in the open."""
    with Faulty(behaviour, tls=tls("127.0.0.1")) as url:
        begun = time.monotonic()
        problem = ask(url, timeout=TIMEOUT)
        seconds = time.monotonic() - begun
    assert isinstance(problem, Problem)
    assert problem.category is Category.TIMEOUT
    assert seconds < TIMEOUT + 1.5


def test_handshake_that_hangs() -> None:
    """A server that never answers the TLS handshake costs one timeout."""
    with Faulty(faults.never_answers) as url:
        begun = time.monotonic()
        problem = ask(url.replace("http:", "https:"), timeout=TIMEOUT)
        seconds = time.monotonic() - begun
    assert isinstance(problem, Problem)
    assert problem.category is Category.TIMEOUT
    assert seconds < TIMEOUT + 1.5


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "192.0.2.1"])
def test_plain_http_past_loopback(host: str) -> None:
    """No credential goes over plain HTTP past loopback: no name is even looked up."""
    asking = client()
    with pytest.raises(ProblemError) as raised:
        asking.get(f"http://{host}/", accept="*/*", credentials={"X-Auth-Token": TOKEN})
    assert raised.value.problem.category is Category.USAGE
    with pytest.raises(ProblemError):
        asking.send(
            "POST",
            f"http://{host}/",
            headers={},
            content={"apiKey": TOKEN},
            confidential=True,
        )
    asking.close()


# What is sent, and what is not


def test_what_is_sent(cloud: Cloud) -> None:
    """The project names itself, asks for what it can read, and tells nothing else."""
    ask(cloud.url)
    (request,) = cloud.requests
    assert dict(request.headers) == {
        "host": cloud.url.partition("//")[2],
        "user-agent": f"backup-badge/{__version__}",
        "accept": "image/svg+xml",
        "accept-encoding": "gzip",
        "connection": "keep-alive",
    }


def test_nothing_of_its_own_accord(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a .netrc nor a cookie from another answer adds to a request."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    cookie = {"Set-Cookie": "session=s3cret; Path=/"}
    cloud.answers["/a"] = iter([json_answer({}), Answer(headers=cookie)])
    asking = client()
    for _ in range(3):
        asking.get(f"{cloud.url}/a", accept="*/*")
    asking.send("POST", f"{cloud.url}/a", headers={}, content={}, confidential=False)
    asking.close()
    seen = {name for request in cloud.requests for name in request.headers}
    assert seen.isdisjoint({"authorization", "cookie"})


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_proxy_and_loopback(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A proxy sees no request to loopback: its credential would cross the network."""
    cloud.add_token(TOKEN, TENANT)
    backup = cloud.add_backup()
    proxy = Faulty(faults.status(200, {}))
    with proxy as url:
        monkeypatch.setenv(variable, url)
        status = ask(cloud.url, f"rackspace:backup/{backup}")
    assert isinstance(status, Status)
    assert proxy.connections == 0


class Counting(Cloud):
    """The stand-in service, counting connections."""

    connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


def test_connections_are_reused() -> None:
    """Twenty questions one after another take one connection, errors included."""
    with Counting() as cloud:
        asking = client()
        for number in range(20):
            path = f"/badge/acme/{number}" if number % 2 else "/nothing/here"
            asking.get(cloud.url + path, accept="*/*")
        asking.close()
        assert cloud.connections == 1
        assert len(cloud.requests) == 20
