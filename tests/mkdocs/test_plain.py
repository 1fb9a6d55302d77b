"""Badges that are exchanged before Markdown reads a page come out as all others do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import markdown
import pytest
from asking import configure
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import PLACES, WEB

from backup_badge import BadgeMark
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.extension import BackupBadgeExtension
from mkdocs_backup_badge.pages import Page
from mkdocs_backup_badge.plain import Plain, read_block

EXTENSIONS = [
    "toc",
    "tables",
    "fenced_code",
    "attr_list",
    "def_list",
    "footnotes",
    "admonition",
    "md_in_html",
    "smarty",
    "abbr",
    "nl2br",
    "pymdownx.betterem",
    "pymdownx.magiclink",
    "pymdownx.tilde",
]
SOURCES = ("website", "handbook")
PIECES = [
    WEB,
    WEB,
    '<< backup_badge("website", label="a|b `c` #1") >>',
    '<< backup_badge("handbook", link="../x/") >>',
    """<< backup_badge("website", label="a << backup_badge('handbook') >> b") >>""",
    '<< backup_badge("website",\n\nlabel="two blocks") >>',
    '<< backup_badge("website", label="two) >> blocks\n\n") >>',
    "<< backup_badge() >>",
    "<< backup_table() >>",
    *("\n", "\n", "\n\n", "\n\n", "\n    ", "\n  ", "\t", " ", "x", "word "),
    *(
        "`",
        "``",
        "```",
        "~~~",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "\\",
        "#",
        "\n# ",
        "\n---\n",
    ),
    *("\n===\n", "\n- ", "\n1. ", "\n* ", "\n> ", "\n| a | b |\n|---|---|\n| ", " | "),
    *("<b>", "</b>", "\n<div>\n", "</div>\n", "<!--", "-->", "<", ">", "<code>", "&"),
    *("[", "](x)", "![", "]", "{ .c }", "\n{: .c }", "$", '"', "'", "(", ")", "--"),
    *(
        "\n!!! note\n    ",
        "\n: ",
        "\n[^1]: ",
        "[^1]",
        "\n[x]: y",
        "\n///\n",
        "http://x/",
    ),
]

Convert = Callable[..., str]

LOG = logging.getLogger("plain")
LOG.setLevel(logging.CRITICAL)


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Return what converts a text for the plugin, with or without exchanging.

    ``ahead`` has it read ahead, as the plugin does with all pages.
    """
    sources = {name: {"address": f"cloudback:acme/{name}"} for name in SOURCES}
    folder, nowhere = tmp_path_factory.mktemp("plain"), "http://127.0.0.1:9"
    configured = configure(folder, nowhere, offline=True, sources=sources)
    build = Build(configured, LOG)

    def convert(
        text: str, *, exchanges: bool = True, defers: bool = True, ahead: bool = True
    ) -> str:
        build.begin()
        build.defers = defers
        page = Page("page.md", lambda: text)
        extension: Any = BackupBadgeExtension(
            lambda md, text: (build, page), lambda: build.plain
        )
        if ahead:
            build.start(build.plain.read_ahead(text, page))
        with pytest.MonkeyPatch.context() as patch:
            if not exchanges:
                patch.setattr(Plain, "exchange", lambda self, text, *_: text)
            html = markdown.markdown(text, extensions=[*EXTENSIONS, extension])
        return build.promises.keep(html)

    return convert


@pytest.mark.parametrize("text", [text for text, _ in PLACES.values()], ids=PLACES)
def test_every_place(convert: Convert, text: str) -> None:
    """To the byte, whether a page waits for its badges or not."""
    expected = convert(text, exchanges=False)
    assert convert(text) == expected
    assert convert(text, ahead=False) == expected
    assert convert(text, defers=False) == expected


@pytest.mark.parametrize("text", PIECES[2:9])
def test_unusual_macros(convert: Convert, text: str) -> None:
    """One in another's label, over two blocks, with code in it, and the like."""
    text = f"One {text} two {WEB}.\n\n{text}"
    assert convert(text) == convert(text, exchanges=False)


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_whatever_stands_around_them(convert: Convert, pieces: list[str]) -> None:
    """Where it is not sure what Markdown makes of it, it is left to Markdown."""
    text = "".join(pieces)
    expected = convert(text, exchanges=False)
    assert convert(text) == expected
    assert convert(text, ahead=False) == expected


@pytest.mark.parametrize(
    "part", ["_", "*", "*_", "a_", "a\n", "\n", " ", ")", f"{WEB} ", "<< backup_badge("]
)
def test_blocks_are_read_in_proportion(part: str) -> None:
    """Eight times the text takes nowhere near sixty-four times the time."""

    def seconds(length: int) -> float:
        text = part * (length // len(part)) + f"` {WEB}"
        began = time.process_time()
        assert not read_block(text)
        return time.process_time() - began

    longer = min(seconds(80_000), seconds(80_000))
    assert longer < 25 * max(seconds(10_000), seconds(10_000), 0.004)


def test_what_is_not_shown_is_not_promised(tmp_path: Path) -> None:
    """Reading ahead takes more for shown than is; only what is, is waited for."""
    build = Build(configure(tmp_path, "http://127.0.0.1:9", offline=True), LOG)
    for text, shown in ((f"<pre>\n\n{WEB}\n\n</pre>", 0), (f"One.\n\n{WEB}", 1)):
        build.begin()
        build.defers = True
        page = Page("page.md", text.strip)
        assert len(build.plain.read_ahead(text, page)) == 1
        build.plain.exchange(text, lambda page=page: page, str)
        assert len(build.promised) == shown


def test_what_was_read_is_not_asked_for_again(tmp_path: Path) -> None:
    """A page that repeats another's macros adds nothing; one more macro adds it all."""
    build = Build(configure(tmp_path, "http://127.0.0.1:9", offline=True), LOG)
    build.defers = True

    def asked(text: str) -> list[str]:
        marks = build.plain.read_ahead(text, Page("page.md", text.strip))
        return [mark.target for mark in marks if isinstance(mark, BadgeMark)]

    other = WEB.replace("website", "handbook")
    assert asked(f"One {WEB}.") == ["website"]
    assert asked(f"Two {WEB}.\n\n{WEB}") == []
    assert "handbook" in asked(f"Three {WEB} and {other}.")
    assert asked(f"Four {WEB} << {other}") == ["website", "handbook"]


@pytest.mark.parametrize(
    "text",
    [
        f"Last backup: {WEB}.",
        f"one\n{WEB}\ntwo {WEB}\n\n- **{WEB}**\n- x\n\n1. {WEB}",
        f"| a | b |\n|---|---|\n| {WEB} | c |\n",
    ],
)
def test_plain_text_is_exchanged(
    convert: Convert, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is left for Markdown to look at: nobody joins in."""
    monkeypatch.delattr("mkdocs_backup_badge.processors.join")
    assert convert(text).count("data-backup-state") == text.count("<<")
