"""Everything that is made of a heading comes out as if there were no badge in it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Built, Site

# No badge of its own: not a byte of what is written may differ.
INDEX_RST = """\
Site
====

.. toctree::
   :numbered:

   orders
   handbook

See :ref:`orders`, :ref:`Middle "of" it`, :ref:`figure`, :numref:`figure`.
"""

ORDERS_RST = """\
.. contents::

.. _orders:

Orders :backup-badge:`BADGE <website>`
======================================

:backup-badge:`BADGE <website>` Middle :backup-badge:`BADGE <website>` "of" it :backup-badge:`BADGE <website>`
--------------------------------------------------------------------------------------------------------------

.. _figure:

.. figure:: pixel.png

   Figure :backup-badge:`BADGE <website>`
"""  # noqa: E501

HANDBOOK_MD = """\
# Handbook {backup-badge}`BADGE <website>`

## A **bold** *{backup-badge}`BADGE <website>`* and **wide {backup-badge}`BADGE <website>`** word

[back](#handbook)
"""  # noqa: E501

CONF = """
extensions += ["sphinx.ext.autosectionlabel"]
suppress_warnings += ["autosectionlabel.*", "image.not_readable"]
myst_heading_anchors = 2
numfig = True
html_sidebars = {"**": ["globaltoc.html", "localtoc.html", "relations.html"]}
"""

ROLE = r"[:{]backup-badge[:}]`[^`]*`"
PAGES = {"index_rst": INDEX_RST, "orders_rst": ORDERS_RST, "handbook_md": HANDBOOK_MD}


def build_both(site: Site, builder: str) -> tuple[Built, Built]:
    """Build the site with its badges, then without them."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write(CONF)
    site.write(**PAGES)
    badges = site.build(builder, output="badges")
    plain = {
        name: re.sub(rf"^{ROLE} | \*{ROLE}\*(?= )| {ROLE}", "", text, flags=re.M)
        for name, text in PAGES.items()
    }
    site.write(**plain)
    assert "backup-badge" not in "".join(plain.values())
    return badges, site.build(builder, output="plain")


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_html_is_made_as_if_there_were_no_badge(site: Site) -> None:
    """Anchors, titles, navigation, contents, labels and the search index are alike."""
    badges, plain = build_both(site, "html")
    assert badges.warnings == plain.warnings == []
    for name in ("index.html", "genindex.html", "search.html"):
        assert badges.read(name) == plain.read(name)
    assert badges.files()["objects.inv"] == plain.files()["objects.inv"]
    for name in ("orders.html", "handbook.html"):
        # All but what shows the badges: the headings, the caption, the style sheet.
        shown = r'<h\d>.*?</h\d>|"caption-text".*?</p>|<(link|script) .*backup-badge.*'
        first, second = (
            _lines(re.sub(shown, "", built.read(name))) for built in (badges, plain)
        )
        assert first == second
    indices = [
        json.loads(built.read("searchindex.js")[len("Search.setIndex(") : -1])
        for built in (badges, plain)
    ]
    assert indices[0]["titles"] == indices[1]["titles"]
    assert indices[0]["alltitles"] == indices[1]["alltitles"]


def test_an_epub_has_the_same_contents(site: Site) -> None:
    """A reading system's table of contents is made of headings too."""
    badges, plain = build_both(site, "epub")
    for name in ("nav.xhtml", "toc.ncx", "index.xhtml"):
        assert badges.read(name) == plain.read(name)


@pytest.mark.parametrize(
    ("builder", "pattern"),
    [
        ("latex", "*.tex"),
        ("texinfo", "*.texi"),
        ("text", "*.txt"),
        ("man", "*.1"),
        ("markdown", "*.md"),
        ("xml", "*.xml"),
    ],
)
def test_elsewhere_a_headings_badge_stands_below_it(
    site: Site, builder: str, pattern: str
) -> None:
    """Where a heading's text makes anchors and contents, it has no badge in it."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('extensions.append("sphinx_markdown_builder")\n')
        conf.write('man_pages = [("index", "site", "Site", [], 1)]\n')
    badges, plain = build_both(site, builder)
    # What differs is the paragraph below, and the caption, which keeps its badge.
    paragraphs = r".*(BADGE|Figure).*|\\sphinxAtStartPar|\.sp|\s*"
    lines = [
        [line for line in text.splitlines() if not re.fullmatch(paragraphs, line)]
        for text in (badges.read(pattern), plain.read(pattern))
    ]
    assert lines[0] == lines[1]
    assert badges.read(pattern).count("BADGE") == (7 if builder == "markdown" else 8)


ALONE_RST = """\
Site
====

.. toctree::

   other

:backup-badge:`One <website>`
-----------------------------

:backup-badge:`Two <website>` :backup-badge:`Three <website>`
-------------------------------------------------------------

.. figure:: pixel.png

   :backup-badge:`Caption <website>`

.. admonition:: :backup-badge:`Title <website>`

   Text.

.. glossary::

   :backup-badge:`Term <website>`
      Text.

:backup-badge:`Field <website>`: Text.

.. py:function:: f(x)

   :param x: :backup-badge:`Parameter <website>`
   :raises ValueError: :backup-badge:`Error <website>`
"""
ALONE_MD = "# {backup-badge}`Other <website>`\n\n## *{backup-badge}`Four <website>`*\n"
ALONE = re.findall(r"`(\w+) <website>`", ALONE_RST)
BUILDERS = {
    "html": "*.html",
    "dirhtml": "index.html",
    "singlehtml": "*.html",
    "epub": "index.xhtml",
    "latex": "*.tex",
    "man": "*.1",
    "texinfo": "*.texi",
    "text": "index.txt",
    "xml": "index.xml",
    "pseudoxml": "index.pseudoxml",
    "json": "index.fjson",
    "markdown": "index.md",
}


def alone(site: Site) -> None:
    """Write pages whose titles, terms and fields are badges and nothing else."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('extensions.append("sphinx_markdown_builder")\n')
        conf.write('extensions.append("sphinx.ext.autosectionlabel")\n')
        conf.write('man_pages = [("index", "site", "Site", [], 1)]\n')
        conf.write("suppress_warnings += ['image.not_readable']\n")
    site.write(index_rst=ALONE_RST, other_md=ALONE_MD)


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_badge_alone_is_shown(site: Site, builder: str) -> None:
    """In every builder, in titles, captions, terms and fields, without a warning."""
    alone(site)
    built = site.build(builder)
    read = built.read(BUILDERS[builder])
    if builder == "json":
        read = json.loads(read)["body"]
    text = unescape(re.sub(r"<[^>]+>", " ", read))
    missing = {label for label in ALONE if not re.search(rf"{label}\W+succeeded", text)}
    # What this builder cannot show, it says in warnings of its own.
    assert missing <= ({"Caption", "Title"} if builder == "markdown" else set())
    assert [w for w in built.warnings if "unknown node type" not in w] == []


def test_a_badge_alone_names_its_heading(site: Site) -> None:
    """Anchors, navigation and contents have words, and no state that grows old."""
    alone(site)
    page = site.build().read("index.html")
    assert 'id="one"' in page and 'id="two-three"' in page
    assert '<a class="reference internal" href="other.html">Other</a>' in page
    assert '<a class="reference internal" href="other.html#four">Four</a>' in page
    assert "succeeded" not in page.partition('<section id="one">')[0]


def test_catalogues_and_pickles_take_a_badge_alone(site: Site) -> None:
    """The one holds what is written, the other what is shown."""
    alone(site)
    assert ":backup-badge:`One <website>`" in site.build("gettext").read("index.pot")
    built = site.build("pickle", "-d", str(site.root / "others"))
    assert built.status == 0, built.warned


PO_HEADER = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

"""
ANCHORS = {
    "equal headings": "## X BADGE\n\na\n\n## X\n\n[1](#x) [2](#x-1)",
    "three": "## A\n\n## A BADGE\n\n## A\n\n[1](#a) [2](#a-1) [3](#a-2)",
    "a role": "## The {kbd}`Ctrl` key BADGE\n\n[1](#the--key)",
    "code": "## The `code` key BADGE\n\n[1](#the-code-key)",
    "a picture": "## The ![x](p.png) key BADGE\n\n[1](#the--key)",
    "a formula": "## The $a$ key BADGE\n\n[1](#the--key)",
    "markup": "## Größe <b>x</b> key BADGE\n\n[1](#größe-x-key)",
    "emphasis": "## A **bold BADGE** word\n\n[1](#a-bold-word)",
    "the middle": "## One BADGE two BADGE\n\n[1](#one-two)",
}


@pytest.mark.parametrize("name", ANCHORS)
@pytest.mark.parametrize("translated", [False, True])
def test_anchors_of_myst_are_as_without(
    site: Site, name: str, translated: bool
) -> None:
    """Those that ``myst_heading_anchors`` makes, and links to them."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write("myst_heading_anchors = 3\nsuppress_warnings += ['image.*']\n")
        conf.write("myst_enable_extensions = ['dollarmath']\n")
        conf.write("language = 'de'\nlocale_dirs = ['locales']\n")
    heading = re.findall(r"## (.*BADGE.*)\n", ANCHORS[name])[0]
    badge = "{backup-badge}`website`"
    found = []
    if translated:
        messages = (heading.replace(" BADGE", with_) for with_ in (f" {badge}", ""))
        catalog = "".join(f'msgid "{text}"\nmsgstr "Anders"\n\n' for text in messages)
        site.write(**{"locales/de/LC_MESSAGES/index_po": PO_HEADER + catalog})
    for written in (f" {badge}", ""):
        text = ANCHORS[name].replace(" BADGE", written)
        site.write(index_md=f"# Site\n\n{text}\n")
        built = site.build("html", "-E", output=f"built{len(found)}")
        page = built.read()
        links = re.findall(r'href="(#[^"]*)">(?:<[^>]*>)?\d<', page)
        found.append((re.findall(r'<(?:section|span) id="([^"]*)"', page), links))
        assert "not found" not in built.warned
        assert ("Anders" in page) is translated
    assert found[0] == found[1]
