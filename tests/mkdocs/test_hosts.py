"""Every host as its users run it: MkDocs, ProperDocs, Zensical, each a subprocess."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from backup_badge.render.assets import script, stylesheet

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Built, Project

Need = Callable[[str], None]

PAGE = """\
---
title: One
---
# Handbook << backup_badge("handbook") >>

| a | b |
|---|---|
| << backup_badge("website", label="x|y") >> | `<< backup_badge("website") >>` |

Text
<< backup_table(group="web") >>
text \\<< backup_badge("website") >>.

<< backup_badge("wbsite") >>
"""


@pytest.fixture
def pages(project: Project) -> Project:
    """Return a project with a page that has everything, and one that has nothing."""
    project.page(PAGE)
    project.page("# Two\n\ncat <<EOF", "two")
    return project


def test_properdocs_builds_what_mkdocs_builds(pages: Project, need: Need) -> None:
    """The same files with the same bytes, and the same warning."""
    need("properdocs")
    pages.configure()
    built = {host: pages.run(host, "build") for host in ("mkdocs", "properdocs")}
    for one in built.values():
        assert one.status == 0, one.said
        assert one.warnings == [
            "docs/index.md:14: there is no source named 'wbsite'."
            " Did you mean 'website'?"
        ]
    assert "[Handbook: failed](https://example.org/handbook)" in built["mkdocs"].main()
    names = [name for name in built["mkdocs"].files if not name.startswith("sitemap")]
    for name in names:
        assert built["mkdocs"].files[name] == built["properdocs"].files[name]


@pytest.mark.parametrize("host", ["mkdocs", "properdocs"])
@pytest.mark.parametrize("quiet", [(), ("--quiet",)], ids=["", "quiet"])
def test_a_strict_build_fails_on_a_warning(
    pages: Project, need: Need, host: str, quiet: tuple[str, ...]
) -> None:
    """Also where it is quiet, and its host would not count what it doesn't show."""
    need(host)
    pages.configure()
    built = pages.run(host, "build", "--strict", *quiet)
    assert built.status == 1
    assert "Traceback" not in built.said


@pytest.mark.parametrize("host", ["mkdocs", "properdocs"])
def test_states_fail_a_build_that_is_quiet_and_not_strict(
    pages: Project, need: Need, host: str
) -> None:
    """What ``fail_on`` names fails the build whatever the log is told to leave out."""
    need(host)
    pages.configure(plugins=[{"backup-badge": {"fail_on": "failed"}}])
    built = pages.run(host, "build", "--quiet")
    assert built.status == 1
    assert "- Handbook: last backup failed (docs/index.md:4)" in built.said
    assert "Traceback" not in built.said


@pytest.fixture
def zensical(pages: Project, need: Need) -> Callable[..., Built]:
    """Return a function that builds the pages with Zensical, from another directory."""
    need("zensical")

    def build(*arguments: str, extensions: str = "", project: str = "") -> Built:
        extensions = extensions or "[project.markdown_extensions.backup_badge]"
        pages.write(
            "zensical.toml",
            '[project]\nsite_name = "Site"\nuse_directory_urls = false\n'
            f"{project}\n{extensions}\n"
            "[project.markdown_extensions.tables]\n"
            "[project.markdown_extensions.toc]\n",
        )
        path = str(pages.directory / "zensical.toml")
        return pages.run("zensical", "build", "-f", path, *arguments)

    return build


def test_zensical_builds_with_the_extension_alone(
    zensical: Callable[..., Built],
) -> None:
    """Headings, tables and warnings are as in MkDocs; the page brings its style."""
    built = zensical()
    page = built.read()
    assert built.status == 0
    assert "docs/index.md:14: there is no source named 'wbsite'." in built.said
    assert 'id="handbook"' in page
    assert page.count("data-backup-source") == 5
    assert page.count(stylesheet()) == page.count(script()) == 1
    assert "backup-badge" not in built.read("two.html")
    assert built.asked == 2


def test_zensical_asks_again_for_what_it_builds_again(
    zensical: Callable[..., Built], pages: Project
) -> None:
    """Unchanged pages are kept; a page that changed is built from what is cached."""
    zensical()
    pages.page(PAGE + '\nmore << backup_badge("blog") >>')
    built = zensical()
    assert built.asked == 1
    assert built.read().count("data-backup-source") == 6


def test_a_watched_status_file_keeps_zensicals_pages_fresh(
    zensical: Callable[..., Built], pages: Project
) -> None:
    """Only a file under ``watch`` makes Zensical look at an unchanged page again."""
    options = (
        '[project.markdown_extensions.backup_badge]\nstatus_file = "backup-status.json"'
    )

    def state(*arguments: str, badge: str, watched: str) -> str:
        pages.cloud.badges["acme", "website"] = badge
        pages.write_statuses()
        if badge == "failed":
            # Zensical looks at whole seconds.
            later = time.time() + 5
            os.utime(pages.directory / "backup-status.json", (later, later))
        built = zensical(*arguments, extensions=options, project=watched)
        assert built.asked == 0
        pattern = 'data-backup-source="website" data-backup-state="([^"]*)"'
        return str(re.findall(pattern, built.read())[0])

    watched = 'watch = ["backup-status.json"]'
    assert state("--clean", badge="succeeded", watched="") == "succeeded"
    assert state(badge="failed", watched="") == "succeeded"
    assert state("--clean", badge="succeeded", watched=watched) == "succeeded"
    assert state(badge="failed", watched=watched) == "failed"


def test_zensicals_strict_mode_fails_on_a_warning(
    zensical: Callable[..., Built], pages: Project
) -> None:
    """It doesn't count the warnings of extensions, so the extension ends it itself."""
    built = zensical("--strict")
    assert built.status != 0
    assert "docs/index.md:14: there is no source named 'wbsite'." in built.said
    pages.page("<< backup_badge('website') >>")
    assert zensical("--strict").status == 0


def test_zensical_lists_the_faults_of_a_configuration(
    zensical: Callable[..., Built], pages: Project
) -> None:
    """All of them, one a line, and no traceback."""
    pages.write("backup-badge.toml", "max_agee = '1d'\ntimeout = 'soon'\n")
    built = zensical()
    assert built.status != 0
    assert "\n- backup-badge.toml:1: 'max_agee' is not an option." in built.said
    assert "\n- backup-badge.toml:2: 'timeout' must be a duration" in built.said
    assert "Traceback" not in built.said


def test_a_link_of_the_configuration_in_zensical(
    zensical: Callable[..., Built], pages: Project
) -> None:
    """It leads to the same page from wherever the badge stands, or is a warning."""
    path = pages.directory / "backup-badge.toml"
    text = path.read_text()
    path.write_text(text.replace("https://example.org/handbook", "/deep/page"))
    pages.page("# Page << backup_badge('handbook') >>", "deep/page")
    pages.page("# Other << backup_badge('handbook') >>", "deep/er/page")
    built = zensical()
    for name, way in (("", "deep/"), ("deep/", ""), ("deep/er/", "../")):
        file = "index.html" if not name else f"{name}page.html"
        assert re.search(
            f'class="backup-badge[^>]*href="{way}page.html"', built.read(file)
        )
    path.write_text(text.replace("https://example.org/handbook", "none.md"))
    built = zensical("--clean")
    assert "the link 'none.md' of the configuration leads to no page" in built.said
    assert "none.md" not in built.read()


def test_states_fail_zensicals_build(zensical: Callable[..., Built]) -> None:
    """As soon as a page shows a source in such a state."""
    extension = '[project.markdown_extensions.backup_badge]\nfail_on = ["failed"]'
    built = zensical(extensions=extension)
    assert built.status != 0
    assert "Handbook: last backup failed (docs/index.md:4)" in built.said


def test_the_installed_names_are_those_that_are_documented(project: Project) -> None:
    """The extension is found by its short name, wherever Markdown is used."""
    project.page(PAGE)
    script = (
        "import markdown, pathlib\n"
        "text = pathlib.Path('docs/index.md').read_text()\n"
        "pathlib.Path('site').mkdir()\n"
        "html = markdown.markdown(text, extensions=['tables', 'backup_badge'])\n"
        "pathlib.Path('site/index.html').write_text(html)\n"
    )
    project.write("convert.py", script)
    built = project.run("convert")
    assert built.status == 0, built.said
    assert built.read().count("data-backup-source") == 5
    assert built.warnings == [
        "line 14: there is no source named 'wbsite'. Did you mean 'website'?"
    ]


def test_no_host_is_loaded_by_the_extension() -> None:
    """The extension imports neither MkDocs nor Sphinx, and no network library."""
    script = (
        "import sys, markdown\n"
        "markdown.markdown('<<x>>', extensions=['backup_badge'])\n"
        "print([n for n in ('mkdocs', 'sphinx', 'requests') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
