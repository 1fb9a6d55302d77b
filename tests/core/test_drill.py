"""``backup-badge drill``: a restore test is run, and how it ended is written down."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from command import COMMAND
from restores import CONFIGURATION, configure

from backup_badge.config.load import load
from backup_badge.documents.times import read_instant
from backup_badge.markup.mark_options import badge_mark
from backup_badge.site import Site

pytestmark = pytest.mark.slow

CI = (
    *("GITHUB_WORKFLOW", "CI_JOB_NAME", "CIRCLE_JOB", "JOB_NAME"),
    *("BUILDKITE_PIPELINE_NAME", "BUILD_DEFINITIONNAME"),
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Run in a directory with a configuration, in no CI system, not after nohup."""
    for name in CI:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    configure(tmp_path)
    usual = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield tmp_path
    signal.signal(signal.SIGHUP, usual)


def drill(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a job does: in a subprocess, without a terminal."""
    return subprocess.run(
        [*COMMAND, "drill", *arguments],
        **{"capture_output": True, "text": True, "timeout": 60, **more},
    )


def started(*arguments: str, until: Path) -> subprocess.Popen[str]:
    """Start the command, and wait until its own command has made a file."""
    process = subprocess.Popen(
        [*COMMAND, "drill", *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(until.exists)
    return process


def wait_for(happened: Any) -> None:
    """Wait until something is so, for a minute at most."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def document(path: str = "drill.json") -> dict[str, Any]:
    """What was written down."""
    written: dict[str, Any] = json.loads(Path(path).read_text())
    return written


def message() -> str:
    """What the restore test's badge says."""
    settings = load(Path.cwd(), environ={})
    return Site(settings).badge(badge_mark("restore:orders-db", {})).message


def test_success() -> None:
    """Start, end, exit code, duration and job are written; the streams are its own."""
    script = "import sys; print(sys.stdin.read()); print('b', file=sys.stderr)"
    ran = drill("orders-db", "--", sys.executable, "-c", script, input="a")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "a\n", "b\n")
    written = document()
    begun, ended = (read_instant(written[key]) for key in ("started", "finished"))
    assert begun and ended and timedelta() <= ended - begun < timedelta(minutes=1)
    assert 0 <= written["duration"] < 60
    assert (written["source"], written["exit"]) == ("orders-db", 0)
    assert written["reason"] is written["by"] is None
    assert written["last_success"] == written["finished"]
    assert message() == "succeeded"
    assert oct(Path("drill.json").stat().st_mode & 0o400) == "0o400"
    assert not list(Path.cwd().glob(".drill*"))


@pytest.mark.parametrize(
    ("command", "code", "reason"),
    [
        (["sh", "-c", "exit 3"], 3, "its exit code was 3"),
        (["sh", "-c", "kill -9 $$"], 137, "it was ended by SIGKILL"),
        (["sh", "-c", "kill -TERM $$"], 143, "it was ended by SIGTERM"),
        (["no-such-command"], 127, "the command cannot be found"),
        (["."], 126, "the command cannot be run"),
    ],
)
def test_failure(command: list[str], code: int, reason: str) -> None:
    """A failure is written down, said on stderr, and passed through."""
    drill("orders-db", "--", "true")
    before = document()
    ran = drill("orders-db", "--", *command)
    assert ran.returncode == code
    assert ran.stderr.endswith(f"the drill of orders-db failed: {reason}\n")
    written = document()
    assert (written["exit"], written["reason"]) == (code, reason)
    # When it last went well is not forgotten.
    assert written["last_success"] == before["finished"]
    assert message() == "failed"


def test_a_command_that_hangs(here: Path) -> None:
    """It is ended after its time, with all that it started, and is no success."""
    script = "trap 'exit 0' TERM; sleep 600 & echo $! > child; wait"
    ran = drill("orders-db", "--timeout", "2s", "--", "sh", "-c", script)
    assert ran.returncode == document()["exit"] == 124
    assert document()["reason"] == "it took longer than 2s"
    assert message() == "failed"
    child = int((here / "child").read_text())
    wait_for(lambda: not is_running(child))


def test_a_command_that_does_not_listen(here: Path) -> None:
    """What ignores SIGTERM is killed ten seconds later."""
    script = "trap '' TERM; touch begun; while :; do sleep 1; done"
    ran = drill("orders-db", "--timeout", "1s", "--", "sh", "-c", script)
    assert ran.returncode == document()["exit"] == 124


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("own", ["exit 0", "exit 9"])
def test_a_drill_that_is_ended(here: Path, number: signal.Signals, own: str) -> None:
    """Its command gets the signal; it is no success, whatever the command says then."""
    script = f"trap 'touch heard; {own}' TERM INT HUP; touch begun; sleep 600 & wait"
    process = started("orders-db", "--", "sh", "-c", script, until=here / "begun")
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == document()["exit"] == 128 + number
    assert f"it was ended by {number.name}" in said
    assert (here / "heard").exists()
    assert message() == "failed"


def test_a_drill_that_is_killed(here: Path) -> None:
    """What was written before stays whole."""
    drill("orders-db", "--", "true")
    before = (here / "drill.json").read_bytes()
    script = "echo $$ > begun; sleep 600"
    process = started("orders-db", "--", "sh", "-c", script, until=here / "begun")
    wait_for(lambda: (here / "begun").read_text().strip())
    process.kill()
    os.killpg(int((here / "begun").read_text()), signal.SIGKILL)
    process.communicate(timeout=60)
    assert (here / "drill.json").read_bytes() == before


def test_what_is_ignored_stays_so(here: Path) -> None:
    """After nohup, a hang-up ends neither the drill nor its command."""
    script = "touch begun; while ! test -e go; do sleep 0.1; done"
    arguments = [*COMMAND, "drill", "orders-db", "--", "sh", "-c", script]
    process = subprocess.Popen(
        ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *arguments],
        stdin=subprocess.DEVNULL,
    )
    wait_for((here / "begun").exists)
    process.send_signal(signal.SIGHUP)
    (here / "go").touch()
    assert process.wait(timeout=60) == 0
    assert document()["exit"] == 0


@pytest.mark.parametrize(
    ("environ", "arguments", "by"),
    [
        ({}, [], None),
        ({"GITHUB_WORKFLOW": "Restore drill"}, [], "Restore drill"),
        ({"CI_JOB_NAME": "drill"}, [], "drill"),
        ({"JOB_NAME": "ops/drill"}, [], "ops/drill"),
        ({"CI_JOB_NAME": "drill"}, ["--by", "cron on the vault"], "cron on the vault"),
    ],
)
def test_by(environ: dict[str, str], arguments: list[str], by: str | None) -> None:
    """The job has the name that it is given, or that the CI system gives it."""
    drill("orders-db", *arguments, "--", "true", env={**os.environ, **environ})
    assert document()["by"] == by


def test_output(here: Path) -> None:
    """A file that is named is written, in a folder that is made where it is missing."""
    ran = drill("wiki", "--output", "state/wiki.json", "--", "sh", "-c", "exit 4")
    assert ran.returncode == document("state/wiki.json")["exit"] == 4
    # On a server where nothing is configured a name is believed.
    (here / "backup-badge.toml").unlink()
    assert drill("other", "--output", "other.json", "--", "true").returncode == 0
    assert document("other.json")["source"] == "other"


def test_another_source_is_not_taken_over() -> None:
    """The last success of another source is not that of this one."""
    drill("orders-db", "--output", "x.json", "--", "true")
    drill("wiki", "--output", "x.json", "--", "false")
    assert document("x.json")["last_success"] is None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["order-db", "--", "touch", "ran"], "Did you mean 'orders-db'?"),
        (["order-db", "--output", "x", "--", "touch", "ran"], "no source named"),
        (["wiki", "--", "touch", "ran"], "configure [sources.wiki.restore], or name"),
        (["orders-db", "--output", ".", "--", "touch", "ran"], "is a directory"),
        (["orders-db", "--timeout", "0s", "--", "touch", "ran"], "longer than nothing"),
        (["orders-db", "--timeout", "1", "--", "touch", "ran"], "must be a duration"),
        (["orders-db", "--"], "COMMAND"),
    ],
)
def test_mistakes(here: Path, arguments: list[str], why: str) -> None:
    """A mistake is told before anything is run: exit code 2."""
    ran = drill(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert why in ran.stderr
    assert not (here / "ran").exists()


def test_a_command_that_reads_the_terminal(here: Path) -> None:
    """In the background it finds no terminal, and ends: it is not stopped for ever."""
    ours, theirs = pty.openpty()

    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [*COMMAND, "drill", "orders-db", "--", "sh", "-c", "read x </dev/tty"],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=take_terminal,
    )
    assert process.wait(timeout=60) == document()["exit"] != 0
    os.close(ours)
    os.close(theirs)


def test_a_restore_that_reads_something_else(here: Path) -> None:
    """A file that a drill does not write is never replaced."""
    text = CONFIGURATION.replace('preset = "drill"', 'preset = "borg-job"')
    configure(here, text)
    ran = drill("orders-db", "--", "touch", "ran")
    assert ran.returncode == 2
    assert "reads no file by the preset 'drill'" in ran.stderr
    assert not (here / "ran").exists()


def test_a_document_that_cannot_be_written(here: Path) -> None:
    """What became of the drill is told, and then that nobody will read of it."""
    arguments = ["orders-db", "--output", "out/drill.json", "--", "sh", "-c"]
    ran = drill(*arguments, "rm -r out; touch out; exit 3")
    assert ran.returncode == 2
    first, second = ran.stderr.splitlines()
    assert first.endswith("the drill of orders-db failed: its exit code was 3")
    assert second.startswith("Error: out/drill.json: this file cannot be written: ")
    (here / "taken").touch()
    ran = drill("orders-db", "--output", "taken/x", "--", "touch", "ran")
    assert "Error: taken/x: this file cannot be written" in ran.stderr
    assert not (here / "ran").exists()


def test_a_broken_document_is_replaced(here: Path) -> None:
    """Whatever stands in the file, what follows is right."""
    for content in ("{", "[]", '{"source": "orders-db", "last_success": "soon"}'):
        (here / "drill.json").write_text(content)
        drill("orders-db", "--", "false")
        assert (document()["exit"], document()["last_success"]) == (1, None)


def is_running(process: int) -> bool:
    """Whether there is such a process, and not only what is left of one."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
