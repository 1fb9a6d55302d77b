"""Finding what pages show in their sources, as any host would show it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backup_badge.markup.pages import find_pages, find_uses
from backup_badge.values.mark import BadgeMark, TableMark


def found(tmp_path: Path, name: str, text: str) -> list[tuple[int, str]]:
    """The lines and what stands there: sources, then groups, then a lone star."""
    page = tmp_path / name
    page.write_text(text)
    said = []
    for use in find_uses(page):
        assert use.path == page
        if isinstance(use.mark, BadgeMark):
            said.append((use.line, use.mark.target))
        else:
            assert isinstance(use.mark, TableMark)
            groups = [f"group:{group}" for group in use.mark.groups]
            said.append((use.line, " ".join([*use.mark.targets, *groups]) or "*"))
    return said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('It is << backup_badge("orders-db") >>.', [(1, "orders-db")]),
        ("a\n\n- << backup_badge('orders-db', label=\"x\") >>", [(3, "orders-db")]),
        ("# Now << backup_badge('cloudback:a/b') >>", [(1, "cloudback:a/b")]),
        ("<<backup_badge('a')>> and << backup_badge('b') >>", [(1, "a"), (1, "b")]),
        ('<< backup_badge("say \\"a\\" (b)") >>', [(1, 'say "a" (b)')]),
        ("<< backup_table() >>", [(1, "*")]),
        ('<< backup_table(\n  "a",\n  "b",\n) >>', [(1, "a b")]),
        ("<< backup_table(columns=['state'], state=['failed']) >>", [(1, "*")]),
        ('<< backup_table("a", group="x y") >>', [(1, "a group:x y")]),
        ("<< backup_table(group=['x', 'y']) >>", [(1, "group:x group:y")]),
        ("<< backup_table(['a', 'b'], 'c') >>", [(1, "a b c")]),
        ("{{ backup_badge('a') }} {{- backup_table() -}}", [(1, "a"), (1, "*")]),
        ("{backup-badge}`a` and {backup-badge}`Orders <b>`", [(1, "a"), (1, "b")]),
        ("```{backup-badge} a\n:label: x\n```", [(1, "a")]),
        ("```{backup-table} a b\n:group: x\n\nc\n```\nd", [(1, "a b c group:x")]),
        (":::{backup-table}\n---\ngroup: x\n---\na\n:::\n", [(1, "a group:x")]),
        (
            "::::{note}\n```{backup-table} a\n```\n{backup-badge}`b`\n::::",
            [(2, "a"), (4, "b")],
        ),
        ("```{eval-rst}\n.. backup-badge:: a\n```", [(2, "a")]),
        ("> << backup_badge('a') >>", [(1, "a")]),
        ("> << backup_table('a',\n> 'b') >>", [(1, "a b")]),
        ("> ```{backup-table} a\n> b\n> ```\n\nc", [(1, "a b")]),
        ("```{backup-table} a\n```{backup-badge} b\n", [(1, "a ```{backup-badge} b")]),
        ("<div>\n{{ backup_badge('a') }}\n<< backup_badge('b') >>\n</div>", [(2, "a")]),
        ("<pre>\n{{ backup_badge('a') }}\n</pre>\n{{ backup_badge('b') }}", [(4, "b")]),
        ("```{eval-rst}\n.. code::\n\n   :backup-badge:`a`\n```", []),
        ("> ```{eval-rst}\n> .. backup-badge:: a\n> ```", [(2, "a")]),
        ("::: my.module\n<< backup_badge('a') >>", [(2, "a")]),
        ("| a | b |\n|---|---|\n| << backup_badge('a') >> | |", [(3, "a")]),
    ],
)
def test_uses_in_markdown(
    tmp_path: Path, text: str, expected: list[tuple[int, str]]
) -> None:
    """Macros, and MyST's roles and directives, are found with their lines."""
    assert found(tmp_path, "page.md", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":backup-badge:`a` and :backup-badge:`Orders <b>`", [(1, "a"), (1, "b")]),
        ("x\n\n:backup-badge:`Orders\n<b>`", [(3, "b")]),
        (".. backup-badge:: a\n   :label: x", [(1, "a")]),
        ("* - .. backup-badge:: a\n  - .. backup-badge:: b", [(1, "a"), (2, "b")]),
        (".. |x| backup-badge:: a\n\nIt is |x|.", [(1, "a")]),
        (".. backup-table::", [(1, "*")]),
        (
            ".. backup-table:: a, b\n   :group: x\n   :sort: x\n\n   c\n   d e\n\nf",
            [(1, "a b c d e group:x")],
        ),
        (".. backup-table:: a\n\n``b`` :backup-badge:`c`", [(1, "a"), (3, "c")]),
        ("See::\n\n   no\n\n:backup-badge:`a`", [(5, "a")]),
        ("- See::\n\n     no\n\n  :backup-badge:`a`", [(5, "a")]),
        ("Title ::\n\nText\n\n.. backup-table::\n   :group: x", [(5, "group:x")]),
    ],
)
@pytest.mark.parametrize("name", ["page.rst", "page.txt"])
def test_uses_in_restructuredtext(
    tmp_path: Path, name: str, text: str, expected: list[tuple[int, str]]
) -> None:
    """The role and both directives are found with their lines."""
    assert found(tmp_path, name, text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.md", "`<< backup_badge('a') >>`"),
        ("page.md", "`` {backup-badge}`a` ``"),
        ("page.md", "\\<< backup_badge('a') >>"),
        ("page.md", "```\n<< backup_badge('a') >>\n```"),
        ("page.md", "- x\n\n    ``` markdown\n    << backup_table() >>\n    ```"),
        ("page.md", "````\n```{backup-table} a\n```\n````"),
        ("page.md", "```{code-block} markdown\n<< backup_badge('a') >>\n```"),
        ("page.md", "<!-- << backup_badge('a') >> -->"),
        ("page.md", "<< backup_badge(name) >> << backup_badge() >> << backup_badge("),
        ("page.md", "<< backup_badge('a' 'b', __import__('os')) >>"),
        ("page.md", "<< backup_badge(" + "-" * 9999 + "'a') >>"),
        ("page.rst", "``:backup-badge:`a```"),
        ("page.rst", "::\n\n   :backup-badge:`a`\n\n   .. backup-table::"),
        ("page.rst", ".. code-block:: rst\n   :linenos:\n\n   .. backup-badge:: a"),
        ("page.rst", ".. backup-badge::"),
        ("page.txt", "See backup-badge and backup_table: https://example.org"),
    ],
)
def test_what_is_no_use(tmp_path: Path, name: str, text: str) -> None:
    """Code, comments, escapes and what no host would take for a mark are none."""
    assert found(tmp_path, name, text) == []


HOSTILE = {
    "calls that do not end": "<< backup_badge(",
    "texts that do not end": '<< backup_badge("a ',
    "sources without an end": '<< backup_table("a", ["b",',
    "templates": "{{ backup_badge('a' {{ }} ",
    "directives of MyST": "```{backup-table} a\n",
    "directives in colons": ":::{backup-badge} a\n::::{backup-table}\n",
    "directives": ".. backup-table:: a\n   b\n",
    "substitutions": ".. |a| backup-badge:: a\n",
    "roles that do not end": ":backup-badge:`a {backup-badge}`",
    "roles": "{backup-badge}`a <b>` :backup-badge:`a <b>` `a`:backup-badge:",
    "names": "backup-badge backup_table ",
    "items": "- 1. .. backup-badge:: a\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["page.md", "page.rst"])
@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)
def test_time_is_in_proportion_to_length(tmp_path: Path, part: str, name: str) -> None:
    """Sixteen times the page takes less than 100 times the time, not 256 times."""
    took = []
    for size in (300, 4_800):
        (tmp_path / name).write_text(part * size)
        began = time.process_time()
        find_uses(tmp_path / name)
        took.append(time.process_time() - began)
    # Below a fiftieth of a second a measurement says nothing.
    assert took[1] < 100 * max(took[0], 0.02)


def test_which_files_are_pages(tmp_path: Path) -> None:
    """Sources of pages at any depth are, but not what tools and hosts wrote."""
    pages = ["a.rst", "b/c.md", "b/d/e.txt", "_snippets/f.md"]
    others = [
        "a.py",
        ".venv/g.md",
        "_build/h.txt",
        "node_modules/i.md",
        "b/_sources/j.rst",
    ]
    for name in pages + others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    assert find_pages(tmp_path) == sorted(tmp_path / name for name in pages)


def test_linked_directories_hold_pages(tmp_path: Path) -> None:
    """Pages in a directory that is linked are found, once, as hosts follow links."""
    docs, elsewhere = tmp_path / "docs", tmp_path / "elsewhere"
    docs.mkdir()
    elsewhere.mkdir()
    (elsewhere / "page.md").touch()
    (docs / "one").symlink_to(elsewhere)
    (elsewhere / "again").symlink_to(elsewhere)
    assert find_pages(docs) == [docs / "one" / "page.md"]


def test_a_page_in_another_encoding_is_read(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are named, and do not hide the rest of a page."""
    page = tmp_path / "page.md"
    page.write_bytes(b"\n\ncaf\xe9 << backup_badge('a') >>\r\n")
    fault, use = find_uses(page)
    assert (fault.line, str(fault.mark)) == (3, "the page is not written in UTF-8")
    assert (use.line, use.mark) == (3, BadgeMark(target="a"))
    page.write_bytes(b"caf\xe9")
    assert find_uses(page) == []


def make_pipe(path: Path) -> None:
    """Make a pipe that nobody writes to."""
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    """Make a link that leads to itself."""
    path.symlink_to(path)


def make_dangling(path: Path) -> None:
    """Make a link that leads to nothing."""
    path.symlink_to(path.with_name("nothing"))


@pytest.mark.parametrize("make", [make_pipe, make_loop, make_dangling])
def test_what_is_no_file_is_not_waited_for(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """What is named like a page and is no file raises an error with a sentence."""
    make(tmp_path / "page.md")
    (page,) = find_pages(tmp_path)
    with pytest.raises(OSError, match="it is no file, or a link that leads to none"):
        find_uses(page)
