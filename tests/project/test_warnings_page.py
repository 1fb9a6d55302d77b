"""The page of warnings and errors: it has every sentence, each with what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sentences
from command import run

PAGE = sentences.DOCS / "reference" / "warnings.md"


def test_every_sentence_is_met_somewhere() -> None:
    """A file that says something stands in a group, or is that of a system."""
    assert {
        path: texts
        for path, texts in sentences.said().items()
        if not (sentences.place(path) or sentences.guide(path))
    } == {}


def test_a_new_sentence_is_found(tmp_path: Path) -> None:
    """A text of a problem is collected; help, docstrings and patterns are not."""
    package = tmp_path / "backup_badge"
    package.mkdir()
    (package / "new.py").write_text(
        '"""A docstring of a module."""\n'
        "def f(x):\n"
        '    "A docstring of a function."\n'
        '    Option(name="a", help="What the option is for.")\n'
        '    re.compile("one two three")\n'
        '    Failure(words=("what it says then",), advice="do that instead")\n'
        '    raise ValueError(f"the tape {x} is wet" if x else "there is no tape")\n'
    )
    found = sentences.collect(tmp_path)["backup_badge/new.py"]
    assert found == ["do that instead", "the tape … is wet", "there is no tape"]


CONFIGURATIONS = {
    "a source that is not configured": ("", ("status", "nobody")),
    "a typing error": ('max_ago = "26h"\n', ("status",)),
    "no TOML": ("max_age = 26h\n", ("status",)),
    "no duration": ('max_age = "often"\n', ("status",)),
    "a variable that is not set": (
        '[providers.healthchecks]\napi_key = "${NOT_SET_ANYWHERE}"\n'
        '[sources.a]\naddress = "healthchecks:slug/a"\n',
        ("status",),
    ),
    "a file that is not there": (
        '[sources.a]\naddress = "json:document"\npreset = "drill"\nfile = "a.json"\n',
        ("status",),
    ),
    "a state that is none": ("", ("check", "--fail-on", "happy")),
    "nothing to export": ("", ("export", "backup")),
}


@pytest.mark.parametrize("case", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_what_is_really_said_is_on_the_page(
    case: tuple[str, tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command's sentence is one of the page, with its gaps filled."""
    text, arguments = case
    (tmp_path / "backup-badge.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    listed = re.findall(r"^(?:\| |- )`(.+?)`", PAGE.read_text(), re.MULTILINE)
    patterns = [".*".join(map(re.escape, one.split("…"))) for one in listed]
    assert any(re.search(one, ran.out + ran.err) for one in patterns if len(one) > 12)
