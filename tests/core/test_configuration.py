"""The configuration: every key, where it may stand, and every fault at once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backup_badge.config.keys import (
    GROUP_OPTIONS,
    OPTIONS,
    PROVIDER_OPTIONS,
    SOURCE_OPTIONS,
)
from backup_badge.config.load import load
from backup_badge.config.origin import TABLES, ConfigSource
from backup_badge.config.settings import Settings
from backup_badge.options.kinds import SECRET
from backup_badge.providers import OURS, find_provider
from backup_badge.values.problem import ConfigurationError
from backup_badge.values.source import parse_address
from backup_badge.values.state import State

DESIGN = """\
max_age = "26h"                 # successes older than this are overdue; no default
fail_on = ["failed"]            # these states fail the build and the check

[providers.rackspace]
region = "iad"                  # or url = "https://…"
tenant = "123456"
username = "${RACKSPACE_USER}"  # or token = "${RACKSPACE_TOKEN}"
api_key = "${RACKSPACE_KEY}"

[providers.cloudback]
url = "https://app.cloudback.it"

[sources.orders-db]
address = "rackspace:configuration/7c8ee069-568f-4d5a-932f-fb2af86b5fd5"
label = "Orders database"
description = "Orders and payments, PostgreSQL"
owner = "Team Payments"
groups = ["databases"]
max_age = "26h"
link = "runbooks/orders.md"     # a page of the site, or a URL

[groups.databases]
label = "Databases"
max_age = "26h"
"""
KEYS = [
    ("max_age", "26h", timedelta(hours=26)),
    ("language", " pt-BR", "pt-BR"),
    ("fail_on", ["failed", "overdue"], {State.FAILED, State.OVERDUE}),
    ("timeout", "2.5s", timedelta(seconds=2.5)),
    ("deadline", "1m", timedelta(minutes=1)),
    ("concurrency", 4, 4),
    ("cache_dir", "elsewhere", Path("elsewhere")),
    ("cache_ttl", "0s", timedelta()),
    ("stale_if_error", "7d", timedelta(days=7)),
    ("offline", True, True),
    ("status_file", "status.json", "status.json"),
    ("export", "backup", "backup"),
]
TOKEN = {"token": "${TOKEN}", "tenant": "1", "region": "iad"}
WEBSITE = {"address": "cloudback:acme/website"}


def read(
    directory: Path,
    text: str | None = None,
    *,
    overlay: Mapping[Any, object] | None = None,
    environ: Mapping[str, str] | None = None,
    config: str | None = None,
) -> Settings:
    """Load a directory with this file in it and these options of the plugin."""
    if text is not None:
        (directory / "backup-badge.toml").write_text(text, encoding="utf-8")
    host = ConfigSource(values=overlay or {}, origin="mkdocs.yml", directory=directory)
    return load(directory, config=config, overlay=host, environ=environ or {})


def faults(directory: Path, text: str | None = None, **more: Any) -> tuple[str, ...]:
    """Return the faults of what cannot be loaded."""
    with pytest.raises(ConfigurationError) as caught:
        read(directory, text, **more)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


# What is right


@pytest.mark.parametrize(("key", "written", "expected"), KEYS)
def test_keys(tmp_path: Path, key: str, written: object, expected: object) -> None:
    """Each key reads the same from a file, from pyproject.toml and from a host."""
    line = f"{key} = {json.dumps(written)}\n"
    for name, text in [
        ("backup-badge.toml", line),
        ("pyproject.toml", f"[tool.backup-badge]\n{line}"),
    ]:
        path = tmp_path / name / name
        path.parent.mkdir()
        path.write_text(text)
    file, project = (tmp_path / n for n in ("backup-badge.toml", "pyproject.toml"))
    (tmp_path / "host").mkdir()
    for directory, settings in [
        (file, read(file)),
        (project, read(project)),
        (tmp_path / "host", read(tmp_path / "host", overlay={key: written})),
    ]:
        value = getattr(settings, key)
        if key in ("cache_dir", "status_file"):
            assert type(value)(directory / str(expected)) == value
        else:
            assert value == expected


def test_no_key_is_missing_above() -> None:
    """The settings have the declared keys and defaults, and no others."""
    assert [key for key, _, _ in KEYS] == [option.name for option in OPTIONS]
    defaults = {option.name: option.default for option in OPTIONS}
    cache_dir = Path(defaults.pop("cache_dir"))
    assert Settings() == Settings(**defaults, cache_dir=cache_dir)
    beside = {*TABLES, "files", "cache_dir", "notices"}
    assert {field.name for field in fields(Settings)} == {*defaults, *beside}


def test_the_design_s_example(tmp_path: Path) -> None:
    """The example of the design is read as it is meant."""
    settings = read(tmp_path, DESIGN)
    (orders,) = settings.sources.values()
    assert orders.address == parse_address(DESIGN.split('address = "')[1].split('"')[0])
    assert (orders.name, orders.label) == ("orders-db", "Orders database")
    assert (orders.groups, orders.max_age) == (("databases",), timedelta(hours=26))
    assert orders.description == "Orders and payments, PostgreSQL"
    assert (orders.owner, orders.link) == ("Team Payments", "runbooks/orders.md")
    assert list(settings.groups) == ["databases"]
    databases = settings.groups["databases"]
    assert (databases.label, databases.max_age) == ("Databases", timedelta(hours=26))
    assert settings.members == {"databases": (orders,)}
    rackspace = settings.providers["rackspace"]
    assert rackspace.options["api_key"] == "${RACKSPACE_KEY}"
    assert rackspace.options["identity_url"].startswith("https://identity.api.rack")


def test_nothing(tmp_path: Path) -> None:
    """Nothing needs to be configured; the cache stands beside the site."""
    settings = read(tmp_path)
    assert settings == Settings(cache_dir=tmp_path / ".cache" / "backup-badge")


def test_source_defaults(tmp_path: Path) -> None:
    """A source's own max_age wins, even one of nothing; its name is its label."""
    settings = read(
        tmp_path,
        overlay={
            "max_age": "26h",
            "sources": {"a": WEBSITE, "b": {**WEBSITE, "max_age": "0s"}},
        },
    )
    ages = [source.max_age for source in settings.sources.values()]
    assert ages == [timedelta(hours=26), timedelta()]
    assert settings.sources["a"].label == "a"


@pytest.mark.parametrize(
    ("own", "groups", "provider", "top", "hours"),
    [
        ("1h", {"a": "2h", "b": "3h"}, "4h", "5h", 1),
        (None, {"a": "3h", "b": "2h"}, "1h", "1h", 2),
        (None, {"a": None, "b": "3h"}, "1h", "1h", 3),
        (None, {"a": None, "b": None}, "4h", "1h", 4),
        (None, {}, None, "5h", 5),
        (None, {}, None, None, None),
        ("${OWN}", {"a": "2h"}, "4h", "5h", 6),
        (None, {"a": "${OWN}"}, "4h", "5h", 6),
        (None, {}, "${OWN}", "5h", 6),
        (None, {}, None, "${OWN}", 6),
    ],
)
def test_max_age(
    tmp_path: Path,
    own: str | None,
    groups: dict[str, str | None],
    provider: str | None,
    top: str | None,
    hours: int | None,
) -> None:
    """It is the source's, its groups' shortest, its provider's, or the one on top."""

    def table(age: str | None) -> dict[str, str]:
        return {} if age is None else {"max_age": age}

    overlay = {
        **table(top),
        "providers": {"cloudback": table(provider)},
        "groups": {name: table(age) for name, age in groups.items()},
        "sources": {"s": {**WEBSITE, **table(own), "groups": list(groups)}},
    }
    settings = read(tmp_path, overlay=overlay, environ={"OWN": "6h"})
    age = settings.sources["s"].max_age
    assert age == (None if hours is None else timedelta(hours=hours))


def test_groups_without_a_table(tmp_path: Path) -> None:
    """A group needs no table: its name is its label."""
    settings = read(tmp_path, overlay={"sources": {"s": {**WEBSITE, "groups": "web"}}})
    assert settings.groups["web"].label == "web"


def test_two_accounts(tmp_path: Path) -> None:
    """By ``type``, one system can be had under two names, and a name reused."""
    providers = {
        "rackspace": TOKEN,
        "other": {**TOKEN, "type": "rackspace", "token": "${OTHER}"},
        "cloudback": {"type": "cloudback", "url": "http://127.0.0.1:1"},
    }
    sources = {name: {"address": f"{name}:backup/1"} for name in ("rackspace", "other")}
    settings = read(tmp_path, overlay={"providers": providers, "sources": sources})
    found = {name: one.type for name, one in settings.providers.items()}
    assert found == {name: providers[name].get("type", name) for name in providers}
    tokens = [settings.providers[name].options["token"] for name in sources]
    assert tokens == ["${TOKEN}", "${OTHER}"]


# Where it stands


def test_host_over_file(tmp_path: Path) -> None:
    """A host's values win over the file's, tables key by key, others as a whole."""
    overlay = {
        "fail_on": ["overdue"],
        "providers": {"rackspace": {"region": "lon"}},
        "sources": {"orders-db": {"label": "Orders"}, "website": WEBSITE},
    }
    settings = read(tmp_path, DESIGN, overlay=overlay)
    assert settings.fail_on == {State.OVERDUE}
    assert settings.max_age == timedelta(hours=26)
    assert settings.providers["rackspace"].options["region"] == "lon"
    assert settings.providers["rackspace"].options["tenant"] == "123456"
    assert list(settings.sources) == ["orders-db", "website"]
    assert settings.sources["orders-db"].label == "Orders"
    assert settings.sources["orders-db"].groups == ("databases",)


@pytest.mark.parametrize(
    ("files", "config", "found"),
    [
        (["pyproject.toml", "docs/backup-badge.toml"], None, "docs/backup-badge.toml"),
        (["pyproject.toml"], None, "pyproject.toml"),
        (["pyproject.toml", "docs/pyproject.toml"], None, "docs/pyproject.toml"),
        (["backup-badge.toml"], None, None),
        (["docs/backup-badge.toml", "x.toml"], "../x.toml", "x.toml"),
        (["docs/conf/pyproject.toml"], "conf/pyproject.toml", None),
    ],
)
def test_files(
    tmp_path: Path, files: list[str], config: str | None, found: str | None
) -> None:
    """The named file is read, or the one beside the site, or the nearest project's.

    Its relative paths are relative to it, and it is told, to be watched.
    """
    (tmp_path / "docs/conf").mkdir(parents=True)
    for name in files:
        table = "[tool.backup-badge]\n" if name.endswith("pyproject.toml") else ""
        (tmp_path / name).write_text(f"{table}cache_dir = 'here'\n")
    found = found or (f"docs/{config}" if config else None)
    settings = read(tmp_path / "docs", config=config)
    if found is None:
        assert settings.cache_dir == tmp_path / "docs/.cache/backup-badge"
        assert settings.files == ()
    else:
        path = tmp_path / found
        assert settings.cache_dir.resolve() == path.parent / "here"
        assert [file.resolve() for file in settings.files] == [path]


def test_an_empty_file_is_watched(tmp_path: Path) -> None:
    """A file with nothing in it is one that may be filled in a moment."""
    assert read(tmp_path, "").files == (tmp_path / "backup-badge.toml",)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("", False),
        ("[tool.other]\ncache_dir = 'x'\n", False),
        ("[project", False),
        ("tool = 5  # backup-badge", True),
        ("[project]\ndependencies = ['backup-badge']", True),
    ],
)
def test_somebody_else_s_project(tmp_path: Path, text: str, ours: bool) -> None:
    """A pyproject.toml without our table configures nothing, and is not judged.

    It is watched as soon as it mentions us: the table may follow.
    """
    (tmp_path / "pyproject.toml").write_text(text)
    settings = read(tmp_path)
    assert settings.cache_dir == tmp_path / ".cache" / "backup-badge"
    assert settings.files == ((tmp_path / "pyproject.toml",) if ours else ())


def test_a_project_s_table_that_is_none(tmp_path: Path) -> None:
    """What stands in our table's place in pyproject.toml must be a table."""
    (tmp_path / "pyproject.toml").write_text("[tool]\nbackup-badge = 5\n")
    what = "pyproject.toml: 'backup-badge' must be a table, [tool.backup-badge]"
    assert faults(tmp_path) == (what,)


def test_paths_that_look_like_urls(tmp_path: Path) -> None:
    """A cache is a directory, whatever its name looks like."""
    settings = read(tmp_path, overlay={"cache_dir": "s3://bucket"})
    assert settings.cache_dir == tmp_path / "s3:/bucket"


@pytest.mark.parametrize(
    ("environ", "offline"),
    [
        ({}, False),
        *[({"BACKUP_BADGE_OFFLINE": on}, True) for on in ("1", "true", "Yes", "on")],
        *[({"BACKUP_BADGE_OFFLINE": off}, False) for off in ("", " 0 ", "False", "no")],
        ({"BACKUP_BADGE_OFFLINE": "please"}, True),
    ],
)
def test_offline(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    offline: bool,
) -> None:
    """The variable takes a build offline, and never takes it back online."""
    assert read(tmp_path, environ=environ).offline is offline
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert load(tmp_path).offline is offline
    assert read(tmp_path, "offline = true", environ=environ).offline is True


@pytest.mark.parametrize(
    "location", ["https://example.org/s.json?sig=a/b", "/absolute.json", "s.json"]
)
def test_status_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    """The variable's file is relative to where the command runs.

    A URL may be a secret, so it is referred to, and stands in no setting.
    """
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    environ = {"BACKUP_BADGE_STATUS_FILE": location}
    expected = str(tmp_path / "s.json") if location == "s.json" else location
    if location.startswith("https"):
        expected = "${BACKUP_BADGE_STATUS_FILE}"
    text = "status_file = 'other.json'"
    assert read(tmp_path / "docs", text, environ=environ).status_file == expected
    assert read(tmp_path / "docs").status_file == str(tmp_path / "docs/other.json")


# What is wrong

WRONG = """\
max_agee = "26h"
fail_on = ["faild"]
timeout = 10

[source.typo]

[providers.rackspce]
tenant = "1"

[providers.rackspace]
tenat = "1"
token = "hunter2"

[providers."second account"]
type = "rackspace"
token = "${TOKEN}"

[sources.orders-db]
adress = "x"
link = "javascript:alert(1)"

[sources."with:colon"]
address = "cloudback:a/b"

[sources.mine]
address = "cloudbak:acme/website"
[sources.short]
address = "cloudback:acme"
[sources.no-further-fault]
address = "rackspce:backup/1"
[sources.second]
address = "second account:backup/1"
"""
FAULTS = (
    "backup-badge.toml:1: 'max_agee' is not an option. Did you mean 'max_age'?",
    "backup-badge.toml:2: 'fail_on' names the unknown state 'faild'."
    " Did you mean 'failed'?",
    "backup-badge.toml:3: 'timeout' must be a duration such as"
    ' "90s", "26h" or "7d", not 10',
    "backup-badge.toml:5: 'source' is not an option. Did you mean 'sources'?",
    "backup-badge.toml:7: in [providers.rackspce] 'rackspce' is not a backup system"
    " that is known here. Did you mean 'rackspace'?",
    "backup-badge.toml:11: in [providers.rackspace] 'tenat' is not an option."
    " Did you mean 'tenant'?",
    "backup-badge.toml:12: in [providers.rackspace] 'token' is a secret:"
    ' write it as a reference to an environment variable, "${NAME}"',
    "backup-badge.toml:14: in [providers] the provider 'second account' needs 'tenant'",
    "backup-badge.toml:14: in [providers] the provider 'second account' needs 'region'"
    " or 'url'",
    "backup-badge.toml:19: in [sources.orders-db] 'adress' is not an option."
    " Did you mean 'address'?",
    "backup-badge.toml:20: in [sources.orders-db] 'link' must be a page of the site or"
    " an http, https or mailto URL, not 'javascript:alert(1)'",
    "backup-badge.toml:18: in [sources] the source 'orders-db' has no 'address'",
    "backup-badge.toml:22: in [sources] 'with:colon' cannot be a name: it is empty,"
    " or has a colon, a control character or an outer space",
    "backup-badge.toml:26: in [sources.mine] 'cloudbak:acme/website' names the unknown"
    " provider 'cloudbak'. Did you mean 'cloudback'?",
    "backup-badge.toml:28: in [sources.short] 'cloudback:acme' must have the form"
    " cloudback:PLATFORM/ACCOUNT/SUBJECT_TYPE/SUBJECT_NAME"
    " or cloudback:OWNER/REPOSITORY",
)


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every fault is told in one go, each with its place and the nearest right word."""
    assert faults(tmp_path, WRONG) == FAULTS


def test_faults_of_a_project(tmp_path: Path) -> None:
    """In pyproject.toml, too, each fault has its line, whatever stands around it."""
    head = "[project]\nmax_agee = 1\n[tool.x]\ntimeout = 1\n[tool.backup-badge]\n"
    text = head + WRONG.replace("[", "[tool.backup-badge.").replace(
        "= [tool.backup-badge.", "= ["
    )
    (tmp_path / "pyproject.toml").write_text(text)
    lines = [fault.partition(": ") for fault in FAULTS]
    moved = [
        f"pyproject.toml:{int(place.partition(':')[2]) + 5}: {rest}"
        for place, _, rest in lines
    ]
    assert faults(tmp_path) == tuple(moved)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[sources.a]\naddress = 'x'", 2),
        ("[sources]\na.address = 'x'", 2),
        ("[sources]\na = { address = 'x' }", 2),
        ("sources.a.address = 'x'", 1),
        ("sources.a = { address = 'x' }", 1),
        ("  [ sources . 'a' ]\n  'address' = 'x'", 2),
        ("[sources.a]\nlabel = '''\naddress\n'''\naddress = 'x'", 5),
        ("# address = 'x'\n[sources.a]\n#address = ''\naddress='x'", 4),
        ("[sources.b]\naddress = 'cloudback:a/b'\n[sources.a]\naddress = 'x'", 4),
        ("[sources]\nb = { address = 'cloudback:a/b' }\na = { address = 'x' }", 3),
    ],
)
def test_lines(tmp_path: Path, text: str, line: int) -> None:
    """The line is the key's, however its table is written."""
    (fault,) = faults(tmp_path, text)
    assert fault.startswith(f"backup-badge.toml:{line}: in [sources.a] 'x' is not an")


@pytest.mark.parametrize(
    ("prefix", "place"),
    [
        ("backup_badge_", "conf.py (backup_badge_sources.orders-db.{}): "),
        ("", "conf.py: in [sources.orders-db] "),
    ],
)
def test_faults_of_hosts(tmp_path: Path, prefix: str, place: str) -> None:
    """A fault has the place of the source that said it last, as it is spelt there."""
    text = DESIGN.replace("owner =", "lable =")
    (tmp_path / "backup-badge.toml").write_text(text)
    values = {"sources": {"orders-db": {"links": "x", "label": 7}}}
    host = ConfigSource(
        values=values, origin="conf.py", directory=tmp_path, prefix=prefix
    )
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, overlay=host, environ={"BACKUP_BADGE_STATUS_FILE": " "})
    assert caught.value.faults == (
        "environment: 'status_file' must be a text, not ' '",
        place.format("label") + "'label' must be a text, not 7",
        "backup-badge.toml:17: in [sources.orders-db] 'lable' is not an option."
        " Did you mean 'label'?",
        place.format("links") + "'links' is not an option. Did you mean 'link'?",
    )


@pytest.mark.parametrize(
    "table",
    [
        {"token": "hunter2"},
        {"api_key": "hunter2", "username": "me"},
        {"token": ["hunter2"]},
        {"token": {"value": "hunter2"}},
        {"token": "${TOKEN}hunter2"},
        {"tokn": "hunter2"},
        {"username": {"api_key": "hunter2"}},
        {"url": "https://me:hunter2@example.org"},
        {"url": "https://me:hunter2"},
        {"url": "https://example.org/?token=hunter2"},
        {"type": {"token": "hunter2"}},
        {"identity_url": "hunter2"},
        "hunter2",
        ["hunter2"],
    ],
)
def test_secrets_are_not_told(tmp_path: Path, table: object) -> None:
    """A secret written literally is refused wherever it strays, and never repeated."""
    values = {"providers": {"rackspace": table}}
    for text in faults(tmp_path, overlay=values):
        assert "hunter2" not in text
        assert text.startswith("mkdocs.yml: in [providers")


def test_every_secret_is_one() -> None:
    """Whatever a provider declares to be secret takes references and nothing else."""
    declared = [option for name in OURS for option in find_provider(name).options()]
    assert {"token", "api_key"} < {option.name for option in declared if option.secret}
    for option in declared:
        assert option.secret == (option.kind is SECRET)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"max_age = \n", "backup-badge.toml:1: not valid TOML: Invalid value"),
        (b"\n\n[sources.a\n", "backup-badge.toml:3: not valid TOML: "),
        (b"a = 1\na = 2\n", "backup-badge.toml:2: not valid TOML: Cannot overwrite"),
        (b"a = 1\n\xff\xfe", "backup-badge.toml: is not in UTF-8 (byte 7)"),
        (b"a = " + b"[" * 9999, "backup-badge.toml: is nested too deeply"),
        (b"a = " + b"9" * 5000, "backup-badge.toml: cannot be read: Exceeds"),
        (b"a = 2026-02-30", "backup-badge.toml:1: not valid TOML: Invalid date"),
    ],
)
def test_broken_toml(tmp_path: Path, content: bytes, fault: str) -> None:
    """A file that is no TOML is one fault, with the line where there is one."""
    (tmp_path / "backup-badge.toml").write_bytes(content)
    (told,) = faults(tmp_path)
    assert told.startswith(fault)


def test_a_byte_order_mark(tmp_path: Path) -> None:
    """What some editors write before the first key does not make it another key."""
    (tmp_path / "backup-badge.toml").write_bytes(b"\xef\xbb\xbfmax_age = '1h'\r\n")
    assert read(tmp_path).max_age == timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("missing.toml", "there is no such file"),
        ("a\0b", "cannot be read: embedded null byte"),
        ("a" * 300, "cannot be read: File name too long"),
        ("../docs", "is a directory, not a file"),
        ("pipe", "is not a file"),
        ("/dev/zero", "is not a file"),
        ("dangling", "there is no such file"),
    ],
)
def test_no_file(tmp_path: Path, name: str, what: str) -> None:
    """What is named must be a file: a FIFO or a device would never end."""
    site = tmp_path / "docs"
    site.mkdir()
    os.mkfifo(site / "pipe")
    (site / "dangling").symlink_to("nowhere")
    assert faults(site, config=name) == (f"{name}: {what}",)


@pytest.mark.parametrize("kind", ["directory", "fifo", "dangling"])
def test_no_file_in_its_place(tmp_path: Path, kind: str) -> None:
    """What stands in the place of the configuration and is no file is a fault."""
    path = tmp_path / "backup-badge.toml"
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
    (fault,) = faults(tmp_path)
    assert fault.startswith("backup-badge.toml: ")


@pytest.mark.parametrize(
    ("site", "file"),
    [
        (".", "docs/backup-badge.toml"),
        (".", "docs/source/backup-badge.toml"),
        ("docs", "backup-badge.toml"),
        ("docs/source", "backup-badge.toml"),
        (".", "docs/backup_badge.toml"),
        ("docs", "backup-badge.yml"),
        ("docs", "pyproject.toml"),
    ],
)
def test_a_file_in_the_wrong_place(tmp_path: Path, site: str, file: str) -> None:
    """A configuration that nobody reads is found and named, until one is read."""
    (tmp_path / "docs/source").mkdir(parents=True)
    (tmp_path / "docs" / "pyproject.toml").write_text("")
    (tmp_path / file).write_text("[tool.backup-badge]\n" * ("pyproject" in file))
    (notice,) = read(tmp_path / site, overlay={"max_age": "1h"}).notices
    assert notice.startswith(f"{os.path.relpath(file, site)} is not read: ")
    assert read(tmp_path / site, overlay={"sources": {"a": WEBSITE}}).notices == ()
    named = os.path.relpath(file, site)
    assert read(tmp_path / site, config=named).notices == ()
    assert read(tmp_path / site, "").notices == ()


@pytest.mark.parametrize(
    ("text", "line", "table"),
    [
        (
            "[sources.a]\naddress = 'cloudback:a/b'\nfail_on = ['failed']",
            3,
            "sources.a",
        ),
        ("[sources]\nfail_on = ['failed']", 2, "sources"),
        ("[providers.cloudback]\nfail_on = ['failed']", 2, "providers.cloudback"),
        ("[providers.cloudback]\nfail-on = ['failed']", 2, "providers.cloudback"),
        ("[sources.a.restore]\nfail_on = ['failed']", 2, "sources.a.restore"),
        ("[groups.a]\nfail_on = ['failed']", 2, "groups.a"),
        (
            "[providers.json.states]\nok = 'failed'\nfail_on = ['failed']",
            3,
            "providers.json.states",
        ),
    ],
)
def test_a_setting_below_a_table(
    tmp_path: Path, text: str, line: int, table: str
) -> None:
    """A setting that TOML puts into the table above it is told where it belongs."""
    said = (
        f"backup-badge.toml:{line}: in [{table}] 'fail_on' is a setting:"
        " settings stand at the top, above the first table"
    )
    assert said in faults(tmp_path, text)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("backup_badge.toml", "", "backup_badge.toml is not read: call it"),
        ("Backup-Badge.yaml", "", "is not read: write it in TOML, and call it"),
        (".mkdocs_backup_badge.json", "", "is not read: write it in TOML, and call"),
        (
            "pyproject.toml",
            "[tool.backup_badge]\n",
            "pyproject.toml:1: [tool.backup_badge] is not read: write [tool.backup-",
        ),
        (
            "pyproject.toml",
            "\n[tool.sphinx-backup-badge.sources.a]\n",
            "pyproject.toml:2: [tool.sphinx-backup-badge] is not read",
        ),
        ("pyproject.toml", "[backup-badge]\n", ":1: [backup-badge] is not read"),
    ],
)
def test_another_spelling_of_the_name(
    tmp_path: Path, file: str, text: str, said: str
) -> None:
    """A file or a table whose name is nearly right is named, until one is read."""
    (tmp_path / file).write_text(text)
    (notice,) = read(tmp_path, overlay={"sources": {"a": WEBSITE}}).notices
    assert said in notice
    assert read(tmp_path, "").notices == ()


def test_settings_of_pyproject_below_a_table(tmp_path: Path) -> None:
    """In pyproject.toml settings stand in our table, and so the sentence says."""
    text = "[tool.backup-badge.groups.a]\nfail_on = ['failed']\n"
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"right below \[tool.backup-badge\]"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[orders]\naddress = 'cloudback:a/b'", "[orders] is no table of its own"),
        ("[orders]\naddress = 'cloudback:a/b'", "write [sources.orders]"),
        ("[restic]\ncommand = ['restic']", "write [providers.restic]"),
        ("max_age = 26h", "A text stands in quotes"),
        ("[sources.a]\naddress = restic:latest", "A text stands in quotes"),
        ("max_age: 26h", "In TOML it is written: key ="),
        ('max_age = "26h', "The quotes do not end"),
    ],
)
def test_what_newcomers_write(tmp_path: Path, text: str, said: str) -> None:
    """A table without its kind, and a text without quotes, are told the right form."""
    assert said in faults(tmp_path, text)[0]


def test_the_table_of_pyproject_in_a_file_of_ours(tmp_path: Path) -> None:
    """A configuration copied from pyproject.toml is told to leave its table out."""
    (fault,) = faults(tmp_path, "[tool.backup-badge]\nmax_age = '1d'\n")
    assert "[tool] is a table of pyproject.toml: here settings stand at the" in fault


def test_a_table_of_no_group(tmp_path: Path) -> None:
    """A misspelt group is a fault: its max_age would count for nothing."""
    text = (
        "[groups.databses]\nmax_age = '1h'\n[groups.x]\nlabel = 5\n"
        "[sources.a]\naddress = 'cloudback:a/b'\ngroups = ['databases', 'x']"
    )
    assert faults(tmp_path, text) == (
        "backup-badge.toml:1: in [groups] no source is in the group 'databses'."
        " Did you mean 'databases'?",
        "backup-badge.toml:4: in [groups.x] 'label' must be a text, not 5",
    )


def test_many_faults(tmp_path: Path) -> None:
    """A thousand faults are told at once, each with its line, in no time."""
    table = "[sources.s{0}]\naddress = 'cloudback:a/b'\nlable{0} = 'x'\n"
    begin = time.monotonic()
    told = faults(tmp_path, "".join(table.format(number) for number in range(1000)))
    assert time.monotonic() - begin < 10
    assert len(told) == 1000
    assert told[-1] == (
        "backup-badge.toml:3000: in [sources.s999] 'lable999' is not an option."
        " Did you mean 'label'?"
    )


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        ({"status_file": "https://a.org/s?sig=hunter2"}, "'status_file' has a user"),
        ({"status_file": "https://u:hunter2@a.org/s"}, "'status_file' has a user"),
        (
            {"providers": {"cloudback": {"url": "https://elsewhere.org/${SECRET}"}}},
            "'url' takes a reference only at its beginning",
        ),
        (
            {"providers": {"rackspace": {**TOKEN, "identity_url": "${SECRET}.a.org"}}},
            "'identity_url' takes a reference only at its beginning",
        ),
        (
            {"providers": {"rackspace": {**TOKEN, "tenant": "a${SECRET}"}}},
            "'tenant' must be ${SECRET} alone",
        ),
        (
            {"sources": {"a": {"address": "cloudback:a/${SECRET}"}}},
            "'address' takes no reference such as ${SECRET}",
        ),
        (
            {"sources": {"a": {**WEBSITE, "groups": ["${SECRET}"]}}},
            "'groups' takes no reference such as ${SECRET}",
        ),
        ({"export": "${SECRET}"}, "'export' takes no reference such as ${SECRET}"),
        ({"cache_dir": "${SECRET}"}, "'cache_dir' takes no reference such as"),
        ({"max_age": "${SECRET}"}, "variable SECRET holds no duration"),
        ({"timeout": "${UNSET}"}, "the environment variable UNSET is not set"),
        ({"status_file": "https://[hunter2"}, "'status_file' must be a URL such as"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "backup_badge_"])
def test_references_and_secrets(
    tmp_path: Path, overlay: dict[str, Any], said: str, prefix: str
) -> None:
    """A reference stands only where an option takes one, a secret only as one.

    So nobody who may change the configuration alone sends a variable anywhere.
    """
    host = ConfigSource(
        values=overlay, origin="conf.py", directory=tmp_path, prefix=prefix
    )
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, overlay=host, environ={"SECRET": "hunter2"})
    (fault,) = caught.value.faults
    assert said in fault
    assert "hunter2" not in fault


@pytest.mark.parametrize(
    ("overlay", "fault"),
    [
        ({"providers": 5}, "'providers' must hold tables, [providers.NAME]"),
        ({"groups": 5}, "'groups' must hold tables, [groups.NAME]"),
        ({"providers": [{}]}, "'providers' must hold tables, [providers.NAME]"),
        ({"sources": None}, "'sources' must hold tables, [sources.NAME]"),
        ({"sources": {"a": 1}}, "in [sources] 'a' must be a table, [sources.a]"),
        ({"sources": {" a": WEBSITE}}, "in [sources] ' a' cannot be a name"),
        ({"sources": {"": WEBSITE}}, "in [sources] '' cannot be a name"),
        ({"providers": {"group": {"type": "cloudback"}}}, "in [providers] 'group' can"),
        ({"sources": {"a\nb": WEBSITE}}, "in [sources] 'a\\nb' cannot be a name"),
        ({"sources": {5: {}}}, "in [sources] the source '5' has no 'address'"),
        ({"sources": {"a": {**WEBSITE, 5: 1}}}, "in [sources.a] '5' is not an option."),
        ({"sources": {"a": {"address": 5}}}, "in [sources.a] 'address' must be a text"),
        ({"providers": {None: {"type": "jsn"}}}, "in [providers.None] 'jsn' is not a"),
        ({"providers": {"a": {"type": 5}}}, "in [providers.a] 'type' must be a text"),
        ({5: 5}, "'5' is not an option."),
        ({"max_age": None}, "'max_age' must be a duration"),
        ({"cache_dir": ""}, "'cache_dir' must be a text, not ''"),
        ({"cache_dir": "a\0b"}, "'cache_dir' must not hold control characters"),
        ({"concurrency": 10**9}, "'concurrency' must be a whole number from 1 to"),
        ({"deadline": "9999999d"}, "'deadline' must be a hundred years at most"),
    ],
)
def test_odd_types(tmp_path: Path, overlay: dict[Any, Any], fault: str) -> None:
    """What YAML and Python hold and TOML doesn't is one fault, in its place."""
    (told,) = faults(tmp_path, overlay=overlay)
    assert told.startswith(f"mkdocs.yml: {fault}")


def test_values_within_themselves(tmp_path: Path) -> None:
    """A list or a table that holds itself, as YAML can write it, is one fault."""
    names: list[object] = []
    names.append(names)
    table: dict[str, object] = {}
    table["a"] = table
    for overlay in (
        {"sources": {"a": {**WEBSITE, "groups": names}}},
        {"sources": table},
        {"max_age": names},
        {"cache_dir": table},
    ):
        assert faults(tmp_path, overlay=overlay)


def test_names_that_are_no_texts(tmp_path: Path) -> None:
    """A number that YAML made of a name is the name again."""
    settings = read(tmp_path, overlay={"sources": {2024: WEBSITE}})
    assert settings.sources["2024"].name == "2024"


def test_wrong_tables_over_right_ones(tmp_path: Path) -> None:
    """A host's table that is none replaces the file's and is the fault."""
    for overlay in ({"providers": 5}, {"providers": {"rackspace": 5}}):
        told = faults(tmp_path, DESIGN, overlay=overlay)
        assert told[0].startswith("mkdocs.yml: ")
    assert read(tmp_path, "providers = 5", overlay={"providers": {}}).providers == {}
    (told,) = faults(tmp_path, "providers = 5", overlay={"providers": {"jsn": {}}})
    assert told.startswith("mkdocs.yml: in [providers.jsn] 'jsn' is not a backup")


def _known_keys() -> list[str]:
    tables = (*SOURCE_OPTIONS, *GROUP_OPTIONS, *PROVIDER_OPTIONS)
    declared = (*OPTIONS, *tables, *find_provider("rackspace").options())
    return [*OURS, *TABLES, *(option.name for option in declared)]


keys = st.sampled_from(_known_keys()) | st.text(max_size=3) | st.integers() | st.none()
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    # What comes close to being right finds more than what is far from it.
    | st.sampled_from(["1h", "failed", "rackspace", "${A}", "cloudback:a/b", "a:b/c"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(overlay=st.dictionaries(keys, values, max_size=4), below=values)
@example(overlay={"providers": {}}, below={"providers": 5})
def test_junk(
    tmp_path_factory: pytest.TempPathFactory, overlay: dict[Any, Any], below: object
) -> None:
    """Whatever a host says over whatever file: settings, or a ConfigurationError."""
    directory = tmp_path_factory.getbasetemp()
    if isinstance(below, dict):
        overlay = {**below, **overlay}
    try:
        read(directory, overlay=overlay)
    except ConfigurationError as error:
        assert all(fault.startswith("mkdocs.yml: ") for fault in error.faults)


@given(content=st.binary(max_size=30) | st.text("[]=.\"'a1 \n#{}", max_size=30))
def test_junk_files(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    """Whatever the file holds: settings, or faults that name the file."""
    directory = tmp_path_factory.getbasetemp() / "junk"
    directory.mkdir(exist_ok=True)
    content = content.encode() if isinstance(content, str) else content
    (directory / "backup-badge.toml").write_bytes(content)
    try:
        load(directory, environ={})
    except ConfigurationError as error:
        assert all(fault.startswith("backup-badge.toml") for fault in error.faults)


# Files and commands of providers

JSON_FILES = """
[providers.dumps]
type = "json"
file = "state/dumps.json"
finished = "at"

[providers.web]
type = "json"
url = "https://example.org"
ca_file = "ca.pem"
finished = "at"

[sources.orders]
address = "dumps:document"

[sources.shop]
address = "json:document"
file = "shop.json"
finished = "at"
"""


def test_files_of_providers(tmp_path: Path) -> None:
    """A relative path is relative to the file that names it, and is watched."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "backup-badge.toml").write_text(JSON_FILES)
    settings = read(
        tmp_path,
        config="below/backup-badge.toml",
        overlay={
            "sources": {
                "own": {"address": "json:document", "file": " a.json ", "finished": "a"}
            }
        },
    )
    below = tmp_path / "below"
    files = [below / "state/dumps.json", below / "ca.pem", below / "shop.json"]
    assert settings.providers["dumps"].options["file"] == files[0]
    assert settings.providers["web"].options["ca_file"] == files[1]
    assert settings.sources["shop"].options["file"] == files[2]
    assert settings.sources["own"].options["file"] == tmp_path / "a.json"
    assert {*files, tmp_path / "a.json"} < set(settings.files)


COMMAND = """
[providers.tool]
type = "json"
command = ["tool", "--json"]
finished = "at"

[sources.orders]
address = "json:document"
command = ["tool", "--json"]
finished = "at"
"""


@pytest.mark.skipif(os.name != "posix", reason="files have owners")
def test_commands_of_other_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command is refused where its file is another's than the builder's or root's."""
    path = tmp_path / "backup-badge.toml"
    path.write_text(COMMAND)
    assert set(load(tmp_path, environ={}).sources) == {"orders"}
    if os.geteuid() == 0:
        os.chown(path, 4711, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, environ={})
    for fault, table in zip(
        caught.value.faults, ("providers.tool", "sources.orders"), strict=True
    ):
        assert f"in [{table}] 'command' is not run: this file belongs to" in fault
    # What names no command may be anybody's.
    path.write_text("[sources.orders]\naddress = 'cloudback:acme/website'\n")
    assert set(load(tmp_path, environ={}).sources) == {"orders"}


@pytest.mark.parametrize(
    ("options", "is_right"),
    [
        ('url = "http://prometheus.example.org:9090"', True),
        ('url = "http://127.0.0.1:9090"\ntoken = "${TOKEN}"', True),
        ('url = "https://prometheus.example.org"\ntoken = "${TOKEN}"', True),
        ('url = "${URL}"\ntoken = "${TOKEN}"', True),
        ('url = "http://prometheus.example.org:9090"\ntoken = "${TOKEN}"', False),
        (
            'url = "http://prometheus.example.org"\nusername = "me"\n'
            'password = "${TOKEN}"',
            False,
        ),
    ],
)
def test_plain_http(tmp_path: Path, options: str, is_right: bool) -> None:
    """Plain http goes to another machine only where no credential goes with it."""
    text = f'[providers.prometheus]\nfinished = "last"\n{options}\n'
    if is_right:
        assert set(read(tmp_path, text).providers) == {"prometheus"}
        return
    (fault,) = faults(tmp_path, text)
    assert "must use https: a credential goes over plain http to loopback" in fault
    # At a source, too.
    text = f'[sources.orders]\naddress = "json:document"\nfinished = "a"\n{options}\n'
    if "username" not in options:
        (fault,) = faults(tmp_path, text)
        assert "must use https: a credential goes over plain http to" in fault
