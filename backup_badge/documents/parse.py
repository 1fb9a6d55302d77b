"""Reading JSON strictly, and within a bound of memory."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How much a document may hold: values, and bytes of memory for its text.

    One rare letter makes all letters of a text take four bytes each.
    """

    values: int
    size: int


FOREIGN = Limit(values=50_000, size=3 * 1024 * 1024)
"""What a service sends. A page of 100 backups has some 3,000 values."""
LOCAL = Limit(values=500_000, size=16 * 1024 * 1024)
"""What the operator's own files and commands say."""
OURS = Limit(values=1_000_000, size=16 * 1024 * 1024)
"""What we wrote: a status file has some 20 values a source."""

_FOUR = re.compile(rb"[\xf0-\xff]|\\u[dD][89abAB]")
_TWO = re.compile(rb"[\xc4-\xef]|\\u(?!00)")
_one_at_a_time = threading.Lock()


class RefusedError(ValueError):
    """It is JSON, but none to rely on; ``str()`` says why."""


def count_values(content: bytes) -> int:
    """Return how many values a JSON document may hold at the most."""
    return content.count(b",") + content.count(b"[") + 2 * content.count(b"{")


def parse_json(content: bytes, *, limit: Limit = FOREIGN) -> object:
    """Return what a JSON document says. Raises ValueError for anything else.

    Raises RefusedError for an object with a key that stands twice, a number that is
    not finite, and what takes much more memory than space: a list of a million empty
    lists is sent in 4 kB, and takes a hundred megabytes.
    """
    with _one_at_a_time:
        if count_values(content) > limit.values:
            raise RefusedError("it has too many values")
        width = 4 if _FOUR.search(content) else 2 if _TWO.search(content) else 1
        if width * len(content) > limit.size:
            raise RefusedError("it is too large")
        try:
            return json.loads(
                content,
                object_pairs_hook=_object,
                parse_float=_finite,
                parse_constant=_refuse_constant,
            )
        except RecursionError:
            raise RefusedError("it is nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise RefusedError("a key stands twice in it")
    return read


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise RefusedError("it has a number that is not finite")
    return number


def _refuse_constant(name: str) -> None:
    raise RefusedError(f"{name} is not a number")
