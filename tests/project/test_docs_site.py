"""The documentation: it builds without a warning, and shows live badges."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "docs" / "_site"

for module in ("furo", "material", "myst_parser", "sphinx_copybutton"):
    pytest.importorskip(module, reason=f"the documentation needs {module}")


@pytest.mark.slow
def test_it_builds_with_live_badges(tmp_path: Path) -> None:
    """Both hosts build strictly, no link is broken, and badges have what was said."""
    built = subprocess.run(
        [sys.executable, "-P", str(SITE), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert built.stderr == ""
    for page in ("index.html", "mkdocs/index.html"):
        text = (tmp_path / "site" / page).read_text(encoding="utf-8")
        found = dict(re.findall(r'source="([\w-]+)" data-backup-state="(\w+)"', text))
        assert found["orders-db"] == "succeeded"
        assert found["mail"] == "failed"
    for index in ("searchindex.js", "mkdocs/search/search_index.json"):
        assert (tmp_path / "site" / index).stat().st_size > 100
