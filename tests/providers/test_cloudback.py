"""Cloudback: its six words in a picture, and whatever else a picture may say."""

from __future__ import annotations

from typing import Any

import pytest
from cloudback_badge import draw_badge

from backup_badge.providers.cloudback import Cloudback
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

PATH = "/badge/acme/website"
WORDS = {
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "in progress": State.IN_PROGRESS,
    "scheduled": State.SCHEDULED,
    "deleted": State.DELETED,
    "unknown": State.UNKNOWN,
}
NS = 'xmlns="http://www.w3.org/2000/svg"'
PLAIN = f"<svg {NS}><title>Cloudback</title><text>{{}}</text></svg>"
UPPER = (
    f'<svg {NS} aria-label="BACKUP: {{}}"><text>BACKUP</text><text>{{}}</text></svg>'
)


def case(name: str, state: State, body: object, **more: Any) -> Case:
    told: dict[str, Any] = {"address": "acme/website", "answers": {PATH: body}}
    return Case(name=name, state=state, **{**told, **more})


def unclear(name: str, body: object) -> Case:
    return case(name, State.UNKNOWN, body, category=Category.INVALID_RESPONSE)


CASES = (
    *(
        case(word, state, draw_badge(word), told={"native": word})
        for word, state in WORDS.items()
    ),
    *(
        case(f"{word}, in another shape", state, PLAIN.format(word))
        for word, state in WORDS.items()
    ),
    case(
        "in capitals",
        State.SUCCEEDED,
        UPPER.format("SUCCEEDED", "SUCCEEDED"),
        told={"native": "succeeded"},
    ),
    case(
        "a group's repository",
        State.FAILED,
        draw_badge("failed"),
        address="gitlab/acme%2Ftools/repository/build%20images",
        answers={
            "/badge/gitlab/acme%2Ftools/repository/build%20images": draw_badge("failed")
        },
    ),
    case(
        "unknown says what to look at",
        State.UNKNOWN,
        draw_badge("unknown"),
        told={
            "reason": "check the address, or whether the repository has a backup",
        },
    ),
    unclear("a word that nobody knows", draw_badge("paused")),
    unclear("two words", PLAIN.format("failed | succeeded")),
    unclear("a word and its denial", draw_badge("not succeeded")),
    unclear("a share", draw_badge("0 of 12 succeeded")),
    unclear("no word", draw_badge("")),
    unclear("a word that is hidden", f"<svg {NS}><desc>succeeded</desc></svg>"),
    unclear("a login page", "<!DOCTYPE html><html><title>succeeded</title></html>"),
    unclear(
        "entities",
        f'<!DOCTYPE svg [<!ENTITY a "succeeded">]><svg {NS}><text>&a;</text></svg>',
    ),
    unclear("nothing", b""),
    case(
        "no such badge",
        State.UNKNOWN,
        Said(code=404),
        category=Category.NOT_FOUND,
    ),
    case(
        "in trouble",
        State.UNKNOWN,
        Said(body=draw_badge("succeeded"), code=503),
        category=Category.UNREACHABLE,
    ),
)


@pytest.mark.parametrize("check", checks(Cloudback, CASES), ids=str)
def test_cloudback(check: Check) -> None:
    """The six words are what they mean; nothing else is believed."""
    check()
