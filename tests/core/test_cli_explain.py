"""The command ``backup-badge explain``: every step, and no secret in any."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cloud import Cloud
from command import configure, run
from healthchecks_api import Check
from loopback import Answer, HttpService, Request, json_answer

from backup_badge.view.steps import exchange_steps
from backup_badge.ways.locator import Locator
from backup_badge.ways.reach import Exchange

RUN = "7c8ee069-568f-4d5a-932f-fb2af86b5fd5"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, with nothing of ours in the environment."""
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Checks(HttpService):
    """Lists one check, with the next ping and its grace."""

    def answer(self, request: Request) -> Answer:
        """Answer as the list call does."""
        check = {
            "name": "Orders",
            "slug": "orders",
            "tags": "",
            "unique_key": "a" * 40,
            "status": "up",
            "grace": 3600,
            "last_ping": "2026-11-28T03:00:00+00:00",
            "next_ping": "2999-01-01T00:00:00+00:00",
        }
        return json_answer({"checks": [check]})


def steps(out: str) -> dict[str, list[str]]:
    """Return what was told, by what it is about."""
    told: dict[str, list[str]] = {}
    for line in out.splitlines():
        if line.startswith("  "):
            told.setdefault(line[2:16].strip(), []).append(line[16:])
    return told


def test_every_step(cloud: Cloud, here: Path) -> None:
    """Where it is configured, what was asked and came back, how that was judged."""
    configure(here, cloud, head='max_age = "26h"', website="succeeded")
    ran = run("explain", "website")
    told = steps(ran.out)
    assert ran.code == 0
    assert ran.out.startswith("website\n")
    assert told["configured"] == ["backup-badge.toml:4"]
    form = "cloudback:OWNER/REPOSITORY, with the provider 'cloudback'"
    assert told["address"] == [f"{form} (backup-badge.toml:2)"]
    assert told["max_age"] == ["26h (backup-badge.toml:1)"]
    (asked,) = told["asked"]
    assert asked.startswith("GET /badge/OWNER/REPOSITORY at 127.0.0.1:")
    assert ": status 200, " in asked and " bytes, " in asked and asked.endswith(" s")
    assert told["said"] == ["'succeeded', which means succeeded"]
    assert told["judged"][0].startswith("succeeded: ")
    assert "acme" not in ran.out


def test_it_asks_anew(cloud: Cloud, here: Path) -> None:
    """A fresh answer in the cache is no reason not to ask."""
    configure(here, cloud, website="succeeded")
    run("status")
    cloud.badges["acme", "website"] = "failed"
    assert steps(run("explain", "website").out)["judged"][0].startswith("failed")


def test_offline_and_remembered(cloud: Cloud, here: Path) -> None:
    """Offline nothing is asked; the answer that stands in is told as such."""
    configure(here, cloud, website="failed")
    run("status")
    told = steps(run("explain", "--offline", "website").out)
    assert told["asked"] == ["nothing"]
    assert "nothing is asked, because 'offline' is set" in told["judged"][0]


def test_members_one_by_one(cloud: Cloud, here: Path) -> None:
    """A group is told of by its members, each with all its steps."""
    configure(here, cloud, website="succeeded", shop="failed")
    text = (here / "backup-badge.toml").read_text()
    text = text.replace("address =", 'groups = ["web"]\naddress =')
    (here / "backup-badge.toml").write_text(text + '[groups.web]\nmax_age = "2d"\n')
    told = steps(run("explain", "group:web").out)
    assert len(told["asked"]) == len(told["judged"]) == 2
    assert told["max_age"] == ["2d (backup-badge.toml:11)"] * 2


SCHEDULED = """\
[providers.healthchecks]
url = "{url}/healthchecks"
api_key = "${{KEY}}"
[providers.rackspace]
url = "{url}"
tenant = "123456"
token = "${{KEY}}"
[sources.orders]
address = "{address}"
"""


def test_a_schedule_proposes_a_max_age(
    cloud: Cloud, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It proposes what ``discover`` would, unless a max_age is set."""
    monkeypatch.setenv("KEY", "read-only-key")
    cloud.add_token("read-only-key", "123456")
    cloud.healthchecks.checks.append(Check(slug="orders", last_ping=datetime.now(UTC)))
    plan = cloud.add_configuration()
    cloud.add_backup(configuration=plan)
    for address, age in {
        "healthchecks:slug/orders": "25h",
        f"rackspace:configuration/{plan}": "26h",
    }.items():
        text = SCHEDULED.format(url=cloud.url, address=address)
        (here / "backup-badge.toml").write_text(text)
        told = steps(run("explain", "orders").out)
        assert told["max_age"] == ["none: a success of any age counts"]
        expected = f'max_age = "{age}", as the system\'s own schedule has it'
        assert told["proposed"] == [expected]
        (here / "backup-badge.toml").write_text(f"{text}max_age = '2d'\n")
        assert "proposed" not in steps(run("explain", "orders").out)
    (here / "backup-badge.toml").write_text(text)
    assert "proposed" not in steps(run("explain", "orders", "--offline").out)


def test_nearest_max_age(cloud: Cloud, here: Path) -> None:
    """The place of a max_age is where the one that counts stands."""
    configure(here, cloud, head='max_age = "26h"', website="succeeded")
    path = here / "backup-badge.toml"
    path.write_text(path.read_text().replace("[sources", 'max_age = "3d"\n[sources'))
    assert steps(run("explain").out)["max_age"] == ["3d (backup-badge.toml:4)"]
    path.write_text(path.read_text() + 'max_age = "24h"\n')
    assert steps(run("explain").out)["max_age"] == ["24h (backup-badge.toml:7)"]


def test_an_address_alone(cloud: Cloud, here: Path) -> None:
    """What is named by its address is told by its form."""
    configure(here, cloud)
    cloud.badges["acme", "website"] = "succeeded"
    ran = run("explain", "cloudback:acme/website")
    assert ran.out.startswith("cloudback:OWNER/REPOSITORY\n")
    assert steps(ran.out)["configured"] == ["on no line"]
    assert "acme" not in ran.out


def test_a_status_file(cloud: Cloud, here: Path) -> None:
    """Where a status file answers, it is named, and nobody is asked."""
    configure(here, cloud, head='status_file = "s.json"', website="succeeded")
    (here / "s.json").write_text(
        '{"schema": 1, "generated": "2026-11-21T04:00:00Z", "sources": {"website": {'
        '"address": "cloudback:acme/website", "reported_state": "failed"}}}'
    )
    told = steps(run("explain", "website").out)
    assert told["asked"][0].startswith("nothing: the answer stands in the status file")
    assert told["judged"][0].startswith("failed")


def test_pages(cloud: Cloud, here: Path) -> None:
    """With pages, each place where a source is shown; a table shows all."""
    configure(here, cloud, website="succeeded", shop="succeeded")
    (here / "docs").mkdir()
    (here / "docs" / "index.md").write_text("# A\n\n<< backup_badge('website') >>\n")
    told = steps(run("explain", "website", "--pages", "docs").out)
    assert told["shown"] == ["docs/index.md:3"]
    told = steps(run("explain", "shop", "--pages", "docs").out)
    assert told["shown"] == ["on no page"]


def test_no_secret_is_told(
    cloud: Cloud, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login and its requests are told of, without credential, account and locator."""
    monkeypatch.setenv("KEY", "demo-key")
    monkeypatch.setenv("ACCOUNT", "demo")
    (here / "backup-badge.toml").write_text(
        f'[providers.rackspace]\nurl = "{cloud.url}"\ntenant = "123456"\n'
        f'identity_url = "{cloud.url}/identity/v2.0"\nusername = "${{ACCOUNT}}"\n'
        f'api_key = "${{KEY}}"\n[sources.db]\naddress = "rackspace:configuration/{RUN}"'
    )
    ran = run("explain", "db")
    told = steps(ran.out)
    assert told["asked 1"][0].startswith("POST /tokens at 127.0.0.1:")
    assert ": status 200, " in told["asked 1"][0]
    assert "GET /configurations/ID at 127.0.0.1:" in "".join(told["asked 2"])
    for secret in ("demo-key", RUN, "123456"):
        assert secret not in ran.out


def test_a_failure_is_told(here: Path) -> None:
    """Where nothing comes back, the reason stands in the place of the answer."""
    (here / "backup-badge.toml").write_text(
        '[providers.json]\ncommand = ["no-such-tool-of-ours"]\nword = "w"\n'
        'states = { ok = "succeeded" }\n[sources.db]\naddress = "json:document"\n'
    )
    told = steps(run("explain", "db").out)
    (asked,) = told["asked"]
    assert asked.startswith("the command no-such-tool-of-ours: the command 'no-such-")
    assert told["judged"][0].startswith("unknown")


def test_a_wrong_name(cloud: Cloud, here: Path) -> None:
    """A name that nobody knows exits with 2 and the nearest right one."""
    configure(here, cloud, website="succeeded")
    ran = run("explain", "websit")
    assert ran.code == 2
    assert "Did you mean 'website'?" in ran.err


def test_what_is_expected(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system expects is told beside what it said."""
    monkeypatch.setenv("KEY", "read-only-key")
    with Checks() as checks:
        (here / "backup-badge.toml").write_text(
            f'[providers.healthchecks]\nurl = "{checks.url}"\napi_key = "${{KEY}}"\n'
            '[sources.db]\naddress = "healthchecks:slug/orders"\n'
        )
        ran = run("explain", "db")
    told = steps(ran.out)
    assert told["asked"][0].startswith("GET /api/v3/checks/ at 127.0.0.1:")
    assert told["said"] == ["'up', which means succeeded"]
    assert told["expected by"] == ["2999-01-01T01:00:00Z"]
    assert "read-only-key" not in ran.out and "orders" not in ran.out


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/slug/a%2Fb/runs", "/slug/SLUG/runs"),
        ("/slug/a/b", "/slug/SLUG"),
        ("/list?tag=a%2Fb&limit=50", "/list?tag=SLUG&limit=..."),
        ("/list?query=up%7Bjob%3D1%7D", "/list?query=..."),
        ("/xa/by", "/xa/by"),
        ("", "/ (the URL itself)"),
    ],
)
def test_placeholders(path: str, told: str) -> None:
    """A locator's words are found however they are encoded; queries keep their keys."""
    locator = Locator(form="slug/SLUG", segments=("slug",), values={"SLUG": "a/b"})
    exchange = Exchange(what="GET", path=path, place="host", came="status 200")
    ((about, line),) = exchange_steps([exchange], locator)
    assert (about, line) == ("asked", f"GET {told} at host: status 200, 0.00 s")
