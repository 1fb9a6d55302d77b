"""The example that the README shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import world
from cloud import Cloud

from backup_badge import State

if TYPE_CHECKING:
    from conftest import Site

EXAMPLE = Path(world.__file__).parent / "sphinx"


def test_the_example_shows_every_state(
    site: Site, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It builds without a warning, and has a badge in each state."""
    world.furnish(cloud)
    for name, value in world.environ(cloud).items():
        monkeypatch.setenv(name, value)
    cache = f"backup_badge_cache_dir={site.root / 'cache'}"
    built = site.build("html", "-W", "-D", cache, source=EXAMPLE)
    assert (built.status, built.warnings) == (0, [])
    pages = built.read("*.html")
    for state in State:
        assert f'data-backup-state="{state}"' in pages
