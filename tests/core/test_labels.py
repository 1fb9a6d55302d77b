"""Labels: an author's own, else what the backup system calls the backup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from command import run
from loopback import Answer, HttpService, Request, json_answer

from backup_badge.config.load import load
from backup_badge.render import html
from backup_badge.site import Site
from backup_badge.values.mark import BadgeMark, TableMark

KEY = "read-only-key"
CONFIGURATION = """\
[providers.checks]
type = "healthchecks"
url = "{url}"
api_key = "${{KEY}}"
[sources.orders]
address = "checks:slug/orders"
groups = ["all"]
[sources.mail]
address = "checks:slug/mail"
label = "The mail"
groups = ["all"]
[sources.gone]
address = "checks:slug/gone"
"""


class Checks(HttpService):
    """Lists two checks, ``orders`` under any name."""

    def __init__(self) -> None:
        super().__init__()
        self.name: object = "Nightly orders"

    def answer(self, request: Request) -> Answer:
        """Answer as the list call does."""
        told = {"tags": "", "status": "paused", "unique_key": "a" * 40}
        named = {"orders": self.name, "mail": "Mailboxes"}
        checks = [{**told, "slug": slug, "name": name} for slug, name in named.items()]
        return json_answer({"checks": checks})


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checks]:
    """Yield the service, and be in a directory that is configured for it."""
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.setenv("KEY", KEY)
    monkeypatch.chdir(tmp_path)
    with Checks() as service:
        text = CONFIGURATION.format(url=service.url)
        (tmp_path / "backup-badge.toml").write_text(text)
        yield service


def label(target: str) -> str:
    """Return the label of a badge in a build of its own."""
    return Site(load(Path.cwd())).badge(BadgeMark(target=target)).label


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("orders", "Nightly orders"),
        ("checks:slug/mail", "The mail"),
        ("mail", "The mail"),
        ("gone", "gone"),
    ],
)
def test_who_names_a_backup(checks: Checks, target: str, expected: str) -> None:
    """The label is the configured one, else the system's, else the source's name."""
    assert label(target) == expected


def test_an_address_is_named_by_its_system(checks: Checks) -> None:
    """A source without a table has the system's name, too."""
    text = Path("backup-badge.toml").read_text().partition("[sources")[0]
    Path("backup-badge.toml").write_text(text)
    assert label("checks:slug/mail") == "Mailboxes"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("  a\nb\t\u202ec\x1b[31m ", "a b c [31m"),
        ("x" * 300, "x" * 79 + "…"),
        (f"Orders {KEY}", "Orders ***"),
        ("", "orders"),
        ("\u2028", "orders"),
        (["Orders"], "orders"),
        (None, "orders"),
    ],
)
def test_a_name_is_foreign_text(checks: Checks, name: object, expected: str) -> None:
    """It is one line, bounded, without secrets; what is no text is no name."""
    checks.name = name
    assert label("orders") == expected


def test_a_name_stands_wherever_a_label_does(checks: Checks) -> None:
    """Badges, tables in the order of their labels, roll-ups, what is exported."""
    checks.name = "Zebra <b>&</b> co"
    site = Site(load(Path.cwd()))
    shown = html.render_badge(site.badge(BadgeMark(target="orders")))
    assert '<span class="backup-badge-label">Zebra &lt;b&gt;&amp;' in shown
    table = site.table(TableMark(sort="-source"))
    assert [row[0].text for row in table.rows] == [checks.name, "The mail", "gone"]
    badge = table.rows[0][1].badge
    assert badge is not None
    assert (badge.label, badge.subject) == ("", checks.name)
    assert f"{checks.name} stopped" in site.badge(BadgeMark(target="group:all")).title
    site.export(Path("out"))
    assert json.loads(Path("out/orders.json").read_text())["label"] == checks.name
    assert "Zebra &lt;b&gt;&amp;" in Path("out/orders.svg").read_text()
    document = json.loads(Path("out/backup-status.json").read_text())
    assert document["sources"]["orders"]["label"] == checks.name


def test_a_name_is_remembered(checks: Checks) -> None:
    """A cached answer has it, and so has one that stands in for a silent system."""
    assert label("orders") == "Nightly orders"
    checks.name = "Renamed"
    settings = load(Path.cwd())
    assert label("orders") == "Nightly orders"
    silent = replace(settings, cache_ttl=timedelta(), offline=True)
    badge = Site(silent).badge(BadgeMark(target="orders"))
    assert (badge.label, badge.stale) == ("Nightly orders", True)


def test_a_status_file_tells_labels(checks: Checks) -> None:
    """A source without a label has the one under which it was written down."""
    Site(load(Path.cwd())).export(Path("out"))
    text = Path("backup-badge.toml").read_text()
    text = text.replace('label = "The mail"\n', "")
    Path("backup-badge.toml").write_text(
        f'status_file = "out/backup-status.json"\n{text}'
    )
    assert [label(name) for name in ("orders", "mail", "gone")] == [
        "Nightly orders",
        "The mail",
        "gone",
    ]


def test_the_command_names_it(checks: Checks) -> None:
    """``status`` and ``check`` print it; ``explain`` says whose name it is."""
    assert "Nightly orders" in run("status", "orders").out
    said = run("check", "orders", "--format", "junit").out
    assert "Nightly orders: backups stopped" in said
    told = run("explain", "orders").out
    assert "'Nightly orders', as its system calls it: none is configured" in told
    assert "as its system calls it" not in run("explain", "mail").out
