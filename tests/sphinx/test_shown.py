"""What a page shows decides: what is asked, written again, linked and counted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cloud import Cloud

from backup_badge.render.assets import inline_block

if TYPE_CHECKING:
    from conftest import Site

INDEX_RST = "Site\n====\n\n.. toctree::\n\n   first\n   second\n   third\n"
COPIES = {
    "sphinx.ext.todo": (
        "todo_include_todos = True",
        "First\n=====\n\n.. todo:: See :backup-badge:`website`.\n",
        "Second\n======\n\n.. todolist::\n",
    ),
    "ablog": (
        "blog_title = 'Blog'\nblog_baseurl = 'https://example.org/'",
        ":blogpost: true\n:date: January 1, 2026\n\nFirst\n=====\n\n"
        "See :backup-badge:`website`.\n",
        "Second\n======\n\n.. postlist::\n   :excerpts:\n   :format: {title}\n",
    ),
    "sphinx_needs": (
        "",
        "First\n=====\n\n.. req:: Title\n   :id: REQ_1\n\n   See"
        " :backup-badge:`website`.\n",
        'Second\n======\n\n.. needextract::\n   :filter: id == "REQ_1"\n',
    ),
}


def states(text: str) -> list[str]:
    """Return the states of the badges in a page."""
    return re.findall(r'data-backup-state="(\w+)"', text)


def rewrites(site: Site) -> bool:
    """Build again, and tell whether a page was written."""
    return "writing output... [" in site.build().said


def configure(site: Site, *lines: str) -> None:
    """Add lines to ``conf.py``."""
    with (site.docs / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("\n".join(("", *lines, "")))


@pytest.mark.parametrize("extension", COPIES)
def test_a_page_shows_what_another_page_read(
    site: Site, cloud: Cloud, extension: str
) -> None:
    """A copy is as new as the badge, has its style sheet, and costs no other page."""
    pytest.importorskip(extension)
    conf, first, second = COPIES[extension]
    configure(site, f"extensions.append({extension!r})", conf)
    site.write(index_rst=INDEX_RST, first_rst=first, second_rst=second)
    site.write(third_rst="Third\n=====\n")
    built = site.build()
    assert states(built.read("second.html")) == ["succeeded"]
    assert "backup-badge.css" in built.read("second.html")
    third = (built.output / "third.html").stat().st_mtime_ns
    cloud.badges["acme", "website"] = "failed"
    again = site.build()
    assert states(again.read("first.html")) == states(again.read("second.html"))
    assert states(again.read("second.html")) == ["failed"]
    assert (again.output / "third.html").stat().st_mtime_ns == third
    assert not rewrites(site)


def test_a_page_that_is_generated_carries_the_style_sheet(site: Site) -> None:
    """Archives of a blog hold excerpts; the sheet stands once, where they begin."""
    pytest.importorskip("ablog")
    conf, first, _ = COPIES["ablog"]
    configure(site, "extensions.append('ablog')", conf)
    site.write(index_rst=INDEX_RST.replace("   second\n   third\n", ""))
    site.write(first_rst=first)
    # A blog is one in a process, however many are built there.
    output = site.root / "blog"
    command = [sys.executable, "-m", "sphinx", "-q", str(site.docs), str(output)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    archive = (output / "blog/2026.html").read_text(encoding="utf-8")
    assert archive.count(inline_block()) == 1
    assert archive.index(inline_block()) < archive.index("data-backup-state=")
    assert "backup-badge" not in (output / "blog/archive.html").read_text()


HIDDEN = """\
Site
====

.. :backup-badge:`handbook`

.. |unused| replace:: :backup-badge:`handbook`

.. only:: latex

   :backup-badge:`handbook` :backup-badge:`nobody`

.. ifconfig:: project == "Another"

   :backup-badge:`handbook`

.. todo:: :backup-badge:`handbook`

.. only:: html and not latex

   :backup-badge:`website`
"""


def test_what_no_page_shows_is_not_asked(site: Site, cloud: Cloud) -> None:
    """Nor does it fail a build or cause a warning; another builder may show it."""
    extensions = "extensions += ['sphinx.ext.ifconfig', 'sphinx.ext.todo']"
    configure(site, extensions, "backup_badge_fail_on = 'failed'")
    site.write(index_rst=HIDDEN)
    built = site.build("html", "-W")
    assert (built.status, states(built.read())) == (0, ["succeeded"])
    assert [request.path for request in cloud.requests] == ["/badge/acme/website"]
    assert not rewrites(site)
    book = site.build("latex")
    assert book.status == 1 and "Handbook: last backup failed" in book.warned
    assert "there is no source named 'nobody'" in book.warned


@pytest.mark.parametrize(("builder", "status"), [("html", 1), ("singlehtml", 0)])
def test_a_page_outside_a_book_is_not_asked(
    site: Site, builder: str, status: int
) -> None:
    """A book is made of toctrees; a site has every page."""
    configure(site, "backup_badge_fail_on = 'failed'")
    site.write(index_rst="Site\n====\n\n:backup-badge:`website`\n")
    site.write(other_rst=":orphan:\n\nOther\n=====\n\n:backup-badge:`handbook`\n")
    assert site.build(builder).status == status


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_what_is_published_is_gated(site: Site, builder: str) -> None:
    """A source that no page shows is told and fails the build where it is published."""
    configure(site, "backup_badge_fail_on = 'failed'", "backup_badge_export = 'status'")
    site.write(index_rst="Site\n====\n\n:backup-badge:`website`\n")
    built = site.build(builder)
    assert built.status == 1
    assert "Handbook: last backup failed" in built.warned
    assert "backup-badge.toml" in built.warned
    assert (built.output / "status/backup-status.json").is_file()


def test_problems_of_what_is_published_are_warnings(site: Site) -> None:
    """They stand at the configuration, in the way that Sphinx tells a place."""
    website = {"address": "cloudback:acme/website", "reported_state": "succeeded"}
    known = {"schema": 1, "sources": {"website": website}}
    site.write(statuses_json=json.dumps(known))
    configure(site, "backup_badge_status_file = 'statuses.json'")
    site.write(index_rst="Site\n====\n\n:backup-badge:`website`\n")
    assert site.build().warnings == []
    [warning] = site.build("html", "-D", "backup_badge_export=status").warnings
    assert warning.startswith("backup-badge.toml:1: WARNING: handbook: ")


@pytest.mark.parametrize("builder", ["json", "pickle", "epub", "text"])
def test_other_builders_publish_nothing(site: Site, builder: str) -> None:
    """They build all the same, and ask for what they show alone."""
    configure(site, "backup_badge_export = 'status'", "epub_copyright = '1'")
    site.write(index_rst="Site\n====\n\n:backup-badge:`website`\n")
    built = site.build(builder)
    assert (built.status, built.warnings) == (0, [])
    assert not list(built.output.rglob("backup-status.json"))


@pytest.mark.parametrize(
    ("builder", "page"), [("html", "status/index"), ("dirhtml", "status")]
)
def test_no_page_is_replaced_by_what_is_published(
    site: Site, builder: str, page: str
) -> None:
    """A page of the site in that place stays, in each build, and a warning names it."""
    configure(site, "backup_badge_export = 'status'")
    site.write(index_rst="Site\n====\n\n.. toctree::\n\n   " + page + "\n")
    site.write(**{f"{page}_rst": "Ours\n====\n\n:backup-badge:`website`\n"})
    for _ in range(2):
        built = site.build(builder)
        assert "Ours" in built.read("status/index.html")
        assert f"is the page {page!r}" in built.warnings[0]


def test_news_is_written_alone_when_other_pages_were_read(
    site: Site, cloud: Cloud
) -> None:
    """The page that lists a page with news is written for what was read, if at all."""
    parents = "Site\n====\n\n.. toctree::\n\n   above\n   third\n"
    site.write(
        index_rst=parents, above_rst="Above\n=====\n\n.. toctree::\n\n   first\n"
    )
    site.write(first_rst="First\n=====\n\n:backup-badge:`website`\n")
    site.write(third_rst="Third\n=====\n")
    output = site.build().output
    before = {path.name: path.stat().st_mtime_ns for path in output.glob("*.html")}
    cloud.badges["acme", "website"] = "failed"
    site.write(third_rst="Third\n=====\n\nMore.\n")
    site.build()
    written = {
        name
        for name, time in before.items()
        if (output / name).stat().st_mtime_ns != time
    }
    assert {"first.html", "third.html"} <= written
    assert "above.html" not in written


def test_pages_follow_a_changed_export(site: Site) -> None:
    """Their heads name the published file; pages without a badge are left alone."""
    site.write(index_rst="Site\n====\n\n.. toctree::\n\n   first\n")
    site.write(first_rst="First\n=====\n\n:backup-badge:`website`\n")
    built = site.build()
    index = (built.output / "index.html").stat().st_mtime_ns
    for export in ("status", "other"):
        built = site.build("html", "-D", f"backup_badge_export={export}")
        assert f'data-status="{export}/backup-status.json"' in built.read("first.html")
        assert (built.output / "index.html").stat().st_mtime_ns == index
    assert "data-status" not in site.build().read("first.html")
