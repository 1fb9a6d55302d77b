"""What a page may name: sources, addresses and groups."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backup_badge.ask.find import find
from backup_badge.config.load import load
from backup_badge.config.origin import ConfigSource
from backup_badge.config.settings import Settings
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
    layer = ConfigSource(values=values, origin="test", directory=directory)
    return load(directory, overlay=layer, environ={})


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
            " or rackspace:configuration/ID",
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
