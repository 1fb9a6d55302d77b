"""Links to pages of a site: the same page from wherever a badge stands.

The configuration names a page by its path below the folder of all pages, as
``runbooks/orders.md`` or ``/runbooks/orders``. Each host knows its pages, and what
leads from one to another.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from backup_badge.view.badge import Badge
from backup_badge.view.table import Table


def page_path(link: str) -> str | None:
    """Return the path of the page that a link names; None for a link elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(unquote(parts.path).strip("/"))


def with_links(table: Table, translate: Callable[[str], str | None]) -> Table:
    """Return a table with other links; None takes one away."""
    rows = (
        tuple(
            replace(cell, link=translate(cell.link)) if cell.link else cell
            for cell in row
        )
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def links_in(view: Badge | Table) -> Iterator[str]:
    """Return the links of a badge or a table."""
    if isinstance(view, Badge):
        links = [view.link]
    else:
        links = [cell.link for row in view.rows for cell in row]
    return (link for link in links if link)
