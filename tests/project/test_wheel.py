"""What is installed is the wheel, and the wheel is whole."""

from __future__ import annotations

import sysconfig
from importlib import import_module
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

PACKAGES = ("backup_badge", "mkdocs_backup_badge", "sphinx_backup_badge")
CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def installed() -> Distribution:
    """The installed distribution."""
    return distribution("backup-badge")


@pytest.mark.parametrize("name", PACKAGES)
def test_the_suite_runs_against_the_installed_wheel(name: str) -> None:
    """Each package comes from where the wheel was installed, not from the checkout."""
    package = import_module(name)
    assert package.__file__ is not None
    assert Path(package.__file__).is_relative_to(sysconfig.get_path("purelib"))


def test_the_wheel_holds_the_packages_and_nothing_else(installed: Distribution) -> None:
    """Every file of the three packages is in the wheel, and no test or example.

    One module has the project's name, as some name it so in Sphinx' ``extensions``.
    """
    files = {str(file) for file in installed.files or ()}
    expected = {
        path.relative_to(CHECKOUT).as_posix()
        for name in PACKAGES
        for path in (CHECKOUT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected.add("backup-badge.py")
    assert {"backup_badge/render/backup-badge.css"} < expected
    assert {f"{name}/py.typed" for name in PACKAGES} < expected
    beside = (".dist-info/", "__pycache__/", "bin/")
    assert {file for file in files if not any(b in file for b in beside)} == expected


def test_the_wheel_carries_its_licence(installed: Distribution) -> None:
    """The licence's name is in the metadata, its text beside it."""
    assert installed.metadata["License-Expression"] == "MIT"
    assert "backup-badge contributors" in str(installed.read_text("licenses/LICENSE"))


def test_the_hosts_find_their_entry_points(installed: Distribution) -> None:
    """Command, plugin and Markdown extension have their names, and each loads."""
    spellings = ("backup-badge", "backup_badge", "mkdocs_backup_badge")
    points = installed.entry_points
    assert {(point.group, point.name) for point in points} == {
        ("console_scripts", "backup-badge"),
        *(("markdown.extensions", name) for name in spellings),
        *(("mkdocs.plugins", name) for name in spellings),
    }
    assert all(callable(point.load()) for point in points)
