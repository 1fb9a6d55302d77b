"""A JSON document of anybody's: from a URL, a file or a command, read by JMESPath.

Source of the language: jmespath.org/specification.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from backup_badge.provider import (
    COMMAND,
    EXPRESSION,
    FILE,
    STATE_TABLE,
    TEXT,
    TIME_ZONE,
    Answer,
    Ask,
    Category,
    Details,
    Found,
    Http,
    Locator,
    Option,
    ProblemError,
    Provider,
    State,
    Status,
    Unlisted,
    basic,
    bearer,
)
from backup_badge.providers.json_presets import PRESETS
from backup_badge.providers.json_reader import COUNTS, TIMES, Reader, search


class JsonDocument(Provider):
    """One document, or one entry of a list or table in it."""

    type = "json"
    ways = (Http(credentials=(bearer(), basic())), FILE, COMMAND)
    own = (
        Option(
            name="preset",
            kind=TEXT,
            help=f"A well-known document: {', '.join(PRESETS)}. It fills in the rest.",
        ),
        Option(
            name="at",
            kind=EXPRESSION,
            help="Where the document's entries are: a list, or a table by name.",
        ),
        Option(
            name="key",
            kind=EXPRESSION,
            help="What identifies an entry of a list, for entry/VALUE.",
        ),
        Option(
            name="word", kind=EXPRESSION, help="The system's own word for the state."
        ),
        Option(
            name="states",
            kind=STATE_TABLE,
            help="What the words mean. Any other word is unknown.",
        ),
        *(
            Option(name=name, kind=EXPRESSION, help=f"The status's {name!r}, a time.")
            for name in TIMES
        ),
        *(
            Option(name=name, kind=EXPRESSION, help=f"The number of {name}.")
            for name in COUNTS
        ),
        Option(
            name="duration",
            kind=EXPRESSION,
            help="How long it took, in seconds, where that was measured.",
        ),
        Option(name="reason", kind=EXPRESSION, help="Why it went wrong, in words."),
        Option(
            name="timezone",
            kind=TIME_ZONE,
            help="The zone of times that are written without one.",
        ),
    )
    addresses = ("document", "entry/KEY-VALUE")

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """There must be something to read, and a table for its words."""
        faults = super().faults(options)
        preset = options.get("preset")
        if preset is not None and preset not in PRESETS:
            faults.append(f"names the unknown preset {preset!r}: {', '.join(PRESETS)}")
        told = {**PRESETS.get(preset or "", {}), **_given(options)}
        if not told.keys() & {"word", "finished", "last_success"}:
            faults.append("needs 'word', 'finished' or 'last_success', or a 'preset'")
        if "word" in told and "states" not in told:
            faults.append("needs 'states': what its words mean")
        return faults

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the entry, and read it."""
        told = _told(ask)
        try:
            answer = ask.document()
        except ProblemError as error:
            return _unwritten(ask, error)
        entry = _entry(ask, answer, told, locator)
        return Reader(self, ask, answer, told).status(entry)

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the entries of the list or the table."""
        told = _told(ask)
        answer = ask.document()
        document = answer.json()
        if "at" in told:
            document = search(answer, told["at"], document)
        elif not isinstance(document, list):
            raise Unlisted("it is one document: 'at' may say where its entries are")
        for name in _entry_names(answer, told, document):
            yield Found(segments=("entry", name), label=name)


def _unwritten(ask: Ask, error: ProblemError) -> Status:
    """Return the status of a file that no job wrote yet; any other problem is raised.

    A server's 404 stands for much else: a wrong address, or a missing right.
    """
    is_missing = error.problem.category is Category.NOT_FOUND
    if not is_missing or not ask.options.get("file"):
        raise error
    details = Details(never_ran=True)
    return Status(reported=State.UNKNOWN, problem=error.problem, details=details)


def _entry_names(
    answer: Answer, told: Mapping[str, Any], document: object
) -> list[str]:
    """Return what identifies the entries, each once."""
    if isinstance(document, dict) and "key" not in told:
        return list(document)
    if not isinstance(document, list):
        raise answer.invalid("has no list or table of entries")
    key = told.get("key", "name")
    names = (_name_of(answer, key, entry) for entry in document)
    return list(dict.fromkeys(filter(None, names)))


def _entry(
    ask: Ask, answer: Answer, told: Mapping[str, Any], locator: Locator
) -> object:
    document = answer.json()
    if "at" in told:
        document = search(answer, told["at"], document)
    if locator.kind == "document":
        if isinstance(document, (dict, list)) and document:
            return document
        raise answer.invalid("has nothing in it")
    wanted = locator["KEY-VALUE"]
    if isinstance(document, dict) and "key" not in told:
        found = [document[wanted]] if wanted in document else []
    elif isinstance(document, list):
        key = told.get("key", "name")
        found = [e for e in document if _name_of(answer, key, e) == wanted]
    else:
        raise answer.invalid("has no list or table of entries")
    if len(found) != 1:
        what = f"{len(found)} entries" if found else "no entry"
        raise ask.problem(Category.NOT_FOUND, f"{answer.origin} has {what} {wanted!r}")
    return found[0]


def _name_of(answer: Answer, key: str, entry: object) -> str | None:
    found = search(answer, key, entry)
    return str(found) if isinstance(found, (str, int)) else None


def _told(ask: Ask) -> dict[str, Any]:
    """Return the options, those of the preset below them."""
    preset = ask.options.get("preset")
    return {**PRESETS.get(preset or "", {}), **_given(ask.options)}


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, ())}
