"""A status file that is fetched is remembered, and costs what its news are worth."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asking import configure
from loopback import Answer, HttpService, Request

from backup_badge import State, Status
from backup_badge.ask.find import find
from backup_badge.ask.resolver import Resolver
from backup_badge.documents.records import status_record
from backup_badge.values.problem import Category

pytestmark = pytest.mark.slow

ADDRESS = "cloudback:acme/website"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATH = "/backup-status.json"
BROKEN = Answer(status=503)


class Publisher(HttpService):
    """A static host of one status file, whatever the path; ``failure`` replaces it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.SUCCEEDED
        self.finished: datetime | None = NOW - HOUR
        self.validator: tuple[str, str] | None = ("ETag", '"1"')
        self.failure: Answer | None = None
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if self.failure:
            return self.failure
        name, value = self.validator or ("X-Powered-By", "nothing")
        conditions = ("if-none-match", "if-modified-since")
        if value in [request.headers.get(condition) for condition in conditions]:
            return Answer(status=304, headers={name: value})
        status = Status(reported=self.state, finished=self.finished)
        entry = {"address": ADDRESS, **status_record(status)}
        document = {"schema": 1, "generated": None, "sources": {"website": entry}}
        return Answer(headers={name: value}, body=json.dumps(document).encode())

    def publish(self, state: State) -> None:
        """Replace the file by one that tells of another state."""
        self.state, self.validator = state, ("ETag", f'"{state}"')


@pytest.fixture
def host() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


def build(
    folder: Path, url: str, after: timedelta = timedelta(), **values: object
) -> tuple[Status, tuple[str, ...]]:
    """Return the status that a build some time after NOW shows, and the notices."""
    environ = {"STATUS_URL": url}
    written = "${STATUS_URL}" if set(url) & {"?", "@"} else url
    values = {"status_file": written, "timeout": "0.5s", "deadline": "1s", **values}
    settings = configure(folder, "http://127.0.0.1:9", **values)
    resolver = Resolver(settings, now=lambda: NOW + after, environ=environ)
    (source,) = find(settings, ADDRESS)
    status = resolver.resolve([source])[source]
    return status, resolver.notices


@pytest.mark.parametrize(
    ("after", "requests"), [(0 * MINUTE, 0), (5 * MINUTE, 0), (6 * MINUTE, 1)]
)
def test_fresh(
    host: Publisher, tmp_path: Path, after: timedelta, requests: int
) -> None:
    """A fresh file costs no request; later, news are shown."""
    build(tmp_path, host.url + PATH)
    host.publish(State.FAILED)
    status, _ = build(tmp_path, host.url + PATH, after)
    assert len(host.requests) == 1 + requests
    assert status.state is (State.FAILED if requests else State.SUCCEEDED)
    assert status.problem is None


@pytest.mark.parametrize(
    ("validator", "sent"),
    [
        (("ETag", '"1"'), "if-none-match"),
        (("ETag", 'W/"1"'), "if-none-match"),
        (("Last-Modified", "Sat, 21 Nov 2026 03:00:00 GMT"), "if-modified-since"),
        (None, None),
    ],
)
def test_not_changed(
    host: Publisher, tmp_path: Path, validator: tuple[str, str] | None, sent: str | None
) -> None:
    """A file that has not changed is not sent again, and is fresh from then on."""
    host.validator = validator
    build(tmp_path, host.url + PATH)
    for minutes in (10, 14):
        status, _ = build(tmp_path, host.url + PATH, minutes * MINUTE)
        assert (status.state, status.problem) == (State.SUCCEEDED, None)
    first, second = host.requests
    conditions = {"if-none-match", "if-modified-since"}
    assert not conditions & first.headers.keys()
    assert conditions & second.headers.keys() == ({sent} if sent else set())
    assert validator is None or second.headers[sent or ""] == validator[1]


@pytest.mark.parametrize(
    ("failure", "category"),
    [
        (BROKEN, Category.UNREACHABLE),
        (Answer(status=429), Category.RATE_LIMITED),
        (None, Category.OFFLINE),
    ],
)
@pytest.mark.parametrize("finished", [NOW - HOUR, None])
def test_stands_in(
    host: Publisher,
    tmp_path: Path,
    failure: Answer | None,
    category: Category,
    finished: datetime | None,
) -> None:
    """Where the host fails, the remembered file stands in with the reason, for a day.

    The host can recover in between: what failed is not remembered. What does not say
    when the backup ran is not green then.
    """
    host.failure = failure
    host.finished = finished
    offline = failure is None
    cold, _ = build(tmp_path, host.url + PATH, offline=offline)
    assert cold.state is State.UNKNOWN
    host.failure = None
    build(tmp_path, host.url + PATH)
    host.failure = failure
    for hours in (23, 25):
        status, _ = build(tmp_path, host.url + PATH, hours * HOUR, offline=offline)
        is_green = hours == 23 and finished is not None
        assert status.state is (State.SUCCEEDED if is_green else State.UNKNOWN)
        assert status.stale is (hours == 23)
        assert status.problem is not None
        assert status.problem.category is category


@pytest.mark.parametrize(
    "news",
    [
        *(Answer(status=code) for code in (204, 304, 400, 401, 403, 404, 410, 418)),
        Answer(body=b"<html>Log in"),
        Answer(body=b"{"),
        Answer(body=b'{"schema": 1, "sources": {}, "schema": 1}'),
        Answer(body=b'{"schema": 1, "generated": NaN, "sources": {}}'),
    ],
)
def test_news(host: Publisher, tmp_path: Path, news: Answer) -> None:
    """An answer that is no status file is news: no older one hides it, then or later.

    A 304 is one where nobody asked whether the file has changed.
    """
    host.validator = None
    build(tmp_path, host.url + PATH)
    host.failure = news
    status, _ = build(tmp_path, host.url + PATH, 10 * MINUTE)
    assert status.state is State.UNKNOWN
    assert status.problem is not None
    host.failure = BROKEN
    status, _ = build(tmp_path, host.url + PATH, 20 * MINUTE)
    assert (status.state, status.stale) == (State.UNKNOWN, False)


def test_other_urls(host: Publisher, tmp_path: Path) -> None:
    """What was fetched from one URL never answers for another, nor validates it."""
    build(tmp_path, f"{host.url}{PATH}?signature=hunter2")
    host.failure = BROKEN
    for other in (PATH, f"{PATH}?signature=hunter3", "/other.json?signature=hunter2"):
        status, _ = build(tmp_path, host.url + other)
        assert status.state is State.UNKNOWN
    assert not any("if-none-match" in request.headers for request in host.requests)


def test_private(host: Publisher, tmp_path: Path) -> None:
    """Nothing of a signed URL is written, and only the owner can read the rest."""
    build(tmp_path, f"{host.url}{PATH}?signature=hunter2")
    entries = list((tmp_path / "cache").iterdir())
    (entry,) = (path for path in entries if path.suffix == ".json")
    assert entry.stat().st_mode & 0o777 == 0o600
    assert "${STATUS_URL}" in entry.read_text()
    for path in entries:
        assert "hunter2" not in path.name + path.read_text()
        assert host.url not in path.read_text()


def test_user_and_password(host: Publisher, tmp_path: Path) -> None:
    """What stands before the host in a URL is sent as HTTP Basic, and told nowhere."""
    url = host.url.replace("//", "//me:hunter%3A2@") + PATH
    status, _ = build(tmp_path, url)
    assert status.state is State.SUCCEEDED
    (request,) = host.requests
    sent = request.headers["authorization"].removeprefix("Basic ")
    assert b64decode(sent) == b"me:hunter:2"
    for path in (tmp_path / "cache").iterdir():
        assert "hunter" not in path.read_text()
    host.failure = Answer(status=401)
    status, _ = build(tmp_path, url, 10 * MINUTE)
    assert status.problem is not None
    assert status.problem.message.startswith("the status file's host (${STATUS_URL})")


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [
        ({"version": 2}, False),
        ({"checked": "2999-01-01T00:00:00Z"}, False),
        ({"checked": None}, False),
        ({"location": "http://127.0.0.1/other.json"}, True),
        ({"checked": 5}, True),
        ({"validator": []}, True),
        ({"document": None}, True),
        ({"document": {"schema": 2}}, True),
        ({"document": {"schema": 1, "sources": []}}, True),
    ],
)
def test_damaged(
    host: Publisher, tmp_path: Path, changed: dict[str, object], noticed: bool
) -> None:
    """What is damaged or another version's is ignored and replaced, validator and all.

    A notice tells of what is damaged.
    """
    build(tmp_path, host.url + PATH)
    (entry,) = (tmp_path / "cache").glob("*.json")
    entry.write_text(json.dumps({**json.loads(entry.read_text()), **changed}))
    status, notices = build(tmp_path, host.url + PATH)
    assert status.state is State.SUCCEEDED
    assert len(notices) == noticed
    assert "if-none-match" not in host.requests[-1].headers
    assert build(tmp_path, host.url + PATH)[1] == ()
    assert len(host.requests) == 2


def test_nowhere_to_write(host: Publisher, tmp_path: Path) -> None:
    """Without a place to remember it the file is fetched each time, with a notice."""
    (tmp_path / "cache").write_text("a file")
    for _ in range(2):
        status, notices = build(tmp_path, host.url + PATH)
        assert status.state is State.SUCCEEDED
        assert any("nothing is remembered" in notice for notice in notices)
    assert len(host.requests) == 2
