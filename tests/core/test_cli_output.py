"""What the command prints, on terminals of any width and where there is none."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cloud import Cloud
from command import COMMAND, configure, run, run_on_terminal
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.render.terminal import display_width, render_overview, wrap
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Source, parse_address
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, unresolved
from backup_badge.view.summary import Line, format_age, overview

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SITE = Source(
    name="site",
    address=parse_address("cloudback:acme/site"),
    label="Website",
    max_age=timedelta(hours=26),
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty directory, with nothing of ours in the environment."""
    for name in ("OFFLINE", "STATUS_FILE"):
        monkeypatch.delenv(f"BACKUP_BADGE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def line(
    state: State,
    name: str = "site",
    *,
    label: str = "",
    hours: float | None = None,
    reason: str = "",
) -> Line:
    """A line of an overview; its last run was so many hours ago."""
    time = None if hours is None else NOW - timedelta(hours=hours)
    source = replace(SITE, name=name, label=label or name)
    return Line(
        source=source, called=source.label, state=state, time=time, reason=reason
    )


LINES = (
    line(State.FAILED, "orders-db", hours=3.9, reason="agent_lost_connection"),
    line(State.OVERDUE, "数据库", hours=72, reason="no success within 26h " * 3),
    line(State.COMPLETED_WITH_ERRORS, "a-name-that-is-quite-long", hours=0.1),
    line(State.SUCCEEDED, "wiki"),
)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-9), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(days=800), "800 d ago"),
    ],
)
def test_age(age: timedelta, text: str) -> None:
    """An age has one unit, and is never rounded up."""
    assert format_age(age) == text


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status(reported=State.FAILED, state=State.FAILED), ""),
        (
            Status(
                reported=State.FAILED,
                state=State.FAILED,
                details=Details(reason="disk full"),
            ),
            "disk full",
        ),
        (
            unresolved(Problem(category=Category.TIMEOUT, message="too late")),
            "too late",
        ),
        (
            Status(reported=State.UNKNOWN, native="paused"),
            "the backup system says 'paused'",
        ),
        (
            Status(
                reported=State.SUCCEEDED,
                state=State.OVERDUE,
                finished=NOW - timedelta(days=3),
            ),
            "last backup succeeded on 18 November 2026, 04:00 UTC;"
            " no success within 26h",
        ),
    ],
)
def test_reason(status: Status, reason: str) -> None:
    """A line says why, and does not say again what the state is."""
    (told,) = overview({SITE: status})
    assert (told.reason, told.state) == (reason, status.state)


def test_in_a_pipe() -> None:
    """Where nobody looks a source is one line, whole, in columns."""
    assert render_overview(LINES, now=NOW).splitlines() == [
        "STATE                  SOURCE                     LAST RUN   REASON",
        "failed                 orders-db                  3 h ago    "
        "agent_lost_connection",
        "overdue                数据库                     3 d ago    "
        + "no success within 26h " * 2
        + "no success within 26h",
        "completed with errors  a-name-that-is-quite-long  6 min ago",
        "succeeded              wiki",
    ]


def test_columns_without_a_value_are_left_out() -> None:
    """Where no source has an age or a reason there is no such column."""
    lines = (line(State.FAILED), line(State.SUCCEEDED, "wiki"))
    for width in (None, 80):
        text = render_overview(lines, now=NOW, width=width)
        assert text == "STATE      SOURCE\nfailed     site\nsucceeded  wiki\n"


def test_label() -> None:
    """A source is told by its name, and by its label where that is another."""
    lines = (line(State.FAILED, label="Website"), line(State.SUCCEEDED, "wiki"))
    assert render_overview(lines, now=NOW) == (
        "STATE      SOURCE  LABEL\nfailed     site    Website\nsucceeded  wiki\n"
    )


def test_a_narrow_window() -> None:
    """First the reasons are wrapped; then there is no table any more."""
    assert render_overview(LINES[:2], now=NOW, width=60).splitlines() == [
        "STATE    SOURCE     LAST RUN  REASON",
        "failed   orders-db  3 h ago   agent_lost_connection",
        "overdue  数据库     3 d ago   no success within 26h no",
        "                              success within 26h no success",
        "                              within 26h",
    ]
    assert render_overview(LINES[:2], now=NOW, width=30).splitlines() == [
        "failed  orders-db  3 h ago",
        "    agent_lost_connection",
        "overdue  数据库  3 d ago",
        "    no success within 26h no",
        "    success within 26h no",
        "    success within 26h",
    ]


@given(
    st.lists(
        st.builds(
            line,
            st.sampled_from(State),
            st.text(min_size=1),
            hours=st.none() | st.floats(0, 1e5),
            reason=st.text(),
        ),
        min_size=1,
    ),
    st.integers(25, 200),
)
def test_no_line_is_wider_than_the_window(lines: list[Line], width: int) -> None:
    """Whatever there is to say, it fits, nothing is obeyed, and colour is all."""
    plain = render_overview(lines, now=NOW, width=width)
    assert max(map(display_width, plain.splitlines())) <= width
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", plain)
    coloured = render_overview(lines, now=NOW, width=width, colour=True)
    assert ESCAPE.sub("", coloured) == plain


@given(st.text(), st.integers(2, 40))
def test_wrapping_loses_nothing(text: str, width: int) -> None:
    """Every letter is there, in its order, and no line is longer than it may be."""
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(display_width, lines)) <= width


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_on_a_terminal(
    cloud: Cloud, here: Path, environ: dict[str, str], coloured: bool
) -> None:
    """States are coloured unless that is not wanted, and a count ends the list."""
    configure(here, cloud, fine="succeeded", bad="failed")
    done = run_on_terminal("status", columns=60, environ=environ)
    assert done.code == 0
    assert ("\x1b[31mfailed\x1b[0m" in done.out) == coloured
    assert ("\x1b" in done.out) == coloured
    assert ESCAPE.sub("", done.out).splitlines() == [
        "STATE      SOURCE",
        "failed     bad",
        "succeeded  fine",
        "",
        "2 sources: 1 failed, 1 succeeded",
    ]


@pytest.mark.slow
def test_progress(cloud: Cloud, here: Path) -> None:
    """After a second who watches sees a bar that counts the answers; in CI nobody."""
    configure(here, cloud, site="succeeded", other="failed")
    cloud.latency = 1.5
    done = run_on_terminal("status")
    bar = r"Asking for 2 sources, 30 s at most  \[[-#]+\]  [012]/2"
    assert re.search(bar, done.out)
    result = ESCAPE.sub("", done.out).splitlines()
    assert result[-1] == "2 sources: 1 failed, 1 succeeded"
    done = run_on_terminal("status", environ={"CI": "true"})
    assert "Asking" not in done.out


@pytest.mark.slow
def test_no_progress_in_a_pipe(cloud: Cloud, here: Path) -> None:
    """Where nobody watches there is nothing but the result, however long it takes."""
    configure(here, cloud, site="succeeded")
    cloud.latency = 1.2
    done = run("status")
    assert (done.code, done.err) == (0, "")
    assert done.out == "STATE      SOURCE\nsucceeded  site\n"


def test_interrupted(cloud: Cloud, here: Path) -> None:
    """Ctrl-C ends it at once, without a traceback, with a code that is no verdict."""
    configure(here, cloud, site="succeeded")
    cloud.latency = 20
    process = subprocess.Popen(
        [*COMMAND, "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not cloud.requests:
        time.sleep(0.01)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=10)
    assert (process.returncode, *said) == (130, b"", b"")
    assert time.monotonic() - began < 5
    cloud.stopping.set()


@pytest.mark.parametrize("form", ["text", "json"])
def test_nobody_reads_on(here: Path, form: str) -> None:
    """A pipe that is closed early (``| head -1``) is no reason for a traceback."""
    sources = "".join(
        f"[sources.source-{number}]\naddress = 'cloudback:acme/{number}'\n"
        for number in range(800)
    )
    (here / "backup-badge.toml").write_text(f"offline = true\n{sources}")
    process = subprocess.Popen(
        [*COMMAND, "status", "--format", form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=30)


def test_a_full_disk(here: Path) -> None:
    """What cannot be written is told in a sentence."""
    (here / "backup-badge.toml").write_text(
        "offline = true\n[sources.a]\naddress = 'cloudback:a/b'\n"
    )
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "status"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"Error: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "streams", "codes"),
    [
        *[
            (f"check {name}", streams, {code})
            for name, code in (("good", 0), ("bad", 1))
            for streams in ("2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full")
        ],
        *[
            (command, streams, {0})
            for command in ("status", "status --format json", "export public")
            for streams in ("2>&-", ">&-", "<&- >&- 2>&-", "2>/dev/full")
        ],
        ("status -", "<&-", {2}),
        ("check nobody", "2>&-", {2}),
        ("check nobody", "2>/dev/full", {2}),
        ("chek", "2>/dev/full", {2}),
        ("--help", ">/dev/full", {2}),
        ("check good", ">/dev/full", {2}),
    ],
)
def test_closed_streams(
    cloud: Cloud, here: Path, arguments: str, streams: str, codes: set[int]
) -> None:
    """A standard stream that is closed or full changes no verdict."""
    configure(here, cloud, good="succeeded", bad="failed")
    # So that there is a notice to write.
    (here / ".cache").write_text("a file")
    command = f"exec {shlex.join([*COMMAND, *arguments.split()])} {streams}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert done.returncode in codes
    assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("bad", 1)])
def test_verdict_that_nobody_reads(
    cloud: Cloud, here: Path, name: str, code: int
) -> None:
    """Where nobody reads the output the exit code is the verdict's all the same."""
    configure(here, cloud, good="succeeded", bad="failed")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "check", name], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        (b"good\n\xff\n", b"standard input is not in UTF-8"),
        (b"\xef\xbb\xbfgood\n", b""),
        (b"b\xc3\xa4d\n", "there is no source named 'bäd'".encode()),
    ],
)
def test_bytes_on_standard_input(
    cloud: Cloud, here: Path, stdin: bytes, said: bytes
) -> None:
    """Names are read as UTF-8, with or without a byte order mark."""
    configure(here, cloud, good="succeeded")
    done = subprocess.run(
        [*COMMAND, "check", "-"],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == (2 if said else 0)
    assert said in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("argument", [b"\xff", b"a\xffb:c/d", b"cloudback:a/\xff"])
def test_bytes_as_arguments(here: Path, argument: bytes) -> None:
    """A name that is not UTF-8 gets a sentence."""
    for arguments in ([argument], [b"-c", argument]):
        done = subprocess.run(
            [*map(os.fsencode, COMMAND), b"check", *arguments],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith(b"Error: ")
        assert b"Traceback" not in done.stderr


COMMANDS = [
    *("check", "discover", "drill", "explain", "export", "init", "providers", "status"),
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str) -> None:
    """Each command's help fits a narrow window and shows examples."""
    done = run(*command.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert f"\n  Examples:\n    backup-badge {command}" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("backup-badge ", COMMANDS),
        ("backup-badge explain or", ["orders", "orders-db"]),
        ("backup-badge drill or", ["orders", "orders-db"]),
        ("backup-badge providers health", ["healthchecks"]),
        ("backup-badge init --provider health", ["healthchecks"]),
        ("backup-badge status or", ["orders", "orders-db"]),
        ("backup-badge check group:", ["group:web"]),
        ("backup-badge status --group ", ["web"]),
        ("backup-badge status -c other.toml ", []),
    ],
)
def test_completion(
    here: Path, monkeypatch: pytest.MonkeyPatch, words: str, offered: list[str]
) -> None:
    """Names of sources and groups are completed; a faulty configuration has none."""
    (here / "backup-badge.toml").write_text(
        "[sources.orders]\naddress = 'cloudback:a/b'\n"
        "[sources.orders-db]\naddress = 'cloudback:a/c'\ngroups = ['web']\n"
        "[sources.wiki]\naddress = 'cloudback:a/d'\n"
    )
    (here / "other.toml").write_text("a = ")
    monkeypatch.setenv("_BACKUP_BADGE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    done = run()
    assert (done.code, done.err) == (0, "")
    assert done.out.split() == [f"plain,{word}" for word in offered]
