"""``backup-badge check``: its verdict, and how that is told to CI systems."""

from __future__ import annotations

import json
import os
import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from cloud import Cloud
from command import configure, run
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from backup_badge.render import junit, markdown, terminal, workflow_commands
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, unresolved
from backup_badge.view.summary import overview
from backup_badge.view.verdict import DEFAULT_FAIL_ON, Finding, Verdict

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
HOSTILE = (
    "a|b `c` <img src=x onerror=y> *d* [e](javascript:f) &amp; \\| ]]>\r\n::error::%"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, with nothing of ours in the environment."""
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# The verdict


@pytest.mark.parametrize(
    ("words", "fail_on", "arguments", "code"),
    [
        ("succeeded", None, "", 0),
        ("in progress", None, "", 0),
        ("deleted", None, "", 1),
        ("failed", None, "", 1),
        ("unknown", None, "", 1),
        ("unknown", ["failed"], "", 0),
        ("deleted", ["deleted"], "", 1),
        ("deleted", ["failed"], "--fail-on deleted", 1),
        ("failed", ["failed"], "--fail-on deleted,unknown", 0),
        ("failed", None, "--fail-on deleted --fail-on failed", 1),
        ("succeeded", None, "--fail-on succeeded", 1),
        ("failed", None, "other", 0),
        ("failed", None, "site other", 1),
    ],
)
def test_exit_code(
    cloud: Cloud,
    here: Path,
    words: str,
    fail_on: list[str] | None,
    arguments: str,
    code: int,
) -> None:
    """1 when a source is in one of the states: --fail-on, else fail_on, else five."""
    head = "" if fail_on is None else f"fail_on = {fail_on}"
    configure(here, cloud, head=head, site=words, other="succeeded")
    done = run("check", *arguments.split())
    assert (done.code, done.err) == (code, "")
    outcome = "fails" if code else "passes"
    assert done.out.splitlines()[-1].startswith(f"The check {outcome}: ")


def test_what_fails_is_shown_and_nothing_else(cloud: Cloud, here: Path) -> None:
    """The table holds the sources that fail, the worst first, and a count ends it."""
    configure(here, cloud, fine="succeeded", odd="unknown", bad="failed")
    lines = run("check").out.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [
        ["failed", "bad"],
        ["unknown", "odd"],
    ]
    assert lines[3:] == ["The check fails: 2 of 3 sources (1 failed, 1 unknown)."]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check --fail-on faild", "Did you mean 'failed'?"),
        ("check --fail-on ,", "Invalid value for '--fail-on': names no state"),
        ("check sit", "there is no source named 'sit'. Did you mean 'site'?"),
        ("check --group eb", "there is no group named 'eb'."),
        ("check --pages nowhere", "Directory 'nowhere' does not exist"),
        ("check --pages empty", "empty holds no page (.md, .rst, .txt)"),
        ("check --format yaml", "'yaml' is not one of"),
        ("check -", "there is no name on standard input"),
        ("check -c other.toml", "other.toml: there is no such file"),
    ],
)
def test_mistakes(cloud: Cloud, here: Path, arguments: str, said: str) -> None:
    """A mistake is told on stderr in a sentence, and exits with 2, not with 1."""
    configure(here, cloud, site="succeeded")
    (here / "empty").mkdir()
    done = run(*arguments.split())
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())


def test_nothing_to_check_is_a_mistake(here: Path) -> None:
    """A check of nothing does not pass."""
    done = run("check")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: there is no source: ")


@pytest.mark.slow
@pytest.mark.parametrize("lacking", ["secret", "network"])
def test_no_answer(here: Path, monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    """Without a secret or a network a source is unknown, says why, and fails."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        (here / "backup-badge.toml").write_text(
            f"[providers.rackspace]\nurl = '{url}'\ntenant = '1'\n"
            "token = '${TOKEN}'\n"
            "[sources.orders]\naddress = 'rackspace:backup/1'\n"
        )
        monkeypatch.delenv("TOKEN", raising=False)
        if lacking == "network":
            monkeypatch.setenv("TOKEN", "s3cret")
        done = run("check")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[1].startswith("unknown  orders")
    why = {"secret": "TOKEN is not set", "network": "gave no answer"}[lacking]
    assert why in done.out
    assert "s3cret" not in done.out


def test_names_on_standard_input(cloud: Cloud, here: Path) -> None:
    """``-`` stands for the names there, one a line, without blanks and comments."""
    configure(here, cloud, bad="failed", fine="succeeded", third="succeeded")
    names = "# nightly\n\n  fine  \r\nthird\n#bad\n"
    for form, code in (("-", 0), ("bad -", 1)):
        assert run("check", *form.split(), stdin=names).code == code
    document = json.loads(run("status", "-", "--format", "json", stdin=names).out)
    assert list(document["sources"]) == ["fine", "third"]


def test_groups(cloud: Cloud, here: Path) -> None:
    """``--group`` may be repeated, and adds to the sources that are named."""
    configure(here, cloud, a="succeeded", b="succeeded", c="succeeded", d="failed")
    path = here / "backup-badge.toml"
    text = path.read_text()
    for name, groups in (("a", ["x"]), ("b", ["x", "y z"])):
        text = text.replace(f'/{name}"', f'/{name}"\ngroups = {groups}')
    path.write_text(text)
    for arguments, expected in (
        (["--group", "x"], ["a", "b"]),
        (["--group", "y z"], ["b"]),
        (["c", "--group", "y z", "--group", "x"], ["c", "b", "a"]),
    ):
        done = run("status", *arguments, "--format", "json")
        assert list(json.loads(done.out)["sources"]) == expected


# What fails besides a state

YOUNG = Source(
    name="orders-db",
    address=parse_address("cloudback:a/b"),
    label="Orders",
    max_age=timedelta(hours=26),
)
LOST = Problem(category=Category.TIMEOUT, message="it gave no answer")


@pytest.mark.parametrize(
    ("status", "allow_stale", "cause", "said"),
    [
        (Status(reported=State.SUCCEEDED, state=State.SUCCEEDED), False, None, ""),
        (
            Status(reported=State.SKIPPED, state=State.SKIPPED, late=True),
            True,
            "late",
            "no success within 26h",
        ),
        (
            Status(reported=State.FAILED, state=State.FAILED, late=True),
            False,
            "failed",
            "no success within 26h",
        ),
        (
            Status(
                reported=State.SUCCEEDED,
                state=State.SUCCEEDED,
                stale=True,
                problem=LOST,
            ),
            False,
            "stale",
            "it gave no answer",
        ),
        (
            Status(
                reported=State.SUCCEEDED,
                state=State.SUCCEEDED,
                stale=True,
                problem=LOST,
            ),
            True,
            None,
            "",
        ),
    ],
)
def test_late_and_stale(
    status: Status, allow_stale: bool, cause: str | None, said: str
) -> None:
    """No success within max_age fails whatever the word; so does a stale answer.

    Each format names what fails by name and label, with the reason.
    """
    judged = Verdict(
        statuses={YOUNG: status},
        fail_on=frozenset({State.FAILED}),
        now=NOW,
        allow_stale=allow_stale,
    )
    assert judged.cause(status) == cause
    assert judged.passed == (cause is None)
    if cause is None:
        return
    lines = overview(judged.failing, also=judged.also)
    for shown in (
        terminal.render_overview(lines, now=NOW),
        markdown.render_verdict(judged),
        workflow_commands.render_verdict(judged),
        junit.render_verdict(judged),
    ):
        assert all(part in shown for part in ("orders-db", "Orders", said))
    assert f'type="{cause}"' in junit.render_verdict(judged)
    assert workflow_commands.render_verdict(judged).startswith("::error ")


def test_summary_counts_causes() -> None:
    """The verdict counts what the sources fail for, each once."""
    good = Status(reported=State.SUCCEEDED, state=State.SUCCEEDED)
    statuses = {
        "a": Status(reported=State.FAILED, state=State.FAILED, late=True),
        "b": replace(good, late=True),
        "c": replace(good, stale=True),
        "d": good,
    }
    judged = Verdict(
        statuses={replace(YOUNG, name=name): one for name, one in statuses.items()},
        fail_on=DEFAULT_FAIL_ON,
        now=NOW,
    )
    assert judged.summary == (
        "The check fails: 3 of 4 sources"
        " (1 failed, 1 without a success in time, 1 not asked)."
    )


def test_reasons_in_json(cloud: Cloud, here: Path) -> None:
    """The document names what fails, and says why."""
    configure(here, cloud, fine="succeeded", bad="failed")
    document = json.loads(run("check", "--format", "json", "--allow-stale").out)
    assert document["failing"] == ["bad"]
    assert document["reasons"] == {"bad": "failed"}


# Pages


def write_pages(here: Path, **pages: str) -> None:
    """Write Markdown pages into ``docs``."""
    (here / "docs").mkdir()
    for name, text in pages.items():
        (here / "docs" / f"{name}.md").write_text(text)


def test_pages_and_configuration_differ(cloud: Cloud, here: Path) -> None:
    """What is shown nowhere and what is not configured fail the check, with places."""
    configure(here, cloud, site="succeeded", lost="succeeded")
    write_pages(
        here,
        index='# Home\n\n<< backup_badge("cloudback:acme/site") >>\n',
        more='<< backup_badge("cloudback:acme/new") >>\n<< backup_badge("sit") >>\n',
    )
    done = run("check", "--pages", "docs")
    assert (done.code, done.err) == (1, "")
    more = Path("docs", "more.md")
    assert done.out.splitlines() == [
        f"{more}:1: 'cloudback:acme/new' is not in the configuration",
        f"{more}:2: there is no source named 'sit'. Did you mean 'site'?",
        "backup-badge.toml:6: the source 'lost' is shown on no page",
        "The check fails: pages and configuration differ in 3 places; none of 2 sources"
        " is failed, overdue, stopped, unknown or deleted.",
    ]
    document = json.loads(run("check", "--pages", "docs", "--format", "json").out)
    assert [found["line"] for found in document["findings"]] == [1, 2, 6]
    assert document["failing"] == []
    shown = run("check", "--pages", "docs", "--format", "github").out
    assert "::error file=backup-badge.toml,line=6,title=Backup badges::the " in shown


@pytest.mark.parametrize(
    "page",
    [
        "<< backup_table() >>",
        '<< backup_table("one", "two") >>',
        '<< backup_table(group="both") >>',
        '<< backup_badge("group:both") >>',
        "{backup-badge}`one` {backup-badge}`Two <cloudback:acme/two>`",
    ],
)
def test_pages_and_configuration_agree(cloud: Cloud, here: Path, page: str) -> None:
    """A table shows its members, without arguments all; an address shows its source."""
    configure(here, cloud, one="succeeded", two="succeeded")
    path = here / "backup-badge.toml"
    path.write_text(re.sub(r"(acme/.*)", r'\1\ngroups = ["both"]', path.read_text()))
    write_pages(here, index=page)
    done = run("check", "--pages", "docs")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("; pages and configuration agree.\n")


def test_pages_are_compared_with_what_is_asked_for(cloud: Cloud, here: Path) -> None:
    """Sources that were not named need not be shown; more directories count as one."""
    configure(here, cloud, one="succeeded", two="succeeded", three="failed")
    write_pages(here, index='<< backup_badge("one") >>')
    (here / "notes").mkdir()
    (here / "notes" / "a.rst").write_text(":backup-badge:`two`")
    pages = ("--pages", "docs", "--pages", "notes", "--pages", "docs")
    assert run("check", "one", "two", *pages).code == 0
    assert run("check", "one", "two", *pages[:2]).code == 1


def test_pages_that_cannot_be_read_are_named(here: Path) -> None:
    """A pipe, a link to nothing and bytes that are no UTF-8 fail it with a sentence."""
    write_pages(here, index='\n<< backup_badge("cloudback:acme/site") >>')
    with (here / "docs" / "index.md").open("ab") as page:
        page.write(b"\xe9")
    os.mkfifo(here / "docs" / "pipe.md")
    (here / "docs" / "link.rst").symlink_to("nothing")
    done = run("check", "--pages", "docs", "--offline")
    assert done.code == 1
    assert done.out.splitlines()[:4] == [
        "docs/index.md:2: 'cloudback:acme/site' is not in the configuration",
        "docs/index.md:2: the page is not written in UTF-8",
        *(
            f"docs/{name}: the page cannot be read: it is no file, or a link that"
            " leads to none"
            for name in ("link.rst", "pipe.md")
        ),
    ]


def test_pages_alone_can_be_checked(here: Path) -> None:
    """Without a configuration each address in a page is a finding, not a mistake."""
    write_pages(here, index='<< backup_badge("cloudback:acme/site") >>')
    done = run("check", "--pages", "docs")
    assert (done.code, done.err) == (1, "")
    assert "index.md:1: 'cloudback:acme/site' is not in" in done.out


# For CI systems

SOURCE = Source(name=HOSTILE, address=parse_address("cloudback:a/b"), label=HOSTILE)


def verdict(text: str = HOSTILE, *, findings: bool = True) -> Verdict:
    """A verdict of which every text is ``text``: five sources, four of them failing."""
    lost = unresolved(Problem(category=Category.TIMEOUT, message=text))
    details = Details(reason=text)
    statuses = {
        "lost": lost,
        "failed": Status(
            reported=State.FAILED, state=State.FAILED, finished=NOW, details=details
        ),
        "overdue": Status(
            reported=State.SUCCEEDED, state=State.OVERDUE, details=details
        ),
        "stale": replace(lost, reported=State.SUCCEEDED, state=State.SUCCEEDED),
        "word": Status(reported=State.UNKNOWN, native=text),
    }
    found = Finding(path=f"docs/{text}.md", line=3, message=text)
    return Verdict(
        statuses={
            replace(SOURCE, name=f"{name} {text}", label=text): status
            for name, status in statuses.items()
        },
        fail_on=DEFAULT_FAIL_ON,
        now=NOW,
        findings=(found,) if findings else None,
    )


# What both schemas in use (Jenkins' junit-10.xsd, Apache Ant's) allow and demand.
ELEMENTS: dict[str, tuple[set[str], list[str]]] = {
    "testsuites": (set(), ["testsuite"]),
    "testsuite": (
        {"name", "package", "id", "hostname", "timestamp", "time"}
        | {"tests", "failures", "errors"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), ["property"]),
    "property": ({"name", "value"}, []),
    "testcase": ({"name", "classname", "time"}, ["failure", "error"]),
    "failure": ({"type", "message"}, []),
    "error": ({"type", "message"}, []),
    "system-out": (set(), []),
    "system-err": (set(), []),
}


def check_element(element: Element) -> None:
    """Hold an element against the table above: attributes, children, their order."""
    attributes, children = ELEMENTS[element.tag]
    assert set(element.attrib) == attributes
    order = [children.index(child.tag) for child in element]
    assert order == sorted(order)
    for child in element:
        check_element(child)


@pytest.mark.parametrize("text", [HOSTILE, "\x00\x1b\ud800\ufffe\uffff\x85\u2028é"])
def test_junit(text: str) -> None:
    """The report is well-formed, has the elements of JUnit's and counts them right."""
    report = junit.render_verdict(verdict(text))
    assert report.isascii()
    root = fromstring(report, forbid_dtd=True)
    check_element(root)
    (suite,) = root
    cases = suite.findall("testcase")
    kinds = [[child.tag for child in case] for case in cases]
    assert kinds == [["error"], ["failure"], ["failure"], [], ["error"], ["failure"]]
    counts = {key: suite.get(key) for key in ("tests", "failures", "errors")}
    assert counts == {"tests": "6", "failures": "3", "errors": "2"}
    assert suite.get("timestamp") == "2026-11-21T04:00:00"
    assert suite.findtext("system-out") == verdict(text).summary


def test_junit_keeps_what_is_said(cloud: Cloud, here: Path) -> None:
    """Names and sentences come through, and the exit code is the verdict's."""
    configure(here, cloud, fine="succeeded", bad="failed")
    done = run("check", "--format", "junit")
    assert done.code == 1
    names = {
        case.get("name"): [child.get("message") for child in case]
        for case in fromstring(done.out).iter("testcase")
    }
    assert names == {"fine": [], "bad": ["bad: last backup failed"]}


def test_annotations() -> None:
    """Each is one line that nothing can break out of; a stale answer is a warning."""
    *commands, summary = workflow_commands.render_verdict(
        verdict("50%,\r\n::b:")
    ).splitlines()
    assert summary == verdict().summary
    kinds = [command.split(" ")[0] for command in commands]
    assert kinds == ["::error"] * 4 + ["::warning", "::error"]
    assert commands[0] == (
        "::error title=Backup failed 50%25%2C%0D%0A%3A%3Ab%3A%3A failed"
        "::50%25,%0D%0A::b:: last backup failed on 21 November 2026, 04:00 UTC;"
        " 50%25,%0D%0A::b:"
    )
    assert commands[-1] == (
        "::error file=docs/50%25%2C%0D%0A%3A%3Ab%3A.md,line=3,title=Backup badges"
        "::50%25,%0D%0A::b:"
    )


def rendered(text: str) -> list[list[str]]:
    """Read Markdown as GitHub does: texts by row or item; nothing but text is there."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    groups: list[list[str]] = []
    for token in reader.parse(text):
        if token.type in ("tr_open", "list_item_open"):
            groups.append([])
        allowed = ("table", "thead", "tbody", "tr", "th", "td", "paragraph")
        kind = token.type.removesuffix("_open").removesuffix("_close")
        assert kind in (*allowed, "bullet_list", "list_item", "inline"), token.type
        for child in token.children or ():
            assert child.type in ("text", "strong_open", "strong_close", "text_special")
        if token.type == "inline" and groups:
            groups[-1].append("".join(c.content for c in token.children or ()))
    return groups


@given(st.one_of(st.just(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=30)))
def test_markdown_is_text_and_nothing_else(text: str) -> None:
    """Whatever a text holds, it stays in its cell, and reads as it was written."""
    head, *rows, item = rendered(markdown.render_verdict(verdict(f"x{text}y")))
    assert head == ["State", "Source", "Name", "Last run", "Reason"]
    assert [len(row) for row in rows] == [5] * 4
    for said, written in zip(rows[0][1:3], ("", "failed "), strict=True):
        assert said.split() == markdown.printable(f"{written}x{text}y").split()
    assert rows[0][0] == "✗ failed"
    assert rows[0][3] == "2026-11-21 04:00 UTC"
    assert item[0].startswith("docs/x")


def test_markdown_for_a_step_summary(cloud: Cloud, here: Path) -> None:
    """A status is a count and a table; a label leads where the source's link leads."""
    configure(here, cloud, fine="succeeded", bad="failed")
    path = here / "backup-badge.toml"
    path.write_text(path.read_text() + "label = 'B|d'\nlink = 'https://e.org/a|b>'\n")
    done = run("status", "--format", "markdown")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "2 sources: 1 failed, 1 succeeded\n"
        "\n"
        "| State | Source | Name | Last run | Reason |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| ✗ failed | [B&#124;d](<https://e.org/a%7Cb%3E>) | bad |  |  |\n"
        "| ✓ succeeded | fine | fine |  |  |\n"
    )
    passing = run("check", "fine", "--format", "markdown")
    assert (passing.code, passing.out) == (
        0,
        "**The check passes: none of 1 source is failed, overdue, stopped, unknown or"
        " deleted.**\n",
    )
