"""The documents in the answers of a case, and what may be changed in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from backup_badge.testing.case import Case, said_of


def documents(case: Case) -> Iterator[tuple[str, Any]]:
    """Yield each answer that is JSON, with its key."""
    for key, answer in case.answers.items():
        try:
            yield key, json.loads(said_of(answer).content)
        except ValueError:
            continue


def is_complete(body: bytes) -> bool:
    """Whether a part of an answer is JSON by itself."""
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def leaves_of(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the way to each leaf of a document, to each list and table, and to all."""
    yield path
    items: Any = ()
    if isinstance(document, dict):
        items = document.items()
    elif isinstance(document, list):
        items = enumerate(document[:3])
    for key, value in items:
        yield from leaves_of(value, (*path, key))


Leaf = tuple[str, Any, tuple[Any, ...]]
"""An answer's key, the document in it, and the way to a leaf."""


def new_leaves(case: Case, seen: set[object]) -> list[Leaf]:
    """Return the leaves of a case's answers that no case of its state had before."""
    found = []
    for key, document in documents(case):
        for path in leaves_of(document):
            ways = tuple("*" if isinstance(step, int) else step for step in path)
            shape = case.state, case.address.partition("/")[0], key, ways
            if shape not in seen:
                seen.add(shape)
                found.append((key, document, path))
    return found


def replaced(document: Any, path: tuple[Any, ...], value: object) -> Any:
    """Return a copy of a document with another value at a place."""
    if not path:
        return value
    changed = deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed
