"""``backup-badge discover`` and ``check --coverage``: what the systems hold."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cloud import Cloud
from command import configure, run
from defusedxml.ElementTree import fromstring
from healthchecks_api import Check
from loopback import Answer, HttpService, Request, json_answer

from backup_badge.config.load import load

pytestmark = pytest.mark.slow

KEY = "read-only-key"


class Project(HttpService):
    """The checks of one project, as Healthchecks lists them."""

    def __init__(self) -> None:
        super().__init__()
        self.checks: list[Check] = []
        self.requests: list[Request] = []
        self.body: bytes | None = None
        self.latency = 0.0

    def add(self, slug: str, tags: str = "") -> None:
        self.checks.append(Check(slug=slug, tags=tags, last_ping=datetime.now(UTC)))

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        self.stopping.wait(self.latency)
        if request.headers.get("x-api-key") != KEY:
            return json_answer({}, status=401)
        if self.body is not None:
            return Answer(body=self.body)
        return json_answer({"checks": [check.document() for check in self.checks]})


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, with the key in the environment."""
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.setenv("KEY", KEY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def project() -> Iterator[Project]:
    """Yield a project with two checks."""
    with Project() as service:
        service.add("orders-db", "prod db")
        service.add("mail", "prod")
        yield service


def head(project: Project, *, prefix: str = "") -> str:
    return (
        "# The backups of the shop.\n"
        f"[{prefix}providers.checks]  # read-only\n"
        f'type = "healthchecks"\nurl = "{project.url}"\napi_key = "${{KEY}}"\n'
    )


MAIL = '\n[sources.mail]\naddress = "checks:slug/mail"  # by hand\nmax_age = "2d"\n'
ORDERS = {
    "address": "checks:slug/orders-db",
    "label": "Orders db",
    "groups": ["prod", "db"],
    "max_age": "25h",
}


def write(text: str, name: str = "backup-badge.toml") -> Path:
    Path(name).write_text(text)
    return Path(name)


# Printing


def test_what_is_not_watched_yet_is_printed(project: Project) -> None:
    """A table each for what is new, by one call; what is configured is counted."""
    write(head(project) + MAIL)
    done = run("discover", "checks")
    assert (done.code, tomllib.loads(done.out)) == (
        0,
        {"sources": {"orders-db": ORDERS}},
    )
    assert done.err == "backup-badge: 1 source left out: watched already\n"
    assert [request.path for request in project.requests] == ["/api/v3/checks/"]
    assert KEY not in done.out + done.err


def test_what_another_address_watches_is_left_out(project: Project) -> None:
    """A check that a source watches by its key or its tag is not new."""
    text = '\n[sources.all]\naddress = "checks:tag/prod"\n'
    write(head(project) + text)
    done = run("discover", "checks")
    assert (done.code, done.out) == (0, "")
    assert done.err == "backup-badge: 2 sources left out: watched already\n"


def test_a_source_of_another_system_watches_nothing_here(project: Project) -> None:
    """A source with a URL of its own is no source of the provider's system."""
    write(f'{head(project)}{MAIL}url = "http://127.0.0.1:9"\n')
    printed = tomllib.loads(run("discover", "checks").out)["sources"]
    addresses = [table["address"] for table in printed.values()]
    assert addresses == ["checks:slug/orders-db", "checks:slug/mail"]
    assert "mail" not in printed


def test_names_are_new(project: Project) -> None:
    """Names come from labels, and clash neither with others nor among themselves."""
    project.checks.clear()
    for slug in ("Orders-DB", "orders.db", "größe", "a/b c", "---", "x" * 200):
        project.add(slug)
    taken = '\n[sources.a-b-c]\naddress = "checks:slug/other"\n'
    write(head(project) + taken)
    sources = tomllib.loads(run("discover", "checks").out)["sources"]
    assert {name: table["address"] for name, table in sources.items()} == {
        "orders-db": "checks:slug/Orders-DB",
        "slug-orders-db": "checks:slug/orders.db",
        "größe": "checks:slug/gr%C3%B6%C3%9Fe",
        "slug-a-b-c": "checks:slug/a%2Fb%20c",
        "slug": "checks:slug/---",
        "x" * 60: f"checks:slug/{'x' * 200}",
    }


HOSTILE = [
    "${HOME}",
    'a"]\n[providers.evil]\n',
    "a\x1b[31m",
    "a\N{RIGHT-TO-LEFT MARK}b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_system_calls_things_cannot_break_the_file(
    project: Project, text: str
) -> None:
    """Names, labels and tags of any kind make a file that can be read again."""
    project.checks = [Check(slug="safe", tags=text, last_ping=datetime.now(UTC))]
    document = {**project.checks[0].document(), "name": text, "slug": text}
    project.body = json.dumps({"checks": [document]}).encode()
    path = write(head(project))
    assert run("discover", "checks", "--write").code == 0
    settings = load(Path.cwd())
    assert list(settings.providers) == ["checks"]
    assert path.read_text().startswith(head(project))
    assert "\x1b" not in path.read_text()


@pytest.mark.parametrize("name", [".", " ", "a\nb"])
def test_what_no_address_can_name_is_counted(project: Project, name: str) -> None:
    """It is left out, and a line on stderr says so."""
    document = {"slug": name, "status": "up", "tags": ""}
    project.body = json.dumps({"checks": [document]}).encode()
    write(head(project))
    done = run("discover", "checks")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("backup-badge: 1 left out")


def test_rackspace_by_its_configurations(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Label and age come from the configuration; a deleted one is none."""
    monkeypatch.setenv("TOKEN", "t0ken-of-the-tests")
    cloud.add_token("t0ken-of-the-tests", "123456")
    nightly = cloud.add_configuration(name="Orders database")
    watched = cloud.add_configuration(name="Mail")
    cloud.add_configuration(name="Old wiki", deleted=True)
    cloud.add_configuration(name="Somebody else's", tenant="654321")
    write(
        f'[providers.rackspace]\nurl = "{cloud.url}"\ntenant = "123456"\n'
        'token = "${TOKEN}"\n[sources.mail]\n'
        f'address = "rackspace:configuration/{watched.upper()}"\n'
    )
    done = run("discover", "rackspace")
    assert done.code == 0, done.err
    assert tomllib.loads(done.out)["sources"] == {
        "orders-database": {
            "address": f"rackspace:configuration/{nightly}",
            "label": "Orders database",
            "max_age": "26h",
        }
    }
    assert len(cloud.requests) == 1


# Writing


def test_sources_are_added_to_the_file(project: Project) -> None:
    """All that was there stays as it is, comments too; what is new stands behind."""
    path = write(head(project) + MAIL)
    path.chmod(0o640)
    done = run("discover", "checks", "--write")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("1 source added to backup-badge.toml\n")
    assert path.read_text().startswith(f"{head(project)}{MAIL}\n[sources.orders-db]\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(load(Path.cwd()).sources) == ["mail", "orders-db"]
    before = path.read_bytes()
    assert run("discover", "checks", "--write").code == 0
    assert path.read_bytes() == before
    assert [entry.name for entry in Path.cwd().iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ["", "\n\n", "\n# the end"])
def test_the_end_of_the_file_may_be_anything(project: Project, ending: str) -> None:
    """No line break at the end, blank lines, a comment."""
    text = (head(project) + MAIL).rstrip() + ending
    path = write(text)
    assert run("discover", "checks", "--write").code == 0
    assert path.read_text().startswith(text)
    assert list(load(Path.cwd()).sources) == ["mail", "orders-db"]


def test_line_breaks_of_windows_stay(project: Project) -> None:
    """A file with CRLF gets CRLF; its byte order mark stays."""
    old = b"\xef\xbb\xbf" + head(project).replace("\n", "\r\n").encode()
    Path("backup-badge.toml").write_bytes(old)
    assert run("discover", "checks", "--write").code == 0
    new = Path("backup-badge.toml").read_bytes()
    assert new.startswith(old)
    assert new.count(b"\n") == new.count(b"\r\n")
    assert len(load(Path.cwd()).sources) == 2


def test_a_link_stays_a_link(project: Project, tmp_path: Path) -> None:
    """The file that a link leads to is replaced."""
    write(head(project), "elsewhere.toml")
    Path("backup-badge.toml").symlink_to("elsewhere.toml")
    assert run("discover", "checks", "--write").code == 0
    assert Path("backup-badge.toml").is_symlink()
    assert "[sources.mail]" in Path("elsewhere.toml").read_text()


@pytest.mark.parametrize("arguments", [(), ("-c", "pyproject.toml")])
def test_in_pyproject(project: Project, arguments: tuple[str, ...]) -> None:
    """The tables stand below [tool.backup-badge], printed and written."""
    text = '[project]\nname = "shop"\n' + head(project, prefix="tool.backup-badge.")
    path = write(text, "pyproject.toml")
    printed = run("discover", "checks", *arguments).out
    assert printed.startswith("[tool.backup-badge.sources.orders-db]\n")
    assert run("discover", "checks", "--write", *arguments).code == 0
    assert path.read_text() == f"{text}\n{printed}"
    assert list(load(Path.cwd()).sources) == ["orders-db", "mail"]


def test_sources_in_one_line_are_left_alone(project: Project) -> None:
    """Where tables cannot be added, nothing is written, and a sentence says so."""
    text = 'sources = { mail = { address = "checks:slug/mail" } }\n' + head(project)
    path = write(text)
    done = run("discover", "checks", "--write")
    assert (done.code, path.read_text()) == (2, text)
    assert "nothing is written" in done.err


def test_a_file_that_cannot_be_written_stays(project: Project, here: Path) -> None:
    """Nobody ever sees half a file, not even where no byte can be written."""
    path = write(head(project))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
    code = f"{limit} from backup_badge.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, "discover", "checks", "--write"],
        cwd=here,
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, path.read_text()) == (2, head(project))
    assert b"Traceback" not in done.stderr


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["chekcs"], "the command names the unknown provider 'chekcs'. Did you mean"),
        (["nobody"], "there is no provider 'nobody'; these are known: checks, "),
        (["cloudback"], "'cloudback' cannot be listed: it has no list to ask for"),
        (["restic"], "'restic' cannot be listed: it needs 'file' or 'command': conf"),
        (["checks", "x"], "'checks' is listed as a whole: leave 'x' out"),
        (["checks", "--offline"], "'checks' cannot be listed: nothing is asked, becau"),
        (["checks", "-c", "no.toml"], "no.toml: there is no such file"),
        (["wrong"], "'wrong' cannot be listed: "),
    ],
)
def test_mistakes_are_one_sentence(
    project: Project, arguments: list[str], sentence: str
) -> None:
    """Exit code 2, and a sentence on stderr."""
    wrong = '[providers.wrong]\ntype = "healthchecks"\napi_key = "${NO_SUCH_KEY}"\n'
    write(head(project) + wrong)
    done = run("discover", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Error: {sentence}")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"checks": 7}'])
def test_an_answer_that_is_none(project: Project, body: bytes) -> None:
    """A system that answers otherwise holds not nothing: it could not be listed."""
    project.body = body
    write(head(project))
    done = run("discover", "checks")
    assert (done.code, done.out) == (2, "")
    assert "'checks' cannot be listed: the answer of 127.0.0.1" in done.err


@pytest.mark.parametrize("arguments", [["discover", "checks"], ["check", "--coverage"]])
def test_a_system_that_hangs(project: Project, arguments: list[str]) -> None:
    """The deadline holds for listing, too, and no thread is left waiting."""
    project.latency = 60
    write(f'deadline = "1s"\n{head(project)}')
    done = run(*arguments)
    assert done.code == (2 if arguments[0] == "discover" else 1)
    assert "could not be listed: " in done.out or "cannot be listed: " in done.err


def test_a_system_that_holds_nothing(project: Project) -> None:
    """It says so, and that is no mistake."""
    project.checks.clear()
    write(head(project))
    done = run("discover", "checks", "--write")
    assert (done.code, done.err) == (0, "backup-badge: checks holds nothing yet\n")


# Coverage


def test_what_no_source_watches_fails_the_check(project: Project) -> None:
    """Each is told with the place of the provider; one request does for all."""
    write(head(project) + MAIL)
    done = run("check", "--coverage")
    assert done.code == 1
    finding, verdict = done.out.splitlines()
    assert finding == (
        "backup-badge.toml:2: no source watches 'checks:slug/orders-db' (Orders db)"
    )
    assert verdict.startswith("The check fails: what is watched has 1 gap; none of 1")
    assert len(project.requests) == 1


def test_the_check_passes_where_all_is_watched(project: Project) -> None:
    """What discover writes is what the check wants."""
    write(head(project))
    assert run("check", "--coverage").code == 1
    run("discover", "checks", "--write")
    done = run("check", "--coverage")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("; all that could be listed is watched.\n")


@pytest.mark.parametrize("form", ["json", "markdown", "junit", "github"])
def test_every_format_tells_of_it(project: Project, form: str) -> None:
    """As findings, like those of pages."""
    write(head(project) + MAIL)
    done = run("check", "--coverage", "--format", form)
    assert done.code == 1
    assert "slug/orders-db" in done.out
    if form == "json":
        finding = {"path": "backup-badge.toml", "line": 2}
        assert json.loads(done.out)["findings"][0].items() >= finding.items()
    if form == "junit":
        groups = [t.get("classname") for t in fromstring(done.out).iter("testcase")]
        assert groups == ["backup-badge.checks", "backup-badge.coverage"]


class Actions(HttpService):
    """A repository with two workflows that run by their schedules."""

    def answer(self, request: Request) -> Answer:
        """Answer as GitHub does."""
        names, day = ("backup", "tests"), f"{datetime.now(UTC):%Y-%m-%dT00:00:00Z}"
        files = [f".github/workflows/{name}.yml" for name in names]
        told = [{"id": i, "path": p, "state": "active"} for i, p in enumerate(files)]
        run = {"event": "schedule", "status": "completed", "conclusion": "success"}
        runs = [{**run, "workflow_id": i, "run_started_at": day} for i in (0, 1)]
        if request.path.endswith("/runs"):
            return json_answer({"workflow_runs": runs})
        if request.path.endswith("/workflows"):
            return json_answer({"workflows": told})
        return json_answer(told[0])


def test_what_may_be_no_backup_fails_nothing(here: Path) -> None:
    """It is named on stderr, and ``discover`` proposes it."""
    with Actions() as service:
        (here / "backup-badge.toml").write_text(
            f'[providers.github]\nurl = "{service.url}"\n'
            "[sources.backup]\naddress = 'github:acme/ops/backup.yml'\n"
        )
        done, found = run("check", "--coverage"), run("discover", "github")
    assert (done.code, "watched" in done.out) == (0, False)
    assert done.err == (
        "backup-badge: 'github' cannot tell whether these are backups:"
        " github:acme/ops/tests.yml\n"
    )
    assert [*tomllib.loads(found.out)["sources"]] == ["tests-yml"]


def test_a_system_that_cannot_be_listed_says_so_once(cloud: Cloud, here: Path) -> None:
    """It does not fail the check, whatever the number of its sources."""
    configure(here, cloud, website="succeeded", handbook="succeeded")
    done = run("check", "--coverage")
    assert done.code == 0
    assert done.err == (
        "backup-badge: 'cloudback' is not checked for what it holds: it has no"
        " list to ask for: write the address of each source,"
        " cloudback:PLATFORM/ACCOUNT/SUBJECT_TYPE/SUBJECT_NAME\n"
    )
    assert "watched" not in done.out


def test_offline_nothing_is_asked(project: Project) -> None:
    """Offline a sentence says that coverage was not checked."""
    write(head(project) + MAIL)
    run("status")
    asked = len(project.requests)
    done = run("check", "--coverage", "--offline")
    assert "'checks' is not checked for what it holds: nothing is asked" in done.err
    assert "watched" not in done.out
    assert len(project.requests) == asked


def test_a_file_is_listed_offline(here: Path) -> None:
    """A system that is read from a file is compared offline, too."""
    (here / "jobs.json").write_text(json.dumps({"a": {"at": 1}, "b": {"at": 1}}))
    text = '[providers.jobs]\ntype = "json"\nfile = "jobs.json"\nat = "@"\n'
    source = 'finished = "at"\n[sources.a]\naddress = "jobs:entry/a"\n'
    write(text + source)
    done = run("check", "--coverage", "--offline")
    assert "no source watches 'jobs:entry/b'" in done.out
    assert done.code == 1


def test_a_system_that_fails_to_list_fails_the_check(project: Project) -> None:
    """Nobody knows then what is not watched: that is no good news."""
    write(head(project) + MAIL)
    run("status")
    project.body = b"<html>"
    done = run("check", "--coverage")
    assert done.code == 1
    assert re.search(r"what 'checks' holds could not be listed: the answer", done.out)
