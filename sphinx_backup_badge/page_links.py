"""Links of the configuration to pages of the site, as they lead from one page."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sphinx.errors import NoUri
from sphinx.util.osutil import relative_uri

from backup_badge.view.links import page_path
from sphinx_backup_badge.record import record_of

if TYPE_CHECKING:
    from sphinx.builders import Builder


def translate(builder: Builder, docname: str, link: str) -> str | None:
    """Return a link for the page that it stands in, or None where it leads nowhere."""
    path = page_path(link)
    if path is None:
        return link
    fragment = urlsplit(link).fragment
    mark = f"#{fragment}" if fragment else ""
    target = _docname(builder, path)
    if target is None:
        if not _is_published(builder, path):
            return None
        page = builder.get_target_uri(docname)
        return relative_uri(page, urlsplit(link).path.lstrip("/")) + mark
    if target == docname and builder.format == "html":
        return mark or None
    try:
        uri = builder.get_relative_uri(docname, target)
    except NoUri:
        return None
    # In a single page every anchor is the page's own.
    return mark if mark and uri.startswith("#") else uri + mark if uri else None


def is_dead(builder: Builder, link: str) -> bool:
    """Whether a link names a page of the site that is not there."""
    path = page_path(link)
    return (
        path is not None
        and _docname(builder, path) is None
        and not _is_published(builder, path)
    )


def _docname(builder: Builder, path: str) -> str | None:
    """Return the document that a path names, with or without a file's ending."""
    names = [path, posixpath.join(path, "index")]
    endings = (*builder.config.source_suffix, ".html")
    names += [path.removesuffix(ending) for ending in endings if path.endswith(ending)]
    return next((name for name in names if name in builder.env.found_docs), None)


def _is_published(builder: Builder, path: str) -> bool:
    folder = record_of(builder.env).export
    return folder is not None and f"{path}/".startswith(f"{folder}/")
