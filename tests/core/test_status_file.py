"""Answering from a status file."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from backup_badge.ask.resolver import Resolver
from backup_badge.ask.status_file import (
    StatusFile,
    is_url,
    open_status_file,
    parse_status_file,
)
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.documents.records import status_record
from backup_badge.markup.mark_options import badge_mark
from backup_badge.site import Site
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Status

ADDRESS = "cloudback:acme/a%20b"
ORDERS = Source(name="orders", address=parse_address(ADDRESS), label="Orders")
GOOD = {"address": ADDRESS, **status_record(Status(reported=State.SUCCEEDED))}


def written(sources: object, **more: Any) -> bytes:
    """A status file's bytes."""
    head = {"schema": 1, "generated": "2026-11-21T04:00:00Z"}
    return json.dumps({**head, "sources": sources, **more}).encode()


def parsed(sources: object, **more: Any) -> StatusFile:
    """A status file, read."""
    return parse_status_file(written(sources, **more), location="s.json")


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ({"orders": GOOD}, True),
        ({"another name": GOOD}, True),
        # A name that means something else now is no reason to answer for it.
        ({"orders": {**GOOD, "address": "cloudback:acme/c"}}, False),
        ({"orders": {**GOOD, "address": None}}, False),
        ({"orders": {**GOOD, "address": "cloudback:acme/a b"}}, False),
        ({"orders": {**GOOD, "address": "cloudback:x/y"}, "other": GOOD}, True),
        ({"orders": 5, "null": None, "list": [], "empty": {}, "o": GOOD}, True),
        ({"broken": {"address": "cloudback:x/y", "details": 5}, "o": GOOD}, True),
        ({}, False),
        (None, False),
    ],
)
def test_found(sources: object, found: bool) -> None:
    """A source is found by its name or its address, and by nothing less."""
    status = parsed(sources).status(ORDERS)
    if found:
        assert (status.reported, status.problem) == (State.SUCCEEDED, None)
    else:
        assert status.reported is State.UNKNOWN
        assert status.problem is not None
        assert status.problem.category is Category.OFFLINE
        assert status.problem.message == (
            "orders is not in the status file s.json: export it again"
        )


def test_broken_entry() -> None:
    """A source whose own entry is broken is unknown, and the reason names the file."""
    status = parsed({"orders": {**GOOD, "finished": 5}}).status(ORDERS)
    assert status.reported is State.UNKNOWN
    assert status.problem is not None
    assert status.problem.category is Category.INVALID_RESPONSE
    assert status.problem.message.startswith("the status file s.json has a 'finished'")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"<html>",
        b'{"sources": {}}',
        b'{"schema": 2, "sources": {}}',
        b'{"schema": "1", "sources": {}}',
        b"[" * 100_000,
        b'{"schema": 1, "x": ' + b"9" * 5000 + b"}",
        written([]),
        written({}, generated="yesterday"),
        written({}, generated=5),
    ],
)
def test_no_status_file(content: bytes) -> None:
    """What is no status file of this schema is one problem that names the file."""
    with pytest.raises(ProblemError, match=r"s\.json") as caught:
        parse_status_file(content, location="s.json")
    assert caught.value.problem.category is Category.INVALID_RESPONSE


def test_generated() -> None:
    """When the file was written is read as UTC, and may be left out."""
    assert parsed({}).generated == datetime(2026, 11, 21, 4, tzinfo=UTC)
    assert parsed({}, generated=None).generated is None


def test_open(tmp_path: Path) -> None:
    """A file that cannot be read says why, without the whole of its path."""
    (tmp_path / "s.json").write_bytes(written({"orders": GOOD}))
    assert open_status_file(tmp_path / "s.json").status(ORDERS).problem is None
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(ProblemError, match="cannot be read: ") as caught:
            open_status_file(path)
        assert caught.value.problem.category is Category.OFFLINE
        assert str(tmp_path.parent) not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://example.org/s.json", True),
        ("HTTP://example.org/s.json", True),
        ("s.json", False),
        ("/https://s.json", False),
    ],
)
def test_is_url(location: str, url: bool) -> None:
    """A URL is fetched, everything else is opened."""
    assert is_url(location) is url


class Served(BaseHTTPRequestHandler):
    """Serves a status file to whoever has the signature."""

    def do_GET(self) -> None:
        """Answer 403 to another signature."""
        self.send_response(200 if self.path.endswith("=hunter2") else 403)
        self.end_headers()
        self.wfile.write(b"{}" if "broken" in self.path else written({"orders": GOOD}))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/s.json?sig=hunter2", None),
        ("/s.json?sig=hunter3", "host (${STATUS_URL}) answered 403: the credential is"),
        ("/broken.json?sig=hunter2", "${STATUS_URL} is no status file of schema 1"),
    ],
)
def test_signed_url(tmp_path: Path, path: str, problem: str | None) -> None:
    """A signed URL is asked as it is, and never told in the page."""
    server = HTTPServer(("127.0.0.1", 0), Served)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        values = {"status_file": "${STATUS_URL}"}
        environ = {"STATUS_URL": f"http://127.0.0.1:{server.server_port}{path}"}
        source = ConfigSource(values=values, origin="test", directory=tmp_path)
        settings = load(tmp_path, overlay=source, environ=environ)
        site = Site(settings, resolver=Resolver(settings, environ=environ))
        mark = badge_mark(ADDRESS, {})
        badge, (status,) = site.badge(mark), map(site.status, site.sources(mark))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert badge.state is (State.UNKNOWN if problem else State.SUCCEEDED)
    assert (problem or "") in (status.problem.message if status.problem else "")
    assert not re.search("hunter|127.0.0.1", f"{badge} {status} {settings}")
    assert "STATUS_URL" not in str(badge)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, "the environment variable STATUS_URL is not set"),
        ("status-hunter2.json", "${STATUS_URL} must be a URL such as https://"),
        ("https://[hunter2", "${STATUS_URL} must be a URL such as https://"),
        ("http://example.org/?hunter2", "${STATUS_URL} must use https: a secret goes"),
        ("HTTP://u:hunter2@example.org/", "${STATUS_URL} must use https: a secret"),
        ("http://127.0.0.1:9/hunter2", "${STATUS_URL} gave no answer"),
    ],
)
def test_a_url_that_is_wrong_is_not_quoted(
    tmp_path: Path, url: str | None, said: str
) -> None:
    """What is wrong with a referenced URL is told of the reference alone."""
    environ = {"STATUS_URL": url} if url else {}
    values = {"status_file": "${STATUS_URL}", "timeout": "1s", "deadline": "2s"}
    source = ConfigSource(values=values, origin="test", directory=tmp_path)
    settings = load(tmp_path, overlay=source, environ=environ)
    site = Site(settings, resolver=Resolver(settings, environ=environ))
    mark = badge_mark(ADDRESS, {})
    badge, (status,) = site.badge(mark), map(site.status, site.sources(mark))
    assert badge.state is State.UNKNOWN
    assert status.problem is not None
    assert said in status.problem.message
    assert not re.search("hunter2|127.0.0.1", f"{badge} {status}")
    assert "STATUS_URL" not in badge.title
