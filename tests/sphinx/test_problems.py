"""What a build says of mistakes and of backups that cannot be had or that failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from cloud import Cloud

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Site

INDEX_RST = """\
Site
====

The role :backup-badge:`website` is fine, and here
the badge :backup-badge:`Web <websiet>` is not.

.. backup-badge:: website
   :lable: Web

.. backup-badge::

.. backup-table:: website
   :columns: source, stat

.. include:: included.txt

Once more :backup-badge:`websiet`.

.. toctree::

   guide
"""

GUIDE_MD = """\
# Guide

The first line,
the second {backup-badge}`group:wep`.

```{backup-table} cloudbak:acme/website
```
"""

WARNINGS = [
    "index.rst:7: WARNING: backup badge: 'lable' is not an option."
    " Did you mean 'label'?",
    "index.rst:10: WARNING: a badge needs a source: a name, an address or group:NAME",
    "index.rst:12: WARNING: backup table: 'columns' names the unknown column 'stat'."
    " Did you mean 'state'?",
    "guide.md:4: WARNING: there is no group named 'wep'. Did you mean 'web'?",
    "guide.md:6: WARNING: 'cloudbak:acme/website' names the unknown provider"
    " 'cloudbak'. Did you mean 'cloudback'?",
    "index.rst:5: WARNING: there is no source named 'websiet'. Did you mean 'website'?",
    "included.txt:2: WARNING: there is no source named 'hand'."
    " Did you mean 'handbook'?",
]


@pytest.fixture
def faulty(site: Site) -> Site:
    """Write pages with every kind of mistake."""
    site.write(index_rst=INDEX_RST, guide_md=GUIDE_MD)
    site.write(included_txt="In a file\n:backup-badge:`hand`.\n")
    return site


def test_each_mistake_is_said_once_with_its_place(faulty: Site) -> None:
    """A warning names the file and the line, and what was probably meant."""
    assert sorted(faulty.build().warnings) == sorted(WARNINGS)


@pytest.mark.parametrize("builder", ["html", "text"])
def test_mistakes_are_said_in_every_build(faulty: Site, builder: str) -> None:
    """A build that reads no page says them too; Sphinx itself forgets its own."""
    first, second = faulty.build(builder), faulty.build(builder)
    assert "0 added, 0 changed, 0 removed" in second.said
    assert first.warnings == second.warnings


@pytest.mark.parametrize(
    ("suppressed", "left"),
    [
        ("backup_badge", 0),
        ("backup_badge.*", 0),
        ("backup_badge.usage", 3),
        ("backup_badge.unknown_source", 4),
    ],
)
def test_warnings_can_be_suppressed(faulty: Site, suppressed: str, left: int) -> None:
    """Every warning has the type backup_badge and its category for a subtype."""
    with (faulty.docs / "conf.py").open("a") as conf:
        conf.write(f"suppress_warnings += [{suppressed!r}]\n")
    built = faulty.build("html", "-W", "--keep-going")
    assert (len(built.warnings), built.status) == (left, int(left > 0))


@pytest.mark.parametrize(
    ("builder", "pattern"), [("html", "index.html"), ("text", "index.txt")]
)
def test_a_mistake_shows_in_the_page(faulty: Site, builder: str, pattern: str) -> None:
    """What cannot be understood stands in the page, labelled, with what was written."""
    page = re.sub(r"\s+", " ", faulty.build(builder).read(pattern))
    page = page.replace("&#x27;", "'")
    for message in ("'lable' is not an option", "unknown column 'stat'"):
        assert message in page
    assert ".. backup-badge:: website :lable: Web" in page
    if builder == "html":
        assert page.count('class="backup-badge-error"') == 3


def test_a_backup_system_that_is_down_is_said_once(site: Site, cloud: Cloud) -> None:
    """A problem of a source is a warning at its first use, and the badge is grey."""
    cloud.down = True
    page = ":orphan:\n\n{}\n=====\n\n:backup-badge:`website`\n"
    site.write(index_rst=page.format("Site"), other_rst=page.format("Other"))
    built = site.build("html", "-D", "backup_badge_deadline=1s")
    [warning] = built.warnings
    assert warning.startswith("index.rst:6: WARNING: website: ") and "503" in warning
    assert 'data-backup-state="unknown"' in built.read("other.html")


def test_trouble_with_the_cache_is_said(site: Site) -> None:
    """It costs time and nothing else; who builds strictly can suppress it by name."""
    (site.root / "cache").write_text("not a directory")
    site.write(index_rst="Site\n====\n\n:backup-badge:`website`\n")
    warnings = site.build().warnings
    assert warnings
    assert all(warning.startswith("WARNING: the cache in ") for warning in warnings)
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('suppress_warnings += ["backup_badge.notice"]\n')
    built = site.build("html", "-W")
    assert (built.warnings, built.status) == ([], 0)


FAILING = ":backup-badge:`handbook`\n\nAnd :backup-badge:`website`.\n"


@pytest.mark.parametrize("options", [(), ("-q",), ("-W",), ("-q", "-W")])
def test_fail_on_fails_the_build_when_it_is_complete(
    site: Site, options: tuple[str, ...]
) -> None:
    """The exit status tells, and one error lists the backups, whatever the options."""
    site.write(index_rst=f"Site\n====\n\n{FAILING}")
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('backup_badge_fail_on = ["failed", "overdue"]\n')
    built = site.build("html", *options)
    assert built.status != 0
    assert built.warned.count("Handbook: last backup failed") == 1
    assert "Website" not in built.warned and "index.rst:4" in built.warned
    assert 'data-backup-state="failed"' in built.read()


def test_fail_on_leaves_everything_for_the_next_build(site: Site, cloud: Cloud) -> None:
    """A build that fails so has written all there is: the next one reads nothing."""
    site.write(index_rst=f"Site\n====\n\n{FAILING}")
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('backup_badge_fail_on = "failed"\n')
    assert site.build().status == 1
    again = site.build()
    assert (again.status, "0 added, 0 changed" in again.said) == (1, True)
    cloud.badges["acme", "handbook"] = "succeeded"
    assert site.build().status == 0
