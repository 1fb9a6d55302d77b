"""What each system lists, from answers as its documentation has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backup_badge.provider import Found, Provider
from backup_badge.providers.aws_backup import AwsBackup
from backup_badge.providers.backrest import Backrest
from backup_badge.providers.barman import Barman
from backup_badge.providers.borg import Borg
from backup_badge.providers.borgmatic import Borgmatic
from backup_badge.providers.cnpg import CloudNativePG
from backup_badge.providers.duplicati import Duplicati
from backup_badge.providers.gatus import Gatus
from backup_badge.providers.github import GitHub
from backup_badge.providers.gitlab import GitLab
from backup_badge.providers.healthchecks import Healthchecks
from backup_badge.providers.json_document import JsonDocument
from backup_badge.providers.k8up import K8up
from backup_badge.providers.kopia import Kopia
from backup_badge.providers.longhorn import Longhorn
from backup_badge.providers.pgbackrest import PgBackRest
from backup_badge.providers.prometheus import Prometheus
from backup_badge.providers.proxmox import Proxmox
from backup_badge.providers.rackspace import Rackspace
from backup_badge.providers.restic import Restic
from backup_badge.providers.uptime_kuma import UptimeKuma
from backup_badge.providers.velero import Velero
from backup_badge.providers.volsync import VolSync
from backup_badge.providers.wal_g import WalG
from backup_badge.testing import Case
from backup_badge.testing.kit import Kit
from backup_badge.values.state import State

URL = {"url": "https://backups.example.org"}
TOKEN = {**URL, "token": "${TOKEN}"}
BASIC = {**URL, "username": "reader", "password": "${PASSWORD}"}
FILE = {"file": "backups.json"}
DAY, WEEK = timedelta(hours=26), timedelta(hours=182)


def case(
    name: str,
    watched: str,
    options: dict[str, Any],
    answers: dict[str, Any],
    *found: Found,
) -> Case:
    """Return a case of which the listing alone counts; ``watched`` is a locator."""
    return Case(
        name=name,
        address=watched,
        options=options,
        answers=answers,
        state=State.UNKNOWN,
        found=found,
    )


def held(*segments: str, also: tuple[str, ...] = (), **told: Any) -> Found:
    """Return what is found; ``also`` is the one other address that watches it."""
    return Found(segments=segments, also=(also,) if also else (), **told)


def check(slug: str | None, key: str, **told: Any) -> dict[str, Any]:
    return {"name": slug, "slug": slug, "tags": "", "unique_key": key, **told}


def snapshot(host: str, *tags: str, path: str = "/srv") -> dict[str, Any]:
    return {
        "time": "2026-11-28T02:00:00Z",
        "hostname": host,
        "tags": list(tags) or None,
        "paths": [path],
    }


def archives(*names: str) -> dict[str, Any]:
    return {"archives": [{"name": name, "start": "2026-11-28T02:00"} for name in names]}


def schedule(name: str, cron: str, *namespaces: str) -> dict[str, Any]:
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Schedule",
        "metadata": {"name": name, "namespace": "velero"},
        "spec": {
            "schedule": cron,
            "template": {"includedNamespaces": list(namespaces)},
        },
    }


def resource(kind: str, group: str, **told: Any) -> dict[str, Any]:
    metadata = {"name": "nightly", "namespace": "shop"}
    return {"apiVersion": group, "kind": kind, "metadata": metadata, **told}


def kopia_source(path: str, **told: Any) -> dict[str, Any]:
    source = {"host": "web", "userName": "root", "path": path}
    return {"source": source, "status": "IDLE", **told}


def configuration(identifier: str, rule: str, **told: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": "Nightly",
        "project_id": "123456",
        "schedule": {"recurrence": [rule]},
        **told,
    }


def series(*schedules: str) -> dict[str, Any]:
    result = [
        {"metric": {"schedule": name}, "value": [1, "1764300000"]} for name in schedules
    ]
    data = {"resultType": "vector", "result": result}
    return {"/api/v1/query": {"status": "success", "data": data}}


def workflow(number: int, path: str, **told: Any) -> dict[str, Any]:
    return {"id": number, "path": path, "name": path, "state": "active", **told}


def ran(*numbers: int, event: str = "schedule") -> list[dict[str, Any]]:
    return [{"workflow_id": number, "event": event} for number in numbers]


SCHEDULES = "/api/v4/projects/acme%2Fops/pipeline_schedules?per_page=100"
STORES = "/api2/json/admin/datastore"
ARN = "arn:aws:ec2:eu-central-1:123456789012:volume/vol-0abc"
LISTINGS: dict[type[Provider], list[Case]] = {
    AwsBackup: [
        case(
            "resources with jobs",
            f"resource/{ARN}",
            FILE,
            {
                "file": {
                    "BackupJobs": [
                        {"ResourceArn": ARN, "ResourceName": "orders"},
                        {"ResourceArn": ARN},
                        {"ResourceArn": "arn:aws:s3:::wiki"},
                        {"BackupJobId": "j"},
                    ]
                }
            },
            held("resource", *ARN.split("/"), label="orders"),
            held("resource", "arn:aws:s3:::wiki"),
        ),
        case("restores", f"restore/{ARN}", FILE, {"file": {"RestoreJobs": []}}),
        case(
            "a part",
            f"resource/{ARN}",
            FILE,
            {"file": {"BackupJobs": [{"ResourceArn": ARN}], "NextToken": "x"}},
        ),
    ],
    Backrest: [
        case(
            "plans",
            "plan/orders/repo/nas",
            URL,
            {
                "/v1.Backrest/GetSummaryDashboard": {
                    "planSummaries": [{"id": "orders"}, {"id": "web"}, {}]
                }
            },
            held(
                "plan", "orders", label="orders", also=("plan", "orders", "repo", "nas")
            ),
            held("plan", "web", label="web"),
        ),
        case("none", "plan/orders", URL, {"/v1.Backrest/GetSummaryDashboard": {}}),
    ],
    GitHub: [
        case(
            "workflows that ran by their schedule",
            "Acme/ops/7",
            {"token": "${TOKEN}"},
            {
                "/repos/Acme/ops/actions/workflows": {
                    "workflows": [
                        workflow(7, ".github/workflows/backup.yml", name="Nightly"),
                        workflow(8, ".github/workflows/drill.yml"),
                        workflow(9, ".github/workflows/ci.yml"),
                        workflow(
                            10, ".github/workflows/old.yml", state="disabled_inactivity"
                        ),
                        workflow(11, "dynamic/pages/build"),
                    ]
                },
                "/repos/Acme/ops/actions/runs?event=schedule&per_page=100": {
                    "workflow_runs": [*ran(7, 8, 10, 11), *ran(9, event="push")]
                },
            },
            held(
                *("Acme", "ops", "backup.yml"),
                label="Nightly",
                also=("Acme", "ops", "7"),
                is_sure=False,
            ),
            held("Acme", "ops", "drill.yml", is_sure=False),
        ),
    ],
    GitLab: [
        case(
            "schedules that are switched on",
            "schedule/acme%2Fops/13",
            TOKEN,
            {
                SCHEDULES: [
                    {"id": 13, "description": "Nightly", "cron": "0 2 * * *"}
                    | {"active": True},
                    {"id": 14, "cron": "0 2 1-7 * 1", "active": True},
                    {"id": 15, "cron": "0 2 * * *", "active": False},
                    {"active": True},
                ]
            },
            held(
                *("schedule", "acme/ops", "13"),
                label="Nightly",
                max_age=DAY,
                is_sure=False,
            ),
            held("schedule", "acme/ops", "14", is_sure=False),
        ),
    ],
    Proxmox: [
        case(
            "guests of all datastores",
            "guest/tank/vm/100",
            {**TOKEN, "namespace": "shop"},
            {
                STORES: {"data": [{"store": "tank"}, {"store": "off site"}, {}]},
                f"{STORES}/tank/groups?ns=shop": {
                    "data": [
                        {"backup-type": "vm", "backup-id": "100"},
                        {"backup-type": "host", "backup-id": "db1"},
                        {"backup-type": "vm"},
                    ]
                },
                f"{STORES}/off site/groups?ns=shop": {
                    "data": [{"backup-type": "ct", "backup-id": "7"}]
                },
            },
            held("guest", "tank", "vm", "100"),
            held("guest", "tank", "host", "db1"),
            held("guest", "off site", "ct", "7"),
        ),
    ],
    WalG: [
        case(
            "backups",
            "backups",
            FILE,
            {"file": [{"backup_name": "b"}]},
            held("backups"),
        ),
        case("no backups", "backups", FILE, {"file": b""}, held("backups")),
        case("a verification", "wal", FILE, {"file": {"integrity": {}}}, held("wal")),
    ],
    Healthchecks: [
        case(
            "slugs, tags and schedules",
            "slug/orders",
            {"api_key": "${KEY}"},
            {
                "/api/v3/checks/": {
                    "checks": [
                        check(
                            "orders", "a1", tags="db prod", timeout=86400, grace=3600
                        ),
                        check("twice", "b2", schedule="0 3 * * *", grace=7200),
                        check("twice", "c3", schedule="0 3 1-7 * 1"),
                        check(None, "d4"),
                    ]
                }
            },
            Found(
                segments=("slug", "orders"),
                label="orders",
                groups=("db", "prod"),
                max_age=timedelta(hours=25),
                also=(("check", "a1"), ("tag", "db"), ("tag", "prod")),
            ),
            held("check", "b2", label="twice", max_age=DAY),
            held("check", "c3", label="twice"),
            held("check", "d4"),
        )
    ],
    Restic: [
        case(
            "one host",
            "latest",
            FILE,
            {"file": [snapshot("web"), snapshot("web")]},
            held("host", "web", also=("latest",), label="web"),
        ),
        case(
            "tags, or else paths, of hosts with several backups",
            "host/web/tag/db",
            FILE,
            {
                "file": [
                    snapshot("mail", "nightly"),
                    snapshot("web", "nightly", "db"),
                    snapshot("web", "nightly"),
                    snapshot("web", path="/etc/nginx"),
                ]
            },
            held("host", "mail", label="mail", groups=("nightly",)),
            held(
                "host",
                "web",
                "tag",
                "db",
                label="web db",
                groups=("db", "nightly"),
                also=("host", "web", "tag", "db"),
            ),
            held(
                "host",
                "web",
                "tag",
                "nightly",
                label="web nightly",
                groups=("nightly",),
            ),
            held("host", "web", "path", "etc", "nginx", label="web nginx"),
        ),
        case("an empty repository", "latest", FILE, {"file": []}),
        case("a job's own words", "run", FILE, {"file": '{"message_type": "summary"}'}),
    ],
    Borg: [
        case(
            "what names have in common",
            "prefix/mail-",
            FILE,
            {
                "file": archives(
                    "web-2026-11-27T02:00:00",
                    "web-2026-11-28T02:00:00",
                    "web-db-2026-11-28",
                    "mail-7",
                    "series",
                    "web-db-2026-11-29.checkpoint",
                )
            },
            held("glob", "web-[0-9]*", label="web"),
            held("prefix", "web-db-", label="web-db"),
            held("prefix", "mail-", label="mail", also=("prefix", "mail-")),
            held("archive", "series", label="series"),
        ),
        case(
            "names that are times",
            "latest",
            FILE,
            {"file": archives("2026-11-27_02:00", "2026-11-28_02:00")},
            held("glob", "[0-9]*", label="borg", also=("latest",)),
        ),
    ],
    Borgmatic: [
        case(
            "repositories",
            "repository/offsite",
            FILE,
            {
                "file": [
                    {"repository": {"label": "offsite", "location": "ssh://x/./a"}},
                    {"repository": {"location": "/srv/borg/"}},
                ]
            },
            held(
                "repository", "offsite", label="offsite", also=("repository", "offsite")
            ),
            held("repository", "/srv/borg/", label="borg"),
        ),
        case(
            "all of them are watched",
            "latest",
            FILE,
            {"file": [{"repository": {"label": "offsite"}}]},
            held("repository", "offsite", label="offsite", also=("latest",)),
        ),
    ],
    Velero: [
        case(
            "schedules and what they include",
            "schedule/velero/daily",
            FILE,
            {
                "file": {
                    "items": [
                        schedule("daily", "0 2 * * *", "shop", "wiki"),
                        schedule("weekly", "@weekly", "*"),
                        schedule("odd", "0 2 * 2 *"),
                    ]
                }
            },
            held(
                "schedule",
                "velero",
                "daily",
                label="daily",
                groups=("shop", "wiki"),
                max_age=DAY,
            ),
            held("schedule", "velero", "weekly", label="weekly", max_age=WEEK),
            held("schedule", "velero", "odd", label="odd"),
        ),
        case(
            "all namespaces of a cluster",
            "schedule/velero/daily",
            TOKEN,
            {"/apis/velero.io/v1/schedules": {"items": [schedule("h", "5 * * * *")]}},
            held("schedule", "velero", "h", label="h", max_age=timedelta(hours=3)),
        ),
    ],
    CloudNativePG: [
        case(
            f"scheduled at {text}",
            "schedule/shop/nightly",
            FILE,
            {
                "file": resource(
                    "ScheduledBackup",
                    "postgresql.cnpg.io/v1",
                    spec={"schedule": text},
                )
            },
            held(
                *("schedule", "shop", "nightly"),
                label="nightly",
                groups=("shop",),
                max_age=age,
            ),
        )
        for text, age in (("0 0 2 * * *", DAY), ("@weekly", WEEK), ("* 0 2 * *", None))
    ],
    K8up: [
        case(
            "schedules",
            "schedule/shop/nightly",
            FILE,
            {
                "file": resource(
                    "Schedule",
                    "k8up.io/v1",
                    spec={"backup": {"schedule": "@daily-random"}},
                )
            },
            held(
                *("schedule", "shop", "nightly"),
                label="nightly",
                groups=("shop",),
                max_age=DAY,
            ),
        )
    ],
    VolSync: [
        case(
            "sources",
            "source/shop/nightly",
            FILE,
            {
                "file": resource(
                    "ReplicationSource",
                    "volsync.backube/v1alpha1",
                    spec={"trigger": {"schedule": "0 2 * * *"}},
                )
            },
            held(
                *("source", "shop", "nightly"),
                label="nightly",
                groups=("shop",),
                max_age=DAY,
            ),
        )
    ],
    Longhorn: [
        case(
            "volumes that have backups",
            "volume/shop/pvc-1",
            FILE,
            {
                "file": {
                    "items": [
                        resource(
                            "Backup",
                            "longhorn.io/v1beta2",
                            status={"volumeName": volume},
                        )
                        for volume in ("pvc-1", "pvc-2", "pvc-1")
                    ]
                }
            },
            held("volume", "shop", "pvc-1", label="pvc-1"),
            held("volume", "shop", "pvc-2", label="pvc-2"),
        )
    ],
    Barman: [
        case(
            "servers",
            "server/pg",
            FILE,
            {"file": {"pg": [], "warehouse": []}},
            held("server", "pg", label="pg"),
            held("server", "warehouse", label="warehouse"),
        )
    ],
    PgBackRest: [
        case(
            "stanzas",
            "stanza/main/repo/1",
            FILE,
            {
                "file": [
                    {"name": "main", "repo": [{"key": 1}]},
                    {"name": "other", "repo": [{"key": 1}, {"key": 2}]},
                ]
            },
            held("stanza", "main", label="main", also=("stanza", "main", "repo", "1")),
            held("stanza", "other", label="other"),
        )
    ],
    Kopia: [
        case(
            "sources of a server",
            "path/srv/a",
            {**BASIC},
            {
                "/api/v1/control/sources": {
                    "sources": [
                        kopia_source("/srv/a", schedule={"intervalSeconds": 86400}),
                        kopia_source("/srv/b", schedule={"manual": True}),
                        kopia_source("/"),
                    ]
                }
            },
            held(
                *("user", "root", "host", "web", "path", "srv", "a"),
                label="web /srv/a",
                groups=("web",),
                max_age=DAY,
                also=("path", "srv", "a"),
            ),
            held(
                *("user", "root", "host", "web", "path", "srv", "b"),
                label="web /srv/b",
                groups=("web",),
            ),
        )
    ],
    Duplicati: [
        case(
            "backups with tags",
            "backup/Orders",
            TOKEN,
            {
                "/api/v1/backups": [
                    {
                        "Backup": {"ID": "3", "Name": "Orders", "Tags": ["db"]},
                        "Schedule": {"Repeat": "1D"},
                    },
                    {
                        "Backup": {"ID": "4", "Name": "Wiki"},
                        "Schedule": {"Repeat": "1D", "Rule": "AllowedWeekDays=Monday"},
                    },
                ]
            },
            held(
                "backup",
                "Orders",
                also=("backup", "3"),
                label="Orders",
                groups=("db",),
                max_age=DAY,
            ),
            held("backup", "Wiki", also=("backup", "4"), label="Wiki"),
        )
    ],
    Gatus: [
        case(
            "endpoints and groups",
            "key/jobs_nightly-dump",
            URL,
            {
                "/api/v1/endpoints/statuses": [
                    {"name": "nightly dump", "group": "jobs", "results": []},
                    {"name": "alone", "results": []},
                ]
            },
            held(
                "endpoint",
                "jobs",
                "nightly dump",
                label="nightly dump",
                groups=("jobs",),
                also=("key", "jobs_nightly-dump"),
            ),
            held("endpoint", "alone", label="alone"),
        )
    ],
    UptimeKuma: [
        case(
            "monitors of a page that is watched",
            "page/backups/7",
            URL,
            {
                "/api/status-page/backups": {
                    "publicGroupList": [
                        {
                            "name": "Databases",
                            "monitorList": [
                                {"id": 7, "name": "Orders"},
                                {"id": 8, "name": "Twin"},
                                {"id": 9, "name": "Twin"},
                            ],
                        }
                    ]
                }
            },
            held(
                "page",
                "backups",
                "Orders",
                label="Orders",
                groups=("Databases",),
                also=("page", "backups", "7"),
            ),
            held("page", "backups", "8", label="Twin", groups=("Databases",)),
            held("page", "backups", "9", label="Twin", groups=("Databases",)),
        )
    ],
    Prometheus: [
        case(
            "series by their key",
            "daily",
            {**URL, "preset": "velero"},
            series("daily", "weekly", "daily"),
            held("daily", label="daily"),
            held("weekly", label="weekly"),
        ),
        case(
            "queries for one series",
            "daily",
            {**URL, "finished": "max(x)"},
            series("daily"),
        ),
    ],
    JsonDocument: [
        case(
            "a list",
            "entry/a",
            {**FILE, "at": "jobs", "key": "id", "finished": "end"},
            {"file": {"jobs": [{"id": "a"}, {"id": 7}, {"id": "a"}, {"name": "x"}]}},
            held("entry", "a", label="a"),
            held("entry", "7", label="7"),
        ),
        case(
            "a table",
            "entry/a",
            {**FILE, "at": "jobs", "finished": "end"},
            {"file": {"jobs": {"a": {}, "b": {}}}},
            held("entry", "a", label="a"),
            held("entry", "b", label="b"),
        ),
        case(
            "one document",
            "document",
            {**FILE, "finished": "end"},
            {"file": {"end": "2026-11-28T02:00:00Z"}},
        ),
    ],
    Rackspace: [
        case(
            "configurations",
            "configuration/AA",
            {**TOKEN, "tenant": "123456"},
            {
                "/v2/123456/configurations": {
                    "configurations": [
                        configuration("aa", "RRULE:FREQ=DAILY"),
                        configuration("bb", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
                        configuration("cc", "RRULE:FREQ=DAILY", deleted=True),
                        configuration("dd", "RRULE:FREQ=DAILY;COUNT=3"),
                    ]
                }
            },
            held(
                "configuration",
                "aa",
                label="Nightly",
                max_age=DAY,
                also=("configuration", "AA"),
            ),
            held("configuration", "bb", label="Nightly", max_age=WEEK),
            held("configuration", "dd", label="Nightly"),
        ),
        case(
            "another account's",
            "configuration/aa",
            {**TOKEN, "tenant": "123456"},
            {
                "/v2/123456/configurations": {
                    "configurations": [configuration("a", "", project_id="654321")]
                }
            },
        ),
    ],
}


@pytest.mark.parametrize(
    ("provider", "one"),
    [
        pytest.param(provider, one, id=f"{provider.type}: {one.name}")
        for provider, cases in LISTINGS.items()
        for one in cases
    ],
)
def test_a_system_lists_what_it_holds(provider: type[Provider], one: Case) -> None:
    """Each is found once, with its groups and its age; junk raises problems alone."""
    assert Kit(provider).listed(one) == list(one.found or ())
    # The same, and every leaf of every answer replaced by junk and by a secret.
    Kit(provider).check_listing(one)
