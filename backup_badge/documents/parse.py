"""Reading JSON strictly, and within a bound of memory."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

MOST_NODES = 50_000
"""More than a page of any list call has: one of 100 backups has some 3,000."""
MOST_BYTES = 3 * 1024 * 1024
"""Bytes of memory for a text: one rare letter makes all its letters take four each."""
_FOUR = re.compile(rb"[\xf0-\xff]|\\u[dD][89abAB]")
_TWO = re.compile(rb"[\xc4-\xef]|\\u(?!00)")
_one_at_a_time = threading.Lock()


class RefusedError(ValueError):
    """It is JSON, but none to rely on; ``str()`` says why."""


def parse_json(
    content: bytes, *, most_nodes: int = MOST_NODES, most_bytes: int = MOST_BYTES
) -> object:
    """Return what a JSON document says. Raises ValueError for anything else.

    Raises RefusedError for an object with a key that stands twice, a number that is
    not finite, and what takes much more memory than space: a list of a million empty
    lists is sent in 4 kB, and takes a hundred megabytes.
    """
    with _one_at_a_time:
        nodes = content.count(b",") + content.count(b"[") + 2 * content.count(b"{")
        if nodes > most_nodes:
            raise RefusedError("it has too many values")
        width = 4 if _FOUR.search(content) else 2 if _TWO.search(content) else 1
        if width * len(content) > most_bytes:
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
