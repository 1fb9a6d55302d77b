"""The kit that checks a provider, for its author's test suite.

A case says what a system answers and what that comes to; :func:`checks` makes named
checks of the cases, which pytest can parametrise over::

    CHECKS = checks(MyProvider, CASES)

    @pytest.mark.parametrize("check", CHECKS, ids=str)
    def test_my_provider(check):
        check()
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from backup_badge.http.responses import Response
from backup_badge.options.option import read_options
from backup_badge.options.provider_kinds import PATH
from backup_badge.provider import Ask, Found, Locator, Provider
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.state import State
from backup_badge.values.status import Status, judge
from backup_badge.ways.access import Access
from backup_badge.ways.command import Completed
from backup_badge.ways.locator import match_locator
from backup_badge.ways.reach import Request

__all__ = ["Case", "Check", "Said", "checks"]

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
"""The time of a case that names none."""

_JUNK: tuple[object, ...] = (None, "", "junk", -1, 10**40, 1.5, True, [], {}, [None])
_EMPTY: Mapping[str, bytes] = {
    "nothing": b"",
    "an empty object": b"{}",
    "an empty list": b"[]",
    "null": b"null",
    "a login page": b"<!DOCTYPE html><html><title>Log in</title></html>",
    "letters of no encoding": b"\xff\xfe\xfa",
}
_SECRET = "kit-secret-4711"
_MARK = "kit-locator-4711"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer: a body, an HTTP status or exit code, headers, standard error.

    ``body`` is bytes, a text, or anything that JSON can write.
    """

    body: object = b""
    code: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: str = ""

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body).encode()


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a system answers, and what that comes to.

    ``address`` is a locator, ``options`` are those of the provider as a configuration
    writes them; references stand for a secret that the kit makes up. ``answers`` are
    found by the path and query below the base URL, or by ``file`` and ``command``; any
    other path is answered by 404. ``state`` is the state as judged at ``now`` under
    ``max_age``, ``told`` further fields of the status, ``category`` that of its
    problem, or of the error that is raised instead. ``found`` is what the provider
    lists of these answers, where the case says so.
    """

    name: str
    address: str
    answers: Mapping[str, Said | bytes | str | list[Any] | dict[str, Any]]
    state: State
    options: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    category: Category | None = None
    now: datetime = NOW
    max_age: timedelta | None = None
    found: Sequence[Found] | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: call it; it raises AssertionError with a sentence."""

    name: str
    run: Callable[[], None] = field(repr=False)

    def __call__(self) -> None:
        """Run the check."""
        self.run()

    def __str__(self) -> str:
        return self.name


def checks(provider: type[Provider], cases: Sequence[Case]) -> list[Check]:
    """Return the checks of a provider.

    Each case comes to what it says; every word of ``states`` has a case; times have
    zones; nothing that is empty, HTML or cut off is green; any leaf of any answer may
    be junk; no word of a locator reaches a command; no secret is repeated; what is
    listed can be addressed.
    """
    kit = _Kit(provider)
    made = [
        Check(name="declaration", run=kit.check_declaration),
        Check(name="every word has a case", run=partial(kit.check_words, cases)),
    ]
    for case in cases:
        for name, check in (
            ("", kit.check_case),
            ("times have zones", kit.check_zones),
            ("nothing empty is green", kit.check_empty),
            ("nothing cut off is green", kit.check_truncated),
            ("junk in any leaf", kit.check_junk),
            ("no secret is repeated", kit.check_secrets),
            ("no locator reaches a command", kit.check_command),
        ):
            label = f"{case.name}: {name}" if name else case.name
            made.append(Check(name=label, run=partial(check, case)))
        if case.found is not None:
            label = f"{case.name}: what is listed"
            made.append(Check(name=label, run=partial(kit.check_listing, case)))
    return made


class _Kit:
    def __init__(self, provider: type[Provider]) -> None:
        self._type = provider
        self._provider = provider()

    def check_declaration(self) -> None:
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
        said = {self._contained(case).native for case in cases}
        missing = sorted(set(self._type.states) - said)
        assert not missing, f"no case has the word {', '.join(missing)}"

    def check_case(self, case: Case) -> None:
        status = self._judged(case, self._read(case))
        category = status.problem.category if status.problem else None
        why = status.problem.message if status.problem else ""
        assert (status.state, category) == (case.state, case.category), why
        for name, value in case.told.items():
            holder = status if hasattr(status, name) else status.details
            assert getattr(holder, name) == value, f"{name}: {getattr(holder, name)!r}"

    def check_zones(self, case: Case) -> None:
        for name, time in _times(self._contained(case)).items():
            assert time.utcoffset() == timedelta(), f"{name}: {time} is not in UTC"

    def check_empty(self, case: Case) -> None:
        for what, body in _EMPTY.items():
            answers = dict.fromkeys(case.answers, body)
            self._assert_not_green(replace(case, answers=answers), what)

    def check_truncated(self, case: Case) -> None:
        for key, said in case.answers.items():
            body = _said(said).content
            for share in (0.25, 0.5, 0.75, 0.99):
                cut = body[: int(len(body) * share)]
                is_other = cut.strip() != body.strip() and not _is_complete(cut)
                if is_other and len(case.answers) == 1:
                    self._assert_not_green(_with(case, key, cut), f"{key}, cut off,")

    def check_junk(self, case: Case) -> None:
        for key in case.answers:
            for what, body in _EMPTY.items():
                self._assert_contained(_with(case, key, body), f"{what} as {key}")
        for key, document in _documents(case):
            for path in _leaves(document):
                for junk in _JUNK:
                    changed = _replaced(document, path, junk)
                    what = f"{junk!r:.40} at {path} of {key}"
                    self._assert_contained(_with(case, key, changed), what)

    def check_secrets(self, case: Case) -> None:
        if "${" not in str(dict(case.options)):
            return
        for key, document in _documents(case):
            for path in _leaves(document):
                echoed = _replaced(document, path, f"x {_SECRET} y")
                told = repr(self._contained(_with(case, key, echoed)))
                assert _SECRET not in told, f"{key}, {path}: {told}"

    def check_command(self, case: Case) -> None:
        locator = self._locator(case)
        parts = (part.removesuffix("...") for part in locator.form.split("/"))
        marked = Locator(
            form=locator.form,
            segments=tuple(_MARK if part in locator.values else part for part in parts),
            values=dict.fromkeys(locator.values, _MARK),
        )
        reach = _Answers(case)
        self._contained(case, reach=reach, locator=marked)
        for arguments in reach.commands:
            assert _MARK not in " ".join(arguments), f"a locator is in {arguments}"

    def check_listing(self, case: Case) -> None:
        listed = self._listed(case)
        assert listed == list(case.found or ()), f"it lists {listed}"
        has_secret = "${" in str(dict(case.options))
        for key, document in _documents(case):
            for path in _leaves(document):
                for junk in (*_JUNK, f"x {_SECRET} y"):
                    changed = _replaced(document, path, junk)
                    told = repr(self._listed(_with(case, key, changed)))
                    assert not has_secret or _SECRET not in told, f"{key}, {path}"

    def _listed(self, case: Case) -> list[Found]:
        """Return what the provider lists; a problem that is raised leaves nothing."""
        ask = self._ask(case, _Answers(case), self._locator(case))
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
        reach: _Answers | None = None,
        locator: Locator | None = None,
    ) -> Status:
        """Return what the provider reads; a problem that is raised is a part."""
        locator = locator or self._locator(case)
        ask = self._ask(case, reach or _Answers(case), locator)
        try:
            status = self._provider.read(ask, locator)
        except ProblemError as error:
            return Status(reported=State.UNKNOWN, problem=error.problem)
        assert isinstance(status, Status), f"{status!r} is no status"
        return status

    def _ask(self, case: Case, reach: _Answers, locator: Locator) -> Ask:
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
            environ=_Secrets(),
        )
        return Ask(now=case.now, max_age=case.max_age, wanted=(locator,), access=access)

    def _locator(self, case: Case) -> Locator:
        segments = tuple(unquote(segment) for segment in case.address.split("/"))
        locator = match_locator(self._type.addresses, segments)
        assert locator is not None, f"{case.address!r} has no form of {self._type}"
        return locator


class _Answers:
    """Answers from a case, whatever the way. Notes the commands that are run."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.commands: list[tuple[str, ...]] = []

    def send(self, request: Request) -> Response:
        path = "/" + request.url.partition("://")[2].partition("/")[2]
        asked = {unquote(path), unquote(path.partition("?")[0]), path}
        for key, said in self._case.answers.items():
            if key in asked or f"/{key}" in asked or (key == "url" and path == "/"):
                found = _said(said)
                return Response(
                    status=200 if found.code is None else found.code,
                    headers=found.headers,
                    body=found.content,
                )
        return Response(status=404, headers={}, body=b"")

    def run(self, arguments: tuple[str, ...], names: tuple[str, ...]) -> Completed:
        self.commands.append(arguments)
        found = _said(self._case.answers["command"])
        return Completed(
            code=found.code or 0, output=found.content, errors=found.errors.encode()
        )

    def read(self, path: Path) -> tuple[bytes, datetime]:
        return _said(self._case.answers["file"]).content, self._case.now

    def begin(self) -> None:
        return

    def now(self) -> datetime:
        return self._case.now


class _Secrets(dict[str, str]):
    """An environment in which every variable is set, to the same secret."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return _SECRET

    def get(self, name: str, default: object = None) -> str:
        return _SECRET


def _said(answer: object) -> Said:
    return answer if isinstance(answer, Said) else Said(body=answer)


def _with(case: Case, key: str, body: object) -> Case:
    said = replace(_said(case.answers[key]), body=body)
    return replace(case, answers={**case.answers, key: said})


def _documents(case: Case) -> Iterator[tuple[str, Any]]:
    for key, answer in case.answers.items():
        try:
            yield key, json.loads(_said(answer).content)
        except ValueError:
            continue


def _is_complete(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _leaves(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the way to each leaf of a document, to each list and table, and to all."""
    yield path
    items: Any = ()
    if isinstance(document, dict):
        items = document.items()
    elif isinstance(document, list):
        items = enumerate(document[:3])
    for key, value in items:
        yield from _leaves(value, (*path, key))


def _replaced(document: Any, path: tuple[Any, ...], value: object) -> Any:
    if not path:
        return value
    changed = deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def _times(status: Status) -> dict[str, datetime]:
    told = {one.name: getattr(status, one.name) for one in fields(status)}
    return {name: value for name, value in told.items() if isinstance(value, datetime)}
