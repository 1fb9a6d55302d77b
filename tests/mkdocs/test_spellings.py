"""Other spellings of the name, which authors know from other hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

NAMED = "the one that is tested"
NAMES = ("backup_badge", "backup-badge", "mkdocs_backup_badge")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "settings",
    [
        {"plugins": [NAMED]},
        {"plugins": [], "markdown_extensions": [NAMED]},
        {"markdown_extensions": [NAMED]},
    ],
    ids=["plugin", "extension", "both"],
)
def test_each_name_turns_it_on(
    project: Project, name: str, settings: dict[str, Any]
) -> None:
    """By each name it works, with its options; where both are on, they work as one."""
    project.page('# One\n\n<< backup_badge("website") >>')
    options = {name: {"sources": {"website": {"label": "Shop"}}}}
    named = {kind: [options] * len(listed) for kind, listed in settings.items()}
    built = project.build(**named)
    assert (built.warnings, built.status) == ([], 0)
    assert built.main().endswith("<p>[Shop: succeeded]</p>")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_zensical_knows_each_name(
    project: Project, need: Callable[[str], None], name: str
) -> None:
    """The extension's table in ``zensical.toml`` may have each of the names."""
    need("zensical")
    project.page('<< backup_badge("website") >>')
    table = f"[project.markdown_extensions.{name}]"
    project.write("zensical.toml", f'[project]\nsite_name = "Site"\n{table}\n')
    built = project.run("zensical", "build")
    assert 'data-backup-state="succeeded"' in built.read(), built.said


@pytest.mark.parametrize(
    "macro", ["backup-badge", "mkdocs_backup_badge", "mkdocs-backup-badge"]
)
def test_a_misspelt_macro_is_told_its_name(project: Project, macro: str) -> None:
    """The text stays as it is, and a warning has the right spelling."""
    project.page(f'<< {macro}("website") >>')
    built = project.build()
    assert "&lt;&lt; " in built.main()
    assert built.warnings == [
        f"docs/index.md:1: '<< {macro}' begins no macro:"
        ' write << backup_badge("orders-db") >>'
    ]
