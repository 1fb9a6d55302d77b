"""How Hypothesis runs here: the same examples each time, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parents[2] / ".cache" / "hypothesis")
settings.register_profile(
    "core", derandomize=True, database=None, deadline=None, max_examples=50
)
settings.load_profile("core")
