"""Every code block of README and documentation is run, in what it is for.

Pages are built by ``test_doc_builds.py``, examples of badges and tables (``{example}``)
with the documentation, tutorials in tests of their own.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
import yaml
from doc_blocks import BLOCKS, CHECKOUT, Block, run_as
from markdown import Markdown
from tomlkit import dumps

import backup_badge.provider as interface
from backup_badge.cli import main
from backup_badge.config.load import load
from backup_badge.render import assets

WRITE_A_PROVIDER = "docs/how-to/write-a-provider.md"
RUN = {
    "toml": "read as a configuration",
    "yaml": "read by MkDocs, or parsed",
    "rst": "built by Sphinx",
    "md": "built by Sphinx",
    "markdown": "built by MkDocs",
    "python": "executed",
    "json": "parsed, and validated",
    "css": "compared with the style sheet",
    "html": "compared with the scripts",
    "sh": "its commands are parsed",
    "crontab": "its command is parsed",
    "{toctree}": "built with the documentation",
    "{example} rst": "built with the documentation",
    "{example} md": "built with the documentation",
}


def by_id(block: object) -> str:
    """Name a test by the place of its block."""
    return str(block)


def test_every_block_is_run_or_says_why_not() -> None:
    """A block has a language that is run, or a reason; few have a reason."""
    assert [str(b) for b in BLOCKS if b.reason is None and b.language not in RUN] == []
    reasons = {str(block): block.reason for block in BLOCKS if block.reason}
    assert len(BLOCKS) > 130
    assert len(reasons) <= 6, reasons


# Configurations

GIVEN = {
    "providers": {
        "healthchecks": {"api_key": "${HEALTHCHECKS_KEY}"},
        "restic": {"command": ["restic"]},
    },
    "sources": {"orders-db": {"address": "cloudback:acme/orders"}},
}
"""What a page that is about something else takes for granted."""


def united(
    below: Mapping[str, Any], above: Mapping[str, Any], *, within: str = ""
) -> dict[str, Any]:
    """Return tables with others laid over them, as an author does who adds lines.

    Sources get more lines. A table that says anew what is asked stands for the first.
    """
    both = dict(below)
    for key, value in above.items():
        is_table = isinstance(value, dict) and isinstance(both.get(key), dict)
        adds = within in ("", "sources") and is_table and "address" not in value
        both[key] = united(both[key], value, within=key) if adds else value
    return both


@pytest.mark.parametrize("block", run_as("toml"), ids=by_id)
def test_toml(block: Block, tmp_path: Path) -> None:
    """It is a configuration: alone where a system's guide begins, else added to it."""
    document = tomllib.loads(block.text)
    if "build-system" in document:
        return  # Run by test_tutorial.py.
    if "project" in document:
        plugins = document["project"].get("plugins", {})
        options = document["project"].get("markdown_extensions", {})
        assert plugins or options or set(document["project"]) == {"watch"}
        document = options.get("backup_badge", {})
        document.pop("config", None)
    earlier = [
        b for b in run_as("toml") if b.page == block.page and b.line < block.line
    ]
    whole: dict[str, Any] = {} if "/systems/" in block.page else GIVEN
    for other in earlier:
        before = tomllib.loads(other.text)
        whole = whole if "project" in before else united(whole, before)
    (tmp_path / "backup-badge.toml").write_text(dumps(united(whole, document)))
    settings = load(tmp_path, environ={})
    assert [s.problem for s in settings.sources.values() if s.problem] == []


@pytest.mark.parametrize("block", run_as("yaml"), ids=by_id)
def test_yaml(block: Block) -> None:
    """An ``mkdocs.yml`` names plugins and options that there are; all can be parsed."""
    (document, *others) = [*yaml.safe_load_all(block.text)]
    for name in document.get("markdown_extensions", ()):
        name, options = (
            next(iter(name.items())) if isinstance(name, dict) else (name, {})
        )
        Markdown(extensions=[name], extension_configs={name: options})
    for other in (document, *others):
        assert {"plugins", "markdown_extensions", "jobs", "env", "kind"} & set(other)
    for run in re.findall(r"- run: (.+)", block.text):
        check_commands(run)


# Pages: the builds of both hosts are in test_doc_builds.py


# Other languages


@pytest.mark.parametrize("block", run_as("python"), ids=by_id)
def test_python(block: Block) -> None:
    """It is executed: as a ``conf.py``, or where the author of a provider writes."""
    if block.text.startswith('"""'):
        return  # Run by test_tutorial.py.
    names = {name: getattr(interface, name) for name in interface.__all__}
    names["ask"] = SimpleNamespace(document=list)
    before = dict(names)
    exec(compile(block.text, str(block), "exec"), names)
    assert names.keys() - before.keys() - {"__builtins__"}


@pytest.mark.parametrize("block", run_as("json"), ids=by_id)
def test_json(block: Block) -> None:
    """It is JSON; a status file is one by its schema."""
    document = json.loads(block.text)
    assert isinstance(document, dict | list)
    if "schema" in document:
        jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is missing")
        form = CHECKOUT / "docs" / "reference" / "backup-status.schema.json"
        checker = jsonschema.Draft202012Validator(json.loads(form.read_text()))
        assert [error.message for error in checker.iter_errors(document)] == []


@pytest.mark.parametrize("block", run_as("css", "html"), ids=by_id)
def test_css_and_html(block: Block) -> None:
    """It is whole, and what it names of ours is ours: classes, properties, scripts."""
    ours = assets.stylesheet() + assets.script() + assets.table_script()
    used = re.findall(r"--backup-[\w-]+|\.backup-[\w-]+|data-backup-\w+", block.text)
    used += re.findall(r'src="(backup-[\w-]+)\.js"', block.text)
    assert {*used} - {"backup-badge", "backup-table"} <= {
        name for name in used if name in ours
    }
    assert block.text.count("{") == block.text.count("}")
    assert block.text.count("<") == block.text.count(">")


# Commands

OTHERS = {
    "borg": "makes a backup",
    "cd": "of the shell",
    "curl": "asks a host that is an example",
    "docker": "needs a daemon",
    "echo": "of the shell",
    "eval": "of the shell",
    "gh": "asks a forge",
    "grep": "of the shell",
    "make": "a target of the Makefile",
    "mkdocs": "built by test_doc_builds.py",
    "mkdir": "of the shell",
    "mv": "of the shell",
    "pip": "installs from a network",
    "printf": "of the shell",
    "pytest": "run by test_tutorial.py",
    "python": "of the shell",
    "python3": "of the shell",
    "restic": "makes a backup",
    "source": "of the shell",
    "sphinx-autobuild": "does not end",
    "sphinx-build": "built by test_doc_builds.py",
    "sphinx-quickstart": "asks for nothing of ours",
    "zensical": "another host",
    "./publish": "an example",
    ".": "of the shell",
}
"""Commands that are not ours, and why nothing more than their shell syntax is read."""


def commands(text: str) -> Iterator[list[str]]:
    """Yield the commands of a script as lists of words, without redirections."""
    text = re.sub(r"\\\n\s*", " ", text)
    for line in text.splitlines():
        line = re.sub(r"\$\((?:[^()]|\([^()]*\))*\)|\$\{?\w+\}?|\$\?", "VALUE", line)
        reader = shlex.shlex(line, posix=True, punctuation_chars=True)
        reader.commenters = "#" if re.search(r"(?:^|\s)#", line) else ""
        words: list[str] = []
        for word in [*reader, ";"]:
            if re.fullmatch(r"[;&|]+", word):
                yield from [words] if words else []
                words = []
            else:
                words.append(word)


def check_commands(text: str) -> list[str]:
    """Check the commands of a script, and return their names."""
    parsed = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True)
    assert parsed.returncode == 0, parsed.stderr
    names = []
    for words in commands(text):
        words = [*drop_redirections(words)]
        while words and re.match(r"\w+=", words[0]):
            words = words[1:]
        if not words:
            continue
        name, *arguments = words
        names.append(name)
        if name == "backup-badge":
            check_ours(arguments)
        elif name == "make":
            makefile = (CHECKOUT / "Makefile").read_text()
            assert re.search(rf"^{arguments[0]}:", makefile, re.MULTILINE)
        else:
            assert name in OTHERS, f"{name} in {text!r}"
    return names


def drop_redirections(words: list[str]) -> Iterator[str]:
    """Yield the words that are no redirection."""
    rest = iter(words)
    for word in rest:
        if re.fullmatch(r"\d*[<>]+&?", word):
            next(rest, None)
        else:
            yield word


def check_ours(arguments: list[str]) -> None:
    """Parse a call of the command as the command does, without running it."""
    name, *rest = arguments or ["--help"]
    if name.startswith("-"):
        assert name in ("--help", "--version")
        return
    with suppress(click.exceptions.Exit):  # How the parser ends after --help.
        main.commands[name].make_context(name, rest)


@pytest.mark.parametrize("block", run_as("sh", "crontab"), ids=by_id)
def test_commands(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shells can read it; our commands and options exist, and so do make's targets."""
    monkeypatch.chdir(tmp_path)
    for folder in ("docs", "pages"):
        (tmp_path / folder).mkdir()
    text = block.text
    if block.language == "crontab":
        text = re.sub(r"^(?:\S+\s+){6}", "", text)
    assert check_commands(text)
