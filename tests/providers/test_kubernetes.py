"""The reader under all providers of Kubernetes: the API, its refusals, and kubectl."""

from __future__ import annotations

import json
import shutil
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from cluster import TOKEN, Cluster, kubeconfig, printed, resource
from real_reach import RealReach

from backup_badge.options.option import read_options
from backup_badge.providers.velero import Velero
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.ways.access import Access
from backup_badge.ways.ask import Ask
from backup_badge.ways.locator import match_locator

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
VELERO = "velero.io/v1"
KINDS = "backups.velero.io,schedules.velero.io"
COMMAND = ["kubectl", "get", KINDS, "--namespace", "prod", "--output", "json"]


def told(
    options: Mapping[str, Any],
    *addresses: str,
    environ: Mapping[str, str] | None = None,
) -> list[Status | ProblemError]:
    """Return what Velero's provider reads, for each address, in one build."""
    given, faults = read_options(Velero.options(), options)
    assert not faults
    provider, outcomes = Velero(), []
    reach = RealReach(environ=environ or {}, at=NOW)
    access = Access(
        name="velero",
        provider=provider,
        given=given,
        reach=reach,
        environ={"TOKEN": TOKEN, **(environ or {})},
    )
    for address in addresses:
        locator = match_locator(Velero.addresses, tuple(address.split("/")))
        assert locator is not None
        outcome: Status | ProblemError
        try:
            outcome = provider.read(Ask(now=NOW, access=access), locator)
        except ProblemError as error:
            outcome = error
        outcomes.append(outcome)
    return outcomes


def backup(day: int, phase: str = "Completed", schedule: str = "daily") -> Any:
    return resource(
        "Backup",
        f"{schedule}-{day}",
        group=VELERO,
        labels={"velero.io/schedule-name": schedule},
        created=f"2026-11-{day:02}T02:00:00Z",
        status={
            "phase": phase,
            "startTimestamp": f"2026-11-{day:02}T02:00:01Z",
            "completionTimestamp": f"2026-11-{day:02}T02:07:00Z",
        },
    )


def schedule(name: str = "daily") -> Any:
    return resource(
        "Schedule", name, group=VELERO, spec={}, status={"phase": "Enabled"}
    )


OBJECTS = [schedule(), backup(28), backup(27, "Failed"), backup(26)]
ADDRESS = "schedule/prod/daily"


def problem(outcome: Status | ProblemError) -> tuple[Category, str]:
    assert isinstance(outcome, ProblemError)
    return outcome.problem.category, outcome.problem.message


def state(outcome: Status | ProblemError) -> State:
    assert isinstance(outcome, Status), outcome
    return outcome.reported


def test_pages_of_a_list_are_all_read_and_once() -> None:
    """The newest run may stand on any page; fifty sources cost what one does."""
    objects = [*OBJECTS, *(backup(day, schedule="other") for day in range(1, 25))]
    with Cluster([*objects[1:], objects[0]], most=10) as cluster:
        options = {"url": cluster.url, "token": "${TOKEN}"}
        one, *others = told(options, ADDRESS, *["schedule/prod/gone"] * 50)
    assert state(one) is State.SUCCEEDED
    assert {problem(other)[0] for other in others} == {Category.NOT_FOUND}
    assert len(cluster.asked) == 4


@pytest.mark.parametrize(
    ("objects", "more", "category", "words"),
    [
        (
            [resource("Backup", "x", group="k8up.io/v1")],
            {},
            Category.NOT_FOUND,
            "the operator is not installed",
        ),
        (OBJECTS, {"forbidden": ["backups"]}, Category.UNAUTHORIZED, "not allowed"),
        (
            OBJECTS,
            {"expired": ["backups"], "most": 1},
            Category.NOT_FOUND,
            "the list changed while it was read",
        ),
    ],
    ids=["no operator", "forbidden", "a list that expired"],
)
def test_refusals_of_the_api(
    objects: list[Any], more: dict[str, Any], category: Category, words: str
) -> None:
    """A refusal says what it means here: no operator, no right, a list that expired."""
    with Cluster(objects, **more) as cluster:
        options = {"url": cluster.url, "token": "${TOKEN}"}
        (outcome,) = told(options, ADDRESS)
    assert problem(outcome)[0] is category
    assert words in problem(outcome)[1]


def test_a_list_that_does_not_end_is_no_list() -> None:
    """A part of a list never passes for the whole: the newest run may be missing."""
    objects = [schedule(), *(backup(1 + day % 28) for day in range(150))]
    with Cluster(objects, most=1) as cluster:
        options = {"url": cluster.url, "token": "${TOKEN}"}
        (outcome,) = told(options, ADDRESS)
    assert problem(outcome)[0] is Category.INVALID_RESPONSE
    assert "goes on after 100 pages" in problem(outcome)[1]


def test_a_namespace_that_does_not_exist_is_said() -> None:
    """The API answers with an empty list there, which is never good news."""
    with Cluster(OBJECTS) as cluster:
        options = {"url": cluster.url, "token": "${TOKEN}"}
        (outcome,) = told(options, "schedule/pord/daily")
    assert problem(outcome) == (
        Category.NOT_FOUND,
        "there is no 'daily' in the namespace; check both names",
    )


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """Return what a server on loopback needs to be believed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def kubectl(tmp_path: Path, authority: trustme.CA) -> Any:
    """Return a function that asks a cluster by the real program."""
    if shutil.which("kubectl") is None:
        pytest.skip("this machine has no kubectl")

    def ask(cluster: Cluster, *addresses: str, token: str = TOKEN, **more: Any) -> Any:
        trusted = tmp_path / "authority.pem"
        authority.cert_pem.write_to_path(str(trusted))
        config = kubeconfig(tmp_path, cluster.url, authority=trusted, token=token)
        paths = {name: str(tmp_path) for name in ("HOME", "KUBECACHEDIR")}
        environ = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "KUBECONFIG": str(config),
            **paths,
        }
        options = {"command": COMMAND, "env": ["KUBECONFIG", "KUBECACHEDIR"], **more}
        return told(options, *(addresses or (ADDRESS,)), environ=environ)

    return ask


def test_what_kubectl_prints_is_read(kubectl: Any, tls: ssl.SSLContext) -> None:
    """A list of several kinds from the real program comes to what the API says."""
    with Cluster(OBJECTS, most=2, tls=tls) as cluster:
        one, other = kubectl(cluster, ADDRESS, "backup/prod/daily-27")
    assert (state(one), state(other)) == (State.SUCCEEDED, State.FAILED)


def test_kubectl_prints_one_object(kubectl: Any, tls: ssl.SSLContext) -> None:
    """Where one object is asked for, the program prints no list."""
    command = ["kubectl", "get", "backups.velero.io", "-n", "prod", "-o", "json"]
    with Cluster([backup(28)], tls=tls) as cluster:
        (one,) = kubectl(cluster, "backup/prod/daily-28", command=command)
    assert state(one) is State.SUCCEEDED


@pytest.mark.parametrize(
    ("objects", "more", "token", "category"),
    [
        ([resource("Pod", "x", group="v/v1")], {}, TOKEN, Category.NOT_FOUND),
        (OBJECTS, {"forbidden": ["schedules"]}, TOKEN, Category.UNAUTHORIZED),
        (OBJECTS, {}, "refused", Category.UNAUTHORIZED),
    ],
    ids=["no operator", "forbidden", "credential refused"],
)
def test_kubectl_fails(
    kubectl: Any,
    tls: ssl.SSLContext,
    objects: list[Any],
    more: dict[str, Any],
    token: str,
    category: Category,
) -> None:
    """A failing command is a problem, though it printed a part of the list."""
    with Cluster(objects, **more, tls=tls) as cluster:
        (outcome,) = kubectl(cluster, token=token)
    assert problem(outcome)[0] is category
    assert cluster.url not in problem(outcome)[1]


def test_no_cluster_for_kubectl(kubectl: Any, tls: ssl.SSLContext) -> None:
    """A cluster that is down cannot be reached, says the program."""
    with Cluster(OBJECTS, tls=tls) as cluster:
        pass
    (outcome,) = kubectl(cluster)
    assert problem(outcome)[0] is Category.UNREACHABLE


def test_objects_of_other_systems_are_not_ours(tmp_path: Path) -> None:
    """Five systems have a kind Backup; one file may hold the objects of all."""

    foreign = resource("Backup", "daily-28", group="k8up.io/v1", status={})
    path = tmp_path / "all.json"
    path.write_text(json.dumps(printed(foreign, backup(28, "Failed"))))
    (outcome,) = told({"file": str(path)}, "backup/prod/daily-28")
    assert state(outcome) is State.FAILED


def test_a_list_of_one_kind_says_it_for_its_objects(tmp_path: Path) -> None:
    """Tools of operators print lists whose objects say neither kind nor group."""
    bare = {
        key: value
        for key, value in backup(28).items()
        if key not in ("apiVersion", "kind")
    }
    listed = {"apiVersion": VELERO, "kind": "BackupList", "items": [bare]}
    path = tmp_path / "backups.json"
    path.write_text(json.dumps(listed))
    (outcome,) = told({"file": str(path)}, "backup/prod/daily-28")
    assert state(outcome) is State.SUCCEEDED


@pytest.mark.parametrize("broken", [{"metadata": []}, {"metadata": {"labels": "x"}}])
def test_an_object_that_cannot_be_read_costs_nobody(
    tmp_path: Path, broken: dict[str, Any]
) -> None:
    """An object whose name or labels cannot be read is nobody's."""

    path = tmp_path / "all.json"
    bad = {"apiVersion": VELERO, "kind": "Backup", **broken}
    path.write_text(json.dumps(printed(bad, *OBJECTS)))
    (outcome,) = told({"file": str(path)}, ADDRESS)
    assert state(outcome) is State.SUCCEEDED
