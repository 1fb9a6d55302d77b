"""Calling a provider's code, whatever it raises."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from backup_badge.values.problem import Category, Problem, ProblemError

Result = TypeVar("Result")


def contained(call: Callable[[], Result]) -> Result | Problem:
    """Return what a provider's code returns, or why it does not.

    Whatever it raises costs its own sources alone. Only in the main thread may it be
    somebody else who ends the program.
    """
    try:
        return call()
    except BaseException as error:
        if isinstance(error, ProblemError) and "problem" in vars(error):
            return error.problem
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        # Its name and its place, not its text: a credential may stand there.
        (place,) = traceback.extract_tb(error.__traceback__, limit=-1)
        what = f"{type(error).__name__} in {Path(place.filename).name}"
        return Problem(
            category=Category.INVALID_RESPONSE,
            message=f"its provider failed with {what}, line {place.lineno}:"
            " please report it",
        )
