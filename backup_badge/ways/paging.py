"""How lists go on: by link, by a marker or cursor in the answer, by a page's number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from backup_badge.ways.answer import Answer

Query = Mapping[str, str]
Next = Callable[[Answer, Query], Query | None]
"""Takes a page and its query, returns the query of the next one, or None."""

_LINK = re.compile(r'<([^<>]*)>\s*;[^,]*?\brel="?next"?', re.IGNORECASE)


def by_link(answer: Answer, query: Query) -> Query | None:
    """Go on as the ``Link`` header says (RFC 8288).

    Only the query is taken: where a link leads is not for an answer to say.
    """
    found = _LINK.search(answer.headers.get("link", ""))
    return dict(parse_qsl(urlsplit(found[1]).query)) if found else None


def by_page(name: str = "page", *, header: str = "") -> Next:
    """Go on with the next number, while a page has rows or a header names the next."""

    def next_query(answer: Answer, query: Query) -> Query | None:
        if header:
            number = answer.headers.get(header.lower(), "").strip()
        elif answer.json():
            number = str(int(query.get(name, "1")) + 1)
        else:
            number = ""
        return {**query, name: number} if number.isdecimal() else None

    return next_query


def by_cursor(field: str, name: str) -> Next:
    """Go on from the text in a field, such as ``metadata.continue``."""

    def next_query(answer: Answer, query: Query) -> Query | None:
        fields = answer.fields()
        *tables, key = field.split(".")
        for table in tables:
            fields = fields.table(table)
        cursor = fields.text(key)
        return {**query, name: cursor} if cursor else None

    return next_query
