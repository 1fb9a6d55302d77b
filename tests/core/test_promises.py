"""A credential goes to the configured origin alone, and into nothing that is kept."""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import faults
import pytest
from asking import ask, client
from click.testing import CliRunner
from cloud import Cloud
from faults import Faulty
from loopback import Answer, HttpService, Request

from backup_badge import (
    ConfigurationError,
    Settings,
    Site,
    UsageError,
    badge_mark,
    load,
    table_mark,
)
from backup_badge.cli import main
from backup_badge.markup.mark_options import BADGE_OPTIONS, TABLE_OPTIONS
from backup_badge.render.html import render_badge, render_table
from backup_badge.values.problem import Category, Problem, ProblemError

pytestmark = pytest.mark.slow

TOKEN = "MarkerOfTheToken7f3a91c5"
API_KEY = "MarkerOfTheApiKey2b8e64d0"
ISSUED = "MarkerOfTheIssuedToken95c1"
MARKERS = (TOKEN, API_KEY, ISSUED)
SECRETS = {"THE_TOKEN": TOKEN, "THE_KEY": API_KEY}

CONFIGURATION = """
timeout = "0.5s"
deadline = "0.5s"

[providers.cloudback]
url = "{url}"

[providers.rackspace]
url = "{url}"
tenant = "123456"
token = "${{THE_TOKEN}}"

[providers.archive]
type = "rackspace"
region = "iad"
username = "demo"
api_key = "${{THE_KEY}}"
identity_url = "{url}/identity/v2.0"

[sources.website]
address = "cloudback:acme/website"

[sources.orders]
address = "rackspace:backup/orders"

[sources.nightly]
address = "rackspace:configuration/nightly"

[sources.old]
address = "archive:backup/orders"

[sources.older]
address = "archive:configuration/nightly"
"""


def leaks(said: object) -> list[str]:
    """Return the secrets that are in what was said, in the clear or thinly veiled."""
    content = said if isinstance(said, bytes) else str(said).encode()
    return [
        marker
        for marker in MARKERS
        for veiled in (
            marker.encode(),
            base64.b64encode(marker.encode())[:-4],
            marker.encode().hex().encode(),
            hashlib.sha256(marker.encode()).hexdigest().encode(),
            hashlib.md5(marker.encode()).hexdigest().encode(),
        )
        if veiled in content
    ]


class Echo(HttpService):
    """A service that lets accounts in, and then sends back all that it was sent."""

    def __init__(self, code: int, *, looks: bool = False) -> None:
        super().__init__()
        self.code, self.looks = code, looks
        self.seen = b""
        self.shapes = ""

    def answer(self, request: Request) -> Answer:
        sent = {"headers": dict(request.headers), "body": request.body.decode()}
        echo = json.dumps({"message": sent, "errors": [str(sent)]}).encode()
        self.seen += echo
        if self.looks:
            self.shapes += representations()
        if request.path.endswith("/tokens") and self.code != 401:
            return Answer(body=json.dumps(self.access()).encode())
        token = request.headers.get("x-auth-token", "none")
        headers = {
            "Content-Type": "application/json",
            "Set-Cookie": f"token={token}",
            "WWW-Authenticate": f'Token realm="{token}"',
            "ETag": f'"{token}"',
            "Retry-After": token,
            "Location": f"//{token}@127.0.0.1/{token}",
        }
        return Answer(status=self.code, headers=headers, body=echo)

    def access(self) -> dict[str, Any]:
        """Return an identity service's answer, whose catalogue leads back here."""
        endpoint = {"region": "IAD", "publicURL": f"{self.url}/v2/123456"}
        services = [{"type": "rax:backup", "endpoints": [endpoint]}]
        return {"access": {"token": {"id": ISSUED}, "serviceCatalog": services}}


@pytest.fixture
def site_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Go to an empty directory, with the secrets in the environment."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def written(directory: Path) -> bytes:
    """Return all that stands in files below a directory, names included."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return b"\n".join(bytes(path) + b": " + path.read_bytes() for path in files)


def representations() -> str:
    """Return what every object of ours that is alive looks like."""
    ours = [
        thing
        for thing in gc.get_objects()
        if str(type(thing).__module__).startswith("backup_badge")
    ]
    return "\n".join(map(_shape, ours))


def _shape(thing: object) -> str:
    try:
        return repr(thing)
    except AttributeError:  # Another thread is still making it.
        return ""


CODES = [200, 204, 302, 307, 400, 401, 403, 404, 429, 500, 503]


@pytest.mark.parametrize("code", [200, 302, 401, 404, 500])
def test_commands(code: int, site_directory: Path) -> None:
    """No command says or writes a secret, whatever a server sends back."""
    with Echo(code) as echo:
        config = CONFIGURATION.format(url=echo.url)
        (site_directory / "backup-badge.toml").write_text(config)
        said = []
        for command in (
            ["status"],
            ["status", "--format", "json"],
            ["check"],
            ["export", "public"],
        ):
            result = CliRunner().invoke(main, command)
            assert result.exception is None or isinstance(result.exception, SystemExit)
            said.append(result.output)
        seen = leaks(echo.seen)
    assert TOKEN in seen and API_KEY in seen
    # A host that is in trouble may be given up before it gets the token.
    assert ISSUED in seen or code in (401, 500)
    assert (site_directory / "public" / "backup-status.json").exists()
    assert [leaks(text) for text in said] == [[]] * 4
    assert leaks(written(site_directory)) == []


@pytest.mark.parametrize("code", CODES)
def test_site(
    code: int, site_directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that a host shows, logs, prints or pickles holds a secret."""
    caplog.set_level(logging.DEBUG)
    with Echo(code, looks=True) as echo:
        config = CONFIGURATION.format(url=echo.url)
        (site_directory / "backup-badge.toml").write_text(config)
        settings = load(site_directory)
        site = Site(settings)
        marks = [badge_mark(name, {}) for name in settings.sources]
        table = table_mark([], {"columns": "source,state,message,checked"})
        # First, or the others have the host given up before the token is sent.
        statuses = dict(site.resolve([badge_mark("orders", {})]))
        statuses |= site.resolve([*marks, table])
    # Python builds no tuple safely while another thread looks at all objects.
    said = [render_badge(site.badge(mark)) for mark in marks]
    said += [render_table(site.table(table)), *site.notices]
    said += [repr(statuses), repr(settings), representations(), echo.shapes]
    kept = pickle.dumps((settings, marks, table, statuses))
    assert TOKEN in leaks(echo.seen)
    assert [leaks(text) for text in said] == [[]] * len(said)
    assert leaks(kept) == leaks(caplog.text) == []
    assert leaks(written(site_directory)) == []
    assert b"backup-badge.toml" in written(site_directory)
    assert all(f"{name}(" in said[-1] for name in ("Entry", "Client"))


BAD_ENDS = {
    "refused": faults.refusing,
    "silent": lambda: Faulty(faults.never_answers),
    "reset": lambda: Faulty(faults.reset_midway),
    "garbage": lambda: Faulty(lambda connection: connection.sendall(b"hello\n\n")),
    "bomb": lambda: Faulty(faults.endless_body),
    "loop": lambda: Faulty(faults.redirect_loop),
    "elsewhere": lambda: Faulty(faults.redirect_to("https://example.org/")),
}


@pytest.mark.parametrize("bad", BAD_ENDS.values(), ids=BAD_ENDS)
def test_tracebacks(bad: Any, caplog: pytest.LogCaptureFixture) -> None:
    """No error, with all the errors behind it and their tracebacks, tells a secret."""
    caplog.set_level(logging.DEBUG)
    with bad() as url:
        asking = client(timeout=0.2)
        raised = []
        with pytest.raises(ProblemError) as caught:
            asking.get(url, accept="*/*", credentials={"X-Auth-Token": TOKEN})
        raised.append(caught.value)
        with pytest.raises(ProblemError) as caught:
            asking.send(
                "POST",
                url,
                headers={},
                content={"apiKey": API_KEY},
                confidential=True,
            )
        raised.append(caught.value)
        asking.close()
    for error in raised:
        told = "".join(traceback.format_exception(error))
        assert "ProblemError" in told
        assert leaks(told + repr(error) + str(error)) == []
    assert leaks(caplog.text) == []


def test_command_of_its_own(site_directory: Path) -> None:
    """The same for the whole command in a subprocess, debugging turned on."""
    with Echo(403) as echo:
        config = CONFIGURATION.format(url=echo.url).replace('"0.5s"', '"9s"')
        (site_directory / "backup-badge.toml").write_text(config)
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "backup_badge.cli", "check"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert TOKEN in leaks(echo.seen)
    assert done.returncode == 1
    assert b"403" in done.stdout + done.stderr
    assert leaks(done.stdout + done.stderr) == []
    assert leaks(written(site_directory)) == []


# A credential's way


PLACES = {
    "url": {"token": "${THE_TOKEN}", "tenant": "1"},
    "identity_url": {"username": "demo", "api_key": "${THE_KEY}"},
}
WRONG_PLACES = [
    "http://example.org",
    "http://127.0.0.1.example.org",
    "http://localhost.example.org",
    "http://2130706433",
    "http://0.0.0.0",
    "http://[::ffff:192.0.2.1]",
    "http://192.0.2.1",
    "ftp://127.0.0.1",
    "//127.0.0.1",
    "https://user@example.org",
    "https://user:word@example.org",
    "https://",
    "https://exam ple.org",
    "https://example.org\n.evil.example",
    "https://example.org?x=",
    "https://example.org#",
    "https://example.org:99999",
    "https://[::1",
]


@pytest.mark.parametrize("key", PLACES)
@pytest.mark.parametrize("place", WRONG_PLACES)
def test_wrong_places(key: str, place: str, site_directory: Path) -> None:
    """A credential is configured for HTTPS or loopback: no other place is accepted."""
    options = {**PLACES[key], key: place}
    table = "\n".join(f"{name} = {json.dumps(text)}" for name, text in options.items())
    config = site_directory / "backup-badge.toml"
    config.write_text(f"[providers.rackspace]\n{table}\n")
    with pytest.raises(ConfigurationError) as raised:
        load(site_directory)
    assert f"'{key}' must" in str(raised.value) or "must use https" in str(raised.value)
    # Nor from a variable, which is looked at where the request is made.
    problem = ask(
        "",
        "rackspace:backup/b",
        options={**options, key: "${PLACE}"},
        environ={**SECRETS, "PLACE": place},
        deadline=1,
    )
    assert isinstance(problem, Problem)
    assert problem.category in (Category.USAGE, Category.UNREACHABLE)
    assert leaks(problem.message) == []


@pytest.mark.parametrize("name", ["token", "api_key"])
def test_secret_written_down(name: str, site_directory: Path) -> None:
    """A secret that stands in a configuration is refused, and not quoted."""
    text = f'[providers.rackspace]\n{name} = "{TOKEN}"\nusername = "demo"\n'
    (site_directory / "backup-badge.toml").write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        load(site_directory)
    assert "is a secret: write it as a reference" in str(raised.value)
    assert leaks(raised.value) == []
    result = CliRunner().invoke(main, ["status"])
    assert result.exit_code == 2
    assert leaks(result.output) == []


def test_catalogue_decides(cloud: Cloud) -> None:
    """A token goes where the catalogue says, and not to what an answer links to."""
    thief = Faulty(faults.status(200, {}))
    with thief as elsewhere:
        backup = cloud.add_backup(
            overrides={"links": [{"rel": "self", "href": f"{elsewhere}/v2/1/backups"}]}
        )
        options = {
            "username": "demo",
            "api_key": "${THE_KEY}",
            "region": "iad",
            "identity_url": f"{cloud.url}/identity/v2.0",
        }
        environ = {"THE_KEY": "demo-key"}
        ask("", f"rackspace:backup/{backup}", options=options, environ=environ)
    assert thief.connections == 0
    assert [request.method for request in cloud.requests] == ["POST", "GET"]


def test_badges_are_anonymous(cloud: Cloud, site_directory: Path) -> None:
    """Whatever credentials there are, none goes along when a badge is asked for."""
    cloud.answers["/v2/123456/backups/orders"] = repeat(Answer(status=404))
    config = CONFIGURATION.format(url=cloud.url)
    (site_directory / "backup-badge.toml").write_text(config)
    site = Site(load(site_directory))
    site.resolve([table_mark([], {})])
    badges = [r for r in cloud.requests if r.path.startswith("/badge/")]
    others = [r for r in cloud.requests if not r.path.startswith("/badge/")]
    assert [leaks(dict(r.headers)) for r in badges] == [[]]
    assert {TOKEN, API_KEY} <= {m for r in others for m in leaks((r.headers, r.body))}


@pytest.mark.parametrize(
    "target",
    [
        "rackspace:https://example.org/v2/1/backups/b",
        "rackspace:backup/b@example.org/",
        "rackspace://example.org/backup/b",
        "https://example.org/backup",
        "rackspace:backup/..",
        "rackspace:backup/%2e%2e",
        "rackspace:../identity",
        "rackspace:backup/${THE_TOKEN}/x",
        "file:///etc/hostname",
    ],
)
def test_pages_cannot_choose_places(
    target: str, cloud: Cloud, site_directory: Path
) -> None:
    """A page names a backup, never a place: what looks like one is a mistake."""
    config = CONFIGURATION.format(url=cloud.url)
    (site_directory / "backup-badge.toml").write_text(config)
    site = Site(load(site_directory))
    (status,) = site.resolve([badge_mark(target, {})]).values()
    assert status.problem is not None
    assert status.problem.category in (Category.USAGE, Category.UNKNOWN_SOURCE)
    assert cloud.requests == []


def test_pages_expand_nothing(cloud: Cloud, site_directory: Path) -> None:
    """What looks like a reference in a page is text: it stands for no variable."""
    config = CONFIGURATION.format(url=cloud.url)
    (site_directory / "backup-badge.toml").write_text(config)
    site = Site(load(site_directory))
    mark = badge_mark("cloudback:acme/${THE_TOKEN}", {"label": "${THE_TOKEN}"})
    page = render_badge(site.badge(mark))
    assert "${THE_TOKEN}" in page
    assert leaks(page) == []
    assert [request.path for request in cloud.requests] == [
        "/badge/acme/%24%7BTHE_TOKEN%7D"
    ]


@pytest.mark.parametrize("name", ["url", "token", "api_key", "identity_url", "tenant"])
def test_pages_cannot_set(name: str) -> None:
    """No option of a mark sets where something is asked, or by whom."""
    assert name not in {option.name for option in (*BADGE_OPTIONS, *TABLE_OPTIONS)}
    for mark in (badge_mark, table_mark):
        with pytest.raises(UsageError):
            mark("orders", {name: "https://example.org"})


def test_settings_hold_references(site_directory: Path) -> None:
    """Settings, which hosts pickle, hold the names of variables, not their contents."""
    (site_directory / "backup-badge.toml").write_text(
        CONFIGURATION.format(url="https://example.org")
    )
    settings = load(site_directory)
    assert isinstance(settings, Settings)
    kept = pickle.dumps(settings)
    assert b"${THE_TOKEN}" in kept
    assert leaks(kept) == []
