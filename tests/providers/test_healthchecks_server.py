"""Healthchecks as a build asks it: its stand-in on loopback, through a site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cloud import Cloud
from healthchecks_api import Check

from backup_badge import Category, ConfigSource, Site, State, Status, TableMark, load

NOW = datetime.now(UTC)
NIGHT = NOW - timedelta(hours=5)
LIST = "/healthchecks/api/v3/checks/"


@pytest.fixture
def server(cloud: Cloud) -> Cloud:
    """A project with one check in each state."""
    cloud.healthchecks.checks += [
        Check(slug="orders", last_ping=NIGHT, tags="nightly databases"),
        Check(slug="late", status="grace", last_ping=NOW - timedelta(hours=24.5)),
        Check(slug="running", last_ping=NIGHT, last_start=NOW),
        Check(slug="new", status="new"),
        Check(slug="paused", status="paused", last_ping=NIGHT),
        Check(
            slug="failed",
            status="down",
            last_ping=NIGHT,
            tags="databases",
            flips=[(NIGHT, 0), (NIGHT - timedelta(days=1), 1)],
        ),
        Check(
            slug="silent",
            status="down",
            last_ping=NOW - timedelta(days=3),
            flips=[(NOW - timedelta(days=2), 0)],
        ),
        Check(slug="twice", last_ping=NIGHT),
        Check(slug="twice", last_ping=NIGHT),
    ]
    return cloud


def statuses(directory: Path, server: Cloud, *locators: str) -> dict[str, Status]:
    """Return the statuses of sources, as a build asks for them, by locator."""
    values = {
        "cache_dir": "cache",
        "providers": {
            "healthchecks": {
                "url": f"{server.url}/healthchecks",
                "api_key": "${HC_KEY}",
            }
        },
        "sources": {
            f"source-{number}": {"address": f"healthchecks:{locator}"}
            for number, locator in enumerate(locators)
        },
    }
    overlay = ConfigSource(values=values, origin="test", directory=directory)
    site = Site(load(directory, overlay=overlay, environ={}))
    site.resolve([TableMark()])
    sources = site.settings.sources.values()
    return {
        locator: site.status(source)
        for locator, source in zip(locators, sources, strict=True)
    }


STATES = {
    "slug/orders": State.SUCCEEDED,
    "slug/late": State.OVERDUE,
    "slug/running": State.IN_PROGRESS,
    "slug/new": State.UNKNOWN,
    "slug/paused": State.STOPPED,
    "slug/failed": State.FAILED,
    "slug/silent": State.FAILED,
    "tag/nightly": State.SUCCEEDED,
    "tag/databases": State.FAILED,
}


def test_one_list_call_answers_for_all(
    server: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is asked for once a build; only a check that is down is asked more."""
    monkeypatch.setenv("HC_KEY", "read-only-key")
    found = statuses(tmp_path, server, *STATES)
    assert {name: status.state for name, status in found.items()} == STATES
    paths = [request.path for request in server.requests]
    assert paths.count(LIST) == 1
    assert sorted(set(paths)) == sorted(paths)
    assert sum(path.endswith("/flips/") for path in paths) == 2 == len(paths) - 1
    assert found["slug/orders"].finished == NIGHT
    assert found["slug/orders"].expected_by == NIGHT + timedelta(hours=25)


def test_silence_is_told_from_a_failure(
    server: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that is down says whether its job failed, or was not heard of."""
    monkeypatch.setenv("HC_KEY", "read-only-key")
    found = statuses(tmp_path, server, "slug/failed", "slug/silent")
    failed, silent = found["slug/failed"], found["slug/silent"]
    assert failed.details.reason == "the job signalled a failure"
    assert failed.finished == NIGHT
    assert "no ping since" in str(silent.details.reason)
    assert silent.finished is None


def test_a_check_is_found_by_its_key(
    server: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unique key is an address; a slug that two checks have is none."""
    monkeypatch.setenv("HC_KEY", "read-only-key")
    key = f"check/{server.healthchecks.checks[0].unique_key}"
    found = statuses(tmp_path, server, key, "slug/twice", "slug/none", "tag/none")
    assert found[key].state is State.SUCCEEDED
    for locator, said in (
        ("slug/twice", "2 checks have"),
        ("slug/none", "no check has"),
        ("tag/none", "no check has"),
    ):
        problem = found[locator].problem
        assert found[locator].state is State.UNKNOWN
        assert problem is not None and said in problem.message
        assert problem.category is Category.NOT_FOUND


def test_a_key_that_is_refused_is_tried_once(
    server: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten sources share one refusal, and none of them quotes the key."""
    monkeypatch.setenv("HC_KEY", "a-key-that-is-wrong")
    found = statuses(tmp_path, server, *STATES)
    assert [request.path for request in server.requests] == [LIST]
    for status in found.values():
        assert status.state is State.UNKNOWN
        assert status.problem is not None
        assert status.problem.category is Category.UNAUTHORIZED
        assert "a-key-that-is-wrong" not in status.problem.message
