"""The kit, against a provider that asks twice and believes nothing at all."""

from __future__ import annotations

from typing import ClassVar

import pytest

from backup_badge.provider import Ask, Http, Locator, Provider, State, Status
from backup_badge.testing import Case, checks


class Credulous(Provider):
    """What is not said to be bad is good, it thinks."""

    type = "credulous"
    ways = (Http(default="https://backups.example.org"),)
    addresses = ("job/NAME",)
    states: ClassVar = {"good": State.SUCCEEDED}

    def read(self, ask: Ask, locator: Locator) -> Status:
        jobs, runs = ask.get("/jobs").fields(), ask.get("/runs").fields()
        is_bad = jobs.flag("bad") or runs.flag("bad")
        return self.said("bad" if is_bad else "good")


def test_empty_answers() -> None:
    """A success that is left when every answer is empty is a fault of the provider."""
    answers = {"/jobs": {"bad": False}, "/runs": {"bad": False}}
    case = Case(
        name="good", address="job/x", state=State.SUCCEEDED, answers=dict(answers)
    )
    (check,) = [one for one in checks(Credulous, [case]) if "empty" in one.name]
    with pytest.raises(AssertionError, match="an empty object is"):
        check()
