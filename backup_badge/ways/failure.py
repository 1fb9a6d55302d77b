"""How commands fail: told by their exit code or by what they print: never shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.answer import Answer


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One way in which a command fails, and what to do about it.

    It is known by one of its exit ``codes``, or else by one of the ``words`` that the
    command prints, to its standard error or, as some do, to its output (in any case of
    letters). ``advice`` goes on from "the command 'NAME' failed: ".
    """

    category: Category
    advice: str
    codes: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


_ARGUMENTS = Failure(
    category=Category.USAGE,
    words=(
        "arguments are required",
        "invalid choice",
        "invalid command '",
        "invalid option",
        "unknown command",
        "unknown flag",
        "unknown option",
        "unrecognized argument",
        "unrecognized option",
    ),
    advice="this version does not know one of the arguments, or misses one: run it by"
    " hand",
)
"""How programs of any kind refuse what another version of theirs understands."""


def check_exit(answer: Answer, failures: Iterable[Failure] = ()) -> Answer:
    """Return a command's answer if its exit code is 0. Raises ProblemError.

    The first of ``failures`` with the exit code tells which it was, or the first whose
    words were printed. Arguments that the program refuses are ``usage``; any other code
    is ``invalid_response``.
    """
    if answer.code == 0:
        return answer
    known = tuple(failures)
    printed = f"{answer.errors}\n{answer.body.decode(errors='replace')}".casefold()
    by_code = (one for one in known if answer.code in one.codes)
    by_words = (
        one
        for one in (*known, _ARGUMENTS)
        if any(word.casefold() in printed for word in one.words)
    )
    for failure in (*by_code, *by_words):
        why = f"{answer.origin} failed: {failure.advice}"
        raise ProblemError(failure.category, why)
    raise answer.invalid(
        f"ended with exit code {answer.code}: run it by hand, as the user who builds"
    )
