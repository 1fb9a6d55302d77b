"""Where a page holds code: as Python-Markdown decides, in a time that is linear."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import markdown
import pytest
from markdown_it import MarkdownIt

from backup_badge.markup.code import visible
from backup_badge.markup.myst_code import visible_myst
from backup_badge.markup.rst_code import visible_rst

STOCK = ["toc", "tables", "fenced_code"]
SUPERFENCES = [
    *("toc", "tables", "md_in_html", "admonition", "footnotes", "def_list"),
    *("pymdownx.superfences", "pymdownx.details", "pymdownx.tabbed"),
]
OPTIONS = {"pymdownx.tabbed": {"alternate_style": True}}

# In each of them @ stands for what is markup if it is read as text: a word in
# emphasis, which Markdown then makes <em>.
DOCUMENTS = [
    "@",
    "# @\n\n@\n===\n\n@\n---\n@",
    "a\n@\n    @",
    "    @\n\n\t@\n\n   @",
    "    @\n\n    @\n@",
    "text\n\n    @\n\ntext @",
    "# @\n    @",
    "* * *\n    @",
    # Lists
    "- @\n- @\n\n    @\n\n        @",
    "1. @\n2. @\n    - @\n    - @\n\n        @\n\n            @",
    "- a\n\n  @\n\n    @",
    "- a\n\ntext\n\n    @",
    "text\n- @\n\n    @",
    "- a\n    - b\n        - c\n\n            @\n\n                @",
    "- odd `\n- @\n- odd `",
    # Fences
    "```\n@\n```\n@",
    "```python\n@\n\n@\n```\n\n@",
    "~~~\n@\n```\n@\n~~~\n@",
    "````\n```\n@\n```\n````\n@",
    "```\n@\n````\n@\n```\n@",
    "```\n@",
    "```\n@\n\n@",
    "~~~\n@\n\n@",
    '```py title="x"\n@\n\n@\n```\n\n@',
    '```py title="x"\n@\n```\n\n@\n\n```\n@\n```\n\n@',
    "```{.py .x}\n@\n```\n@",
    '```py hl_lines="1 2"\n@\n```\n@',
    "- a\n\n    ```\n    @\n    ```\n- @",
    "1. a\n\n    ```\n    @\n\n    @\n    ```\n2. @",
    "- a\n    ~~~\n    @\n\n    @\n    ~~~\n- @",
    "    ```\n    @\n    ```\n\n@",
    "> ```\n> @\n> ```\n>\n> @",
    "> ```\n> @\n>\n> @\n> ```\n\n@",
    "a\n```\n@\n```\n@",
    "```\n@\n```\n\n    @",
    "- a\n\n```\n@\n```\n\n    @",
    # Quotations
    "> @\n>\n>     @\n>\n> @",
    "> - @\n>\n>     @\n>\n>         @\n\n    @",
    "> a\n@\n\n    @",
    # Spans
    "`@` @ ``@`` @",
    "`` ` @ ` `` @",
    "``@` @",
    "```@`` @",
    "`a\n@\nb` @",
    "`a\n\n@ `",
    "\\`@` and `@",
    "\\\\`@`",
    "\\``@`",
    "` @ ` @ ` @",
    "# odd `\n@ `",
    "odd `\n===\n@ `",
    "| a | b |\n|---|---|\n| ` | @ |\n| ` | `@` |\n\n@",
    "| a ` |\n|---|\n| @ ` |",
    # Comments and HTML
    "<!-- @ --> @",
    "<!-- @\n\n@ -->\n@",
    "a <!-- @ --> @ <!-- @",
    "a <!-- @\n\n@ --> @",
    "<!-- @\n\n@",
    "    <!-- @\n\n@ -->",
    "<!-- `\n\n--> @ `",
    "`<!-- @` @ -->",
    "<div>\n@\n\n@\n</div>\n\n@",
    "<div>@</div> @",
    "<div>\n<div>\n@\n</div>\n@\n</div>\n\n@",
    "<div>\n\n@",
    "   <pre>@\n\n@</pre>\n\n@",
    "<pre><code>@\n\n@</code></pre>\n@",
    "<script>\n@\n</script>\n\n@",
    "a <code>@</code> <b>@</b> <kbd title='@'>@</kbd>",
    '<span title="@">@</span> takes <one hour, that\'s @',
    "a < b @ > c @",
    "- <div>\n    @\n    </div>",
    "<hr>\n@\n\n<hr/>\n\n@",
    "<p>@</p>\n\n<table><tr><td>@</td></tr></table>\n\n@",
    # What extensions read
    "!!! note\n    @\n\n    @\n\n        @\n\n@",
    '??? note "@"\n    @\n\n        @',
    '=== "a"\n    @\n\n    ```\n    @\n    ```\n\n=== "b"\n\n        @',
    "Term\n:   @\n\n    @\n\n        @",
    "[^1]: @\n\n    @\n\n        @\n\n[^1]",
    '<div markdown="1">\n@\n\n<pre>@</pre>\n\n@\n</div>',
]


def numbered(document: str) -> str:
    """Return a document with a word in emphasis for each ``@``."""
    numbers = iter(range(1000))
    return re.sub("@", lambda _: f"*w{next(numbers)}w*", document)


def read_as_text(text: str, extensions: list[str]) -> set[str]:
    """Return the words that Markdown makes emphasised."""
    used = {name: OPTIONS[name] for name in OPTIONS if name in extensions}
    html = markdown.markdown(text, extensions=extensions, extension_configs=used)
    return set(re.findall(r"<em>(w\d+w)</em>", html))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_code_is_what_markdown_takes_for_code(document: str) -> None:
    """Text stays where Markdown reads text; where extensions differ, either counts."""
    text = numbered(document)
    expected = []
    for nested, extensions in ((False, STOCK), (True, SUPERFENCES)):
        seen = visible(text, nested=nested)
        expected.append(read_as_text(text, extensions))
        missed = expected[-1] - set(re.findall(r"\*(w\d+w)\*", seen))
        assert not missed, seen
    either = set(re.findall(r"\*(w\d+w)\*", visible(text)))
    assert either == expected[0] | expected[1]


# What MyST does not read as CommonMark does, and what it does not read at all.
OTHERS = re.compile(
    r"!!!|\?\?\?|===|\n:   |\[\^1\]|markdown=|@ -->\n@|hr|<p>|@\n  *@-->"
)


@pytest.mark.parametrize(
    "document", [document for document in DOCUMENTS if not OTHERS.search(document)]
)
def test_code_in_myst_is_what_commonmark_takes_for_code(document: str) -> None:
    """Text stays where CommonMark reads text, and code does not."""
    text = numbered(document)
    html = MarkdownIt("commonmark").enable("table").render(text)
    seen, _ = visible_myst(text)
    expected = set(re.findall(r"<em>(w\d+w)</em>", html))
    assert set(re.findall(r"\*(w\d+w)\*", seen)) == expected


HOSTILE: list[tuple[str, Callable[[int], str]]] = [
    ("fences that nothing closes", lambda n: "```\n~~~ x\n" * n),
    (
        "fences of every length",
        lambda n: "".join(f"{'`' * (i % 99)}\n" for i in range(n)),
    ),
    ("backticks", lambda n: "`" * n),
    ("runs of backticks", lambda n: "".join("`" * (i % 50) + " " for i in range(n))),
    ("growing runs", lambda n: "".join("`" * i + " " for i in range(int(n**0.5)))),
    ("comments in a line", lambda n: "<!--" * n),
    ("comments, one a line", lambda n: "<!--\n" * n),
    ("tags that do not end", lambda n: "<div \n" * n),
    ("elements that do not end", lambda n: "<div>\n" * n),
    ("elements in another", lambda n: "<div markdown>\n" * n),
    ("quotes in tags", lambda n: "<a b=\" c='\n" * n),
    ("tags in quotes", lambda n: '<a b="<a c=" d="' * n),
    ("attributes", lambda n: "<a" + " b" * n + "<a b " * n),
    ("raw code", lambda n: "<pre>\n<script>\n" * n),
    ("quotations", lambda n: "> " * n + "\n>" * n),
    ("quotations in spaces", lambda n: "   > " * n + "x"),
    (
        "items in items",
        lambda n: "- " * n + "".join(" " * i + "- a\n" for i in range(99)),
    ),
    ("backslashes", lambda n: "\\" * n + "`"),
    ("front matter", lambda n: "---\n" + "a\n" * n),
    ("spaces", lambda n: ("<a" + " " * n) * 2 + "\n" + " " * n),
    ("rules", lambda n: "- " * n + "x\n" + "-" * n + "x"),
    ("brackets", lambda n: "[^" * n + "]:"),
    ("delimiters", lambda n: "|-" * n + "x\n" + "|a\n" * n),
    ("directives", lambda n: "```{note}\n````{note}\n" * n),
    (
        "fences of MyST",
        lambda n: "".join(f":::{':' * (i % 99)}{{a}}\n" for i in range(n)),
    ),
    ("roles", lambda n: "{backup-badge}`" * n),
    ("roles in the other syntax", lambda n: ":backup-badge:`" * n + "`a" * n),
    ("literals that nothing closes", lambda n: "``a " * n),
    ("literals", lambda n: "``a``" * n + "``" * n),
    ("colons", lambda n: "a::\n" * n + ":" * n),
    ("dots", lambda n: ".. \n" * n + ". " * n),
    ("bars", lambda n: "|a " * n + ".. |a" * n),
    ("substitutions", lambda n: ".. |a| replace:: |b|\n" * n),
    ("numbers", lambda n: "1" * n + ". 1) (1) " * n),
]


@pytest.mark.slow
@pytest.mark.parametrize("scan", [visible, visible_myst, visible_rst])
@pytest.mark.parametrize(("name", "make"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_time_is_in_proportion_to_length(
    name: str, make: Callable[[int], str], scan: Callable[[str], object]
) -> None:
    """Sixteen times the text takes less than 100 times the time, not 256 times."""
    took = []
    for size in (300, 4_800):
        text = make(size)
        began = time.process_time()
        scan(text)
        took.append(time.process_time() - began)
    # Below a fiftieth of a second a measurement says nothing.
    assert took[1] < 100 * max(took[0], 0.02), name


def test_letters_stay_where_they_are() -> None:
    """What is left of a text has the offsets and lines that it had."""
    text = "---\nä: 1\n---\n\n\t`é\n`x` `é` <!-- ü -->\n\n"
    text += "<!-- ü\n\n--> y\0\r\n```\n\tß\n```\nz"
    for nested in (None, False, True):
        seen = visible(text, nested=nested)
        assert len(seen) == len(text)
        for letter in "yz\n":
            assert [i for i, a in enumerate(seen) if a == letter] == [
                i for i, a in enumerate(text) if a == letter
            ]
        assert not set("äüß\0") & set(seen)
