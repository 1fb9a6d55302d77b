"""What an account holds: its configurations, from one list.

Source: the documents that the package names, and RFC 5545 for the schedules.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from backup_badge.documents.schedules import allowed_age, rule_interval
from backup_badge.provider import Ask, Fields, Found
from backup_badge.providers.rackspace.documents import check_account, next_page

_MOST_PAGES = 100


def held(ask: Ask) -> Iterator[Found]:
    """List the configurations that are not deleted. Raises ProblemError."""
    for page in _pages(ask):
        for one in page.tables("configurations"):
            check_account(one, unquote(ask.base.rpartition("/")[2]))
            identifier = one.text("id")
            if identifier and one.flag("deleted") is not True:
                yield _found(ask, one, identifier)


def _pages(ask: Ask) -> Iterator[Fields]:
    query: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        page = ask.get("/configurations", **query).fields()
        yield page
        following = next_page(page)
        # An empty list may name a next page, too.
        if following is None or not page.document.get("configurations"):
            return
        query = following
    raise page.invalid(f"is a list that goes on after {_MOST_PAGES} pages")


def _found(ask: Ask, one: Fields, identifier: str) -> Found:
    rules = one.table("schedule").document.get("recurrence")
    texts = rules if isinstance(rules, list) else [rules]
    interval = rule_interval(text for text in texts if isinstance(text, str))
    same = (
        wanted.segments
        for wanted in ask.wanted
        if wanted.kind == "configuration"
        and wanted["ID"].casefold() == identifier.casefold()
    )
    return Found(
        segments=("configuration", identifier),
        label=one.name("name"),
        max_age=allowed_age(interval),
        also=tuple(same),
    )
