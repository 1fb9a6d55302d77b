"""What `make quick` leaves out here: real tools, and the kit's many variations."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what is neither a case nor a test of ours."""
    for item in items:
        if "tests/providers" not in item.path.as_posix():
            continue
        name = item.name.partition("[")[2]
        is_variation = ": " in name and not name.startswith("every word")
        if is_variation or item.path.stem.endswith("_tool"):
            item.add_marker(pytest.mark.slow)
