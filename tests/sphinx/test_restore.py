"""Restore tests in Sphinx: a role, a roll-up and the columns of a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from restores import CONFIGURATION, configure, write_run

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Site

INDEX_RST = """\
Site
====

:backup-badge:`restore:orders-db`, :backup-badge:`Drill <restore:orders-db>` and
:backup-badge:`group:databases`.

.. backup-table::
   :columns: source, restore, restored, max_age=RPO, owner=Team on call
   :owner: Team Payments
   :state: succeeded
"""
PAGE_MD = """\
# Page

{backup-badge}`restore:orders-db`

```{backup-table}
:columns: source restore
:provider: job
```
"""


@pytest.mark.parametrize("code", [0, 3, None])
def test_restore_tests(site: Site, code: int | None) -> None:
    """They are shown by reStructuredText and MyST, as HTML and as text."""
    configure(site.docs, CONFIGURATION)
    if code is not None:
        write_run(site.docs / "drill.json", code=code, duration=840)
    site.write(index_rst=INDEX_RST + "\n.. toctree::\n\n   page\n", page_md=PAGE_MD)
    built = site.build()
    missing = "restore:orders-db: there is no file drill.json"
    told = [line.partition("WARNING: ")[2] for line in built.warnings]
    assert told == ([] if code is not None else [missing])
    state = {0: "succeeded", 3: "failed", None: "unknown"}[code]
    text = built.read("*.html")
    shown = re.findall(
        r'data-backup-source="restore:orders-db" data-backup-state="(\w+)"', text
    )
    assert shown == [state] * 5
    assert ">RPO</th>" in text and ">Team on call</th>" in text
    words = {0: "succeeded", 3: "failed", None: "never tested"}[code]
    plain = site.build("text").read("index.txt")
    assert f"[Orders database restore: {words}]" in plain
    assert f"[Drill: {words}]" in plain
    assert ("(14 min)" in plain) is (code == 0)
    assert "wiki" not in plain


def test_news_of_a_restore_test_rewrites_its_pages(site: Site) -> None:
    """A drill between two builds changes the pages that show it, and no other."""
    configure(site.docs, CONFIGURATION)
    write_run(site.docs / "drill.json")
    toc = "\n.. toctree::\n\n   page\n   other\n"
    site.write(
        index_rst=f"Site\n====\n{toc}",
        page_md=PAGE_MD,
        other_rst="Other\n=====\n\n:backup-badge:`wiki`\n",
    )
    site.build()
    write_run(site.docs / "drill.json", code=1)
    said = site.build().said
    assert re.search(r"writing output\.\.\. \[ *\d+%\] page", said)
    assert not re.search(r"writing output\.\.\. \[ *\d+%\] other", said)
