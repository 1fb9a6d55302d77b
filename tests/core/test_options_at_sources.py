"""Options of a provider that stand at a source, and labels and ages beside them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Answer, HttpService, Request, json_answer

from backup_badge.ask.find import find
from backup_badge.ask.resolver import Resolver
from backup_badge.config.load import load
from backup_badge.config.settings import Settings
from backup_badge.values.mark import TableMark
from backup_badge.values.problem import ConfigurationError
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.table import tabulate

READING = 'word = "word"\nstates = { ok = "succeeded", bad = "failed" }\n'


class Documents(HttpService):
    """Says ``ok`` at ``/good`` and ``bad`` anywhere else, and notes who asks."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def answer(self, request: Request) -> Answer:
        """Answer, whoever asks."""
        key = request.headers.get("authorization", "")
        self.asked.append((request.path, key))
        return json_answer({"word": "ok" if request.path == "/good" else "bad"})


def settings(directory: Path, text: str) -> Settings:
    """Return the settings of a configuration file."""
    (directory / "backup-badge.toml").write_text(text)
    return load(directory, environ={})


def statuses(
    configured: Settings, environ: Mapping[str, str] | None = None
) -> dict[str, Status]:
    """Return what all sources come to in one build, by name."""
    resolver = Resolver(configured, environ=environ or {})
    resolved = resolver.resolve(configured.sources.values())
    return {source.name: status for source, status in resolved.items()}


def faults(directory: Path, text: str) -> list[str]:
    """Return the faults of a configuration."""
    with pytest.raises(ConfigurationError) as caught:
        settings(directory, text)
    return list(caught.value.faults)


def test_each_way_at_a_source(tmp_path: Path) -> None:
    """A URL, a file and a command at three sources, and no provider at all."""
    (tmp_path / "good.json").write_text('{"word": "ok"}')
    tool = [sys.executable, "-c", 'print(\'{"word": "bad"}\')']
    with Documents() as documents:
        text = (
            f'[sources.a]\naddress = "json:document"\nurl = "{documents.url}/good"\n'
            f'{READING}[sources.b]\naddress = "json:document"\n'
            f'file = "{tmp_path}/good.json"\n{READING}'
            f'[sources.c]\naddress = "json:document"\ncommand = {json.dumps(tool)}\n'
            f"{READING}"
        )
        told = statuses(settings(tmp_path, text))
    assert {name: status.state for name, status in told.items()} == {
        "a": State.SUCCEEDED,
        "b": State.SUCCEEDED,
        "c": State.FAILED,
    }


def test_a_source_wins_over_its_provider(tmp_path: Path) -> None:
    """What stands at both is the source's; what stands at one of them is shared."""
    with Documents() as documents:
        text = (
            f'[providers.json]\nurl = "{documents.url}/good"\n{READING}'
            '[sources.a]\naddress = "json:document"\n'
            f'[sources.b]\naddress = "json:document"\nurl = "{documents.url}/other"\n'
        )
        told = statuses(settings(tmp_path, text))
    assert told["a"].state is State.SUCCEEDED
    assert told["b"].state is State.FAILED


def test_one_address_with_two_options_is_two_accounts(tmp_path: Path) -> None:
    """Each is asked and remembered on its own; those that share all are asked once."""
    with Documents() as documents:
        one = f'address = "json:document"\nurl = "{documents.url}/good"\n{READING}'
        two = one.replace("/good", "/other")
        text = f"[sources.a]\n{one}[sources.b]\n{two}[sources.c]\n{one}"
        configured = settings(tmp_path, text)
        first = statuses(configured)
        assert sorted(path for path, _ in documents.asked) == ["/good", "/other"]
        again = statuses(configured)
        assert len(documents.asked) == 2
    states = [State.SUCCEEDED, State.FAILED, State.SUCCEEDED]
    assert [first[name].state for name in "abc"] == states
    assert [again[name].state for name in "abc"] == states


def test_a_secret_at_a_source(tmp_path: Path) -> None:
    """A reference at a source is looked up when asking, and goes nowhere else."""
    with Documents() as documents:
        text = (
            f'[sources.a]\naddress = "json:document"\nurl = "{documents.url}/good"\n'
            f'token = "${{TOKEN_A}}"\n{READING}'
            f'[sources.b]\naddress = "json:document"\nurl = "{documents.url}/good"\n'
            f'token = "${{TOKEN_B}}"\n{READING}'
        )
        configured = settings(tmp_path, text)
        assert "secret-a" not in repr(configured)
        told = statuses(configured, {"TOKEN_A": "secret-a"})
        assert documents.asked == [("/good", "Bearer secret-a")]
        assert told["a"].state is State.SUCCEEDED
        problem = told["b"].problem
        assert problem is not None and "TOKEN_B is not set" in problem.message
        # Another secret is another account: nobody gets what was remembered for one.
        told = statuses(configured, {"TOKEN_A": "secret-c", "TOKEN_B": "secret-b"})
        assert {key for _, key in documents.asked[1:]} == {
            "Bearer secret-c",
            "Bearer secret-b",
        }


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ('fil = "a"', ":3: in [sources.a] 'fil' is not an option. Did you mean 'file'"),
        ('token = "hunter2"', ":3: in [sources.a] 'token' is a secret: write it as a"),
        ("file = 7", ":3: in [sources.a] 'file' must be a text, not 7"),
        (
            "",
            ":2: in [sources.a] 'json:document' needs the provider 'json', which needs",
        ),
        (
            'file = "a"\nurl = "https://example.org"',
            ":2: in [sources.a] 'json:document' cannot be asked: its provider has",
        ),
        ('states = { ok = "fine" }', ":3: in [sources.a] 'states' names the unknown"),
    ],
)
def test_faults_at_a_source(tmp_path: Path, table: str, fault: str) -> None:
    """Each has its line at the source, and the nearest right key."""
    text = f'[sources.a]\naddress = "json:document"\n{table}\n'
    told = faults(tmp_path, text)
    assert told[0].startswith(f"backup-badge.toml{fault}")
    assert "hunter2" not in str(told)


def test_an_incomplete_account_is_told_once(tmp_path: Path) -> None:
    """A provider that no source completes is one fault, however many sources it has."""
    text = '[providers.json]\nword = "word"\n'
    text += "".join(f'[sources.a{n}]\naddress = "json:document"\n' for n in range(9))
    (told,) = [fault for fault in faults(tmp_path, text) if "'url'" in fault]
    assert told.startswith("backup-badge.toml:1: in [providers] the provider 'json' ")


def test_label_and_max_age_of_a_provider(tmp_path: Path) -> None:
    """Readers see a provider's label, and its age counts, in pages' addresses too."""
    text = (
        '[providers.nas]\ntype = "cloudback"\nlabel = "The NAS"\nmax_age = "2d"\n'
        '[sources.a]\naddress = "nas:a/b"\n'
    )
    configured = settings(tmp_path, text)
    for name in ("a", "nas:c/d"):
        (source,) = find(configured, name)
        assert source.max_age == timedelta(days=2)
        status = Status(reported=State.FAILED)
        table = tabulate(TableMark(columns=("source", "provider")), {source: status})
        assert table.rows[0][1].text == "The NAS"


def test_groups_have_both(tmp_path: Path) -> None:
    """A group's age is nearer than its provider's."""
    text = (
        '[providers.cloudback]\nmax_age = "2d"\n[groups.web]\nmax_age = "1d"\n'
        'label = "The web"\n[sources.a]\naddress = "cloudback:a/b"\ngroups = ["web"]\n'
    )
    configured = settings(tmp_path, text)
    assert configured.sources["a"].max_age == timedelta(days=1)
    assert configured.groups["web"].label == "The web"
