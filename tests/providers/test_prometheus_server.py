"""A real Prometheus: what a job pushes is what a badge shows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import prometheus_service
import pytest
from prometheus_service import PrometheusService

from backup_badge import Category, ConfigSource, Site, State, Status, load

pytestmark = pytest.mark.slow

HOUR = 3600
METRICS = """\
backup_last_success_timestamp_seconds{{name="orders"}} {fresh}
backup_last_success_timestamp_seconds{{name="ledger"}} {old}
backup_last_success_timestamp_seconds{{name="fresh on one host",host="a"}} {fresh}
backup_last_success_timestamp_seconds{{name="fresh on one host",host="b"}} {old}
ended{{task="orders",target="disk"}} {fresh}
ended{{task="mail",target="disk"}} {fresh}
ended{{task="mail",target="tape"}} {old}
velero_backup_last_successful_timestamp{{schedule="daily",cluster="a"}} {fresh}
velero_backup_last_successful_timestamp{{schedule="daily",cluster="b"}} {old}
velero_backup_last_successful_timestamp{{schedule="weekly",pod="velero-1"}} {fresh}
restic_backup_timestamp{{client_hostname="db1",snapshot_paths="/srv",tag="a"}} {fresh}
restic_backup_timestamp{{client_hostname="db1",snapshot_paths="/srv",tag="b"}} {old}
restic_backup_timestamp{{client_hostname="db2",snapshot_paths="/srv"}} {fresh}
restic_backup_timestamp{{client_hostname="db2",snapshot_paths="/etc"}} {old}
pgbackrest_backup_since_last_completion_seconds{{stanza="good",backup_type="full"}} {d3}
pgbackrest_backup_since_last_completion_seconds{{stanza="good",backup_type="incr"}} {h3}
pgbackrest_backup_since_last_completion_seconds{{stanza="bad",backup_type="full"}} {h3}
pgbackrest_backup_since_last_completion_seconds{{stanza="main",instance="a"}} {h3}
pgbackrest_backup_since_last_completion_seconds{{stanza="main",instance="b"}} {d3}
pgbackrest_backup_since_last_completion_seconds{{stanza="gone",instance="a"}} {h3}
pgbackrest_stanza_status{{stanza="good"}} 0
pgbackrest_stanza_status{{stanza="bad"}} 0
pgbackrest_stanza_status{{stanza="main",instance="a"}} 0
pgbackrest_stanza_status{{stanza="gone",instance="a"}} 1
pgbackrest_backup_last_error_status{{stanza="good",backup_type="full"}} 0
pgbackrest_backup_last_error_status{{stanza="bad",backup_type="full"}} 1
pgbackrest_backup_last_error_status{{stanza="gone",backup_type="full"}} 1
exit_code{{task="orders"}} 0
exit_code{{task="mail"}} 2
exit_code{{task="search"}} 7
"""
OWN = {
    "key": "task",
    "finished": "max by (task) (ended)",
    "word": "exit_code",
    "states": {"0": "succeeded", "2": "failed"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusService]:
    """A server that knows the backups above."""
    if prometheus_service.MISSING:
        missing = " and ".join(prometheus_service.MISSING)
        pytest.skip(f"this machine has no {missing} to ask")
    with prometheus_service.prometheus(tmp_path_factory.mktemp("server")) as running:
        now = int(time.time())
        ages = {"h3": 3 * HOUR, "d3": 72 * HOUR}
        times = {"fresh": now - ages["h3"], "old": now - ages["d3"]}
        running.push(METRICS.format(**times, **ages))
        yield running


def ask(directory: Path, url: str, locator: str, **options: Any) -> Status:
    """Return the status of one source, as a build asks for it."""
    values: Mapping[str, Any] = {
        "cache_dir": "cache",
        "providers": {"prometheus": {"url": url, **options}},
        "sources": {"it": {"address": f"prometheus:{locator}", "max_age": "26h"}},
    }
    overlay = ConfigSource(values=values, origin="test", directory=directory)
    settings = load(directory, overlay=overlay, environ={})
    return Site(settings).status(settings.sources["it"])


@pytest.mark.parametrize(
    ("locator", "options", "state", "reason"),
    [
        ("orders", {"preset": "node"}, State.SUCCEEDED, None),
        ("ledger", {"preset": "node"}, State.OVERDUE, None),
        ("fresh%20on%20one%20host", {"preset": "node"}, State.OVERDUE, None),
        ("none", {"preset": "node"}, State.UNKNOWN, "no series with name='none'"),
        ("daily", {"preset": "velero"}, State.OVERDUE, None),
        ("weekly", {"preset": "velero"}, State.SUCCEEDED, None),
        ("db1", {"preset": "restic"}, State.SUCCEEDED, None),
        ("db2", {"preset": "restic"}, State.OVERDUE, None),
        ("good", {"preset": "pgbackrest"}, State.SUCCEEDED, None),
        ("bad", {"preset": "pgbackrest"}, State.COMPLETED_WITH_ERRORS, None),
        ("main", {"preset": "pgbackrest"}, State.OVERDUE, None),
        ("gone", {"preset": "pgbackrest"}, State.FAILED, None),
        ("orders", OWN, State.SUCCEEDED, None),
        ("mail", OWN, State.FAILED, None),
        ("search", OWN, State.UNKNOWN, None),
        (
            "mail",
            {"key": "task", "finished": "ended"},
            State.UNKNOWN,
            "2 series with task='mail'",
        ),
        ("any", {"finished": "max(ended)"}, State.SUCCEEDED, None),
        ("any", {"finished": "ended"}, State.UNKNOWN, "3 series"),
        ("any", {"finished": "no_such_metric"}, State.UNKNOWN, "no series"),
        ("any", {"finished": "max(exit_code)"}, State.UNKNOWN, "is no time"),
    ],
)
def test_what_was_pushed_is_shown(
    server: PrometheusService,
    tmp_path: Path,
    locator: str,
    options: dict[str, Any],
    state: State,
    reason: str | None,
) -> None:
    """A success is green while it is young, and one series must be meant."""
    status = ask(tmp_path, server.url, locator, **options)
    assert status.state is state
    assert reason is None or reason in str(status.details.reason)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("max(", "400"),
        ("exit_code * on (target) ended", "422"),
        ("1", "scalar"),
        ("ended[5m]", "matrix"),
    ],
    ids=["no query", "cannot be executed", "a number", "a range"],
)
def test_a_query_that_is_wrong(
    server: PrometheusService, tmp_path: Path, query: str, said: str
) -> None:
    """What the server refuses, and what is no vector, is a problem with a sentence."""
    status = ask(tmp_path, server.url, "any", finished=query)
    assert status.state is State.UNKNOWN
    assert status.problem is not None
    assert status.problem.category is Category.INVALID_RESPONSE
    assert said in status.problem.message


def test_a_server_without_passwords(
    server: PrometheusService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that asks for no credential answers whoever sends one."""
    monkeypatch.setenv("PASSWORD", "not needed")
    account = {"username": "badge", "password": "${PASSWORD}"}
    status = ask(tmp_path, server.url, "orders", preset="node", **account)
    assert status.state is State.SUCCEEDED


def test_a_target_that_is_gone(server: PrometheusService, tmp_path: Path) -> None:
    """What is no longer scraped is not known, however young its last value is."""
    with server.target_gone("ended"):
        status = ask(tmp_path, server.url, "orders", preset="node")
    assert status.state is State.UNKNOWN
    assert "no series with name='orders'" in str(status.details.reason)
