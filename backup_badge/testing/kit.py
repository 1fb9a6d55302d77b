"""What is checked of a provider: each check raises AssertionError with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from backup_badge.options.option import read_options
from backup_badge.options.provider_kinds import PATH
from backup_badge.provider import Ask, Found, Locator, Provider
from backup_badge.testing.case import Case, said_of, with_body
from backup_badge.testing.changes import (
    Leaf,
    documents,
    is_complete,
    leaves_of,
    replaced,
)
from backup_badge.testing.system import SECRET, CaseSystem, Secrets
from backup_badge.values.problem import ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.ways.access import Access
from backup_badge.ways.locator import match_locator

_JUNK: tuple[object, ...] = (None, "", "junk", -1, 10**40, 1.5, True, [], {}, [None])
_EMPTY: Mapping[str, bytes] = {
    "nothing": b"",
    "an empty object": b"{}",
    "an empty list": b"[]",
    "null": b"null",
    "a login page": b"<!DOCTYPE html><html><title>Log in</title></html>",
    "letters of no encoding": b"\xff\xfe\xfa",
}
_MARK = "kit-locator-4711"


class Kit:
    """The checks of one provider."""

    def __init__(self, provider: type[Provider]) -> None:
        self._type = provider
        self._provider = provider()

    def check_declaration(self) -> None:
        """Each option is declared once, with a sentence; paths are called files."""
        options = self._type.options()
        names = [option.name for option in options]
        twice = sorted({name for name in names if names.count(name) > 1})
        assert not twice, f"declared twice: {', '.join(twice)}"
        for option in options:
            is_file = option.name == "file" or option.name.endswith("_file")
            assert (option.kind is PATH) == is_file, (
                f"{option.name!r}: an option that is a path is named 'file' or ends"
                " in '_file', and no other is"
            )
            assert option.help.endswith("."), f"{option.name!r} needs a sentence"

    def check_words(self, cases: Sequence[Case]) -> None:
        """Every word of ``states`` has a case."""
        said = {self._contained(case).native for case in cases}
        missing = sorted(set(self._type.states) - said)
        assert not missing, f"no case has the word {', '.join(missing)}"

    def check_case(self, case: Case) -> None:
        """The case comes to what it says."""
        status = self._judged(case, self._read(case))
        category = status.problem.category if status.problem else None
        why = status.problem.message if status.problem else ""
        assert (status.state, category) == (case.state, case.category), why
        for name, value in case.told.items():
            holder = status if hasattr(status, name) else status.details
            assert getattr(holder, name) == value, f"{name}: {getattr(holder, name)!r}"

    def check_zones(self, case: Case) -> None:
        """All times are in UTC."""
        for name, time in _times(self._contained(case)).items():
            assert time.utcoffset() == timedelta(), f"{name}: {time} is not in UTC"

    def check_empty(self, case: Case) -> None:
        """Nothing empty, and no login page, is green."""
        for what, body in _EMPTY.items():
            answers = dict.fromkeys(case.answers, body)
            self._assert_not_green(replace(case, answers=answers), what)

    def check_truncated(self, case: Case) -> None:
        """An answer that is cut off is not green."""
        for key, said in case.answers.items():
            body = said_of(said).content
            for share in (0.25, 0.5, 0.75, 0.99):
                cut = body[: int(len(body) * share)]
                is_other = cut.strip() != body.strip() and not is_complete(cut)
                if is_other and len(case.answers) == 1:
                    self._assert_not_green(
                        with_body(case, key, cut), f"{key}, cut off,"
                    )

    def check_junk(self, case: Case, leaves: Sequence[Leaf]) -> None:
        """Whatever stands in a leaf, all that is raised is a ProblemError."""
        for key in case.answers:
            for what, body in _EMPTY.items():
                self._assert_contained(with_body(case, key, body), f"{what} as {key}")
        for key, document, path in leaves:
            for junk in _JUNK:
                changed = replaced(document, path, junk)
                what = f"{junk!r:.40} at {path} of {key}"
                self._assert_contained(with_body(case, key, changed), what)

    def check_secrets(self, case: Case, leaves: Sequence[Leaf]) -> None:
        """A secret that an answer echoes is not in the status."""
        if "${" not in str(dict(case.options)):
            return
        for key, document, path in leaves:
            echoed = replaced(document, path, f"x {SECRET} y")
            told = repr(self._contained(with_body(case, key, echoed)))
            assert SECRET not in told, f"{key}, {path}: {told}"

    def check_command(self, case: Case) -> None:
        """No word of a locator is an argument of a command."""
        locator = self._locator(case)
        parts = (part.removesuffix("...") for part in locator.form.split("/"))
        marked = Locator(
            form=locator.form,
            segments=tuple(_MARK if part in locator.values else part for part in parts),
            values=dict.fromkeys(locator.values, _MARK),
        )
        reach = CaseSystem(case)
        self._contained(case, reach=reach, locator=marked)
        for arguments in reach.commands:
            assert _MARK not in " ".join(arguments), f"a locator is in {arguments}"

    def check_listing(self, case: Case) -> None:
        """What is listed is as the case says, and can be addressed."""
        listed = self.listed(case)
        assert listed == list(case.found or ()), f"it lists {listed}"
        has_secret = "${" in str(dict(case.options))
        for key, document in documents(case):
            for path in leaves_of(document):
                for junk in (*_JUNK, f"x {SECRET} y"):
                    changed = replaced(document, path, junk)
                    told = repr(self.listed(with_body(case, key, changed)))
                    assert not has_secret or SECRET not in told, f"{key}, {path}"

    def listed(self, case: Case) -> list[Found]:
        """Return what the provider lists; a problem that is raised leaves nothing."""
        ask = self._ask(case, CaseSystem(case), self._locator(case))
        try:
            listed = list(self._provider.discover(ask))
        except ProblemError:
            return []
        for one in listed:
            assert match_locator(self._type.addresses, one.segments), one
            assert one.max_age is None or one.max_age > timedelta(), one
        return listed

    def _assert_contained(self, case: Case, what: str) -> None:
        """A provider may raise a ProblemError, and nothing else."""
        try:
            self._read(case)
        except Exception as error:
            raise AssertionError(f"{what} raises {error!r}") from error

    def _assert_not_green(self, case: Case, what: str) -> None:
        state = self._judged(case, self._contained(case)).state
        assert not state.is_good, f"{what} is {state}"

    def _judged(self, case: Case, status: Status) -> Status:
        # A time without a zone cannot be compared; another check is for that.
        aware: dict[str, Any] = {
            name: time.replace(tzinfo=time.tzinfo or UTC)
            for name, time in _times(status).items()
        }
        status = replace(status, **{**aware, "checked": case.now})
        dated = self._type.dated
        return judge(status, max_age=case.max_age, now=case.now, dated=dated)

    def _contained(self, case: Case, **with_: Any) -> Status:
        """Return the status, unknown where the provider fails: as in a build."""
        try:
            return self._read(case, **with_)
        except Exception as error:
            return self._provider.nothing(type(error).__name__)

    def _read(
        self,
        case: Case,
        *,
        reach: CaseSystem | None = None,
        locator: Locator | None = None,
    ) -> Status:
        """Return what the provider reads; a problem that is raised is a part."""
        locator = locator or self._locator(case)
        ask = self._ask(case, reach or CaseSystem(case), locator)
        try:
            status = self._provider.read(ask, locator)
        except ProblemError as error:
            return Status(reported=State.UNKNOWN, problem=error.problem)
        assert isinstance(status, Status), f"{status!r} is no status"
        return status

    def _ask(self, case: Case, reach: CaseSystem, locator: Locator) -> Ask:
        """Return what a provider asks through, with the options of a case."""
        options, faults = read_options(self._type.options(), case.options)
        assert not faults, "; ".join(faults.values())
        sentences = self._provider.faults(options)
        assert not sentences, "; ".join(sentences)
        access = Access(
            name=self._type.type,
            provider=self._provider,
            given=options,
            reach=reach,
            environ=Secrets(),
        )
        return Ask(now=case.now, max_age=case.max_age, wanted=(locator,), access=access)

    def _locator(self, case: Case) -> Locator:
        segments = tuple(unquote(segment) for segment in case.address.split("/"))
        locator = match_locator(self._type.addresses, segments)
        assert locator is not None, f"{case.address!r} has no form of {self._type}"
        return locator


def _times(status: Status) -> dict[str, datetime]:
    told = {one.name: getattr(status, one.name) for one in fields(status)}
    return {name: value for name, value in told.items() if isinstance(value, datetime)}
