"""What the tests of the project share: the files of the checkout."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The texts under version control or about to be, by their paths."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("this is no clone")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    found = {}
    for name in listed.stdout.split("\0"):
        path = CHECKOUT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            found[name] = content.decode()
    return found
