"""Restore tests in MkDocs, in the hosts that run our Markdown, and in macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import markdown
import pytest
from restores import CONFIGURATION, configure, write_run

if TYPE_CHECKING:
    from conftest import Project

PAGE = """\
# Page

<< backup_badge("restore:orders-db") >> and << backup_badge("group:databases") >>

<< backup_table(columns="source, restore, restored, max_age=RPO",
                owner="Team Payments") >>

<< backup_table(columns=["source", "owner=Team on call"], provider="job") >>
"""
STATES = {0: "succeeded", 3: "failed", None: "unknown"}


def check_page(text: str, code: int | None) -> None:
    """See that a page shows the restore test, and the owner's row alone."""
    shown = re.findall(
        r'data-backup-source="restore:orders-db" data-backup-state="(\w+)"', text
    )
    assert shown == [STATES[code]] * 2
    count = f"2 of 2 succeeded, {int(code == 0)} of 1 restores"
    assert count in text
    assert ("never tested</" in text) is (code is None)
    assert ("</time> (14 min)</td>" in text) is (code == 0)
    assert ">RPO</th>" in text and ">Team on call</th>" in text
    first = text[text.index("<table") : text.index("</table>")]
    assert "wiki" not in first


@pytest.mark.parametrize("code", STATES)
def test_in_mkdocs(project: Project, code: int | None) -> None:
    """A page shows restore tests, and the log says which never ran."""
    configure(project.directory, CONFIGURATION)
    if code is not None:
        write_run(project.directory / "drill.json", code=code, duration=840)
    project.page(PAGE)
    built = project.build()
    check_page(built.read(), code)
    missing = "docs/index.md:3: restore:orders-db: there is no file drill.json"
    assert built.warnings == ([] if code is not None else [missing])


@pytest.mark.parametrize("code", STATES)
def test_in_markdown_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch, code: int | None
) -> None:
    """The Markdown extension, which Zensical runs, shows the same."""
    configure(project.directory, CONFIGURATION)
    if code is not None:
        write_run(project.directory / "drill.json", code=code, duration=840)
    monkeypatch.chdir(project.directory)
    check_page(markdown.markdown(PAGE, extensions=["backup_badge"]), code)


@pytest.mark.slow
def test_in_zensical(project: Project) -> None:
    """Zensical shows the same."""
    pytest.importorskip("zensical")
    configure(project.directory, CONFIGURATION)
    write_run(project.directory / "drill.json", duration=840)
    project.page(PAGE)
    project.configure(markdown_extensions=["backup_badge"], theme={"name": "material"})
    built = project.run("zensical", "build")
    assert built.status == 0, built.said
    check_page(built.read(), 0)
