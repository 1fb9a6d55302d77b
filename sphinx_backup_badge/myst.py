"""The anchors that MyST gives to headings, beside docutils' own.

Its option ``myst_heading_anchors`` makes them from a heading's text as it is written,
and turns every space into a hyphen: the one before a badge as well. Equal anchors get
numbers. So all anchors of a page are made anew, by MyST's functions and without badges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from sphinx.environment import BuildEnvironment

_ROLE = "backup-badge"


def rename_anchors(document: nodes.document, env: BuildEnvironment) -> None:
    """Rename the sections' anchors to what they are without badges in headings."""
    known: dict[str, tuple[Any, ...]] = getattr(document, "myst_slugs", {})
    sections = [node for node in document.findall(nodes.section) if "slug" in node]
    written = [str(section[0].rawsource) for section in sections]  # type: ignore
    if not known or not any(_ROLE in text for text in written):
        return
    from markdown_it.renderer import RendererHTML
    from myst_parser.parsers.mdit import create_md_parser

    config = env.myst_config  # type: ignore[attr-defined]
    parser = create_md_parser(config, RendererHTML)
    titles = [_parse(parser, text) for text in written]
    if _slugs(titles, config) != [section["slug"] for section in sections]:
        # A page may have its own way of making anchors, which is not known here.
        return
    renamed = _slugs([_without_badges(tokens) for tokens in titles], config)
    entries = [known[section["slug"]] for section in sections]
    known.clear()
    for section, slug, (line, target, text) in zip(
        sections, renamed, entries, strict=True
    ):
        del section["slug"]
        if slug:
            section["slug"] = slug
            known[slug] = (line, target, " ".join(text.split()))


def _parse(parser: MarkdownIt, text: str) -> list[Token]:
    return parser.parseInline(text)[0].children or []


def _slugs(titles: list[list[Token]], config: Any) -> list[str]:
    """Return the anchors of headings, in their order."""
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode
    from myst_parser.mdit_to_docutils.base import compute_unique_slug

    slugs: list[str] = []
    for tokens in titles:
        heading = [Token("heading_open", "h1", 1), Token("inline", "", 0)]
        heading[1].children = tokens
        tree = SyntaxTreeNode([*heading, Token("heading_close", "h1", -1)])
        slugs.append(compute_unique_slug(tree, slugs, config.heading_slug_func))
    return slugs


def _without_badges(tokens: list[Token]) -> list[Token]:
    """Take out badges, what holds one alone, and the space that parts it."""
    left = list(tokens)
    for badge in filter(_is_badge, tokens):
        start = left.index(badge)
        end = start + 1
        while start > 0 and end < len(left) and left[start - 1].nesting == 1:
            if left[end].nesting != -1:
                break
            start, end = start - 1, end + 1
        before = left[start - 1] if start and left[start - 1].type == "text" else None
        behind = left[end] if end < len(left) and left[end].type == "text" else None
        if before and (behind is None or behind.content[:1].isspace()):
            left[start - 1] = before.copy(content=before.content.rstrip())
        elif behind and start == 0:
            left[end] = behind.copy(content=behind.content.lstrip())
        del left[start:end]
    return left


def _is_badge(token: Token) -> bool:
    return token.type == "myst_role" and token.meta.get("name") == _ROLE
