"""The kit for providers: each way to be wrong has one check that finds it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from backup_badge.provider import (
    COMMAND,
    PATH,
    SECRET,
    TEXT,
    Answer,
    Ask,
    Category,
    Http,
    Locator,
    Option,
    Provider,
    State,
    Status,
    bearer,
)
from backup_badge.testing import Case, Said, checks

STATES = {"ok": State.SUCCEEDED, "torn": State.FAILED}
MORE_STATES = {**STATES, "lost": State.FAILED}
WRONG_STATES = {"ok": State.SUCCEEDED, "torn": State.SUCCEEDED}


class Tapes(Provider):
    """A provider that is right: one word, one time and a reason for each tape."""

    type = "tapes"
    ways = (Http(credentials=(bearer(),)), COMMAND)
    addresses = ("tape/NAME",)
    states = STATES

    def answer(self, ask: Ask, locator: Locator) -> Answer:
        return ask.get(f"/tapes/{locator}") if ask.is_http else ask.run("--json")

    def read(self, ask: Ask, locator: Locator) -> Status:
        told = self.answer(ask, locator).fields()
        return self.said(
            told.text("word"), finished=told.time("ended"), reason=told.text("why")
        )


def tape(word: str, **told: Any) -> dict[str, Any]:
    return {
        "word": word,
        "ended": "2026-11-28T03:00:00Z",
        "why": "as told",
        "size": 7,
        **told,
    }


HTTP = {"url": "https://tapes.example.org", "token": "${TOKEN}"}


def case(name: str, state: State, answer: object, **more: Any) -> Case:
    told = {"answers": {"/tapes/tape/orders": answer}, "options": HTTP, **more}
    return Case(name=name, address="tape/orders", state=state, **told)


ENDED = datetime(2026, 11, 28, 3, tzinfo=UTC)
CASES = (
    case("good", State.SUCCEEDED, tape("ok"), told={"finished": ENDED}),
    case("bad", State.FAILED, tape("torn"), told={"reason": "as told"}),
    case("odd", State.UNKNOWN, tape("x"), category=Category.INVALID_RESPONSE),
    case("gone", State.UNKNOWN, Said(code=404), category=Category.NOT_FOUND),
    case(
        "by a command",
        State.SUCCEEDED,
        None,
        answers={"command": tape("ok")},
        options={"command": ["tapes"]},
    ),
)


def failing(provider: type[Provider], cases: tuple[Case, ...] = CASES) -> set[str]:
    """Return the kinds of checks that fail, without the names of their cases."""
    kinds = set()
    for check in checks(provider, cases):
        name, _, kind = str(check).partition(": ")
        try:
            check()
        except AssertionError:
            kinds.add(kind or ("case" if name in {c.name for c in cases} else name))
    return kinds


class Wordy(Tapes):
    states = MORE_STATES


class Trusting(Tapes):
    """Takes an answer without words for a good one."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        if not self.answer(ask, locator).body.strip(b" {}"):
            return self.said("ok")
        return super().read(ask, locator)


class Reassured(Tapes):
    """Takes a log-in page for a good answer."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        if self.answer(ask, locator).body.startswith(b"<!DOCTYPE html>"):
            return self.said("ok")
        return super().read(ask, locator)


class Hasty(Tapes):
    """Reads a word wherever the answer breaks off."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        body = self.answer(ask, locator).body
        word = re.search(rb'"word": "([a-z]+)"', body)
        if word and not body.endswith(b"}"):
            return self.said(word[1].decode())
        return super().read(ask, locator)


class Local(Tapes):
    """Tells times without a zone."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        told = self.answer(ask, locator).fields()
        ended = told.time("ended")
        naive = ended and ended.replace(tzinfo=None)
        return self.said(told.text("word"), finished=naive, reason=told.text("why"))


class Obliging(Tapes):
    """Lets a page say what a command gets."""

    def answer(self, ask: Ask, locator: Locator) -> Answer:
        if ask.is_http:
            return super().answer(ask, locator)
        return ask.run(f"--tape={locator['NAME']}")


class Raw(Tapes):
    """Reads an answer past the kit of the interface, which takes the secrets out."""

    def raw(self, ask: Ask, locator: Locator, key: str) -> str:
        answer = self.answer(ask, locator)
        answer.fields()
        return str(json.loads(answer.body).get(key))


class RawWord(Raw):
    def read(self, ask: Ask, locator: Locator) -> Status:
        super().read(ask, locator)
        return self.said(
            self.raw(ask, locator, "word"), finished=ENDED, reason="as told"
        )


class RawReason(Raw):
    def read(self, ask: Ask, locator: Locator) -> Status:
        word = super().read(ask, locator).native
        reason = self.raw(ask, locator, "why")
        return self.said(word, finished=ENDED, reason=reason)


class RawProblem(Raw):
    def read(self, ask: Ask, locator: Locator) -> Status:
        status = super().read(ask, locator)
        if status.native not in ("ok", "torn"):
            word = self.raw(ask, locator, "word")
            raise ask.problem(Category.INVALID_RESPONSE, f"it says {word}")
        return status


class Talkative(Tapes):
    """Repeats the credential that it was given."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        status = super().read(ask, locator)
        if status.native in ("ok", "torn"):
            return status
        return self.said(status.native, reason=ask.secret("token"))


class Careless(Tapes):
    """Believes that a size is a number."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        status = super().read(ask, locator)
        size = self.answer(ask, locator).fields().document.get("size") or 0
        return replace(status, details=replace(status.details, bytes=int(size)))


class Rash(Tapes):
    """Believes that an answer has a first line."""

    def read(self, ask: Ask, locator: Locator) -> Status:
        self.answer(ask, locator).text().splitlines()[0]
        return super().read(ask, locator)


class Twice(Tapes):
    own = (Option(name="token", kind=SECRET, secret=True, help="The same again."),)


class Misnamed(Tapes):
    own = (Option(name="place", kind=PATH, help="Where the tapes are listed."),)


class NoPath(Tapes):
    own = (Option(name="list_file", kind=TEXT, help="Where the tapes are listed."),)


class Silent(Tapes):
    own = (Option(name="drive", kind=TEXT, help=""),)


class Wrong(Tapes):
    """Calls torn tapes good."""

    states = WRONG_STATES


BROKEN: dict[type[Provider], str] = {
    Wordy: "every word has a case",
    Trusting: "nothing empty is green",
    Reassured: "nothing empty is green",
    Hasty: "nothing cut off is green",
    Local: "times have zones",
    Obliging: "no locator reaches a command",
    RawWord: "no secret is repeated",
    RawReason: "no secret is repeated",
    RawProblem: "no secret is repeated",
    Talkative: "no secret is repeated",
    Careless: "junk in any leaf",
    Rash: "junk in any leaf",
    Twice: "declaration",
    Misnamed: "declaration",
    NoPath: "declaration",
    Silent: "declaration",
    Wrong: "case",
}


def test_right() -> None:
    """A provider that is right passes every check, each of which has its own name."""
    assert failing(Tapes) == set()
    names = [str(check) for check in checks(Tapes, CASES)]
    assert len(set(names)) == len(names)


@pytest.mark.slow
@pytest.mark.parametrize(("provider", "found"), BROKEN.items())
def test_broken(provider: type[Provider], found: str) -> None:
    """A provider that is wrong in one way fails the one check that is for it."""
    assert failing(provider) == {found}


@pytest.mark.parametrize("dropped", ["good", "bad"])
def test_case_that_is_missing(dropped: str) -> None:
    """A word of the table whose case is taken away is missed."""
    words = {"good": "ok", "bad": "torn"}
    cases = tuple(c for c in CASES if c.name != dropped and "command" not in c.answers)
    (every,) = [c for c in checks(Tapes, cases) if str(c) == "every word has a case"]
    with pytest.raises(AssertionError, match=f"no case has the word {words[dropped]}"):
        every()
