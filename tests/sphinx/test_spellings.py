"""Other spellings of the name, which authors know from other hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

RST = """\
Site
====

A role, :backup_badge:`website`.

.. sphinx-backup-badge:: website

.. backup_table::
   :group: web
"""
MYST = """\
# Guide

A role, {sphinx_backup_badge}`website`.
"""


@pytest.mark.parametrize(
    "name", ["backup-badge", "backup_badge", "mkdocs_backup_badge"]
)
def test_the_extension_has_more_than_one_name(site: Site, name: str) -> None:
    """Each name in ``extensions`` turns the extension on, beside its own too."""
    conf = site.docs / "conf.py"
    text = conf.read_text().replace('"sphinx_backup_badge"', f"{name!r}")
    conf.write_text(text)
    site.write(index_rst="Site\n====\n\n:backup-badge:`website`\n")
    built = site.build("html", "-W", "-j", "2")
    assert built.status == 0, built.warned
    assert 'data-backup-state="succeeded"' in built.read()
    conf.write_text(f'{text}\nextensions += ["sphinx_backup_badge"]\n')
    assert site.build("html", "-W").status == 0


def test_misspelt_roles_and_directives_are_told_their_names(site: Site) -> None:
    """The page shows what was written, and a warning has the right name."""
    site.write(index_rst=RST, guide_md=f"---\norphan: true\n---\n{MYST}")
    built = site.build()
    said = [warning.replace(" WARNING: backup", "") for warning in built.warnings]
    assert sorted(said) == [
        "guide.md:6: badge: write backup-badge, not sphinx_backup_badge",
        "index.rst:4: badge: write backup-badge, not backup_badge",
        "index.rst:6: badge: write backup-badge, not sphinx-backup-badge",
        "index.rst:8: table: write backup-table, not backup_table",
    ]
    assert built.read().count('class="backup-badge-error"') == 3


def test_a_misspelt_value_of_conf_py_is_told_its_name(site: Site) -> None:
    """The extension's own name is no prefix of its values."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('sphinx_backup_badge_fail_on = ["failed"]\n')
    site.write(index_rst="Site\n====\n")
    built = site.build()
    assert built.status == 2
    right = "write backup_badge_fail_on, not sphinx_backup_badge_fail_on"
    assert right in built.warned
