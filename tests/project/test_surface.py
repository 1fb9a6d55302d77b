"""What ``import backup_badge`` offers, and what it costs."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import backup_badge

HOSTS = ("docutils", "markdown", "mkdocs", "properdocs", "sphinx", "zensical")
CORE = [
    module.name
    for module in pkgutil.walk_packages(backup_badge.__path__, "backup_badge.")
]
LATER = ("click", "defusedxml", "jmespath", "requests", "tomlkit", "urllib3")


def run(script: str) -> str:
    """Run a script in another Python process and return what it prints."""
    command = [sys.executable, "-P", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_public_names_are_sorted_and_complete() -> None:
    """``__all__`` is sorted, and each name in it is defined where it says it is."""
    assert backup_badge.__all__ == sorted(backup_badge.__all__)
    for name in backup_badge.__all__:
        value = getattr(backup_badge, name)
        assert name == "__version__" or value.__module__.startswith("backup_badge.")
    assert set(backup_badge.__all__) <= set(dir(backup_badge))
    with pytest.raises(AttributeError, match="no attribute 'Stie'"):
        getattr(backup_badge, "Stie")  # noqa: B009


def test_importing_the_core_loads_neither_hosts_nor_the_network() -> None:
    """What not every build needs is imported where it is needed."""
    names = "from backup_badge import *; import backup_badge"
    loaded = run(f"{names}, sys; print(*sys.modules)").split()
    assert "backup_badge.site" in loaded
    assert not {*HOSTS, *LATER} & set(loaded)
    assert [name for name in loaded if name.startswith("backup_badge.providers.")] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        (CORE, HOSTS),
        (["mkdocs_backup_badge.extension"], ("mkdocs", "properdocs", "sphinx")),
        (["mkdocs_backup_badge.macros"], ("mkdocs", "properdocs", "sphinx")),
    ],
    ids=["core", "extension", "macros"],
)
def test_a_part_imports_where_other_hosts_are_missing(
    modules: list[str], absent: tuple[str, ...]
) -> None:
    """The core needs no host, and the Markdown extension no MkDocs."""
    missing = run(
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({absent!r}))\n"
        f"for module in {modules!r}: importlib.import_module(module)\n"
        f"print([name for name in {absent!r} if sys.modules[name] is not None])\n"
    )
    assert missing.strip() == "[]"
