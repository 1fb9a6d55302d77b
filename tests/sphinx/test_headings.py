"""Everything that is made of a heading comes out as if there were no badge in it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

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
