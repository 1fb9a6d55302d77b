"""Restore tests: sources of their own, shown and judged beside their backups."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from command import run
from loopback import Answer, HttpService, Request, json_answer
from restores import CONFIGURATION, configure, write_run

from backup_badge.ask.find import find
from backup_badge.config.load import load
from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.render.html import render_badge, render_table
from backup_badge.report import Report
from backup_badge.site import Site
from backup_badge.values.problem import Category, ConfigurationError
from backup_badge.values.state import State
from backup_badge.view.badge import Badge
from backup_badge.view.table import Table


def badge(directory: Path, target: str) -> Badge:
    """The badge that a page shows."""
    return Site(configure(directory)).badge(badge_mark(target, {}))


def table(directory: Path, **options: str) -> Table:
    """The table that a page shows."""
    return Site(configure(directory)).table(table_mark([], options))


def cells(shown: Table, column: str) -> list[str]:
    """The texts of one column, from the top."""
    return [row[shown.columns.index(column)].text for row in shown.rows]


# The configuration


def test_a_restore_is_a_source_like_any_other(tmp_path: Path) -> None:
    """It has its own address, options, label and max_age, and the source's link."""
    settings = configure(tmp_path)
    (test,) = find(settings, "restore:orders-db")
    assert test == settings.sources["orders-db"].restore
    assert (test.name, test.label) == ("restore:orders-db", "Orders database restore")
    assert (test.max_age, test.link) == (
        timedelta(days=100),
        "https://example.org/orders",
    )
    assert test.options["file"] == tmp_path / "drill.json"
    assert tmp_path / "drill.json" in settings.files
    assert settings.sources["wiki"].restore is None


def test_no_other_max_age_counts(tmp_path: Path) -> None:
    """What backups must keep says nothing of restore tests."""
    text = 'max_age = "1h"\n' + CONFIGURATION.replace('max_age = "100d"', 'label = "R"')
    (test,) = find(configure(tmp_path, text), "restore:orders-db")
    assert (test.max_age, test.label) == (None, "R")


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("restore = 5", "'restore' must be a table, not 5"),
        ("[sources.a.restore]", "the restore test of 'a' has no 'address'"),
        (
            '[sources.a.restore]\naddress = "githb:a/b"',
            "names the unknown provider 'githb'. Did you mean 'github'?",
        ),
        (
            '[sources.a.restore]\naddress = "json:document"\nmaxage = "1d"',
            "'maxage' is not an option. Did you mean 'max_age'?",
        ),
        (
            '[sources.a.restore]\naddress = "cloudback:a/b"\nowner = "x"',
            "'owner' is not an option.",
        ),
        (
            '[sources.a.restore]\naddress = "json:document"\npreset = "drill"',
            "cannot be asked: its provider needs",
        ),
        (
            '[sources.a.restore]\naddress = "cloudback:a/b"\nmax_age = "soon"',
            "must be a duration",
        ),
        ('[sources.a.restor]\naddress = "x:y"', "Did you mean 'restore'?"),
        ("[providers.restore]\ntype = 'json'", "would be read as restores"),
    ],
)
def test_faults(tmp_path: Path, table: str, fault: str) -> None:
    """What is wrong in a restore is told with its place, like any other fault."""
    text = f'[sources.a]\naddress = "cloudback:acme/a"\n{table}\n'
    (tmp_path / "backup-badge.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, environ={})
    (sentence,) = caught.value.faults
    assert fault in sentence
    # In the table itself: the first two lines are those of the source.
    assert sentence.startswith("backup-badge.toml:")
    assert int(sentence.split(":")[1]) > 2


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    """A fault of the source hides none of its restore; each has its place."""
    text = '[sources.a]\naddress = "x"\n[sources.a.restore]\naddress = "y"\n'
    (tmp_path / "backup-badge.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, environ={})
    places = [fault.partition(" ")[0] for fault in caught.value.faults]
    assert places == ["backup-badge.toml:2:", "backup-badge.toml:4:"]


@pytest.mark.parametrize(
    ("text", "category", "why"),
    [
        ("restore:order-db", Category.UNKNOWN_SOURCE, "Did you mean 'orders-db'?"),
        ("restore:wiki", Category.UNKNOWN_SOURCE, "Configure [sources.wiki.restore]."),
        ("restore:group:databases", Category.USAGE, "that of one source"),
        ("restore:", Category.UNKNOWN_SOURCE, "no source named ''"),
    ],
)
def test_not_found(tmp_path: Path, text: str, category: Category, why: str) -> None:
    """A restore test that nobody configured is a problem of the page."""
    (source,) = find(configure(tmp_path), text)
    assert source.problem is not None
    assert source.problem.category is category
    assert why in source.problem.message
    assert "never tested" not in render_badge(badge(tmp_path, text))


# Badges


@pytest.mark.parametrize(
    ("run_of_drill", "state", "message", "title"),
    [
        ({}, "succeeded", "succeeded", "last restore test succeeded on "),
        ({"code": 3}, "failed", "failed", "last restore test failed on "),
        ({"days": 101}, "overdue", "overdue", "no success within 100d"),
        (
            {"code": 3, "reason": "its exit code was 3"},
            *("failed", "failed", "its exit code was 3"),
        ),
        (
            None,
            *(
                "unknown",
                "never tested",
                "never tested; there is no document of it yet",
            ),
        ),
    ],
)
def test_badge(
    tmp_path: Path,
    run_of_drill: dict[str, float] | None,
    state: str,
    message: str,
    title: str,
) -> None:
    """A badge tells how the last restore test went; one that never ran is not green."""
    if run_of_drill is not None:
        write_run(tmp_path / "drill.json", **run_of_drill)  # type: ignore[arg-type]
    shown = badge(tmp_path, "restore:orders-db")
    assert (shown.state.value, shown.message) == (state, message)
    assert shown.title.startswith("Orders database restore: ")
    assert title in shown.title
    assert 'data-backup-source="restore:orders-db"' in render_badge(shown)


def test_a_broken_answer_is_not_untested(tmp_path: Path) -> None:
    """Only what never ran was never tested; what cannot be read is unknown."""
    (tmp_path / "drill.json").write_text("{")
    assert badge(tmp_path, "restore:orders-db").message == "unknown"


OTHERS = {
    "another option than the document has": (
        {"file": '"drill.json"', "finished": '"ended_at"'},
        "it has no time of a backup",
    ),
    "a page of a server that is not there": (
        {"url": '"{url}/drill.json"', "preset": '"drill"'},
        "the backup system does not know this backup",
    ),
    "two series": (
        {
            "address": '"prometheus:drill"',
            "url": '"{url}"',
            "finished": '"drill_time"',
        },
        "the query found 2 series",
    ),
    "a job that has not ended": (
        {"address": '"restic:run"', "file": '"job.log"'},
        "the run has not ended, or what it said is cut off",
    ),
    "a workflow that GitHub does not show": (
        {"address": '"github:acme/ops/drill.yml"', "url": '"{url}"'},
        "GitHub shows no such workflow",
    ),
}
"""Restore tests that may well have run, and what a reader is told of each."""


class Systems(HttpService):
    """Answers a query with two series, and anything else with 404."""

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        if request.path.startswith("/api/v1/query"):
            series = [{"metric": {"job": n}, "value": [1, "1795800000"]} for n in "ab"]
            data = {"resultType": "vector", "result": series}
            return json_answer({"status": "success", "data": data})
        return Answer(status=404)


@pytest.mark.parametrize("told", OTHERS)
def test_what_may_have_run_is_not_untested(tmp_path: Path, told: str) -> None:
    """Only where the system says that nothing ever ran was a restore never tested."""
    options, why = OTHERS[told]
    (tmp_path / "drill.json").write_text('{"ended": "2026-11-20T02:13:00Z"}')
    (tmp_path / "job.log").write_text('{"message_type": "status"}\n')
    with Systems() as systems:
        lines = {"address": '"json:document"', **options}.items()
        written = (f"{key} = {value}".format(url=systems.url) for key, value in lines)
        head, _, rest = CONFIGURATION.partition("[sources.orders-db.restore]\n")
        table = "[sources.orders-db.restore]\n" + "\n".join(written)
        text = f"{head}{table}\n\n{rest[rest.index('[sources.wiki]') :]}"
        site = Site(configure(tmp_path, text))
        for form in ("restore:orders-db", "group:databases"):
            assert "never" not in site.badge(badge_mark(form, {})).title
        shown = site.badge(badge_mark("restore:orders-db", {}))
        assert shown.message == "unknown"
        assert why in shown.title


def test_the_badge_of_a_source_does_not_ask_its_restore(tmp_path: Path) -> None:
    """Nobody is asked for what no page shows."""
    site = Site(configure(tmp_path))
    asked = site.resolve([badge_mark("orders-db", {})])
    assert [source.name for source in asked] == ["orders-db"]
    asked = site.resolve([table_mark([], {"columns": "source state"})])
    assert [source.name for source in asked] == ["wiki"]
    asked = site.resolve([table_mark([], {"columns": "source restored"})])
    assert [source.name for source in asked] == ["restore:orders-db"]


@pytest.mark.parametrize(
    ("code", "message", "state"),
    [
        (0, "2 of 2 succeeded, 1 of 1 restores", State.SUCCEEDED),
        (1, "restore failed, 2 of 2 succeeded, 0 of 1 restores", State.FAILED),
        (
            None,
            "restore never tested, 2 of 2 succeeded, 0 of 1 restores",
            State.UNKNOWN,
        ),
    ],
)
def test_roll_up(tmp_path: Path, code: int | None, message: str, state: State) -> None:
    """A group counts restore tests separately, and is not green without them."""
    if code is not None:
        write_run(tmp_path / "drill.json", code=code)
    shown = badge(tmp_path, "group:databases")
    assert (shown.message, shown.state) == (message, state)
    assert ("Orders database restore" in shown.title) is (state is not State.SUCCEEDED)


def test_roll_up_without_restores(tmp_path: Path) -> None:
    """Where no restore test is configured, a group says nothing of any."""
    text = CONFIGURATION.replace("[sources.orders-db.restore]", "[sources.other]")
    write_run(tmp_path / "drill.json")
    shown = Site(configure(tmp_path, text)).badge(badge_mark("group:databases", {}))
    assert shown.message == "2 of 2 succeeded"


# Tables


def test_columns(tmp_path: Path) -> None:
    """The restore's badge stands in the table; who has no restore says nothing."""
    write_run(tmp_path / "drill.json", duration=840.4)
    shown = table(tmp_path, sort="source")
    assert shown.columns == ("source", "state", "last_success", "restore")
    assert cells(shown, "source") == ["Orders database", "wiki"]
    assert cells(shown, "restore") == ["succeeded", ""]
    shown = table(tmp_path, sort="source", columns="restored, restore, owner=Team")
    assert shown.headings == ("Restored", "Restore", "Team")
    assert cells(shown, "owner") == ["Team Payments", "Team Web"]
    restored, empty = cells(shown, "restored")
    assert restored.endswith(" UTC (14 min)") and not empty
    written = render_table(shown)
    assert " UTC</time> (14 min)</td>" in written
    assert 'data-backup-source="restore:orders-db"' in written


def test_restored_is_the_last_success(tmp_path: Path) -> None:
    """A drill that failed restored nothing; the last that did is told, if known."""
    write_run(tmp_path / "drill.json", code=1, duration=840)
    assert cells(table(tmp_path, columns="source restored"), "restored") == ["", ""]
    told = {"duration": 840, "last_success": "2026-01-02T03:04:05Z"}
    write_run(tmp_path / "drill.json", code=1, **told)
    shown = table(tmp_path, columns="source restored", sort="source")
    assert cells(shown, "restored") == ["2026-01-02 03:04 UTC", ""]


def test_the_reason_is_in_the_message(tmp_path: Path) -> None:
    """Why a restore test is not green can be read in the table, or in its badge."""
    shown = table(tmp_path, sort="source")
    assert cells(shown, "restore") == ["never tested", ""]
    why = "there is no document of it yet"
    assert cells(shown, "message") == [f"restore test: {why}", ""]
    assert shown.notes == ()
    shown = table(tmp_path, columns="source restore")
    assert cells(shown, "restore") == ["never tested", ""]
    assert shown.notes == ()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"owner": "Team Payments"}, ["Orders database"]),
        ({"owner": "Team Payments, Team Web"}, ["Orders database", "wiki"]),
        ({"provider": "job"}, ["Orders database", "wiki"]),
        ({"provider": "job", "owner": "Team Web"}, ["wiki"]),
        ({"group": "databases", "owner": "Team Web"}, ["wiki"]),
        ({"owner": "Team Web", "state": "succeeded"}, ["wiki"]),
        ({"owner": "Team Web", "state": "failed"}, ["no backup is failed"]),
        (
            {"state": "failed, overdue", "group": "databases"},
            ["no backup is failed or overdue"],
        ),
        ({"provider": "json"}, ["no backup is shown"]),
        ({"owner": "Team Wbe"}, ["Team Wbe"]),
    ],
)
def test_filters(tmp_path: Path, options: dict[str, str], names: list[str]) -> None:
    """Filters combine; who is left out is not asked, and a misspelt one is told."""
    write_run(tmp_path / "drill.json")
    text = CONFIGURATION + '\n[providers.json]\npreset = "drill"\nfile = "drill.json"\n'
    site = Site(configure(tmp_path, text))
    shown = site.table(table_mark([], {**options, "sort": "source"}))
    assert cells(shown, "source") == names
    if "Wbe" in names[0]:
        assert "Did you mean 'Team Web'?" in shown.rows[0][-1].text


def test_a_filtered_source_is_not_asked(tmp_path: Path) -> None:
    """Nobody is asked for a row that is not there."""
    asked = Site(configure(tmp_path)).resolve([table_mark([], {"owner": "Team Web"})])
    assert [source.name for source in asked] == ["wiki"]


def test_a_build_tells_of_restores(tmp_path: Path) -> None:
    """What a table shows is logged and judged by fail_on, restore tests included."""
    text = 'fail_on = ["unknown"]\n' + CONFIGURATION
    report = Report(site := Site(configure(tmp_path, text)))
    mark = table_mark([], {})
    site.resolve([mark])
    report.show(mark, lambda: "index.md:1")
    (message,) = report.messages()
    assert message.text == "restore:orders-db: there is no file drill.json"
    failure = report.failure()
    assert failure is not None
    why = "never tested; there is no file drill.json (index.md:1)"
    assert failure.splitlines()[1:] == [f"- Orders database restore: {why}"]


# The status file and the command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a directory with a configuration."""
    monkeypatch.chdir(tmp_path)
    configure(tmp_path)
    return tmp_path


def test_the_form(here: Path) -> None:
    """A restore is an entry of the same form, in that of its source; else null."""
    write_run(here / "drill.json", duration=840)
    sources = json.loads(run("status", "--format", "json").out)["sources"]
    assert list(sources) == ["orders-db", "wiki"]
    assert sources["wiki"]["restore"] is None
    restore = sources["orders-db"]["restore"]
    assert restore.keys() == sources["wiki"].keys()
    assert restore["address"] == "json:document"
    assert (restore["state"], restore["restore"]) == ("succeeded", None)
    assert restore["details"]["duration"] == 840
    sources = json.loads(run("status", "restore:orders-db", "--format", "json").out)
    assert list(sources["sources"]) == ["restore:orders-db"]


@pytest.mark.parametrize("command", [("status", "--format", "json"), ("export", "out")])
@pytest.mark.parametrize("code", [0, 3, None])
def test_a_status_file_answers(
    here: Path, command: tuple[str, ...], code: int | None
) -> None:
    """A build from the status file says of restore tests what the first one said."""
    if code is not None:
        write_run(here / "drill.json", code=code, duration=840)
    marks = [badge_mark("group:databases", {}), badge_mark("restore:orders-db", {})]
    site = Site(load(here, environ={}))
    said = [site.badge(mark).message for mark in marks]
    shown = site.table(table_mark([], {"columns": "source,restore,restored"}))
    out = run(*command).out
    path = here / "out" / "backup-status.json"
    if command[0] == "status":
        path = here / "written.json"
        path.write_text(out)
    for name in ("drill", "orders", "wiki"):
        (here / f"{name}.json").unlink(missing_ok=True)
    site = Site(load(here, environ={"BACKUP_BADGE_STATUS_FILE": str(path)}))
    assert [site.badge(mark).message for mark in marks] == said
    again = site.table(table_mark([], {"columns": "source,restore,restored"}))
    assert [[cell.text for cell in row] for row in again.rows] == [
        [cell.text for cell in row] for row in shown.rows
    ]


def test_nothing_is_guessed(here: Path) -> None:
    """A source with options of its own is not told by its address alone."""
    write_run(here / "drill.json")
    document = json.loads(run("status", "--format", "json").out)
    del document["sources"]["wiki"]
    document["sources"]["orders-db"]["restore"] = None
    path = here / "written.json"
    path.write_text(json.dumps(document))
    site = Site(load(here, environ={"BACKUP_BADGE_STATUS_FILE": str(path)}))
    for target in ("wiki", "restore:orders-db"):
        (source,) = site.sources(badge_mark(target, {}))
        problem = site.status(source).problem
        assert problem is not None
        assert "not in the status file" in problem.message


def test_export(here: Path) -> None:
    """A restore test has its badge among the files, and its column in the page."""
    write_run(here / "drill.json")
    ran = run("export", "out")
    assert ran.out.startswith("3 sources and restore tests exported")
    assert "succeeded" in (here / "out" / "restore%3Aorders-db.svg").read_text()
    page = (here / "out" / "index.html").read_text()
    assert page.count("<tr>") == 3
    assert 'data-backup-column="restore"' in page


@pytest.mark.parametrize(
    ("run_of_drill", "arguments", "code", "reason"),
    [
        ({}, "", 0, None),
        ({"code": 3}, "", 1, "last restore test failed"),
        ({"code": 3}, "--fail-on overdue", 0, None),
        ({"days": 101}, "", 1, "no success within 100d"),
        ({"days": 101}, "--fail-on failed", 1, "no success within 100d"),
        (None, "", 1, "never tested; "),
        (None, "wiki", 0, None),
        (None, "restore:orders-db", 1, "never tested; "),
        (None, "--group databases", 1, "never tested; "),
    ],
)
def test_check(
    here: Path,
    run_of_drill: dict[str, int] | None,
    arguments: str,
    code: int,
    reason: str | None,
) -> None:
    """A restore test fails a check like any source, named with the reason."""
    if run_of_drill is not None:
        write_run(here / "drill.json", **run_of_drill)  # type: ignore[arg-type]
    ran = run("check", *arguments.split())
    assert ran.code == code
    assert ("restore:orders-db" in ran.out) is bool(code)
    said = run("check", "--format", "github", *arguments.split())
    assert said.code == code
    if reason:
        assert reason in said.out
        assert "Orders database restore: " in said.out
        assert "the check fails: 1 of" in said.out.lower()


def test_check_of_pages(here: Path) -> None:
    """A restore test on a page is known; it does not show the backup itself."""
    write_run(here / "drill.json")
    (here / "docs").mkdir()
    page = here / "docs" / "index.md"
    page.write_text(
        '<< backup_badge("restore:orders-db") >> << backup_badge("wiki") >>'
    )
    ran = run("check", "--pages", "docs")
    assert ran.code == 1
    assert "the source 'orders-db' is shown on no page" in ran.out
    assert "restore:orders-db" not in ran.out
    page.write_text('<< backup_table() >>\n<< backup_badge("restore:wiki") >>')
    assert "has no restore test" in run("check", "--pages", "docs").out


def test_status(here: Path) -> None:
    """A restore test is a row of its own."""
    out = run("status").out
    (row,) = (line for line in out.splitlines() if "restore:orders-db" in line)
    assert row.split()[0] == "unknown"
    assert row.endswith("never tested; there is no file drill.json")


# The guide

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "restore-tests.md"


def test_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the guide tells to configure is a configuration, and its drill is shown."""
    first, *others = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    restic = '[providers.restic]\ncommand = ["restic"]\n'
    source = first.partition("[sources.orders-db.restore]")[0]
    for text in (first, *(source + other for other in others)):
        (tmp_path / "backup-badge.toml").write_text(restic + text)
        (test,) = find(load(tmp_path, environ={}), "restore:orders-db")
        assert (test.problem, test.max_age) == (None, timedelta(days=100))
    text = first.replace("/var/lib/drills/", "")
    (tmp_path / "backup-badge.toml").write_text(restic + text)
    monkeypatch.chdir(tmp_path)
    assert run("drill", "orders-db", "--by", "me", "--", "true").code == 0
    site = Site(load(tmp_path, environ={}))
    mark = badge_mark("restore:orders-db", {})
    assert site.badge(mark).message == "succeeded"
