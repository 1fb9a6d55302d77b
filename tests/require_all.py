"""A plugin: where ``BACKUP_BADGE_REQUIRE_ALL`` is set, a test that skips has failed.

On a person's machine a test may do without a program that isn't there; in CI nobody
would see that it never ran.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Fail a test that skips, before its body or in it."""
    return _required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Fail a module that skips while it is imported."""
    return _required((yield))


def _required(report: Any) -> Any:
    required = os.environ.get("BACKUP_BADGE_REQUIRE_ALL")
    if required and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {report.longrepr}"
    return report
