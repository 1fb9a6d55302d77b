"""Kopia: sources of a server, snapshots of a list. From its server's source."""

from __future__ import annotations

import json
import ssl
import sys
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from loopback import Answer, HttpService, Request, json_answer
from real_access import RealAsker

from backup_badge.provider import Category, State
from backup_badge.providers.kopia import Kopia
from backup_badge.testing import NOW, Case, Check, Said, checks

SERVER = {
    "url": "https://kopia.example.org",
    "username": "server-control",
    "password": "${KEY}",
}
FILE = {"file": "snapshots.json"}
COMMAND = {"command": ["kopia", "snapshot", "list", "--all", "--json"]}
LIST = "/api/v1/control/sources"


def source(path: str = "/srv/orders", host: str = "db1.example") -> dict[str, Any]:
    return {"host": host, "userName": "backup", "path": path}


def snapshot(day: int = 28, *, failed: Any = 0, **told: Any) -> dict[str, Any]:
    ignored = told.pop("ignored", 0)
    summary = {"size": 296536447, "files": 4024, "dirs": 3, "numFailed": failed}
    return {
        "id": f"k{day}",
        "source": source(),
        "description": "",
        "startTime": f"2026-11-{day}T02:00:00.123456789Z",
        "endTime": f"2026-11-{day}T03:00:00.123456789Z",
        "stats": {"totalSize": 1, "errorCount": failed, "ignoredErrorCount": ignored},
        "rootEntry": {"name": "orders", "type": "d", "summ": summary},
        **told,
    }


def status(word: object, last: Any = None, **told: Any) -> dict[str, Any]:
    return {
        "source": source(),
        "status": word,
        "schedule": {"timeOfDay": [{"hour": 2, "min": 0}]},
        "nextSnapshotTime": "2026-11-29T02:00:00Z",
        **({"lastSnapshot": last} if last else {}),
        **told,
    }


def served(name: str, state: State, *sources: Any, **more: Any) -> Case:
    told: dict[str, Any] = {
        "address": "path/srv/orders",
        "options": SERVER,
        "answers": {LIST: {"multiUser": True, "sources": list(sources)}},
    }
    return Case(name=name, state=state, **{**told, **more})


def listed(name: str, state: State, *snapshots: Any, **more: Any) -> Case:
    told: dict[str, Any] = {"options": FILE, "answers": {"file": list(snapshots)}}
    return served(f"a list: {name}", state, **{**told, **more})


LAST = datetime(2026, 11, 28, 3, 0, 0, 123456, tzinfo=UTC)
NEXT = datetime(2026, 11, 29, 2, tzinfo=UTC)
PATH = {"address": "user/backup/host/db1.example/path/srv/orders"}
OTHER = source("/srv/wiki")
CASES = (
    served(
        "idle after a good snapshot",
        State.SUCCEEDED,
        status("IDLE", snapshot()),
        told={
            "native": "success",
            "finished": LAST,
            "last_success": LAST,
            "next_run": NEXT,
            "files": 4024,
            "bytes": 296536447,
        },
    ),
    served("of another host", State.SUCCEEDED, status("REMOTE", snapshot()), **PATH),
    served(
        "old",
        State.OVERDUE,
        status("IDLE", snapshot(20)),
        max_age=timedelta(hours=26),
    ),
    served("idle, and never ran", State.UNKNOWN, status("IDLE")),
    served(
        "idle after files were left out",
        State.COMPLETED_WITH_ERRORS,
        status("IDLE", snapshot(ignored=2)),
        told={"native": "warnings", "errors": 2, "last_success": None},
    ),
    served(
        "idle after a failure",
        State.FAILED,
        status("IDLE", snapshot(failed=1)),
        told={"native": "fatal", "errors": 1},
    ),
    served(
        "failed",
        State.FAILED,
        status("FAILED", snapshot()),
        told={"native": "FAILED", "last_success": LAST, "finished": None},
    ),
    served(
        "paused",
        State.STOPPED,
        status("PAUSED", snapshot()),
        told={"native": "PAUSED", "last_success": LAST},
    ),
    served(
        "under way",
        State.IN_PROGRESS,
        status("UPLOADING", snapshot(), upload={"hashedFiles": 3}),
        told={"native": "UPLOADING", "last_success": LAST},
    ),
    served(
        "under way since its first part was kept, for too long",
        State.OVERDUE,
        status("UPLOADING", snapshot(20, incomplete="checkpoint")),
        told={"started": datetime(2026, 11, 20, 2, 0, 0, 123456, tzinfo=UTC)},
        max_age=timedelta(hours=26),
    ),
    served(
        "waiting",
        State.SCHEDULED,
        status("PENDING", snapshot()),
        told={"native": "PENDING", "last_success": LAST},
    ),
    served(
        "waiting for too long",
        State.OVERDUE,
        status("PENDING", snapshot(20)),
        max_age=timedelta(hours=26),
    ),
    served(
        "a new word",
        State.UNKNOWN,
        status("PONDERING", snapshot()),
        told={"native": "PONDERING"},
        category=Category.INVALID_RESPONSE,
    ),
    served(
        "a snapshot that does not tell how it went",
        State.UNKNOWN,
        status("IDLE", {"startTime": "2026-11-28T02:00:00Z", "stats": {}}),
        category=Category.INVALID_RESPONSE,
    ),
    served(
        "failures that are no number",
        State.UNKNOWN,
        status("IDLE", snapshot(failed="none")),
        category=Category.INVALID_RESPONSE,
    ),
    served(
        "a single file has no summary",
        State.SUCCEEDED,
        status("IDLE", snapshot(rootEntry={"name": "dump", "type": "f"})),
        told={"bytes": None},
    ),
    served("no source", State.UNKNOWN, category=Category.NOT_FOUND),
    served(
        "a bad entry costs the others nothing",
        State.SUCCEEDED,
        None,
        {"source": "junk", "status": 7},
        {"source": OTHER, "status": []},
        status("IDLE", snapshot()),
    ),
    served(
        "two hosts with the path",
        State.UNKNOWN,
        status("IDLE", snapshot()),
        status("IDLE", snapshot(), source=source(host="db2.example")),
        category=Category.NOT_FOUND,
    ),
    served(
        "one of two hosts",
        State.FAILED,
        status("IDLE", snapshot()),
        status("FAILED", source=source(host="db2.example")),
        address="host/db2.example/path/srv/orders",
    ),
    listed(
        "the newest by time",
        State.SUCCEEDED,
        snapshot(),
        snapshot(27, failed=1),
        snapshot(28, source=OTHER, failed=1),
        told={"native": "success", "last_success": LAST},
    ),
    listed(
        "a failure after a success",
        State.FAILED,
        snapshot(27),
        snapshot(failed=2),
        told={"last_success": LAST.replace(day=27), "errors": 2},
    ),
    *(
        listed(
            word,
            State.COMPLETED_WITH_ERRORS,
            snapshot(27),
            snapshot(incomplete=word),
            told={
                "native": word,
                "last_success": LAST.replace(day=27),
                "reason": "the snapshot is incomplete",
            },
        )
        for word in ("checkpoint", "canceled", "limit reached")
    ),
    listed(
        "incomplete for a new reason",
        State.UNKNOWN,
        snapshot(incomplete="eclipse"),
        told={"native": "eclipse"},
        category=Category.INVALID_RESPONSE,
    ),
    listed(
        "incomplete, and with failures",
        State.FAILED,
        snapshot(incomplete="canceled", failed=1),
    ),
    listed("empty", State.UNKNOWN),
    listed(
        "another path only",
        State.UNKNOWN,
        snapshot(source=OTHER),
        category=Category.NOT_FOUND,
    ),
    listed(
        "a time without a zone",
        State.UNKNOWN,
        snapshot(endTime="2026-11-28T03:00:00"),
        category=Category.INVALID_RESPONSE,
    ),
    served(
        "printed by the command",
        State.SUCCEEDED,
        options=COMMAND,
        answers={"command": [snapshot()]},
    ),
    *(
        served(
            f"the command fails: {category}",
            State.UNKNOWN,
            options=COMMAND,
            answers={"command": Said(body="", code=1, errors=f"ERROR {errors}")},
            category=category,
        )
        for errors, category in (
            ("open repository: repository is not connected", Category.NOT_FOUND),
            ("invalid repository password", Category.UNAUTHORIZED),
            ("something else", Category.INVALID_RESPONSE),
        )
    ),
)


@pytest.mark.parametrize("one", checks(Kopia, CASES), ids=str)
def test_kopia(one: Check) -> None:
    """Words and counts come to states; the kit holds what every provider must."""
    one()


class Service(HttpService):
    """A Kopia server with a certificate of its own; its control password is known."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        pair = b64encode(b"server-control:s3cret").decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return Answer(status=401)
        if request.path != LIST:
            return json_answer({"code": "NOT_FOUND"}, status=404)
        sources = [
            status("IDLE", snapshot()),
            status("PAUSED", snapshot(), source=OTHER),
        ]
        return json_answer({"localHost": "db1.example", "sources": sources})


def test_over_http(tmp_path: Path, authority: trustme.CA) -> None:
    """A server that signed its own certificate is trusted by ``ca_file``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca_file = tmp_path / "kopia.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    with Service(context) as service:
        given = {**SERVER, "url": service.url, "ca_file": str(ca_file)}
        asker = RealAsker(Kopia, given, at=NOW, environ={"KEY": "s3cret"})
        assert asker.status("path/srv/orders").state is State.SUCCEEDED
        assert asker.status("path/srv/wiki").state is State.STOPPED
        assert len(service.requests) == 1
        wrong = RealAsker(Kopia, given, at=NOW, environ={"KEY": "wrong"})
        refused = wrong.status("path/srv/orders").problem
    assert refused is not None and refused.category is Category.UNAUTHORIZED


PRINTS = "import sys; print(open(sys.argv[1]).read())"
FAILS = "import sys; sys.exit('ERROR open repository: repository is not connected')"


def test_by_file_and_command(tmp_path: Path) -> None:
    """A file and a command are read alike; a command that fails says what to do."""
    file = tmp_path / "snapshots.json"
    file.write_text(json.dumps([snapshot(), snapshot(27, failed=1)]))
    command = [sys.executable, "-c", PRINTS, str(file)]
    for given in ({"file": str(file)}, {"command": command}):
        asker = RealAsker(Kopia, given, at=NOW)
        assert asker.status("path/srv/orders").state is State.SUCCEEDED
    failing = RealAsker(Kopia, {"command": [sys.executable, "-c", FAILS]}, at=NOW)
    problem = failing.status("path/srv/orders").problem
    assert problem is not None
    assert problem.category is Category.NOT_FOUND
    assert "kopia repository connect" in problem.message
