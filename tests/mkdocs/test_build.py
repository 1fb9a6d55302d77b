"""One build: from macros to HTML, however early or late they turn up."""

from __future__ import annotations

import logging
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asking import configure
from cloud import Cloud

from backup_badge.markup.macro import find_calls
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.pages import Page, find_marks

Show = Callable[[str], str]
PAGE = Page("page.md", lambda: "")


def badge(name: str) -> str:
    return f'<< backup_badge("cloudback:acme/{name}") >>'


@pytest.fixture
def build(tmp_path: Path, cloud: Cloud) -> Iterator[Build]:
    """Return a build whose sources all succeeded; its deadline is short."""
    cloud.badges.update({("acme", name): "succeeded" for name in "abc"})
    settings = configure(tmp_path, cloud.url, deadline="3s")
    build = Build(settings, logging.getLogger("test"))
    yield build
    build.finish()


def shows(build: Build, name: str) -> bool:
    (call,) = find_calls(badge(name))
    return 'data-backup-state="succeeded"' in build.show(call, PAGE)


def test_what_was_started_together_is_had_one_after_another(build: Build) -> None:
    """Also when all answers were there before the second was wanted."""
    build.start(find_marks(badge("a") + badge("b")))
    assert shows(build, "a")
    time.sleep(0.1)
    assert shows(build, "b")


@pytest.mark.slow
def test_late_sources_have_a_deadline_of_their_own(build: Build, cloud: Cloud) -> None:
    """A site that takes long to convert is no reason to be told of a timeout."""
    assert shows(build, "a")
    time.sleep(1.6)
    assert shows(build, "b")
    assert shows(build, "a")
    assert [request.path for request in cloud.requests] == [
        "/badge/acme/a",
        "/badge/acme/b",
    ]


def test_a_finished_build_lets_go_of_its_pages(build: Build) -> None:
    """The host frees them, before the next build of a preview makes new ones."""
    page = Page("page.md", lambda: "")
    build.defers = True
    place = build.promise(*find_calls(badge("a")), page)
    word = build.promise_plain(*find_calls(badge("b")), page, str)
    build.settle()
    assert build.promises.keep(place + word).count("succeeded</span></span>") == 2
    held = weakref.ref(page)
    del page
    assert held() is not None
    build.finish()
    assert held() is None


def test_a_finished_build_can_go_on(build: Build, cloud: Cloud) -> None:
    """As in a preview: with what it knows, and with what it was never asked for."""
    build.start(find_marks(badge("a") + badge("b")))
    assert shows(build, "a")
    build.finish()
    build.begin()
    assert shows(build, "a") and shows(build, "b") and shows(build, "c")


def test_each_build_of_a_preview_makes_promises_of_its_own(build: Build) -> None:
    """Those of one that broke off are nobody's, and it may have broken off anywhere."""
    (call,) = find_calls(badge("a"))
    build.defers = True
    broken_off = build.promise(call, PAGE)
    assert "backup-badge" not in broken_off
    build.begin()
    assert build.promises.keep(broken_off) == broken_off
    assert 'data-backup-state="succeeded"' in build.promise(call, PAGE)
