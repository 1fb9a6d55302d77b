"""Measures what the bounds of speed are about: ``make bench``, or parts of it by name.

Each ratio compares builds of one run on one machine. All of it takes less than ten
minutes on two cores, and is steadiest where nothing else runs.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from hosts import MATERIAL, MKDOCS, SPHINX, budgets, ratios
from results import HEAD
from sources import anonymous, listed

MEASURES = {
    "material": [partial(ratios, MATERIAL)],
    "mkdocs": [partial(ratios, MKDOCS), partial(budgets, MKDOCS)],
    "sphinx": [partial(ratios, SPHINX), partial(budgets, SPHINX)],
    "sources": [anonymous, listed],
}


def main() -> None:
    """Run the measurements that are named, or all, and print one Markdown table."""
    wanted = sys.argv[1:] or list(MEASURES)
    if set(wanted) - MEASURES.keys():
        sys.exit(f"what can be measured: {', '.join(MEASURES)}")
    print(HEAD, flush=True)
    for measure in (measure for name in wanted for measure in MEASURES[name]):
        with tempfile.TemporaryDirectory() as folder:
            for row in measure(Path(folder)):
                print(row, flush=True)


if __name__ == "__main__":
    main()
