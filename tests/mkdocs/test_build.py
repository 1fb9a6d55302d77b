"""One build: from macros to HTML and words, and what is said of them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from asking import configure
from cloud import Cloud

from backup_badge import Settings
from backup_badge.markup.macro import find_calls
from backup_badge.markup.mark_options import badge_mark
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.page_files import Page, find_marks

LOG = logging.getLogger("test")
PAGE = Page("page.md", lambda: "")


def badge(name: str) -> str:
    return f'<< backup_badge("cloudback:acme/{name}") >>'


@pytest.fixture
def settings(tmp_path: Path, cloud: Cloud) -> Settings:
    """Return settings with three sources that all succeeded, one with a link."""
    cloud.badges.update({("acme", name): "succeeded" for name in "abc"})
    sources = {"a": {"address": "cloudback:acme/a", "link": "runbooks/a.md"}}
    return configure(tmp_path, cloud.url, sources=sources)


@pytest.fixture
def build(settings: Settings) -> Build:
    """Return a build."""
    return Build(settings, LOG)


def shows(build: Build, name: str) -> bool:
    (call,) = find_calls(badge(name))
    return 'data-backup-state="succeeded"' in build.show(call, PAGE)


def test_what_was_looked_for_is_not_asked_again(build: Build, cloud: Cloud) -> None:
    """The look takes code for text; what it missed is asked for when it is met."""
    texts = [badge("a"), f"{badge('b')} `{badge('c')}`"]
    readers = (text.strip for text in texts)
    build.resolve(find_marks(readers))
    assert len(cloud.requests) == 3
    assert shows(build, "a") and shows(build, "b") and shows(build, "c")
    assert len(cloud.requests) == 3
    assert not shows(build, "d")
    assert len(cloud.requests) == 4


def test_a_build_may_use_the_answers_of_the_last(
    build: Build, settings: Settings, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """It asks nothing again; what it says and what fails it begins anew."""
    assert shows(build, "a")
    again = Build(settings, LOG, build)
    with caplog.at_level(logging.INFO):
        assert shows(again, "a")
        assert not caplog.messages
        again.resolve([badge_mark("cloudback:acme/none", {})])
    assert caplog.messages == ["backup-badge: 1 of 1 source has a status"]
    assert len(cloud.requests) == 2
    assert again.site is build.site and again.report is not build.report


@pytest.mark.parametrize(
    ("link", "as_source", "expected"),
    [
        ("runbooks/a.md", True, "../runbooks/a.md"),
        ("/runbooks/a#x", True, "../runbooks/a.md#x"),
        ("runbooks/a.md?y#x", False, "way/to/a/?y#x"),
        ("https://example.org/a.md", True, "https://example.org/a.md"),
        ("//example.org/a.md", True, "//example.org/a.md"),
        ("#x", True, "#x"),
        ("none.md", True, None),
    ],
)
def test_a_link_of_the_configuration_means_one_page(
    link: str, as_source: bool, expected: str | None
) -> None:
    """From wherever it stands; other links are as they are."""

    def find(path: str) -> tuple[str, str] | None:
        known = path.removesuffix(".md") == "runbooks/a"
        return ("runbooks/a.md", "way/to/a/") if known else None

    page = Page("docs/deep/x.md", str, path="deep/x.md", find=find)
    assert page.locate(link, as_source=as_source) == expected


def test_a_link_that_leads_nowhere_is_one_fault(build: Build) -> None:
    """The badge is shown without it, and the place is that of the first."""
    for name in ("one.md", "two.md"):
        page = Page(name, lambda: "<< backup_badge('a') >>", path=name, find=none)
        (call,) = find_calls("<< backup_badge('a') >>")
        assert "href" not in build.show(call, page)
    (message,) = build.report.messages()
    assert message.place == "one.md:1"
    assert "'runbooks/a.md' of the configuration leads to no page" in message.text


def none(path: str) -> None:
    return None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<< backup_badge('a') >>", "[a: succeeded]"),
        ("<< backup_table('a', columns=['source', 'state']) >>", "[a, succeeded]"),
        ("<< backup_badge() >>", "<< backup_badge() >>"),
    ],
)
def test_macros_as_words(build: Build, text: str, expected: str) -> None:
    """For feeds, and for an image's text; what is wrong stays, and is a fault."""
    (call,) = find_calls(text)
    assert build.words(call, PAGE) == expected
    assert bool(list(build.report.messages())) is ("()" in text)
