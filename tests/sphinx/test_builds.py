"""One build after another: who is asked, what is written again and what is not."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sphinx
from cloud import Cloud

import sphinx_backup_badge

from .conftest import CONF

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Site

INDEX_RST = """\
Site
====

.. toctree::

   website
   handbook
   table
   plain
"""
WEBSITE_RST = "Website :backup-badge:`website`\n===============================\n"
HANDBOOK_MD = "# Handbook\n\n{backup-badge}`handbook`\n"
TABLE_RST = "Table\n=====\n\n.. backup-table::\n   :columns: source, state, checked\n"
PLAIN_RST = "Plain\n=====\n\nNothing here.\n"

NAMES = {"index.html", "website.html", "handbook.html", "table.html", "plain.html"}
if sphinx.version_info < (8,):
    # Sphinx 7.4 writes the first page whenever it writes any.
    NAMES.remove("index.html")


@pytest.fixture
def pages(site: Site) -> Site:
    """Write a page for each source, one for both and two for none, and build them."""
    site.write(index_rst=INDEX_RST, website_rst=WEBSITE_RST, handbook_md=HANDBOOK_MD)
    site.write(table_rst=TABLE_RST, plain_rst=PLAIN_RST)
    built = site.build()
    assert "asking backup systems... 2 of 2 sources have a status\n" in built.said
    return site


def rewritten(site: Site, *options: str) -> set[str]:
    """Build again, and return the pages that were written."""
    output = site.root / "build/html"
    before = {name: (output / name).stat().st_mtime_ns for name in NAMES}
    assert site.build("html", *options).status == 0
    return {
        name for name in NAMES if (output / name).stat().st_mtime_ns != before[name]
    }


def edit(site: Site, old: str, new: str) -> None:
    """Edit ``backup-badge.toml``."""
    path = site.docs / "backup-badge.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def fail_website(site: Site, cloud: Cloud) -> None:
    """Let the website's next backup fail."""
    cloud.badges["acme", "website"] = "failed"


@pytest.mark.parametrize(
    ("happen", "pages_with_news"),
    [
        (lambda site, cloud: None, []),
        (fail_website, ["website", "table"]),
        (lambda site, cloud: cloud.badges.clear(), ["website", "handbook", "table"]),
        (
            lambda site, cloud: edit(site, '"Website"', '"Our website"'),
            ["website", "table"],
        ),
        (
            lambda site, cloud: edit(site, "acme/handbook", "acme/website"),
            ["handbook", "table"],
        ),
        (
            lambda site, cloud: edit(site, "[sources.handbook]", "[sources.manual]"),
            ["handbook", "table"],
        ),
        (lambda site, cloud: site.write(plain_rst="Plain\n=====\n\nNew.\n"), ["plain"]),
    ],
    ids=["nothing", "one", "both", "label", "address", "name", "page"],
)
def test_pages_with_news_are_written_and_no_others(
    pages: Site,
    cloud: Cloud,
    happen: Callable[[Site, Cloud], None],
    pages_with_news: list[str],
) -> None:
    """The next build writes exactly the pages whose badges or texts are other ones."""
    happen(pages, cloud)
    expected = {f"{name}.html" for name in pages_with_news}
    # Where a page was read, Sphinx writes the page that lists it as well.
    assert rewritten(pages) - {"index.html"} == expected
    assert rewritten(pages) == set()


def test_a_page_that_lists_pages_is_spared(pages: Site, cloud: Cloud) -> None:
    """Sphinx' habit to write such pages too is for news of another kind."""
    fail_website(pages, cloud)
    assert "index.html" not in rewritten(pages)


def other_builder(site: Site) -> None:
    """Build text from the same doctrees."""
    site.build("text")


def other_page(site: Site) -> None:
    """Build one page alone."""
    site.build("html", str(site.docs / "plain.rst"))


def broken_build(site: Site) -> None:
    """Begin a build that breaks off before the pages with news are written."""
    (site.root / "break").touch()
    assert site.build().status == 2
    (site.root / "break").unlink()


@pytest.mark.parametrize("interlude", [other_builder, other_page, broken_build])
def test_news_is_written_however_the_last_build_went(
    site: Site, cloud: Cloud, interlude: Callable[[Site], None]
) -> None:
    """What another builder wrote, or nobody did, does not pass for written here."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write(
            "import pathlib\n"
            "def stop(app, *arguments):\n"
            f"    assert not pathlib.Path({str(site.root / 'break')!r}).exists()\n"
            "def setup(app):\n"
            "    app.connect('html-page-context', stop)\n"
        )
    site.write(index_rst=INDEX_RST, website_rst=WEBSITE_RST, handbook_md=HANDBOOK_MD)
    site.write(table_rst=TABLE_RST, plain_rst=PLAIN_RST)
    site.build()
    fail_website(site, cloud)
    interlude(site)
    assert {"website.html", "table.html"} <= rewritten(site)
    assert 'data-backup-state="failed"' in site.build().read("website.html")


def test_saving_a_page_ten_times_asks_once(pages: Site, cloud: Cloud) -> None:
    """An answer is fresh for a while, for builds by another process as well."""
    cloud.clear()
    for number in range(10):
        pages.write(plain_rst=f"Plain\n=====\n\nVersion {number}.\n")
        pages.build("text", "-D", "backup_badge_cache_ttl=5m")
    assert len(cloud.requests) <= 2


def test_a_source_is_asked_once_a_build(site: Site, cloud: Cloud) -> None:
    """However many pages name it, and in however many ways."""
    names = [f"page{number}" for number in range(8)]
    toctree = "\n   ".join(("Site\n====\n\n.. toctree::\n", *names))
    site.write(index_rst=toctree)
    body = ":backup-badge:`website` :backup-badge:`group:web` "
    body += ":backup-badge:`cloudback:acme/website`\n\n.. backup-table::\n"
    site.write(**{f"{name}_rst": f"{name}\n=======\n\n{body}" for name in names})
    site.build()
    assert sorted(request.path for request in cloud.requests) == [
        "/badge/acme/handbook",
        "/badge/acme/website",
    ]


def test_four_processes_build_the_same(site: Site, cloud: Cloud) -> None:
    """Reading and writing in parallel comes to the same, and no thread is forked.

    Python 3.12 and later warns of threads at a fork, which is an error here.
    """
    names = [f"page{number}" for number in range(12)]
    toctree = "\n   ".join(("Site\n====\n\n.. toctree::\n", *names))
    conf = (site.docs / "conf.py").read_text().replace(', "myst_parser"', "")
    site.write(index_rst=toctree, conf_py=conf)
    for name in names:
        site.write(
            **{
                f"{name}_rst": f"{name} :backup-badge:`website`\n{'=' * 40}\n\n"
                ":backup-badge:`handbook`\n\n.. backup-table::\n"
                "   :columns: source, state\n\nNobody: :backup-badge:`nobody`\n"
            }
        )
    package = Path(sphinx_backup_badge.__file__).parent.parent
    kept = ["-D", "backup_badge_cache_ttl=5m"]
    runs = []
    for jobs in ("1", "4"):
        output = site.root / f"jobs{jobs}"
        command = [sys.executable, "-W", "error::DeprecationWarning", "-m", "sphinx"]
        run = subprocess.run(
            [*command, "-Nj", jobs, *kept, str(site.docs), str(output)],
            env={**os.environ, "PYTHONPATH": str(package)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        assert run.stderr.count("there is no source named 'nobody'") == 1
        runs.append({path.name: path.read_bytes() for path in output.glob("*.html")})
    assert runs[0] == runs[1]
    assert b'data-backup-state="failed"' in runs[1]["page11.html"]


def test_doctrees_can_be_copied_and_printed(pages: Site) -> None:
    """What is pending in them is no trouble to what else works on doctrees."""
    tree = pickle.loads((pages.root / "doctrees/table.doctree").read_bytes())
    assert "TableMark" in tree.deepcopy().pformat()
    assert "TableMark" in tree.asdom().toxml()


SLOW = """
import time

backup_badge_deadline = "1s"

def setup(app):
    app.connect("source-read", lambda app, docname, text: time.sleep(1.5))
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_slow_reading_costs_no_answer(site: Site, jobs: int) -> None:
    """The deadline bounds waiting for backup systems, not the time that pages take."""
    site.write(
        index_rst="Site\n====\n\n:backup-badge:`handbook`\n", conf_py=CONF + SLOW
    )
    built = site.build("html", f"-j{jobs}")
    assert (built.status, built.warnings) == (0, [])
    assert 'data-backup-state="failed"' in built.read()
    assert not [one for one in threading.enumerate() if "_work" in one.name]


def test_builds_from_one_status_file_are_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte, what they publish included, whenever they are made."""
    command = [sys.executable, "-m", "backup_badge.cli", "status", "--format", "json"]
    config = ["-c", str(site.docs / "backup-badge.toml")]
    done = subprocess.run([*command, *config], capture_output=True, timeout=60)
    (site.docs / "statuses.json").write_bytes(done.stdout)
    text = "Site\n====\n\n:backup-badge:`website`\n\n.. backup-table::\n"
    more = "backup_badge_status_file = 'statuses.json'\nbackup_badge_export = 'now'\n"
    site.write(index_rst=text, conf_py=CONF + more)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795233600")
    builds = []
    for _ in range(2):
        built = site.build("html", "-E")
        files = built.files()
        # Sphinx pickles sets, in the order of the day.
        builds.append({name: files[name] for name in files if name != ".buildinfo"})
        time.sleep(1.1)
    assert "now/backup-status.json" in builds[0]
    assert builds[0] == builds[1]
