"""The JSON Schema of the status file: what it takes, and what it refuses."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cloud import Cloud
from command import run
from world import environ, furnish

from backup_badge.ask.status_file import parse_status_file
from backup_badge.documents.records import SCHEMA, to_document
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import unresolved

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

DOCS = Path(__file__).parents[2] / "docs"
FORM = json.loads((DOCS / "reference" / "backup-status.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(FORM)
ENTRY = {"address": "cloudback:acme/website", "reported_state": "succeeded"}

WEBSITE = Source(
    name="website", address=parse_address("cloudback:acme/website"), label="Website"
)


def document(**fields: Any) -> dict[str, Any]:
    """A document with one entry, which has these fields too."""
    return {"schema": 1, "sources": {"website": {**ENTRY, **fields}}}


def faults(what: object) -> list[str]:
    """Return the paths of all that the schema finds wrong."""
    return [error.json_path for error in VALIDATOR.iter_errors(what)]


def test_it_is_a_schema() -> None:
    """It keeps the rules of its own version, and has the words of the code."""
    jsonschema.Draft202012Validator.check_schema(FORM)
    definitions = FORM["$defs"]
    assert FORM["properties"]["schema"]["const"] == SCHEMA
    assert definitions["state"]["enum"] == list(State)
    assert definitions["problem"]["properties"]["category"]["enum"] == list(Category)


@pytest.fixture
def here(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the configuration of the documentation, whose systems answer."""
    furnish(cloud)
    text = (DOCS / "backup-badge.toml").read_text()
    # A restore test that never ran.
    text += '\n[sources.ledger.restore]\naddress = "json:document"\n'
    text += 'preset = "drill"\nfile = "x.json"\n'
    (tmp_path / "backup-badge.toml").write_text(text)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text('<< backup_badge("cloudback:a/b") >>')
    for name, value in environ(cloud).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_the_product_writes_is_valid(here: Path) -> None:
    """Its documents are valid, and hold restore tests, problems and findings."""
    written = [
        json.loads(run("status", "--format", "json").out),
        json.loads(run("check", "--format", "json").out),
        json.loads(run("check", "--format", "json", "--pages", "docs").out),
    ]
    assert run("export", "backup").code == 0
    written.append(json.loads((here / "backup" / "backup-status.json").read_text()))
    assert [faults(what) for what in written] == [[]] * 4
    sources = written[0]["sources"]
    assert sources["orders-db"]["restore"]["state"] == "succeeded"
    assert sources["ledger"]["restore"]["problem"]["detail"]
    assert 1 in [finding["line"] for finding in written[2]["findings"]]
    assert written[3]["files"] and "'detail':" not in str(written[3])


def test_what_nobody_knows_is_valid() -> None:
    """A source that a page names and no configuration has no address."""
    lost = Source(name="lost", address=None, label="lost")
    problem = Problem(category=Category.UNKNOWN_SOURCE, message="there is none")
    statuses = {lost: unresolved(problem)}
    assert faults(to_document(statuses, generated=datetime.now(UTC))) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"finished": "2026-11-21T02:13:00Z", "details": {"bytes": 127_000_000}},
        {"finished": "2026-11-21T02:13", "started": "2026-11-21T02:00:00.5+01:00"},
        {"restore": ENTRY, "label": None, "details": None},
        {"problem": {"category": "timeout", "message": "no answer came"}},
    ],
    ids=str,
)
def test_what_is_written_by_hand_is_valid(fields: dict[str, Any]) -> None:
    """An address and a reported state are enough, and a build reads what is valid."""
    what = {"$schema": "backup-status.schema.json", **document(**fields)}
    assert faults(what) == []
    file = parse_status_file(json.dumps(what).encode(), location="s.json")
    status = file.status(WEBSITE)
    assert (status.reported, file.generated) == (State.SUCCEEDED, None)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"reported_state": "good"}, ".reported_state"),
        ({"reported_state": None}, ".reported_state"),
        ({"finished": "yesterday"}, ".finished"),
        ({"finished": 1_764_000_000}, ".finished"),
        ({"finshed": "2026-11-21T02:13:00Z"}, ""),
        ({"restore": {"address": "cloudback:acme/website"}}, ".restore"),
        ({"problem": {"category": "sad", "message": "x"}}, ".problem"),
        ({"details": {"restorable": "yes"}}, ".details"),
        ({"details": {"files": -1}}, ".details"),
        ({"address": 5}, ".address"),
    ],
    ids=str,
)
def test_what_is_wrong_is_refused(fields: dict[str, Any], where: str) -> None:
    """A wrong word, time or key is found, with its place."""
    assert faults(document(**fields)) == [f"$.sources.website{where}"]


@pytest.mark.parametrize("key", ["schema", "sources", "address", "reported_state"])
def test_what_is_needed(key: str) -> None:
    """A document without one of its necessary keys is refused."""
    what = copy.deepcopy(document())
    what.pop(key, None)
    what["sources"]["website"].pop(key, None) if "sources" in what else None
    (fault,) = VALIDATOR.iter_errors(what)
    assert re.search(rf"'{key}' is a required property", fault.message)
