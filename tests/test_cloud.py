"""The stand-in service speaks both protocols as their documents say."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote

import pytest
import requests
import world
from cloud import Cloud
from loopback import Answer
from rackspace_documents import WAITING, Account

EXAMPLES = Path(world.__file__).parent
STATES = [
    "completed",
    "completed_with_errors",
    "failed",
    "missed",
    "start_requested",
    "start_scheduled",
    "queued",
    "in_progress",
    "preparing",
    "skipped",
    "stopped",
    "stop_requested",
]


def fetch(cloud: Cloud, path: str, *, token: str = "t0ken", **query: Any) -> Any:
    """Get a document of the tenant 123456, or the status when it isn't 200."""
    cloud.add_token("t0ken", "123456")
    url = path if path.startswith("http") else f"{cloud.url}/v2/123456{path}"
    headers = {"X-Auth-Token": token}
    answer = requests.get(url, headers=headers, params=query, timeout=5)
    return answer.json() if answer.ok else answer.status_code


def log_in(cloud: Cloud, username: str, key: str) -> requests.Response:
    """Ask the identity service for a token."""
    asked = {"username": username, "apiKey": key}
    return requests.post(
        f"{cloud.url}/identity/v2.0/tokens",
        json={"auth": {"RAX-KSKEY:apiKeyCredentials": asked}},
        timeout=5,
    )


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (("acme", "website"), "acme/website"),
        (("github", "acme", "repository", "web"), "github/acme/repository/web"),
        (("gitlab", "a/b", "repository", "ü c"), "gitlab/a%2Fb/repository/%C3%BC%20c"),
    ],
)
@pytest.mark.parametrize("word", ["succeeded", "in progress", "R&D <paused>"])
def test_badge(cloud: Cloud, names: tuple[str, ...], path: str, word: str) -> None:
    """A badge says its word wherever a person would read it, encoded where it must."""
    cloud.badges[names] = word
    answer = requests.get(f"{cloud.url}/badge/{path}", timeout=5)
    said = word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert f'role="img" aria-label="Cloudback: {said}"' in answer.text
    assert answer.text.count(f">{said}</text>") == 2
    assert [request.path for request in cloud.requests] == [f"/badge/{path}"]


def test_badge_nobody_knows(cloud: Cloud) -> None:
    """A badge that doesn't exist is a picture too, and a path of another form isn't."""
    assert ">unknown<" in requests.get(f"{cloud.url}/badge/a/b", timeout=5).text
    assert requests.get(f"{cloud.url}/badge/a/b/c", timeout=5).status_code == 404


def test_badge_unchanged(cloud: Cloud) -> None:
    """The ETag of an unchanged badge earns a 304, that of another one doesn't."""
    url = f"{cloud.url}/badge/acme/website"
    tag = {"If-None-Match": requests.get(url, timeout=5).headers["ETag"]}
    unchanged = requests.get(url, headers=tag, timeout=5)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    cloud.badges["acme", "website"] = "<svg>anything</svg>"
    assert requests.get(url, headers=tag, timeout=5).text == "<svg>anything</svg>"


@pytest.mark.parametrize("state", STATES)
def test_backup(cloud: Cloud, state: str) -> None:
    """A backup has all fields; what's to come is null before, absent during it."""
    backup = fetch(cloud, f"/backups/{cloud.add_backup(state=state)}")
    ended = datetime.now(UTC) - timedelta(hours=1)
    if state in WAITING:
        assert (backup["started_time"], backup["ended_time"]) == (None, None)
    elif state in ("in_progress", "stop_requested"):
        assert backup["started_time"] and "ended_time" not in backup
    else:
        assert abs(datetime.fromisoformat(backup["ended_time"]) - ended).seconds < 60
    assert backup["state"] == state
    assert backup.get("restorable", False) == state.startswith("completed")
    assert backup["errors"]["count"] == 0
    assert fetch(cloud, backup["links"][0]["href"]) == backup


def test_backup_as_odd_as_needed(cloud: Cloud) -> None:
    """Fields can be given, and laid over the document as a whole."""
    then = datetime(2014, 8, 5, 18, 22, 22, 238641, UTC)
    id_ = cloud.add_backup(started=then, errors=1, overrides={"state": None, "x": []})
    backup = fetch(cloud, f"/backups/{id_}")
    assert backup["started_time"] == "2014-08-05T18:22:22.238641Z"
    assert backup["ended_time"] == "2014-08-05T18:23:50.238641Z"
    assert (backup["errors"]["count"], backup["state"], backup["x"]) == (1, None, [])


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_list_of_backups(cloud: Cloud, direction: str) -> None:
    """The list is sorted and paged; the pages' links lead through all of it."""
    now = datetime.now(UTC)
    ids = [cloud.add_backup(ended=now - timedelta(hours=h)) for h in range(250)]
    cloud.add_backup(tenant="654321")
    page = fetch(cloud, "/backups", sort_dir=direction)
    sizes, seen = [], []
    while page["backups"]:
        sizes.append(len(page["backups"]))
        seen += [backup["id"] for backup in page["backups"]]
        (following,) = page["links"]
        assert following["rel"] == "next"
        page = fetch(cloud, following["href"])
    assert sizes == [100, 100, 50]
    assert seen == (ids if direction == "desc" else ids[::-1])
    assert page == {"backups": []}


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"marker": "none"}])
def test_list_with_a_bad_query(cloud: Cloud, query: dict[str, str]) -> None:
    """A limit or marker that means nothing is an error of the caller."""
    assert fetch(cloud, "/backups", **query) == 400


def test_configuration(cloud: Cloud) -> None:
    """A configuration knows its last completed run, its history and what comes next."""
    now = datetime.now(UTC)
    id_ = cloud.add_configuration(name="Orders")
    for hours, state in enumerate(["failed", "completed_with_errors", "completed"]):
        ended = now - timedelta(hours=hours)
        cloud.add_backup(id=state, configuration=id_, state=state, ended=ended)
    cloud.add_activity(configuration=id_, type="cleanup", updated=now)
    configuration = fetch(cloud, f"/configurations/{id_}")
    history = fetch(cloud, f"/configurations/{id_}/activities")["activities"]
    upcoming = configuration["backups"]["next"]["scheduled_time"]
    assert (configuration["name"], configuration["enabled"]) == ("Orders", True)
    assert configuration["deleted"] is False
    assert configuration["backups"]["last_completed"]["id"] == "completed_with_errors"
    assert datetime.fromisoformat(upcoming) > now
    assert [(entry["type"], entry["state"]) for entry in history] == [
        ("cleanup", "completed"),
        ("backup", "failed"),
        ("backup", "completed_with_errors"),
        ("backup", "completed"),
    ]
    cloud.configurations[id_].enabled = False
    assert fetch(cloud, f"/configurations/{id_}")["backups"]["next"] is None


def test_access(cloud: Cloud) -> None:
    """A call needs a token, of its own tenant, and an id that the tenant has."""
    cloud.add_token("other", "654321")
    own, foreign = cloud.add_backup(), cloud.add_backup(tenant="654321")
    settings = cloud.add_configuration(tenant="654321")
    assert fetch(cloud, f"/backups/{own}")["id"] == own
    assert fetch(cloud, f"/backups/{own}", token="wrong") == 401
    assert fetch(cloud, f"/backups/{own}", token="other") == 403
    for path in (foreign, f"{own}/events", "none"):
        assert fetch(cloud, f"/backups/{path}") == 404
    assert fetch(cloud, f"/configurations/{settings}") == 404
    refused = requests.get(f"{cloud.url}/v2/123456/backups", timeout=5).json()
    assert refused["message"] == "Unauthorized" and refused["errors"]


def test_identity(cloud: Cloud) -> None:
    """User and key earn a token and the endpoints of each region, which all answer."""
    cloud.accounts.append(Account(username="ann", api_key="k", tenant="654321"))
    id_ = cloud.add_backup(tenant="654321")
    access = log_in(cloud, "ann", "k").json()["access"]
    token = access["token"]["id"]
    other, backup = access["serviceCatalog"]
    assert datetime.fromisoformat(access["token"]["expires"]) > datetime.now(UTC)
    assert (other["type"], backup["type"]) == ("rax:dns", "rax:backup")
    assert {end["region"] for end in backup["endpoints"]} == {"IAD", "DFW", "LON"}
    for end in backup["endpoints"]:
        assert end["tenantId"] == "654321"
        assert fetch(cloud, f"{end['publicURL']}/backups/{id_}", token=token)
    assert log_in(cloud, "ann", "wrong").status_code == 401
    nonsense = requests.post(f"{cloud.url}/identity/v2.0/tokens", data="[]", timeout=5)
    assert nonsense.status_code == 400


def test_expired_token(cloud: Cloud) -> None:
    """An expired token is refused until a new one is fetched."""
    id_ = cloud.add_backup()
    first = log_in(cloud, "demo", "demo-key").json()["access"]["token"]["id"]
    cloud.expire_tokens()
    second = log_in(cloud, "demo", "demo-key").json()["access"]["token"]["id"]
    assert fetch(cloud, f"/backups/{id_}", token=first) == 401
    assert fetch(cloud, f"/backups/{id_}", token=second)["id"] == id_


def test_record(cloud: Cloud) -> None:
    """Each request is recorded as it was sent, and can be forgotten."""
    requests.put(f"{cloud.url}/a%2Fb?c=d%20e", data=b"body", timeout=5)
    (request,) = cloud.requests
    assert (request.method, request.path, request.query) == ("PUT", "/a%2Fb", "c=d%20e")
    assert (request.headers["content-length"], request.body) == ("4", b"body")
    cloud.clear()
    assert cloud.requests == []


def test_bad_days(cloud: Cloud) -> None:
    """The service can be slow, down, or give planned answers before the real one."""
    url = f"{cloud.url}/badge/acme/website"
    busy = Answer(status=429, headers={"Retry-After": "1"})
    cloud.answers["/badge/acme/website"] = iter([busy, busy])
    statuses = [requests.get(url, timeout=5).status_code for _ in range(3)]
    cloud.answers["/badge/acme/website"] = repeat(Answer(status=302))
    cloud.latency, began = 0.2, time.monotonic()
    statuses.append(requests.get(url, allow_redirects=False, timeout=5).status_code)
    took = time.monotonic() - began
    cloud.down = True
    statuses.append(requests.get(url, timeout=5).status_code)
    assert statuses == [429, 429, 200, 302, 503]
    assert took >= 0.2


def test_keep_alive() -> None:
    """A kept connection answers at once, and doesn't outlive the service."""
    before = threading.active_count()
    with requests.Session() as session:
        with Cloud() as cloud:
            url = f"{cloud.url}/badge/acme/website"
            answers = [session.get(url, timeout=5) for _ in range(50)]
            assert all(answer.ok for answer in answers)
            # Half of them: a delayed acknowledgement costs each one 40 ms.
            assert median(one.elapsed.total_seconds() for one in answers) < 0.03
        assert threading.active_count() == before
        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=5)


def test_script() -> None:
    """Run as a script it prints its URL first and serves the demonstration's world."""
    command = [sys.executable, str(EXAMPLES / "cloud.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        answer = requests.get(f"{url}/badge/acme/website", timeout=5)
        process.terminate()
    assert ">succeeded<" in answer.text


def test_world(cloud: Cloud) -> None:
    """The example's configuration names what is in the world, all words included."""
    world.furnish(cloud)
    settings = tomllib.loads((EXAMPLES / "backup-badge.toml").read_text("utf-8"))
    seen: set[str] = set()
    for source in settings["sources"].values():
        match source["address"].replace(":", "/").split("/"):
            case ["cloudback", *names]:
                seen.add(str(cloud.badges[tuple(map(unquote, names))]))
            case ["rackspace", "backup", id_]:
                seen.add(fetch(cloud, f"/backups/{id_}")["state"])
            case ["healthchecks", "slug", slug]:
                assert slug in {check.slug for check in cloud.healthchecks.checks}
            case ["rackspace", "configuration", id_]:
                history = fetch(cloud, f"/configurations/{id_}/activities")
                kinds = [entry["type"] for entry in history["activities"]]
                assert sorted(kinds) == ["backup", "backup", "cleanup", "restore"]
                seen.add(history["activities"][kinds.index("backup")]["state"])
    badges = {"succeeded", "failed", "in progress", "scheduled", "deleted", "unknown"}
    runs = {"completed", "completed_with_errors", "failed", "queued", "in_progress"}
    assert seen == badges | runs | {"skipped", "stopped"}
    assert {entry.enabled for entry in cloud.configurations.values()} == {True, False}
    assert {entry.deleted for entry in cloud.configurations.values()} == {True, False}
