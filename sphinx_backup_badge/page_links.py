"""Links to pages of the site: the same page from wherever a badge stands.

The configuration names a page by its path in the directory of the sources, as
``runbooks/orders.md`` or ``/runbooks/orders``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sphinx.errors import NoUri
from sphinx.util.osutil import relative_uri

from backup_badge import Badge, Table
from backup_badge.values.mark import Mark
from sphinx_backup_badge.record import View, record_of

if TYPE_CHECKING:
    from sphinx.builders import Builder

_Translate = Callable[[str], str | None]


def is_internal(link: str) -> bool:
    """Whether a link leads to somewhere in the site: it has no scheme and no host."""
    parts = urlsplit(link)
    return not parts.scheme and not parts.netloc and bool(parts.path)


def translate(builder: Builder, docname: str, link: str | None) -> str | None:
    """Return a link for the page that it stands in, or None where it leads nowhere."""
    if link is None or not is_internal(link):
        return link
    parts = urlsplit(link)
    mark = f"#{parts.fragment}" if parts.fragment else ""
    target = _docname(builder, parts.path)
    if target is None:
        if not _is_in(record_of(builder.env).export, parts.path):
            return None
        page = builder.get_target_uri(docname)
        return relative_uri(page, parts.path.lstrip("/")) + mark
    if target == docname and builder.format == "html":
        return mark or None
    try:
        uri = builder.get_relative_uri(docname, target)
    except NoUri:
        return None
    # In a single page every anchor is the page's own.
    return mark if mark and uri.startswith("#") else uri + mark if uri else None


def with_links(view: View, translate_link: _Translate) -> View:
    """Return a badge or a table with its links translated."""
    if isinstance(view, Badge):
        return _badge_with(view, translate_link)
    if not isinstance(view, Table):
        return view
    rows = (
        tuple(
            replace(
                cell,
                link=translate_link(cell.link) if cell.link else None,
                badge=_badge_with(cell.badge, translate_link) if cell.badge else None,
            )
            for cell in row
        )
        for row in view.rows
    )
    return replace(view, rows=tuple(rows))


def dead_links(
    builder: Builder, views: Mapping[Mark, View], export: str | None
) -> dict[str, Mark]:
    """Return the links that name no page of the site, each with its first mark.

    ``export`` is the folder in which a built site publishes its statuses.
    """
    found: dict[str, Mark] = {}
    for mark, view in views.items():

        def look(link: str, mark: Mark = mark) -> str:
            path = urlsplit(link).path
            is_there = _docname(builder, path) or _is_in(export, path)
            if is_internal(link) and not is_there:
                found.setdefault(link, mark)
            return link

        with_links(view, look)
    return found


def _badge_with(badge: Badge, translate_link: _Translate) -> Badge:
    return replace(badge, link=translate_link(badge.link)) if badge.link else badge


def _docname(builder: Builder, path: str) -> str | None:
    """Return the document that a path names, with or without a file's ending."""
    path = posixpath.normpath(unquote(path)).strip("/")
    names = [path, posixpath.join(path, "index")]
    endings = (*builder.config.source_suffix, ".html")
    names += [path.removesuffix(ending) for ending in endings if path.endswith(ending)]
    return next((name for name in names if name in builder.env.found_docs), None)


def _is_in(folder: str | None, path: str) -> bool:
    path = posixpath.normpath(unquote(path)).strip("/")
    return folder is not None and f"{path}/".startswith(f"{folder}/")
