"""Books and manuals: every state is told, by what LaTeX and EPUB's validator accept."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING
from zipfile import is_zipfile

import pytest

from backup_badge import State

if TYPE_CHECKING:
    from conftest import Site

# Labels that mean something in TeX, in XML or in roff.
NASTY = [
    r"""\ { } $ & % # _ ^ ~ < > | ` ' \" * @""",
    r"\input{x} \end{document} \undefined \par \\ \[x\] \(y\)",
    "$x^2_3$ $$ % no comment # ^^41 ^^M ~~ {open",
    "closed} [square] ]",
    "-- --- << >> ?` !` fi ffl",
    ".TH x 'br @end",
    "two\nlines\n\nand\ta tab",
    "</span><script>alert(1)</script> ]]> <!-- &amp; &bogus; &#0;",
    "Größe – “Ænima” €5 Łódź naïve\N{NO-BREAK SPACE}½ µ",
]
# What a backup system may answer: the whole of Latin, and all that pdfLaTeX refuses.
ANSWER = "".join(map(chr, range(0x250))) + "ˇ˘˙˛˝‰…\u200b\u202e\ufffe日本ЖΩ👩‍💻 \\x {%"

CAPTION = r"100 % & more_of {this} $table$ \#1"
PLACES = f"""\
Heading :backup-badge:`heading <linked>`
========================================

* :backup-badge:`item <linked>`

term :backup-badge:`term <linked>`
   :backup-badge:`definition <linked>`

| :backup-badge:`line <linked>`

====================================  ====
:backup-badge:`simplecell <linked>`   [x]
:backup-badge:`secondcell <linked>`   y
====================================  ====

.. list-table:: :backup-badge:`tabletitle <linked>`

   * - :backup-badge:`cell <linked>`

.. note:: :backup-badge:`note <linked>`

.. admonition:: Title :backup-badge:`admonition <linked>`

   Text [#f]_ and :backup-badge:`group:all`.

.. [#f] :backup-badge:`footnote <linked>`

.. figure:: pixel.png

   :backup-badge:`caption <linked>`

.. backup-badge:: linked
   :label: block
   :link: https://example.org/a%20b?c=d&e=f#g_h~i
   :style: plastic

.. backup-table::
   :caption: {CAPTION}
   :columns: source, state

.. backup-table::
   :group: answered
   :columns: source, message

.. backup-table::

.. note::

   * In a box:

     .. backup-table::
        :columns: source, state
"""
LABELS = [*re.findall(r"`(\w+) <linked>`", PLACES), "block"]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)

SOURCES = {
    **{state.value: {"label": f"The {state}", "groups": ["all"]} for state in State},
    "linked": {"label": "Linked", "link": "https://example.org/a_b?c=%25&d#e"},
    "refused": {"label": "Refused_%", "groups": ["answered"]},
    **{
        f"nasty{number}": {"label": label, "groups": ["answered"]}
        for number, label in enumerate(NASTY)
    },
}
RECORD = {
    "reported_state": "failed",
    "started": "2026-11-20T02:13:00Z",
    "finished": "2026-11-20T02:14:28Z",
    "checked": "2026-11-20T04:00:00.5Z",
    "details": {"errors": 0, "files": 1234, "bytes": 127_000_000, "reason": ANSWER},
}
BOOK = PLACES + "".join(f"\n:backup-badge:`{name}`\n" for name in SOURCES)
OTHERWISE = {
    **{state.value: {"reported_state": state.value} for state in State},
    "overdue": {"reported_state": "succeeded"},
    "refused": {
        "reported_state": "unknown",
        "problem": {"category": "unauthorized", "message": ANSWER},
    },
}


@pytest.fixture
def book(site: Site) -> Site:
    """Return a book with every state, each nasty label and a badge in each place."""
    sources = {
        name: {**source, "address": f"cloudback:acme/{name}"}
        for name, source in SOURCES.items()
    }
    sources["overdue"]["max_age"] = "1d"
    records = {
        name: {**RECORD, **OTHERWISE.get(name, {}), "address": source["address"]}
        for name, source in sources.items()
    }
    site.write(statuses_json=json.dumps({"schema": 1, "sources": records}))
    site.write(**{"backup-badge_toml": 'status_file = "statuses.json"\n'})
    with (site.docs / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"backup_badge_sources = {sources!r}\n")
        conf.write("suppress_warnings.append('backup_badge.unauthorized')\n")
        conf.write('man_pages = [("index", "site", "Site", [], 1)]\n')
    site.write(index_rst=BOOK)
    (site.docs / "pixel.png").write_bytes(PIXEL)
    return site


def make(book: Site, builder: str, pattern: str) -> Path:
    """Build without a warning and return the one file of that pattern."""
    built = book.build(builder, "-W")
    assert (built.status, built.warnings) == (0, [])
    (made,) = built.output.glob(pattern)
    return made


def squeeze(text: str) -> str:
    """Leave out the spaces: lines break where they like."""
    return re.sub(r"\s", "", text)


def assert_told(text: str, *, labels: list[str]) -> None:
    """Every state is told by its badge and its row, and these badges are complete."""
    told = squeeze(text)
    for state in State:
        assert squeeze(f"[The {state}: {state.message}]") in told
        assert squeeze(f"The {state}{state.message}") in re.sub(r"[|│]", "", told)
    for label in LABELS + labels:
        assert squeeze(f"[{label}: failed]") in told
    assert "[Refused_%:unknown]" in told
    assert "[all:failed,1of10succeeded]" in told
    assert squeeze(CAPTION) in told
    assert "1of21sourcesgavenousableanswer." in told


def find(program: str) -> str:
    """Return where a program is, or skip."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"this machine has no {program} to make or read books with")
    return path


def run(*command: str, folder: Path) -> str:
    """Run a program, which must succeed, and return what it prints."""
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace"
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    return ran.stdout


@pytest.mark.slow
def test_pdflatex_prints_every_state(book: Site) -> None:
    """No text stops LaTeX, on its second run neither, and all of it is on paper."""
    pdflatex, pdftotext, kpsewhich = map(find, ("pdflatex", "pdftotext", "kpsewhich"))
    styles = [kpsewhich, "tgtermes.sty", "tgheros.sty", "framed.sty", "titlesec.sty"]
    if subprocess.run(styles, capture_output=True).returncode:
        pytest.skip("this machine's TeX lacks styles that Sphinx needs")
    tex = make(book, "latex", "*.tex")
    for _ in range(2):
        options = ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
        run(pdflatex, *options, tex.name, folder=tex.parent)
    assert "Missing character" not in tex.with_suffix(".log").read_text("latin-1")
    text = run(pdftotext, "-raw", f"{tex.stem}.pdf", "-", folder=tex.parent)
    assert_told(text, labels=NASTY)
    # Each has its badge and its rows on one page or another, hyphenated or not.
    printed = squeeze(text).replace("-", "")
    rows = BOOK.count("backup-table::") - 1
    assert {printed.count(squeeze(f"The {state}")) for state in State} == {1 + rows}


@pytest.mark.slow
def test_an_epub_is_valid(book: Site) -> None:
    """The validator finds nothing to say about pages, style sheet and manifest."""
    epubcheck = find("epubcheck")
    # Debian's is a Java archive, which only some kernels run by itself.
    command = (
        [find("java"), "-XX:TieredStopAtLevel=1", "-jar", epubcheck]
        if is_zipfile(epubcheck)
        else [epubcheck]
    )
    epub = make(book, "epub", "*.epub")
    said = run(*command, "--failonwarnings", epub.name, folder=epub.parent)
    assert "No errors or warnings detected" in said


def test_plain_text_tells_every_state(book: Site) -> None:
    """As it is written, whatever is in a label."""
    text = make(book, "text", "*.txt").read_text(encoding="utf-8")
    assert_told(text, labels=NASTY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("builder", "pattern", "command", "typeset"),
    [
        ("man", "*.1", ("groff", "-k", "-t", "-man", "-Tutf8", "-P-cbou"), "$^"),
        # Quotes and dashes come out as a typographer sets them.
        ("texinfo", "*.texi", ("makeinfo", "--plaintext", "-o", "-"), "['`-]"),
    ],
)
def test_manuals_tell_every_state(
    book: Site, builder: str, pattern: str, command: tuple[str, ...], typeset: str
) -> None:
    """On a terminal too, where what begins a line may be a request."""
    find(command[0])
    manual = make(book, builder, pattern)
    labels = [label for label in NASTY if not re.search(typeset, label)]
    assert_told(run(*command, manual.name, folder=manual.parent), labels=labels)


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_no_answer_stops_latex(book: Site, engine: str) -> None:
    """pdfLaTeX doesn't know every letter: what a backup system says is spelt in Latin.

    The engines that know them all get it as it is.
    """
    with (book.docs / "conf.py").open("a") as conf:
        conf.write(f'latex_engine = "{engine}"\n')
    text = make(book, "latex", "*.tex").read_text(encoding="utf-8")
    assert ("日本ЖΩ" in text) == (engine == "xelatex")
    assert ("\N{REPLACEMENT CHARACTER}" in text) == (engine == "xelatex")
    assert "ĄąĆć" in text and "ûüý" in text


def test_long_tables_break_and_short_ones_stay_small(book: Site) -> None:
    """LaTeX cuts off what goes below a page, and a longtable fills a line's width.

    It stops at a longtable in a box.
    """
    book.write(
        index_rst=f"{BOOK}\n.. backup-table:: linked refused\n   :columns: state\n"
    )
    text = make(book, "latex", "*.tex").read_text(encoding="utf-8")
    in_the_text = BOOK.count("backup-table::") - 1
    assert text.count(r"\begin{longtable}") == in_the_text
    others = ("simple", "list", "boxed", "short")
    assert len(re.findall(r"\\begin\{tabul(?:ary|ar)\}", text)) == len(others)


INSIDE = {
    "a footnote": "Text [#a]_.\n\n.. [#a] Note.\n\n{3}",
    "a legend": ".. figure:: pixel.png\n\n   Caption.\n\n{3}",
    "a cell": ".. list-table::\n\n   * - One\n     - Two\n\n{7}",
    "an item": "* Item\n\n{2}",
    "a definition": "term\n   Definition.\n\n{3}",
    "a box": ".. warning:: Text.\n\n{3}",
    "a topic": ".. topic:: Title\n\n   Text.\n\n{3}",
    "a field": ":field: Text.\n\n{4}",
    "a citation": "Text [C]_.\n\n.. [C] Citation.\n\n{3}",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", ["", "   :caption: Caption\n", "   :state: failed\n"]
)
@pytest.mark.parametrize("count", [2, 40])
def test_a_system_that_is_down_breaks_no_pdf(
    site: Site, count: int, options: str
) -> None:
    """A table in every place compiles, with any number of rows and of messages."""
    pdflatex, kpsewhich = map(find, ("pdflatex", "kpsewhich"))
    styles = [kpsewhich, "tgtermes.sty", "tgheros.sty", "framed.sty", "titlesec.sty"]
    if subprocess.run(styles, capture_output=True).returncode:
        pytest.skip("this machine's TeX lacks styles that Sphinx needs")
    names = [f"source{number}" for number in range(count)]
    sources = {name: {"address": f"cloudback:acme/{name}"} for name in names}
    known = {
        name: {"address": f"cloudback:acme/{name}", "reported_state": "succeeded"}
        for name in names[::2]
    }
    site.write(
        statuses_json=json.dumps({"schema": 1, "sources": known}),
        **{"backup-badge_toml": 'status_file = "statuses.json"\n'},
    )
    with (site.docs / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"backup_badge_sources = {sources!r}\n")
        conf.write("suppress_warnings.append('backup_badge.offline')\n")
    (site.docs / "pixel.png").write_bytes(PIXEL)
    table = f".. backup-table::\n{options}"
    pages = [
        re.sub(r"\{(\d)\}", lambda wide: indent(table, " " * int(wide[1])), place)
        for place in INSIDE.values()
    ]
    site.write(index_rst="Site\n====\n\n" + "\n\nText.\n\n".join([*pages, table]))
    tex = make(site, "latex", "*.tex")
    options_ = ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
    run(pdflatex, *options_, tex.name, folder=tex.parent)
