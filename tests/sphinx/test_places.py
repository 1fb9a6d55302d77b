"""A badge and a table in every place, in every builder, in both languages."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from cloud import Cloud

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Site

PLACES_RST = """\
Places :backup-badge:`heading <website>`
========================================

Text :backup-badge:`paragraph <website>`.

Deeper :backup-badge:`deeper <website>`
---------------------------------------

=====================================  ===
:backup-badge:`simplecell <website>`   x
=====================================  ===

.. list-table:: :backup-badge:`tabletitle <website>`

   * - :backup-badge:`cell <website>`

* :backup-badge:`item <website>`

#. One

   * :backup-badge:`nested <website>`

term :backup-badge:`term <website>`
   :backup-badge:`definition <website>`

:field: :backup-badge:`field <website>`

   :backup-badge:`quoted <website>`

.. note:: :backup-badge:`note <website>`

.. admonition:: Title :backup-badge:`admonitiontitle <website>`

   :backup-badge:`admonition <website>`

Text [#f]_.

.. [#f] :backup-badge:`footnote <website>`

.. figure:: pixel.png

   :backup-badge:`caption <website>`

   :backup-badge:`legend <website>`

.. |role| replace:: :backup-badge:`substitution <website>`
.. |directive| backup-badge:: website
   :label: direct

|role| and |directive|.

.. include:: included.txt

.. only:: not never

   :backup-badge:`only <website>`

.. backup-badge:: website
   :label: block

.. backup-table:: website
   :columns: source, state
   :caption: tablecaption
"""

PLACES_MD = """\
# Places {backup-badge}`heading <website>`

Text {backup-badge}`paragraph <website>`.

## Deeper **bold {backup-badge}`deeper <website>`** end

| x |
|---|
| {backup-badge}`cell <website>` |

- {backup-badge}`item <website>`

  1. {backup-badge}`nested <website>`

> {backup-badge}`quoted <website>`

:::{note}
{backup-badge}`note <website>`
:::

:::{admonition} Title {backup-badge}`admonitiontitle <website>`
{backup-badge}`admonition <website>`
:::

Text[^f].

[^f]: {backup-badge}`footnote <website>`

:::{figure} pixel.png
{backup-badge}`caption <website>`
:::

{{ role }}

```{include} included.txt
```

```{backup-badge} website
:label: block
```

```{backup-table} website
:columns: source, state
:caption: tablecaption
```
"""

CONF_MYST = """
myst_enable_extensions = ["colon_fence", "substitution"]
myst_substitutions = {"role": "{backup-badge}`substitution <website>`"}
"""

# The labels of the badges: those that are in both pages, and those in the first alone.
IN_BOTH = {
    "heading",
    "paragraph",
    "deeper",
    "cell",
    "item",
    "nested",
    "quoted",
    "note",
    "admonitiontitle",
    "admonition",
    "footnote",
    "caption",
    "substitution",
    "included",
    "block",
}
IN_RST = {
    "simplecell",
    "tabletitle",
    "term",
    "definition",
    "field",
    "legend",
    "direct",
    "only",
}

# Which file a builder writes, and what it cannot show, with a warning of its own.
BUILDERS = {
    "html": ("places.html", set()),
    "dirhtml": ("places/index.html", set()),
    "singlehtml": ("index.html", set()),
    "epub": ("places.xhtml", set()),
    "latex": ("*.tex", set()),
    "text": ("places.txt", set()),
    "man": ("*.1", set()),
    "texinfo": ("*.texi", set()),
    "xml": ("places.xml", set()),
    "pseudoxml": ("places.pseudoxml", set()),
    "markdown": ("places.md", {"admonitiontitle", "admonition", "caption", "legend"}),
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


@pytest.fixture(params=["rst", "md"])
def places(request: pytest.FixtureRequest, site: Site) -> set[str]:
    """Write a page with a badge in every place and return the badges' labels."""
    is_rst = request.param == "rst"
    site.write(index_rst="Site\n====\n\n.. toctree::\n\n   places\n")
    site.write(**{f"places_{request.param}": PLACES_RST if is_rst else PLACES_MD})
    role = ":backup-badge:" if is_rst else "{backup-badge}"
    site.write(included_txt=f"{role}`included <website>`\n")
    (site.docs / "pixel.png").write_bytes(PIXEL)
    with (site.docs / "conf.py").open("a") as conf:
        conf.write(CONF_MYST)
        conf.write('extensions.append("sphinx_markdown_builder")\n')
        conf.write('man_pages = [("index", "site", "Site", [], 1)]\n')
    return IN_BOTH | IN_RST if is_rst else IN_BOTH


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_place_shows_its_badge(
    site: Site, places: set[str], builder: str
) -> None:
    """Wherever text can stand, a badge can, whatever is written."""
    pattern, dropped = BUILDERS[builder]
    built = site.build(builder)
    text = unescape(re.sub(r"<[^>]+>", " ", built.read(pattern)))
    shown = {label for label in places if re.search(rf"\b{label}\W+succeeded", text)}
    assert places - shown == dropped & places
    assert re.search(r"tablecaption(?s:.)+Website(?s:.)+succeeded", text)
    assert [w for w in built.warnings if "unknown node type" not in w] == []


def test_message_catalogues_hold_what_is_written(site: Site, places: set[str]) -> None:
    """What is to be translated is the author's text, never what a badge shows."""
    catalogue = site.build("gettext").read("places.pot")
    for label in ("heading", "paragraph", "caption"):
        assert re.search(rf"[:{{]backup-badge[:}}]`{label} <website>`", catalogue)
    assert "succeeded" not in catalogue


TEXT = "This says :backup-badge:`handbook`.\n\n.. backup-table:: handbook\n"


def test_links_are_checked(site: Site, cloud: Cloud) -> None:
    """A badge's link and a table's are links like any other to Sphinx' linkcheck."""
    site.write(index_rst=f"Site\n====\n\n{TEXT}")
    checked = site.build("linkcheck").read("output.json")
    assert json.loads(checked)["uri"] == f"{cloud.url}/badge/acme/handbook"
    assert json.loads(checked)["status"] == "working"


@pytest.mark.parametrize(
    ("rst", "myst", "expected"),
    [
        (
            ":backup-badge:`website`",
            "{backup-badge}`website`",
            'class="backup-badge backup-badge-flat"',
        ),
        (
            ":backup-badge:`group:web`",
            "{backup-badge}`group:web`",
            "failed, 1 of 2 succeeded",
        ),
        (
            ":backup-badge:`cloudback:acme/handbook`",
            "{backup-badge}`cloudback:acme/handbook`",
            'data-backup-source="handbook" data-backup-state="failed"',
        ),
        (
            ".. backup-badge:: website\n   :label: Our site\n   :style: plastic\n"
            "   :class: wide\n   :link: https://example.org/x",
            "```{backup-badge} website\n:label: Our site\n:style: plastic\n"
            ":class: wide\n:link: https://example.org/x\n```",
            r'class="backup-badge backup-badge-plastic wide" href="https://example',
        ),
        (
            ".. backup-table:: website, handbook\n   :columns: source state\n"
            "   :sort: -source\n   :class: wide",
            "```{backup-table} website, handbook\n:columns: source state\n"
            ":sort: -source\n:class: wide\n```",
            '<table class="backup-table wide" ',
        ),
        (
            ".. backup-table::\n   :columns: state, source\n\n   handbook\n   website",
            "```{backup-table}\n:columns: state, source\n\nhandbook\nwebsite\n```",
            r">State</th>.*>Source</th>",
        ),
        (
            ".. backup-table::\n   :group: web\n   :state: failed\n   :columns: source",
            "```{backup-table}\n:group: web\n:state: failed\n:columns: source\n```",
            r"<tbody>\s*<tr><th [^>]*><a [^>]*>Handbook</a></th></tr>\s*</tbody>",
        ),
    ],
    ids=["name", "group", "address", "options", "arguments", "body", "filters"],
)
def test_both_languages_say_the_same(
    site: Site, rst: str, myst: str, expected: str
) -> None:
    """One vocabulary: what is written alike comes out alike."""
    site.write(index_rst=f"Site\n====\n\n{rst}\n", other_md=f"# Site\n\n{myst}\n")
    built = site.build()
    bodies = [
        re.search(
            r"<p><(?:a|span).*</p>|<div class=\"backup-table-wrapper.*?</div>",
            text,
            re.S,
        )
        for text in (built.read("index.html"), built.read("other.html"))
    ]
    assert bodies[0] and bodies[1]
    assert bodies[0][0] == bodies[1][0]
    assert re.search(expected, bodies[0][0])


LINKED = """\
Site
====

.. contents::

Handbook :backup-badge:`handbook`
---------------------------------
"""


def test_a_badge_within_a_link_has_none_of_its_own(site: Site) -> None:
    """A heading leads back to the contents; HTML has no link within a link."""
    site.write(index_rst=LINKED)
    heading = re.search(r"<h2>.*?</h2>", site.build().read())
    assert heading and '<span class="backup-badge' in heading[0]
    assert "toc-backref" in heading[0] and "/badge/acme/handbook" not in heading[0]


def test_the_search_finds_the_words_of_a_badge_and_no_others(site: Site) -> None:
    """Sphinx takes what is left of raw HTML without its tags: references are words."""
    site.write(index_rst="Page\n====\n\n:backup-badge:`Bob's archive <website>`\n")
    index = site.build().read("searchindex.js")
    words = json.loads(index[len("Search.setIndex(") : -1])["terms"]
    assert words.keys() - {"s"} == {"archiv", "bob", "succeed"}
