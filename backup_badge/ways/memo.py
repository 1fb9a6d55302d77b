"""Asking the same question once a build, whoever asks it and from which thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

from backup_badge.values.problem import ProblemError

Result = TypeVar("Result")


class Memo:
    """Results by key; an error is a result too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: dict[Hashable, Future[Any]] = {}

    def once(self, key: Hashable, find: Callable[[], Result]) -> Result:
        """Return what ``find`` returned for this key, or raise what it raised.

        The first who asks does the work; others wait for it.
        """
        with self._lock:
            known = self._results.get(key)
            future: Future[Result] = known or Future()
            self._results[key] = future
        if known is None:
            try:
                future.set_result(find())
            except BaseException as failure:
                future.set_exception(_bare(failure))
        error = future.exception()
        if error is not None:
            # A new one: many threads must not add to one traceback.
            raise _bare(error)
        return future.result()


def _bare(error: BaseException) -> BaseException:
    """Return a problem without its traceback, which would keep the whole answer."""
    if isinstance(error, ProblemError) and "problem" in vars(error):
        return error.again()
    return error
