"""Exported files: their names, what they hold, and what they never replace."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.export import export_statuses, file_names, generation_time
from backup_badge.render.svg import render_badge
from backup_badge.values.mark import BadgeMark
from backup_badge.values.problem import Category, Problem, UsageError
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Status, unresolved
from backup_badge.view.badge import describe

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
OURS = {
    "backup-status.json",
    "index.html",
    "backup-badge.css",
    "backup-badge.js",
    "backup-table.js",
}

# As Shields documents it (shields.io/badges/endpoint-badge); its server refuses keys
# that it does not know.
ENDPOINT = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
        "labelColor": {"type": "string"},
        "isError": {"type": "boolean"},
        "style": {"type": "string"},
        "cacheSeconds": {"type": "integer", "minimum": 0},
    },
}
TYPES: Mapping[str, type] = {
    "object": dict,
    "string": str,
    "boolean": bool,
    "integer": int,
}


def validate(schema: Mapping[str, Any], value: Any) -> None:
    """Hold a value against a JSON schema, as far as the one above goes."""
    assert value == schema.get("const", value)
    assert isinstance(value, TYPES.get(schema.get("type", ""), object))
    assert re.search(schema.get("pattern", ""), str(value))
    assert not isinstance(value, str) or len(value) >= schema.get("minLength", 0)
    if schema.get("type") == "object":
        assert set(schema["required"]) <= set(value) <= set(schema["properties"])
        for key, held in value.items():
            validate(schema["properties"][key], held)


def source(name: str, **fields: Any) -> Source:
    """A source of this name, with the name for a label."""
    address = parse_address("cloudback:acme/website")
    return Source(**{"name": name, "address": address, "label": name, **fields})


def status(state: State) -> Status:
    """A status in a state, which was reported."""
    return Status(reported=state, state=state, finished=NOW, checked=NOW)


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("orders-db", "orders-db"),
        ("Orders_v1.2~x", "Orders_v1.2~x"),
        ("a/b", "a%2Fb"),
        ("..", "%2E."),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
        (".hidden", "%2Ehidden"),
        ("a\\b:c*?", "a%5Cb%3Ac%2A%3F"),
        ("100%", "100%25"),
        ("%2E", "%252E"),
        ("trailing ", "trailing%20"),
        ("Größe", "Gr%C3%B6%C3%9Fe"),
        ("con", "%63on"),
        ("LPT1.x", "%4CPT1.x"),
        ("console", "console"),
        ("backup-status", "%62ackup-status"),
        ("Backup-Status", "%42ackup-Status"),
        ("backup-badge", "backup-badge"),
        ("index", "index"),
        ("cloudback:github/a/repository/b", "cloudback%3Agithub%2Fa%2Frepository%2Fb"),
    ],
)
def test_file_name(name: str, file_name: str) -> None:
    """What is not safe everywhere is percent-encoded, and what is safe stays."""
    assert file_names([name]) == {name: file_name}


def test_file_names_that_differ_in_case() -> None:
    """Only where two would be one file on some systems are capitals encoded."""
    assert file_names(["Web", "db", "web", "Äß", "äß"]) == {
        "Web": "%57eb",
        "db": "db",
        "web": "web",
        "Äß": "%C3%84%C3%9F",
        "äß": "%C3%A4%C3%9F",
    }


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), unique=True))
def test_file_names_are_safe_and_differ(names: list[str]) -> None:
    """Each is one plain component, and no two sources share one on any system."""
    found = list(file_names(names).values())
    assert len({name.lower() for name in found}) == len(names)
    for name in found:
        assert re.fullmatch(r"[A-Za-z0-9_~%-][A-Za-z0-9_.~%-]*", name)
        assert len(name) < 230


def test_long_file_names() -> None:
    """Names too long for a file system are cut, and differ all the same."""
    names = ["ä" * 300, "ä" * 300 + "x", "ä" * 20]
    one, other, short = file_names(names).values()
    assert one != other
    assert max(len(one), len(other)) < 230
    assert short == "%C3%A4" * 20


@pytest.mark.parametrize("state", State)
def test_what_is_exported_of_a_source(tmp_path: Path, state: State) -> None:
    """A picture and a document for Shields say the same in the same colour."""
    label = 'Orders "&" <db>'
    statuses = {source("orders", label=label): status(state)}
    export_statuses(statuses, tmp_path, generated=NOW)
    picture = (tmp_path / "orders.svg").read_text(encoding="utf-8")
    (badge,) = (
        describe(BadgeMark(target=named.name), {named: known})
        for named, known in statuses.items()
    )
    assert picture == render_badge(badge)
    assert fromstring(picture).get("aria-label").startswith(label)
    document = json.loads((tmp_path / "orders.json").read_bytes())
    validate(ENDPOINT, document)
    assert (document["label"], document["message"]) == (label, state.message)
    assert f'fill="{document["color"]}"' in picture
    # Who shows a badge of Shields may choose its colour, unless it is an error.
    assert document["isError"] is not state.is_good


def test_the_files(tmp_path: Path) -> None:
    """There are two for each source and five of our own, all below the directory."""
    names = ["orders", "../orders", "Orders", "backup-status", "/etc/passwd"]
    statuses = {source(name): status(State.SUCCEEDED) for name in names}
    directory = tmp_path / "public" / "backup"
    paths = export_statuses(statuses, directory, generated=NOW)
    assert len(paths) == len(set(paths)) == 15
    assert sorted(paths) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    assert {path.parent for path in paths} == {directory}
    assert {path.name for path in paths} > OURS
    assert paths[-1].name == "backup-status.json"
    document = json.loads(paths[-1].read_bytes())
    assert list(document["sources"]) == names
    assert document["generated"] == "2026-11-21T04:00:00Z"


def test_the_page(tmp_path: Path) -> None:
    """It holds the table; what it needs is beside it, and nothing is inline."""
    label = "<script>alert(1)</script>"
    statuses = {
        source("a", label=label): status(State.FAILED),
        source("b"): unresolved(
            Problem(category=Category.TIMEOUT, message="<b>too late</b>")
        ),
    }
    export_statuses(statuses, tmp_path, generated=NOW)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert '<link rel="stylesheet" href="backup-badge.css">' in page
    assert re.findall("<script[^>]*>", page) == [
        '<script defer src="backup-table.js">',
        '<script defer src="backup-badge.js" data-status="backup-status.json">',
    ]
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=|<b>", page)
    assert "2 sources: 1 failed, 1 unknown" in page
    assert page.count('scope="row"') == 2
    assert (tmp_path / "backup-badge.css").read_text(encoding="utf-8")
    for link in re.findall(r'(?:href|src)="([^"]*)"', page):
        assert (tmp_path / link).is_file()


def test_the_same_statuses_make_the_same_bytes(tmp_path: Path) -> None:
    """Exporting again changes nothing, and another time only the status file."""

    def exported(directory: str, generated: datetime) -> dict[str, bytes]:
        statuses = {source(name): status(State.FAILED) for name in ("b", "a")}
        paths = export_statuses(statuses, tmp_path / directory, generated=generated)
        return {path.name: path.read_bytes() for path in paths}

    first = exported("one", NOW)
    assert exported("one", NOW) == exported("two", NOW) == first
    later = exported("two", NOW + timedelta(hours=1))
    assert {name for name in first if first[name] != later[name]} == {
        "backup-status.json"
    }


def test_nothing_is_no_reason_to_replace_anything(tmp_path: Path) -> None:
    """Without any statuses a good file stays, and no directory is made."""
    export_statuses({source("a"): status(State.FAILED)}, tmp_path, generated=NOW)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert export_statuses({}, tmp_path, generated=NOW) == []
    assert export_statuses({}, tmp_path / "new", generated=NOW) == []
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_files_are_replaced_in_one_step(tmp_path: Path) -> None:
    """Who reads a file meanwhile reads it whole; nothing else is left beside it."""
    one = {source("a"): status(State.FAILED)}
    paths = export_statuses(one, tmp_path, generated=NOW)
    readers = [path.open("rb") for path in paths]
    before = [path.read_bytes() for path in paths]
    export_statuses({source("a"): status(State.SUCCEEDED)}, tmp_path, generated=NOW)
    assert [reader.read() for reader in readers] == before
    for reader in readers:
        reader.close()
    assert sorted(tmp_path.iterdir()) == sorted(paths)


ONE = {source("a"): status(State.FAILED)}
OTHERS = {
    "a page": ("index.html", "<h1>Mine</h1>"),
    "a picture": ("a.svg", "<svg/>"),
    "an endpoint": ("a.json", '{"schemaVersion": 1, "label": "a", "message": "b"}'),
    "a script": ("backup-badge.js", "mine()"),
    "a status file": ("backup-status.json", '{"schema": 1, "sources": {}}'),
    "no status file": ("backup-status.json", "["),
    "no list of files": ("backup-status.json", '{"schema": 1, "files": 7}'),
}


@pytest.mark.parametrize(("name", "content"), OTHERS.values(), ids=OTHERS)
def test_what_others_wrote_stays(tmp_path: Path, name: str, content: str) -> None:
    """A file that no export wrote is named, and nothing at all is written."""
    (tmp_path / name).write_text(content)
    with pytest.raises(UsageError, match=f"no export wrote: {re.escape(name)}"):
        export_statuses(ONE, tmp_path, generated=NOW)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == content


def test_all_that_is_in_the_way_is_named(tmp_path: Path) -> None:
    """Also what is no file: a link is not followed, a pipe is not read."""
    outside = tmp_path / "outside"
    outside.write_text("mine")
    public = tmp_path / "public"
    (public / "index.html").mkdir(parents=True)
    (public / "a.svg").symlink_to(outside)
    os.mkfifo(public / "a.json")
    with pytest.raises(UsageError, match=r"wrote: a\.json, a\.svg, index\.html\."):
        export_statuses(ONE, public, generated=NOW)
    assert outside.read_text() == "mine"


def test_what_was_changed_since_stays(tmp_path: Path) -> None:
    """A file of an export that somebody edited is theirs; the others are replaced."""
    export_statuses(ONE, tmp_path, generated=NOW)
    export_statuses({source("b"): status(State.FAILED)}, tmp_path, generated=NOW)
    export_statuses({source("a"): status(State.SKIPPED)}, tmp_path, generated=NOW)
    page = tmp_path / "index.html"
    page.write_text(page.read_text() + "<!-- mine -->")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UsageError, match=r"a file that no export wrote: index\.html\."):
        export_statuses(ONE, tmp_path, generated=NOW)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("written", range(9))
def test_an_export_that_was_cut_short(tmp_path: Path, written: int) -> None:
    """Whatever an export that was killed had written, the next one goes on."""
    old, new = tmp_path / "old", tmp_path / "new"
    export_statuses(ONE, old, generated=NOW)
    export_statuses(ONE, new, generated=NOW)
    news = {source("a"): status(State.SUCCEEDED), source("b"): status(State.FAILED)}
    # What comes first is in place; what comes later is as it was.
    order = [path.name for path in export_statuses(news, new, generated=NOW)]
    done = order[: written + 1]
    status_file = json.loads((old / "backup-status.json").read_bytes())
    latest = json.loads((new / "backup-status.json").read_bytes())["files"]
    for name, digests in latest.items():
        known = status_file["files"].get(name, [])
        status_file["files"][name] = [*known, *digests]
    (old / "backup-status.json").write_text(json.dumps(status_file))
    for name in done:
        if name != "backup-status.json":
            (old / name).write_bytes((new / name).read_bytes())
    export_statuses(news, old, generated=NOW)
    for name in order:
        assert (old / name).read_bytes() == (new / name).read_bytes()


@pytest.mark.parametrize(
    ("link", "published"),
    [
        ("https://example.org/orders", "https://example.org/orders"),
        ("mailto:dba@example.org", "mailto:dba@example.org"),
        ("runbooks/orders.md", None),
        ("/runbooks/orders", None),
        ("//example.org/x", None),
    ],
)
def test_links(tmp_path: Path, link: str, published: str | None) -> None:
    """A link that is right on another page alone is left out."""
    known = {source("a", link=link): status(State.FAILED)}
    export_statuses(known, tmp_path, generated=NOW)
    document = json.loads((tmp_path / "backup-status.json").read_bytes())
    assert document["sources"]["a"]["link"] == published
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (f'href="{link}"' in page) is (published is not None)


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (None, NOW),
        ("", NOW),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1795233600", datetime(2026, 11, 21, 4, 0, tzinfo=UTC)),
    ],
)
def test_generation_time(epoch: str | None, expected: datetime) -> None:
    """SOURCE_DATE_EPOCH is the time that files bear, where it is set."""
    environ = {} if epoch is None else {"SOURCE_DATE_EPOCH": epoch}
    assert generation_time(NOW, environ) == expected


@pytest.mark.parametrize("epoch", ["x", "1.5", "9" * 30])
def test_no_generation_time(epoch: str) -> None:
    """An epoch that is no number of seconds is a mistake."""
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH must be a number"):
        generation_time(NOW, {"SOURCE_DATE_EPOCH": epoch})
