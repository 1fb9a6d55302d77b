"""The kit that checks a provider, for its author's test suite.

A case says what a system answers and what that comes to; :func:`checks` makes named
checks of the cases, which pytest can parametrise over::

    CHECKS = checks(MyProvider, CASES)

    @pytest.mark.parametrize("check", CHECKS, ids=str)
    def test_my_provider(check):
        check()
"""

from __future__ import annotations

from backup_badge.testing.case import NOW, Case, Said
from backup_badge.testing.checks import Check, checks

__all__ = ["NOW", "Case", "Check", "Said", "checks"]
