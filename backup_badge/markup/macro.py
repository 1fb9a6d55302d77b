"""The macro in a page: ``<< backup_badge("orders-db") >>``, parsed and never evaluated.

A macro is a call with literal arguments: strings, numbers, true, false, None, and
lists of them. Whatever the text, reading it takes a time in proportion to its length.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backup_badge.markup.arguments import Literal, NotLiteralError, Reader, quoted
from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.values.mark import BadgeMark, TableMark
from backup_badge.values.problem import UsageError

NAMES = ("backup_badge", "backup_table")

START = re.compile(r"<<\s*(backup_badge|backup_table)\s*(?=\(|>>)")
"""Where a macro begins. A ``<<`` before anything else is nobody's but the page's."""

NEAR = re.compile(
    r"(<<|\{\{)-?\s*((?:mkdocs[-_])?b[\w-]{6,20})(?=\s*[(\"'])", re.IGNORECASE
)
"""What may be meant as a macro; see :func:`misspelt`."""

_JINJA = re.compile(r"\{\{[-+]?(?=\s*backup_(?:badge|table)\b)|[-+]?\}\}")
_STOP = re.compile(r">>|<<|\n[ \t]*\n")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A macro as it stands in a text, and what it asks for or why that is unclear.

    ``end`` is where the text goes on behind it.
    """

    name: str
    start: int
    end: int
    text: str
    asked: BadgeMark | TableMark | UsageError

    @property
    def key(self) -> object:
        """What macros have in common that read the same.

        Not the text: between a file and the paragraph that it ends up in, a macro
        loses its indentation, or the signs of a quotation.
        """
        return str(self.asked) if isinstance(self.asked, UsageError) else self.asked


def find_calls(text: str, *, escaped: bool = False) -> Iterator[Call]:
    """Return the macros of a text, in their order; escaped ones only if asked for."""
    position = text.find("<<")
    while position >= 0:
        match = START.match(text, position)
        position += 1
        if match:
            call = read_call(text, match)
            position = call.end
            if escaped or not is_escaped(text, call.start):
                yield call
        position = text.find("<<", position)


def as_macros(text: str) -> str:
    """Return a text with ``{{ backup_badge("x") }}`` written as our own macros are.

    So the macros plugin's module is called; offsets stay.
    """
    if "{{" not in text:
        return text
    return _JINJA.sub(
        lambda found: (
            "<<".ljust(len(found[0]))
            if found[0][0] == "{"
            else ">>".rjust(len(found[0]))
        ),
        text,
    )


def is_escaped(text: str, start: int) -> bool:
    """Whether an odd number of backslashes stands before a place in a text."""
    before = start
    while before and text[before - 1] == "\\":
        before -= 1
    return (start - before) % 2 == 1


def misspelt(text: str, match: re.Match[str]) -> UsageError | None:
    """Return what to write instead where NEAR has matched, if that is no macro."""
    written = match[2]
    is_ours = match[1] == "<<"
    if is_escaped(text, match.start()) or (
        is_ours and START.match(text, match.start())
    ):
        return None
    near = written.lower().replace("-", "_").removeprefix("mkdocs_")
    names = difflib.get_close_matches(near, NAMES, n=1, cutoff=0.85)
    if not names:
        return None
    right = f'<< {names[0]}("orders-db") >>'
    if is_ours:
        return UsageError(f"{match[0]!r} begins no macro: write {right}")
    return UsageError(
        f"{match[0]!r} means something to the macros plugin alone, with the module"
        f" mkdocs_backup_badge.macros: write {right}"
    )


def read_call(text: str, match: re.Match[str]) -> Call:
    """Read the macro that begins where START has matched."""
    name = match[1]
    reader = Reader(text, match.end(1))
    asked: BadgeMark | TableMark | UsageError
    try:
        positional, keywords = reader.arguments(name)
        asked = _read_mark(name, positional, keywords)
        end = reader.position
    except NotLiteralError as error:
        end = _end_of_malformed(text, match)
        # Whoever forgets a quote ends the text with the next one, pages below perhaps.
        why = "a text in quotes does not end" if reader.text_end > end else error
        asked = UsageError(f"{name.replace('_', ' ')}: {why}")
    except UsageError as error:
        asked = error
        end = reader.position
    start = match.start()
    return Call(name=name, start=start, end=end, text=text[start:end], asked=asked)


def call_of(
    name: str, positional: Sequence[Literal], keywords: Mapping[str, Literal]
) -> Call:
    """Return the macro that the function of a template language was called for."""
    arguments = [repr(source) for source in positional]
    arguments += [f"{key}={value!r}" for key, value in keywords.items()]
    text = f"{name}({', '.join(arguments)})"
    asked: BadgeMark | TableMark | UsageError
    try:
        asked = _read_mark(name, positional, keywords)
    except UsageError as error:
        asked = error
    return Call(name=name, start=0, end=len(text), text=text, asked=asked)


def _read_mark(
    name: str, positional: Sequence[Literal], keywords: Mapping[str, Literal]
) -> BadgeMark | TableMark:
    """Return what a call of that name asks for. Raises UsageError."""
    options = {key: value for key, value in keywords.items() if value is not None}
    if name == "backup_table":
        return table_mark(_texts(name, positional), options)
    targets = _texts(name, positional)
    if len(targets) > 1:
        raise UsageError(
            f"backup badge: it takes one source, not {len(targets)}: for another left"
            f" text write label={quoted(targets[1])}, for more sources backup_table(…)"
        )
    return badge_mark("".join(targets), options)


def _texts(name: str, positional: Sequence[Literal]) -> list[str]:
    targets = []
    for value in positional:
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, str):
                what = name.replace("_", " ")
                raise UsageError(f"{what}: a source is a text in quotes, not {item!r}")
            targets.append(item)
    return targets


def _end_of_malformed(text: str, match: re.Match[str]) -> int:
    """Return where to go on behind a call that is broken.

    That is behind its ``>>`` if that comes before the next ``<<`` and in the same
    paragraph, and else the end of the line.
    """
    stop = _STOP.search(text, match.end(1))
    if stop and stop[0] == ">>":
        return stop.end()
    limit = stop.start() if stop else len(text)
    line_end = text.find("\n", match.end(1), limit)
    end = limit if line_end < 0 else line_end
    return match.start() + len(text[match.start() : end].rstrip())
