"""Pages without a badge, and the style sheet of those with one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Site

INDEX_RST = """\
Site
====

.. toctree::

   plain
   badge

.. |unused| backup-badge:: website
"""
PLAIN_RST = "Plain\n=====\n\nA << b >> c, :code:`x`.\n\n.. note:: Nothing.\n"
BADGE_RST = "Badge\n=====\n\n:backup-badge:`website`\n"
WITHOUT_RST = "Badge\n=====\n\nNothing.\n"
EPILOG = '\nrst_epilog = ".. |db| replace:: :backup-badge:`website`"\n'


def without_extension(site: Site) -> None:
    """Take the extension out of ``conf.py``."""
    conf = (site.docs / "conf.py").read_text(encoding="utf-8")
    site.write(conf_py=conf.replace('"sphinx_backup_badge", ', "").replace(EPILOG, ""))
    site.write(index_rst=INDEX_RST.partition(".. |unused|")[0])


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub", "xml"])
def test_a_site_without_badges_is_what_it_is_without_us(
    site: Site, builder: str
) -> None:
    """Not a byte and not a file is another one."""
    site.write(index_rst=INDEX_RST, plain_rst=PLAIN_RST, badge_rst=WITHOUT_RST)
    with_us = site.build(builder, "-E", output="with").files()
    without_extension(site)
    without_us = site.build(builder, "-E", output="without").files()
    assert not [name for name in with_us if "backup" in name]
    differing = {
        name
        for name in with_us.keys() | without_us.keys()
        if with_us.get(name) != without_us.get(name)
    }
    # These hold the list of extensions, or the time.
    assert differing <= {"searchindex.js", "content.opf", "Site.epub", "index.xml"}


def test_a_page_without_badges_is_what_it_is_without_us(site: Site) -> None:
    """Nor do badges on other pages or definitions nobody uses change a byte."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write(EPILOG)
    site.write(index_rst=INDEX_RST, plain_rst=PLAIN_RST, badge_rst=BADGE_RST)
    with_us = site.build("html", output="with")
    assert "backup-badge.css" in with_us.read("badge.html")
    without_extension(site)
    site.write(badge_rst=WITHOUT_RST)
    without_us = site.build("html", "-E", output="without")
    for name in ("index.html", "plain.html", "genindex.html", "search.html"):
        assert with_us.read(name) == without_us.read(name)


@pytest.mark.parametrize(
    ("body", "linked"),
    [
        (":backup-badge:`website`", True),
        (".. backup-table::", True),
        (".. backup-badge:: website\n   :wrong: x", True),
        (".. only:: latex\n\n   :backup-badge:`website`", False),
        ("Nothing.", False),
    ],
)
@pytest.mark.parametrize(
    ("builder", "page"),
    [("html", "other.html"), ("dirhtml", "other/index.html"), ("epub", "other.xhtml")],
)
def test_pages_that_need_the_style_sheet_link_it(
    site: Site, builder: str, page: str, body: str, linked: bool
) -> None:
    """Others don't, and what is linked is there, with the hash of its content."""
    site.write(index_rst=f"Site\n====\n\n{BADGE_RST}\n.. toctree::\n\n   other\n")
    site.write(other_rst=f"Other\n=====\n\n{body}\n")
    built = site.build(builder)
    link = re.search(r'href="([^"?]*backup-badge\.css)\??([^"]*)"', built.read(page))
    assert (link is not None) is linked
    if link:
        assert (built.output / page).parent.joinpath(link[1]).is_file()
        assert link[2].startswith("v=") or builder == "epub"


def test_the_next_build_in_the_same_process_is_no_other(site: Site) -> None:
    """The sheet of one build is not linked from every page of the next."""
    site.write(index_rst=INDEX_RST, plain_rst=PLAIN_RST, badge_rst=BADGE_RST)
    first = site.build("html", "-E", "-a").read("plain.html")
    assert site.build("html", "-E", "-a").read("plain.html") == first


def test_an_epub_lists_the_sheet_and_is_well_formed(site: Site) -> None:
    """A reading system refuses what is not in the manifest or is no XML."""
    site.write(index_rst=INDEX_RST, plain_rst=PLAIN_RST)
    site.write(badge_rst=f"{BADGE_RST}\n.. backup-table::\n   :caption: A & B <c>\n")
    built = site.build("epub")
    assert 'href="_static/backup-badge.css" media-type="text/css"' in (
        built.read("content.opf")
    )
    assert "backup-badge.js" not in built.read("content.opf")
    for page in built.output.glob("*.xhtml"):
        ElementTree.parse(page)
