"""What a page may name: sources, addresses and groups."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from backup_badge.ask.find import find
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.markup.mark_options import badge_mark
from backup_badge.site import Site
from backup_badge.values.problem import Category

PROVIDERS = {
    "second": {"type": "cloudback", "url": "https://example.org"},
    "rackspace": {"token": "${TOKEN}", "tenant": "1", "region": "iad"},
}
SOURCES = {
    "website": {"address": "cloudback:acme/website", "groups": ["web", "all of it"]},
    "again": {"address": "cloudback:acme/website"},
    "orders-db": {
        "address": "rackspace:configuration/7c8e",
        "groups": ["databases", "all of it"],
        "max_age": "1h",
    },
}


def configured(directory: Path, **values: object) -> Settings:
    """Settings with these values and nothing else."""
    overlay = ConfigSource(values=values, origin="test", directory=directory)
    return load(directory, overlay=overlay, environ={})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three sources of two systems, one of which has a second account."""
    return configured(tmp_path, max_age="26h", providers=PROVIDERS, sources=SOURCES)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("website", ["website"]),
        ("  orders-db\n", ["orders-db"]),
        ("group:web", ["website"]),
        ("group: databases ", ["orders-db"]),
        ("group:all of it", ["website", "orders-db"]),
        # A configured source keeps its name and label when a page spells its address.
        ("cloudback:acme/website", ["website"]),
        ("cloudback:%61cme/website", ["website"]),
        ("rackspace:configuration/7c8e", ["orders-db"]),
        ("cloudback:acme/other", ["cloudback:acme/other"]),
        ("second:acme/website", ["second:acme/website"]),
        ("rackspace:backup/0d95", ["rackspace:backup/0d95"]),
    ],
)
def test_found(settings: Settings, text: str, names: list[str]) -> None:
    """A name, an address and a group find their sources, in their order."""
    sources = find(settings, text)
    assert [source.name for source in sources] == names
    assert all(source.address and not source.problem for source in sources)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("cloudback:acme/other", "other"),
        ("cloudback:gitlab/a/project/build%20images", "build images"),
        ("rackspace:backup/0d95d699-d16b-11e4", "backup 0d95d699"),
    ],
)
def test_address_of_a_page(settings: Settings, text: str, label: str) -> None:
    """A source named by its address has a readable label and the site's max_age."""
    (source,) = find(settings, text)
    assert (source.label, source.max_age) == (label, timedelta(hours=26))
    assert (source.link, source.groups) == (None, ())


@pytest.mark.parametrize(
    ("text", "category", "message"),
    [
        (
            "order-db",
            "unknown_source",
            "there is no source named 'order-db'. Did you mean 'orders-db'?",
        ),
        (
            "databases",
            "unknown_source",
            "there is no source named 'databases'. Did you mean 'group:databases'?",
        ),
        ("zzz", "unknown_source", "there is no source named 'zzz'."),
        ("", "unknown_source", "there is no source named ''."),
        (
            "group:database",
            "unknown_source",
            "there is no group named 'database'. Did you mean 'databases'?",
        ),
        (
            "group:zzz",
            "unknown_source",
            "there is no group named 'zzz'. No source names it.",
        ),
        ("group:", "unknown_source", "there is no group named ''. No source names it."),
        (
            "cloudbak:acme/website",
            "usage",
            "'cloudbak:acme/website' names the unknown provider 'cloudbak'."
            " Did you mean 'cloudback'?",
        ),
        (
            "cloudback:acme",
            "usage",
            "'cloudback:acme' must have the form cloudback:PLATFORM/ACCOUNT/"
            "SUBJECT_TYPE/SUBJECT_NAME or cloudback:OWNER/REPOSITORY",
        ),
        (
            "second:a/b/c",
            "usage",
            "'second:a/b/c' must have the form second:PLATFORM/ACCOUNT/"
            "SUBJECT_TYPE/SUBJECT_NAME or second:OWNER/REPOSITORY",
        ),
        (
            "rackspace:backups/0d95",
            "usage",
            "'rackspace:backups/0d95' must have the form rackspace:backup/ID"
            " or rackspace:configuration/ID or rackspace:restore/CONFIGURATION",
        ),
        (
            "cloudback:a/..",
            "usage",
            "'cloudback:a/..' has the segment '..', which no name can be",
        ),
    ],
)
def test_not_found(settings: Settings, text: str, category: str, message: str) -> None:
    """What cannot be understood is one source with a problem, and is never asked."""
    (source,) = find(settings, text)
    assert (source.name, source.label, source.address) == (text, text, None)
    assert source.problem is not None
    assert source.problem.category is Category(category)
    assert source.problem.message == message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("github.com/acme/website", "cloudback:acme/website"),
        ("https://github.com/acme/website", "cloudback:acme/website"),
        ("https://www.github.com/acme/website.git", "cloudback:acme/website"),
        ("https://GitHub.com/acme/website/tree/main?x#y", "cloudback:acme/website"),
        ("git@github.com:acme/website.git", "cloudback:acme/website"),
        ("ssh://git@github.com/acme/website", "cloudback:acme/website"),
        ("cloudback:github.com/acme/website", "cloudback:acme/website"),
        ("cloudback:https://github.com/acme/website", "cloudback:acme/website"),
        (
            "cloudback:github.com/acme/repository/website",
            "cloudback:github/acme/repository/website",
        ),
        ("https://app.cloudback.it/badge/acme/website", "cloudback:acme/website"),
        (
            "https://app.cloudback.it/badge/github/acme/repository/a%20b",
            "cloudback:github/acme/repository/a%20b",
        ),
        ("cloudback: acme/website", "cloudback:acme/website"),
        ("cloudback :acme/website", "cloudback:acme/website"),
        ("cloudback:acme / website", "cloudback:acme/website"),
        ("cloudback:acme/%20website", "cloudback:acme/website"),
        ("cloudback:acme//website", "cloudback:acme/website"),
        ("cloudback:/acme/website/", "cloudback:acme/website"),
        ("rackspace: backup/0d95", "rackspace:backup/0d95"),
    ],
)
def test_what_an_address_was_meant_to_be(
    settings: Settings, text: str, meant: str
) -> None:
    """An address that cannot be right is refused, with the nearest right form."""
    (source,) = find(settings, text)
    assert source.address is None
    assert source.problem is not None
    assert source.problem.message.endswith(f". Did you mean '{meant}'?")
    (source,) = find(settings, meant)
    assert source.problem is None


@pytest.mark.parametrize(
    "text",
    ["https://github.com", "https://", "https://[", "//", "a" * 10**5],
)
def test_what_resembles_no_address(settings: Settings, text: str) -> None:
    """Other texts get a sentence, and no suggestion."""
    (source,) = find(settings, text)
    assert source.problem is not None
    assert "Did you mean" not in source.problem.message


def test_a_secret_url_is_not_quoted(settings: Settings) -> None:
    """A URL with a credential that strays into an address is not told."""
    for text in (
        "https://me:hunter2@github.com/a/b",
        "https://github.com/a/b?hunter2",
        "https://app.cloudback.it/badge/a/b?hunter2",
    ):
        (source,) = find(settings, text)
        assert source.problem is not None
        assert source.problem.message == (
            "this URL is not an address such as cloudback:OWNER/REPOSITORY."
            " Did you mean 'cloudback:a/b'?"
        )
    (source,) = find(settings, "cloudback:https://me:hunter2@github.com/a/b")
    assert source.problem is not None
    assert source.problem.message == (
        "this URL has an empty segment. Did you mean 'cloudback:a/b'?"
    )


def test_max_age_of_a_provider(tmp_path: Path) -> None:
    """An address that a page spells has its provider's max_age, else the site's."""
    providers = {
        "cloudback": {"max_age": "1h"},
        "second": PROVIDERS["second"],
    }
    settings = configured(tmp_path, max_age="26h", providers=providers)
    for name, hours in (("cloudback", 1), ("second", 26)):
        (source,) = find(settings, f"{name}:acme/website")
        assert source.max_age == timedelta(hours=hours)


def test_label_of_a_group(tmp_path: Path) -> None:
    """A roll-up is called what the group's table says, else by the group's name."""
    groups = {"web": {"label": "All of the web"}}
    settings = configured(
        tmp_path, offline=True, providers=PROVIDERS, groups=groups, sources=SOURCES
    )
    site = Site(settings)
    for target, label in (
        ("group:web", "All of the web"),
        ("group: web", "All of the web"),
        ("group:databases", "databases"),
    ):
        assert site.badge(badge_mark(target, {})).label == label
    assert site.badge(badge_mark("group:web", {"label": "Own"})).label == "Own"


@pytest.mark.slow
def test_many_unknown_names(tmp_path: Path) -> None:
    """Hundreds of misspelt names among a thousand take no time to be told."""
    sources = {
        f"service-{number:04}-db": {
            "address": f"cloudback:acme/{number}",
            "groups": [f"group-{number:04}"],
        }
        for number in range(1000)
    }
    settings = configured(tmp_path, sources=sources)
    begin = time.monotonic()
    for number in range(500):
        for text in (f"service-{number:04}-bd", f"group:gruop-{number:04}"):
            (source,) = find(settings, text)
            assert source.problem is not None
            assert f"{number:04}" in source.problem.message.partition("Did you")[2]
    assert time.monotonic() - begin < 10


def test_nothing_configured(tmp_path: Path) -> None:
    """Anonymous addresses need no configuration; others are told what they need."""
    settings = configured(tmp_path)
    (source,) = find(settings, "cloudback:acme/website")
    assert source.problem is None
    for text, advice in [
        ("website", "such as cloudback:OWNER/REPOSITORY needs no configuration"),
        ("rackspace:backup/x", "configure [providers.rackspace]"),
    ]:
        (source,) = find(settings, text)
        assert source.problem is not None
        assert advice in source.problem.message
