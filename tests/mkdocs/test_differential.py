"""With a badge a page is what it is with a word in its place, whatever the page."""

from __future__ import annotations

import re
from collections.abc import Callable

import markdown
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import WEB

WORD = "xyzzy"
EXTENSIONS = [
    *("abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes"),
    *("legacy_em", "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables"),
    *("toc", "wikilinks"),
    *("pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.blocks.admonition"),
    *("pymdownx.blocks.details", "pymdownx.blocks.tab", "pymdownx.caret"),
    *("pymdownx.critic", "pymdownx.details", "pymdownx.emoji", "pymdownx.escapeall"),
    *("pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys"),
    *("pymdownx.magiclink", "pymdownx.mark", "pymdownx.progressbar"),
    *("pymdownx.saneheaders", "pymdownx.smartsymbols", "pymdownx.snippets"),
    *("pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist"),
    "pymdownx.tilde",
]
PIECES = [
    *(f" {WEB} ",) * 4,
    *("\n", "\n", "\n\n", "\n\n", "\n    ", "\n  ", "\t", " ", "x", "word "),
    *("`", "``", "\n```\n", "\n~~~\n", "*", "**", "_", "__", "~~", "\\"),
    *("#", "\n# ", "\n---\n", "\n===\n", "\n- ", "\n1. ", "\n* ", "\n> "),
    *("\n| a | b |\n|---|---|\n| ", " | ", "<b>", "</b>", "\n<div>\n", "</div>\n"),
    *("<!--", "-->", "<", ">", "<code>", "&", "[", "](x)", "![", "]", "{ .c }"),
    *("\n{: .c }", "$", "'", "(", ")", "--", "\n!!! note\n    ", "\n: "),
    *("\n[^1]: ", "[^1]", "\n[x]: y", "\n/// note\n", "\n///\n", "http://x.org/ "),
]


Convert = Callable[..., str]


@pytest.fixture(scope="module")
def convert(
    tmp_path_factory: pytest.TempPathFactory, short: Callable[[str], str]
) -> Convert:
    """Return what converts a text with all the extensions, and with ours."""
    pytest.importorskip("pymdownx")
    folder = tmp_path_factory.mktemp("differential")
    sources = {"website": {"address": "cloudback:acme/website"}}
    configs = {
        "backup_badge": {"sources": sources, "offline": True},
        "pymdownx.snippets": {"base_path": [str(folder)]},
    }
    used = {True: [*EXTENSIONS, "backup_badge"], False: EXTENSIONS}
    converters = {
        ours: markdown.Markdown(extensions=extensions, extension_configs=configs)
        for ours, extensions in used.items()
    }

    def convert(text: str, *, ours: bool = True) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            return short(converters[ours].reset().convert(text))

    return convert


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_a_page_is_what_it_is_with_a_word(convert: Convert, pieces: list[str]) -> None:
    """Wherever Markdown reads text; where it reads none, it is as without us."""
    text = "".join(pieces)
    expected = convert(text.replace(WEB, WORD), ours=False)
    shown = convert(text).replace("[website: unknown]", WORD)
    assert without_anchors(unread(shown)) == without_anchors(expected)


def without_anchors(html: str) -> str:
    """Return HTML without the anchors of headings, which are as if nothing stood.

    Nor is white space compared: Markdown takes some from the beginning of a text.
    """
    html = "".join(html.split())
    return re.sub(r'(<h[1-6][^>]*?)id="[^"]*"', r"\1", html)


def unread(html: str) -> str:
    """Return HTML with the word for the macros that Markdown did not read."""
    quote = '(?:"|&quot;)'
    macro = rf"(?:<<|&lt;&lt;) backup_badge\({quote}website{quote}\) (?:>>|&gt;&gt;)"
    return re.sub(macro, WORD, html)
