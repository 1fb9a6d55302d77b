"""Each way through a site: what it answers offline, and what a reader is told."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from asking import configure
from loopback import Answer as Served
from loopback import HttpService, Request, json_answer

from backup_badge import Site, State, Status, badge_mark, table_mark
from backup_badge.render.html import render_badge, render_table
from backup_badge.values.problem import Category, Problem

pytestmark = pytest.mark.skipif(os.name != "posix", reason="commands need POSIX")

DOCUMENT = {"finished": "2026-11-21T03:00:00Z", "word": "ok"}
READ = {"word": "word", "states": {"ok": "succeeded"}, "finished": "finished"}


class Host(HttpService):
    """Serves the document."""

    asked = 0

    def answer(self, request: Request) -> Served:
        """Count the requests."""
        self.asked += 1
        return json_answer(DOCUMENT)


def site_of(folder: Path, offline: bool, **source: Any) -> Site:
    """Return a site with one source, read from JSON."""
    sources = {"orders": {"address": "json:document", **READ, **source}}
    return Site(configure(folder, "", providers={}, sources=sources, offline=offline))


def ask(site: Site) -> Status:
    """Return the status of the site's source."""
    (status,) = site.resolve([table_mark([], {})]).values()
    return status


@pytest.mark.parametrize("offline", [False, True])
def test_file(tmp_path: Path, offline: bool) -> None:
    """A file answers offline too, and is read in each build."""
    path = tmp_path / "document.json"
    path.write_text(json.dumps(DOCUMENT))
    assert (
        ask(site_of(tmp_path, offline, file="document.json")).state is State.SUCCEEDED
    )
    path.unlink()
    status = ask(site_of(tmp_path, offline, file="document.json"))
    assert (status.state, status.stale) == (State.UNKNOWN, False)
    assert status.problem is not None
    assert status.problem.category is Category.NOT_FOUND


@pytest.mark.parametrize("offline", [False, True])
def test_command(tmp_path: Path, offline: bool) -> None:
    """A command is not run offline."""
    trace = tmp_path / "trace"
    code = f"open({str(trace)!r}, 'a').close(); print({json.dumps(DOCUMENT)!r})"
    site = site_of(tmp_path, offline, command=[sys.executable, "-c", code])
    status = ask(site)
    assert status.state is (State.UNKNOWN if offline else State.SUCCEEDED)
    assert trace.exists() is not offline
    assert (status.problem and status.problem.category) == (
        Category.OFFLINE if offline else None
    )


@pytest.mark.parametrize("offline", [False, True])
def test_http(tmp_path: Path, offline: bool) -> None:
    """Nothing is asked over HTTP offline."""
    with Host() as host:
        status = ask(site_of(tmp_path, offline, url=host.url))
        assert host.asked == (0 if offline else 1)
    assert status.state is (State.UNKNOWN if offline else State.SUCCEEDED)


def broken(folder: Path) -> dict[str, dict[str, Any]]:
    """Return sources that cannot be had, whatever the way."""
    script = folder / "secret-tool"
    script.write_text("#!/bin/sh\necho secret-words >&2\nexit 3\n")
    script.chmod(0o755)
    ways: dict[str, dict[str, Any]] = {
        "file": {"file": "secret-name.json"},
        "command": {"command": [str(script)]},
        "missing command": {"command": ["secret-tool-that-is-not-there"]},
        "host": {"url": "http://127.0.0.1:9/secret-path"},
        "variable": {"url": "${SECRET_VARIABLE}"},
        "token": {"url": "http://127.0.0.1:9", "token": "${SECRET_TOKEN}"},
    }
    return {
        name: {"address": "json:document", **READ, **way} for name, way in ways.items()
    }


@pytest.mark.slow
def test_what_a_reader_sees(tmp_path: Path) -> None:
    """No page and no published file names a host, a file, a variable or a command."""
    settings = configure(
        tmp_path, "", providers={}, sources=broken(tmp_path), timeout="1s"
    )
    site = Site(settings)
    said = [render_table(site.table(table_mark([], {})))]
    said += [
        render_badge(site.badge(badge_mark(name, {}))) for name in settings.sources
    ]
    site.export(tmp_path / "public")
    said += [
        path.read_text() for path in (tmp_path / "public").iterdir() if path.is_file()
    ]
    for text in said:
        assert not re.search("secret|127.0.0.1", text, re.IGNORECASE)
    for source in settings.sources.values():
        status = site.status(source)
        assert status.state is State.UNKNOWN
        assert status.problem is not None
        assert status.problem.public in said[0]


@pytest.mark.parametrize("category", Category)
def test_public_sentences(category: Category) -> None:
    """Each category has a sentence of its own, unless a problem brings one."""
    problem = Problem(category=category, message="example.org does")
    if category is Category.UNKNOWN_SOURCE:
        assert problem.public == problem.message
    else:
        assert "example.org" not in problem.public
    told = Problem(category=category, message="x", public_message="it is full")
    assert told.public == "it is full"
