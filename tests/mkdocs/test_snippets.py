"""Markdown in, HTML out: where macros count, and where they are left alone."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import markdown
import pytest
from places import PLACES, SHOWN, WEB

if TYPE_CHECKING:
    from conftest import Project

Convert = Callable[..., str]

TABLE = '<< backup_table("website", "blog") >>'
TABLES = {
    "a paragraph of its own": (TABLE, "{table: blog, website}"),
    "a line of its own": (
        f"One\n{TABLE}\ntwo",
        "<p>One</p>\n{table: blog, website}\n<p>two</p>",
    ),
    "lines in a row": (
        f"{TABLE}\n<< backup_table() >>",
        "{table: blog, website}\n\n{table: handbook, blog, website}",
    ),
    "several lines": (
        'One\n<< backup_table(\n  "website",\n  "blog",\n) >>\ntwo',
        "<p>One</p>\n{table: blog, website}\n<p>two</p>",
    ),
    "a list": (f"- one\n\n    {TABLE}", "<p>one</p>\n{table: blog, website}\n</li>"),
    "a tight list": (f"- one\n  {TABLE}\n- two", "one  {table: blog, website}</li>"),
    "a quotation": (f"> {TABLE}", "<blockquote>\n{table: blog, website}\n"),
    "an admonition": (
        f"!!! note\n    {TABLE}",
        "Note</p>\n{table: blog, website}\n</div>",
    ),
    "a cell": (
        f"| a | b |\n|---|---|\n| {TABLE} | c |",
        "<td>{table: blog, website}</td>",
    ),
    "a footnote": (
        f"One[^1].\n\n[^1]:\n    All:\n\n    {TABLE}\n",
        '<p>All:</p>\n{table: blog, website}\n<p>&#160;<a class="footnote-backref"',
    ),
    "a footnote's only line": (
        f"One[^1].\n\n[^1]: {TABLE}\n",
        '<li id="fn:1">\n{table: blog, website}\n<p>&#160;<a class="footnote-backref"',
    ),
    "a term": (f"{TABLE}\n: two", "<dt>{table: blog, website}</dt>"),
    "a definition": (f"One\n: {TABLE}", "<dd>{table: blog, website}</dd>"),
    "a paragraph with attributes": (
        f"{TABLE}\n{{: .wide }}",
        '<div class="wide">\n{table: blog, website}\n</div>',
    ),
    "a line behind code over two lines": (
        f"One `two\n{TABLE}\nthree`",
        '<code>two\n&lt;&lt; backup_table("website", "blog") &gt;&gt;\nthree</code>',
    ),
    "a state": ('<< backup_table(state="failed") >>', "{table: handbook}"),
    "a group": ('<< backup_table(group="web") >>', "{table: handbook, website}"),
    "a line of text": (f"See {TABLE}.", "<p>See {backup-badge: backup table: a table"),
    "a heading": (f"# See {TABLE}", '<h1 id="see">See {backup-badge: backup table'),
}

EXTENSIONS = ("extra", "toc", "admonition")


@pytest.mark.parametrize(("text", "expected"), PLACES.values(), ids=PLACES)
def test_a_badge_can_stand_anywhere(convert: Convert, text: str, expected: str) -> None:
    """Where text can be, a badge can be, and what is around it stays as it was."""
    assert expected in convert(text, *EXTENSIONS)


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_is_a_block(convert: Convert, text: str, expected: str) -> None:
    """A table parts a paragraph in which it has its lines to itself, and no other."""
    assert expected.replace("\n", "") in convert(text, *EXTENSIONS).replace("\n", "")


CODE = textwrap.dedent("""\
    `{0}` ``{0}`` `` ` {0} ``

    ```
    {0}
    ```

    ~~~~ {{ .sh #own }}
    {0}
    ~~~
    ~~~~

    ``` sh linenums="1"
    cat <<EOF
    {0}
    EOF
    ```

    - one

            {0}

    Two.

        {0}
        | a | b |
        |---|---|
        | {0} | b |

    <div>{0}</div>

    <pre>
    {0}
    </pre>

    <div class="x">

    {0}

    </div>

    <!-- {0} -->

    <!--
    {0}

    {0}
    -->

    One <!-- {0} --> two.

    One `two
    {0}
    three`.
    """)


@pytest.mark.parametrize(
    "macro", [WEB, '<< backup_table("a|b") >>', "<< backup_badge( >>"]
)
@pytest.mark.parametrize(
    "extensions",
    [
        ("extra",),
        ("fenced_code", "tables"),
        ("extra", "codehilite", "sane_lists", "nl2br", "smarty"),
        ("tables", "pymdownx.superfences", "pymdownx.inlinehilite"),
        (
            "pymdownx.extra",
            "pymdownx.magiclink",
            "pymdownx.tilde",
            "pymdownx.smartsymbols",
        ),
    ],
    ids=" ".join,
)
def test_code_and_raw_html_are_left_alone(
    convert: Convert, extensions: tuple[str, ...], macro: str
) -> None:
    """Code spans, fences, indented code, raw HTML and comments are as without us."""
    text = CODE.format(macro)
    assert convert(text, *extensions) == convert(text, *extensions, ours=False)


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_tag_in_a_line_holds_no_badge(convert: Convert, quote: str) -> None:
    """In an attribute a macro stays, or is words: versions of Markdown differ."""
    html = convert(f"One <a title={quote}{WEB}{quote}>two</a>.")
    kept = f"title={quote}{WEB}{quote}"
    assert kept in html or SHOWN in html
    assert "data-backup" not in html and "\x02" not in html


NO_CODE = {
    "less than a word": (
        f"It takes <one hour, that's the goal: {WEB}",
        f"that's the goal: {SHOWN}</p>",
    ),
    "a fence in a list that Markdown reads as text": (
        f"1. Run:\n\n    ```\n    one\n\n    two\n    ```\n2. Green: {WEB}",
        f"Green: {SHOWN}</p>",
    ),
    "between such fences": (f"- ~~~\n  one {WEB}\n  ~~~", f"one {SHOWN}"),
    "an unclosed fence": (f"~~~\n\n{WEB}", f"<p>{SHOWN}</p>"),
    "odd backticks": (f"one ` two {WEB}", f"one ` two {SHOWN}"),
    "an unclosed comment": (f"one <!-- two {WEB}", f"&lt;!-- two {SHOWN}"),
    "an inline element": (f"one <kbd>{WEB}</kbd>", f"<kbd>{SHOWN}</kbd>"),
    "a bare address": (
        f"See https://example.org/a({WEB}).",
        f'<a href="https://example.org/a(">https://example.org/a(</a>{SHOWN}).',
    ),
}


@pytest.mark.parametrize(("text", "expected"), NO_CODE.values(), ids=NO_CODE)
def test_markdown_alone_decides_what_code_is(
    convert: Convert, text: str, expected: str
) -> None:
    """What only looks like code, a comment or an address hides no badge."""
    html = convert(text, "tables", "fenced_code", "pymdownx.magiclink")
    assert SHOWN in html
    assert expected.replace("\n", "") in html.replace("\n", "")


NEAR_MISSES = {
    '<< backup-badge("website") >>': '<< backup_badge("orders-db") >>',
    '<< backup_bagde("website") >>': '<< backup_badge("orders-db") >>',
    '<< Backup_Badge("website") >>': '<< backup_badge("orders-db") >>',
    '<< backup_badge "website" >>': '<< backup_badge("orders-db") >>',
    "<< backup_tabel() >>": '<< backup_table("orders-db") >>',
    '{{ backup_badge("website") }}': '<< backup_badge("orders-db") >>',
    "{{- backup-table() }}": '<< backup_table("orders-db") >>',
}


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_nearly_a_macro_is_named(
    convert: Convert, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    """The warning has the line and the right spelling; the page is as without us."""
    page = f"`{text}` <!-- {text} -->\n\n    {text}\n\n\\{text}\n\none {text}"
    assert convert(page) == convert(page, ours=False)
    (warning,) = caplog.messages
    assert warning.startswith("backup-badge: line 7: ")
    assert NEAR_MISSES[text] in warning


@pytest.mark.parametrize(
    "text",
    [
        f"[x]: https://example.org/ '{WEB}'\n\n[one][x]",
        f"*[CI]: {WEB}\n\nCI",
    ],
    ids=["a link's title", "an abbreviation"],
)
def test_a_macro_never_vanishes_in_silence(
    convert: Convert, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    """Where Markdown reads none, a warning says so."""
    convert(text, "abbr")
    (warning,) = caplog.messages
    assert "line 1: Markdown reads no macros in this place" in warning


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        '<< backup_badge("website") >> ',
        '<a title="x"> << backup_badge("website") >> ',
        "<< ",
        '<!-- << backup_badge("website") >> ',
        "\n```\n<< backup_badge(",
        "<< backup_table() >>\n",
        '<< backup-badge("x") >> ',
    ],
)
def test_a_page_takes_a_time_in_proportion_to_its_length(
    convert: Convert, part: str
) -> None:
    """What is eight times as long takes nowhere near sixty-four times the time."""

    def seconds(length: int) -> float:
        text = part * (length // len(part))
        began = time.process_time()
        convert(text, "fenced_code", "tables")
        return time.process_time() - began

    seconds(100)
    assert seconds(40_000) < 25 * max(seconds(5_000), 0.2)


TORTURE = textwrap.dedent("""\
    # Shifts << and >> streams

    std::cout << backup_badges << backup_badge << std::endl; x <<= 1; y >>= 2;
    1 << 2 >> 3, << >>, <<>>, `<<`, <<EOF, « backup_badge("x") », ‹x›, <<< x >>>

    cat <<EOF > file && cat <<-'EOF' >> file
    $(( 1 << 4 )) {{ my_backup_badge("x") }} {% x %} &lt;&lt; backup_badge("x") &gt;&gt;
    EOF

    | a << b | c >> d |
    |--------|--------|
    | 1 << 2 | `a|b` >> \\| |

    - << x >>
    - [a << b](c) ![<<](d) <http://example.org/?a=<<>

    << my_backup_badge("x") >> << backup("x") >> << badge-backup("x") >>
    <<
    backup badge("x") >>

    <div><<x>></div> <span title="<<">>></span>
    """)


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        ("extra", "toc"),
        ("pymdownx.extra", "pymdownx.superfences", "smarty", "nl2br"),
    ],
    ids=" ".join,
)
def test_a_page_without_macros_comes_out_as_without_us(
    project: Project, convert: Convert, extensions: tuple[str, ...]
) -> None:
    """Whatever other languages do with ``<<``, a page without our macros is not ours.

    Nothing is read either: not even a broken configuration.
    """
    project.write("backup-badge.toml", "broken")
    assert convert(TORTURE, *extensions) == convert(TORTURE, *extensions, ours=False)


def test_a_backslash_prints_the_macro(convert: Convert) -> None:
    """The macro appears as it was written, without the backslash, and asks nobody."""
    text = '\\<< backup_badge("a*b*", label="<c>") >> \\<< backup_table( >>'
    assert convert(text, *EXTENSIONS) == (
        '<p>&lt;&lt; backup_badge("a*b*", label="&lt;c&gt;") &gt;&gt;'
        " &lt;&lt; backup_table( &gt;&gt;</p>"
    )


def test_a_macro_that_is_printed_in_a_heading_is_its_text(
    convert: Convert, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no badge: the anchor has its words, and nobody is warned."""
    html = convert('# One \\<< backup_badge("x") >>', "toc")
    expected = 'id="one-backup_badgex">One &lt;&lt; backup_badge("x") &gt;&gt;</h1>'
    assert expected in html
    assert caplog.messages == []


def test_headings_are_read_without_their_badges(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anchors and the tokens of the table of contents are as without the badge."""
    plain = "[TOC]\n\n# One *two*\n\n## Three\n\n## Three\n"
    marked = plain.replace("two*", f"two* {WEB}").replace("# Three", f"# {WEB}Three")

    def tokens(text: str, *ours: str) -> tuple[object, str, int]:
        extensions = ["toc", "attr_list", *ours]
        configs = {"toc": {"permalink": True, "anchorlink": True}}
        md = markdown.Markdown(extensions=extensions, extension_configs=configs)
        html = md.convert(text)
        return md.toc_tokens, md.toc, html.count("data-backup-source")  # type: ignore[attr-defined]

    monkeypatch.chdir(project.directory)
    assert tokens(marked, "backup_badge")[:2] == tokens(plain)[:2]
    assert tokens(marked, "backup_badge")[2] == 3
