"""The module for the macros plugin, in MkDocs and in Zensical."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from backup_badge.render.assets import stylesheet

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Project

MACROS = {"macros": {"modules": ["mkdocs_backup_badge.macros"]}}
PAGE = """\
---
title: One
---
# Site {{ backup_badge("website") }}

<div>{{ backup_badge("handbook", class="big", label="a | *b* `c` [d](e) _f_") }}</div>

| a | b |
|---|---|
| {{ backup_badge("blog", label="a | *b* `c` [d](e) _f_ https://x.y") }} | c |

- list

    {{ backup_table("website") }}

{{ backup_table("handbook", columns=["source", "state"]) }}

{{ backup_badge("wbsite") }} {{ backup_badge("blog", lable="x") }} {{ backup_badge() }}
"""
EXPECTED = [
    "<div>[a | *b* `c` [d](e) _f_: failed](https://example.org/handbook)</div>",
    "<td>[a | *b* `c` [d](e) _f_ https://x.y: in_progress]</td>\n<td>c</td>",
    "{table: website}",
    "{table: handbook}",
    "[wbsite: unknown] {backup-badge: backup badge: 'lable' is not an option.",
]
WARNINGS = [
    "docs/index.md:18: there is no source named 'wbsite'. Did you mean 'website'?",
    "docs/index.md:18: backup badge: 'lable' is not an option. Did you mean 'label'?",
    "docs/index.md:18: a badge needs a source: a name, an address or group:NAME",
]

HOSTS: dict[str, dict[str, Any]] = {
    "with the plugin": {"plugins": ["backup-badge", MACROS]},
    "with the plugin behind it": {"plugins": [MACROS, "backup-badge"]},
    "with the extension": {
        "plugins": [MACROS],
        "markdown_extensions": ["backup_badge"],
    },
    "alone": {"plugins": [MACROS]},
}


@pytest.mark.parametrize("settings", HOSTS.values(), ids=HOSTS)
def test_pages_get_the_same_badges_from_templates(
    project: Project, need: Callable[[str], None], settings: dict[str, Any]
) -> None:
    """As HTML that means nothing to Markdown, with the style sheet it needs."""
    need("mkdocs_macros")
    project.page(PAGE)
    project.page("# Two\n\n{{ 1 + 1 }}", "two")
    built = project.build(**settings)
    main = built.main()
    for expected in EXPECTED:
        assert expected in main
    assert sorted(built.warnings) == sorted(WARNINGS)
    assert built.asked == 3
    page, other = built.read(), built.read("two.html")
    sheets = (
        page.count("assets/backup-badge.css")
        + page.count(stylesheet())
        + page.count("data:text/css")
    )
    assert sheets == 1
    assert "backup" not in other
    is_alone = settings is HOSTS["alone"]
    assert (f'<h1 id="site">Site {"[Website: succeeded]"}</h1>' in main) is not is_alone


def test_templates_are_asked_for_in_one_go(
    project: Project, need: Callable[[str], None]
) -> None:
    """The plugin finds what they will show before the first page is read."""
    need("mkdocs_macros")
    project.cloud.latency = 0.25
    for page in range(20):
        text = f'{{{{ backup_badge("cloudback:acme/r{page}") }}}}'
        project.page(text, f"page{page}")
    began = time.monotonic()
    assert project.build(plugins=["backup-badge", MACROS]).asked == 20
    assert time.monotonic() - began < 20 * 0.25


@pytest.mark.parametrize(
    "extension", [False, True], ids=["alone", "with the extension"]
)
def test_zensical_runs_the_module(
    project: Project, need: Callable[[str], None], extension: bool
) -> None:
    """Once for each page, and still from one set of answers."""
    need("zensical")
    project.page(PAGE)
    project.page("# Two\n\n{{ backup_badge('website') }}", "two")
    ours = "[project.markdown_extensions.backup_badge]\n" if extension else ""
    project.write(
        "zensical.toml",
        '[project]\nsite_name = "Site"\nuse_directory_urls = false\n'
        '[project.plugins.macros]\nmodules = ["mkdocs_backup_badge.macros"]\n'
        f"{ours}[project.markdown_extensions.tables]\n",
    )
    built = project.run("zensical", "build")
    assert built.status == 0, built.said
    assert sorted(built.warnings) == sorted(WARNINGS)
    assert built.asked == 3
    for name in ("index.html", "two.html"):
        page = built.read(name)
        assert page.count("data:text/css") + page.count(stylesheet()) == 1
    assert built.read().count("data-backup-source") == 6
    assert ('id="site"' in built.read()) is extension
