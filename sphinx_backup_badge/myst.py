"""The anchors that MyST gives to headings, beside docutils' own.

Its option ``myst_heading_anchors`` makes them from a heading's text as it is written,
and turns every space into a hyphen: the one before a badge as well.
"""

from __future__ import annotations

import re

from docutils import nodes


def rename_anchor(section: nodes.section, *, before: str, after: str) -> None:
    """Rename a section's anchor, now that its heading's text is another.

    ``before`` and ``after`` are these texts. An anchor that is not made in MyST's
    default way stays as it is: the other ways take no notice of such spaces.
    """
    slugs = getattr(section.document, "myst_slugs", {})
    slug = section.get("slug")
    if slug not in slugs or not slug.startswith(_slugify(before)):
        return
    renamed = _slugify(after) + slug[len(_slugify(before)) :]
    number = 1
    while renamed != slug and renamed in slugs:
        renamed, number = f"{_slugify(after)}-{number}", number + 1
    line, target, _ = slugs.pop(slug)
    slugs[renamed] = (line, target, after)
    section["slug"] = renamed


def _slugify(title: str) -> str:
    """Do as GitHub does, and MyST-Parser's documentation, Auto-generated anchors."""
    return re.sub(r"[^\w\u4e00-\u9fff\- ]", "", title.lower().replace(" ", "-"))
