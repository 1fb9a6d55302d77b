"""Commands from the configuration: bounded, quiet, ended with the build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.command import (
    MAX_OUTPUT,
    Completed,
    command_name,
    run_command,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="commands need POSIX"),
]

LONG = 60.0


def run(*arguments: str, seconds: float = LONG, **more: Any) -> Completed:
    told = {"environ": os.environ, "names": (), **more}
    return run_command(arguments, until=time.monotonic() + seconds, **told)


def python(code: str, *arguments: str, **more: Any) -> Completed:
    return run(sys.executable, "-c", textwrap.dedent(code), *arguments, **more)


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that has ended waits for somebody to ask how.
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(process: int) -> bool:
    end = time.monotonic() + 10
    while lives(process) and time.monotonic() < end:
        time.sleep(0.02)
    return not lives(process)


def test_what_a_command_prints() -> None:
    """Its output, its errors and its exit code come back."""
    done = python("import sys; print('out'); print('err', file=sys.stderr); exit(3)")
    assert done == Completed(code=3, output=b"out\n", errors=b"err\n")


def test_no_shell_reads_the_arguments() -> None:
    """Characters that a shell obeys are characters."""
    words = [
        "$(touch x)",
        "`id`",
        "a;b",
        "a|b",
        "*",
        "~",
        "$HOME",
        "a b",
        '"',
        "'",
        "\n",
    ]
    done = python("import sys; print(sys.argv[1:])", *words)
    assert done.output.decode().strip() == repr(words)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["tool", "--json"], "tool"),
        (["/usr/local/bin/tool"], "tool"),
        (["env", "TZ=UTC", "LANG=C", "/usr/bin/tool", "list"], "tool"),
        (["env", "-i", "tool"], "tool"),
        (["env"], "env"),
        (["-"], "?"),
    ],
)
def test_how_messages_call_a_command(arguments: list[str], name: str) -> None:
    """Neither a folder nor a variable before it is told."""
    assert command_name(arguments) == name


def test_standard_input_is_empty() -> None:
    """Whoever asks for a passphrase gets the end of the file."""
    assert python("print(repr(input('?')))").code == 1


def test_the_environment_is_minimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command gets what it is given by name, and nothing else that is secret."""
    monkeypatch.setenv("NEEDED", "one")
    monkeypatch.setenv("SECRET", "two")
    code = "import os; print(os.environ.get('NEEDED'), os.environ.get('SECRET'))"
    assert python(code, names=("NEEDED", "MISSING")).output == b"one None\n"


def test_output_without_end() -> None:
    """Output is read up to a bound, and the command is then ended."""
    with pytest.raises(ProblemError) as caught:
        python("while True: print('x' * 99999)")
    assert caught.value.problem.category is Category.INVALID_RESPONSE
    assert str(MAX_OUTPUT) in str(caught.value)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_child_that_ignores_its_end(tmp_path: Path, name: str) -> None:
    """Whatever it ignores, it and its own children are gone when time is over."""
    note = tmp_path / "pids"
    code = f"""
        import os, signal, time
        signal.signal(signal.{name}, signal.SIG_IGN)
        os.fork()
        with open({str(note)!r}, "a") as file:
            print(os.getpid(), file=file, flush=True)
        time.sleep(600)
    """
    with pytest.raises(ProblemError) as caught:
        python(code, seconds=3)
    assert caught.value.problem.category is Category.TIMEOUT
    processes = [int(line) for line in note.read_text().split()]
    assert len(processes) == 2
    assert all(map(gone, processes))


def test_a_child_that_lives_on(tmp_path: Path) -> None:
    """What a command leaves behind in its group is ended with it."""
    note = tmp_path / "pid"
    code = f"""
        import os, time
        if os.fork() == 0:
            open({str(note)!r}, "w").write(str(os.getpid()))
            os.close(1); os.close(2)
            time.sleep(600)
        while not os.path.exists({str(note)!r}) or not open({str(note)!r}).read():
            time.sleep(0.01)
    """
    assert python(code).code == 0
    assert gone(int(note.read_text()))


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_build_that_is_killed(tmp_path: Path, end: signal.Signals) -> None:
    """The command is gone when the build is, however that ended."""
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()));"
    child += "time.sleep(600)"
    build = f"""
import os, sys, time
from backup_badge.ways.command import run_command
run_command(
    [sys.executable, "-c", {child!r}],
    environ=os.environ, names=(), until=time.monotonic() + 600,
)
"""
    process = subprocess.Popen([sys.executable, "-c", build])
    end_of_wait = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < end_of_wait:
        time.sleep(0.02)
    process.send_signal(end)
    process.wait(timeout=30)
    assert gone(int(note.read_text()))


def test_a_command_that_is_not_there() -> None:
    """It is named as the configuration's fault, without its path."""
    with pytest.raises(ProblemError) as caught:
        run("/nowhere/no-such-command")
    assert caught.value.problem.category is Category.USAGE
    assert "nowhere" not in str(caught.value)


def test_a_command_that_may_not_be_run(tmp_path: Path) -> None:
    """So is one without the right to be run."""
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    with pytest.raises(ProblemError) as caught:
        run(str(script))
    assert caught.value.problem.category is Category.USAGE
