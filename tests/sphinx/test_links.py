"""Where badges lead: to pages of the site, to the web, and never within a link."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Site

BADGE = "{backup-badge}`handbook`"
MYST = f"""\
# Site

```{{toctree}}
other
```

[a page {BADGE}](other.md), [an anchor {BADGE}](#site), [both {BADGE}](other.md#part),
[a project's page {BADGE}](project:other.md), [the web {BADGE}](https://example.org),
[strong **{BADGE}**](other.md), [a definition {BADGE}][there]

## A heading [with a link {BADGE}](other.md)

[there]: other.md
"""
RST = """\
Site
====

.. contents::

.. toctree::

   other

.. |badge| backup-badge:: handbook
.. _badge: https://example.org/

|badge|_ and :ref:`figure`, :numref:`figure`, :ref:`part`, :any:`part`, :doc:`other`

.. _figure:

.. figure:: pixel.png
   :target: https://example.org/

   Caption :backup-badge:`handbook`

.. _part:

Part :backup-badge:`handbook`
-----------------------------
"""
DESIGN = f"""\
# Site

```{{toctree}}
other
```

```{{button-ref}} other
See {BADGE}
```

```{{button-link}} https://example.org
See {BADGE}
```

```{{card}} Title {BADGE}
:link: other
:link-type: doc

Text {BADGE}
```
"""


class Links(HTMLParser):
    """Counts the links that stand in another one."""

    depth = nested = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A link begins, or something else."""
        self.depth += tag == "a"
        self.nested += tag == "a" and self.depth > 1

    def handle_endtag(self, tag: str) -> None:
        """A link ends, or something else."""
        self.depth -= tag == "a"


@pytest.mark.parametrize(
    ("name", "text", "extension"),
    [
        ("index_md", MYST, "myst_parser"),
        ("index_rst", RST, "sphinx.ext.todo"),
        ("index_md", DESIGN, "sphinx_design"),
    ],
)
def test_no_link_stands_in_a_link(
    site: Site, name: str, text: str, extension: str
) -> None:
    """HTML knows no such thing; the badge is then shown without its own."""
    pytest.importorskip(extension)
    with (site.docs / "conf.py").open("a") as conf:
        conf.write(f"extensions.append({extension!r})\nnumfig = True\n")
        conf.write("myst_heading_anchors = 2\n")
        conf.write("suppress_warnings += ['image.not_readable', 'myst.xref_ambiguous']")
    site.write(**{name: text, "other_md": "# Other\n\n## Part\n"})
    page = site.build().read()
    links = Links()
    links.feed(page)
    assert 'data-backup-source="handbook"' in page
    assert links.nested == 0


TEXT = "{}\n{}\n\n:backup-badge:`paged` :backup-badge:`anchored`\n\n{}"
TABLE = ".. backup-table:: paged\n   :columns: source\n"
CONFIG = """
[sources.paged]
address = "cloudback:acme/website"
link = "runbooks/orders.rst"

[sources.anchored]
address = "cloudback:acme/website"
link = "/runbooks/orders#part"
"""


def paged(site: Site) -> None:
    """Write pages at two depths whose sources' links name a page."""
    with (site.docs / "backup-badge.toml").open("a") as config:
        config.write(CONFIG)
    site.write(
        index_rst=TEXT.format("Site", "====", TABLE)
        + "\n.. toctree::\n\n   guides/deep\n   runbooks/orders\n",
        **{
            "guides/deep_rst": TEXT.format("Deep", "====", TABLE),
            "runbooks/orders_rst": "Orders\n======\n\n.. _part:\n\nPart\n----\n",
        },
    )


@pytest.mark.parametrize(
    ("builder", "page", "link", "anchor"),
    [
        ("html", "index.html", "runbooks/orders.html", "runbooks/orders.html#part"),
        (
            "html",
            "guides/deep.html",
            "../runbooks/orders.html",
            "../runbooks/orders.html#part",
        ),
        (
            "dirhtml",
            "guides/deep/index.html",
            "../../runbooks/orders/",
            "../../runbooks/orders/#part",
        ),
        ("singlehtml", "index.html", "#document-runbooks/orders", "#part"),
        (
            "epub",
            "guides/deep.xhtml",
            "../runbooks/orders.xhtml",
            "../runbooks/orders.xhtml#part",
        ),
    ],
)
def test_a_link_names_one_page_from_everywhere(
    site: Site, builder: str, page: str, link: str, anchor: str
) -> None:
    """It is written for the page that it stands in, in tables too."""
    paged(site)
    built = site.build(builder)
    links = re.findall(
        r'href="([^"]*(?:runbooks/orders|#part)[^"]*)"', built.read(page)
    )
    badges = re.findall(r'class="backup-badge [^"]*" href="([^"]*)"', built.read(page))
    assert badges[:2] == [link, anchor]
    assert links.count(link) >= 2
    assert built.warnings == []


def test_a_book_links_its_pages(site: Site) -> None:
    """In LaTeX a page is a label; manuals and plain text have no such links."""
    paged(site)
    tex = site.build("latex").read("*.tex")
    assert r"\hyperref[\detokenize{runbooks/orders::doc}]" in tex
    assert r"\hyperref[\detokenize{runbooks/orders:part}]" in tex
    assert "[Paged" not in site.build("text", "-W").read("index.txt")


def test_a_link_to_no_page_is_a_warning(site: Site) -> None:
    """It is said once, where it is first shown, and the badge has no link."""
    with (site.docs / "backup-badge.toml").open("a") as config:
        config.write(CONFIG)
    badge = "Site\n====\n\n:backup-badge:`paged` :backup-badge:`group:web`\n\n"
    site.write(index_rst=badge + TABLE)
    built = site.build()
    said = "the link 'runbooks/orders.rst' names no page of this site"
    assert built.warnings == [f"index.rst:4: WARNING: {said}"]
    assert "runbooks" not in built.read()


def test_a_link_may_lead_to_what_is_published(site: Site) -> None:
    """The folder that ``export`` names has an index that no document makes."""
    with (site.docs / "backup-badge.toml").open("a") as config:
        config.write(CONFIG.replace("runbooks/orders.rst", "status/"))
    badge = "Deep\n====\n\n:backup-badge:`paged`\n"
    site.write(index_rst=f"{badge}\n.. toctree::\n\n   guides/deep\n")
    site.write(
        **{"guides/deep_rst": badge, "runbooks/orders_rst": ":orphan:\n\nX\n=\n"}
    )
    built = site.build("html", "-D", "backup_badge_export=status")
    assert 'href="../status"' in built.read("guides/deep.html").replace('us/"', 'us"')
    assert built.warnings == []
