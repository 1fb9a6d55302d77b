"""How commands fail: told by the exit code or by standard error, which is not shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backup_badge.values.problem import Category, ProblemError
from backup_badge.ways.answer import Answer


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One way in which a command fails, and what to do about it.

    It is known by one of its exit ``codes``, or else by one of the ``words`` that the
    command writes to its standard error (in any case of letters). ``advice`` goes on
    from "the command 'NAME' failed: ".
    """

    category: Category
    advice: str
    codes: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


def check_exit(answer: Answer, failures: Iterable[Failure] = ()) -> Answer:
    """Return a command's answer if its exit code is 0. Raises ProblemError.

    The first of ``failures`` with the exit code tells which it was, or the first whose
    words were written. Any other code is ``invalid_response``.
    """
    if answer.code == 0:
        return answer
    known = tuple(failures)
    errors = answer.errors.casefold()
    by_code = (one for one in known if answer.code in one.codes)
    by_words = (one for one in known if any(w.casefold() in errors for w in one.words))
    for failure in (*by_code, *by_words):
        why = f"{answer.origin} failed: {failure.advice}"
        raise ProblemError(failure.category, why)
    raise answer.invalid(
        f"ended with exit code {answer.code}: run it by hand, as the user who builds"
    )
