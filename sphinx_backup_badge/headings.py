"""Badges in titles and captions, of which Sphinx and docutils make many copies.

Anchors, page titles, the navigation, tables of contents, labels and search results
are all made from a title while pages are read. A badge is taken out before, and put
back when the page is written: all of them come out as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_backup_badge.myst import rename_anchors
from sphinx_backup_badge.nodes import BadgeNode, Pending, ancestors, is_noted

_HIDDEN = "backup-badge-hidden"
_TITLES = (nodes.title, nodes.caption)
_HOLDERS = (*_TITLES, nodes.substitution_definition)


class Unheard(nodes.inline):
    """An inline element whose text is not a part of its title's text.

    ``words`` are, where a title has no others.
    """

    def astext(self) -> str:
        """Return what belongs to the title: this is what asks it for its text."""
        words: str = self["words"]
        return words


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A group of nodes that was taken out of a title, and from where.

    ``after`` tells, from the title down, how many siblings follow: at the element
    that held the group, and at the group itself. Counted from the end, because a
    transform may have put something in front meanwhile, such as a section's number.
    """

    after: tuple[int, ...]
    group: tuple[nodes.Node, ...]


@dataclass(frozen=True, kw_only=True)
class _Hidden:
    """What was taken out of a title, in its order, and how the title was written.

    ``words`` stand in a title that had nothing else.
    """

    places: tuple[_Place, ...]
    rawsource: str
    words: str = ""


class HideBadges(SphinxTransform):
    """Takes the badges out of titles, captions and definitions of substitutions."""

    # After substitutions (220), before MyST's anchors become ids (700) and the contents
    # directive copies titles (720).
    default_priority = 690

    def apply(self, **kwargs: Any) -> None:
        """Hide the badges in each title of a document that was just read.

        The definition of a substitution has been used by now and is not shown: in
        ``rst_epilog`` it is a part of every page, and makes none need a badge.
        """
        if not is_noted(self.env):
            return
        rename_anchors(self.document, self.env)
        titles: dict[nodes.TextElement, list[BadgeNode]] = {}
        for badge in list(self.document.findall(BadgeNode)):
            holder = _holder(badge)
            if isinstance(holder, nodes.substitution_definition):
                badge.parent.remove(badge)
            elif holder is not None:
                titles.setdefault(holder, []).append(badge)
        for title, badges in titles.items():
            if badges[0].is_alone:
                _hide_all(title)
            else:
                _hide(title, badges)


def find_pending(document: nodes.document) -> Iterator[Pending]:
    """Return what is pending in a document and in its titles, in its order."""
    for node in find_holders(document):
        if isinstance(node, Pending):
            yield node
        else:
            for place in node[_HIDDEN].places:
                for taken in place.group:
                    yield from taken.findall(BadgeNode)


def show_pending(document: nodes.document, *, in_headings: bool) -> list[Pending]:
    """Put back what was hidden, and return all that is pending.

    The badges of a section's heading come back ``in_headings``, unheard, or, where a
    builder makes anchors and contents of whatever a heading holds, in a paragraph
    below it.
    """
    pending: list[Pending] = []
    for node in find_holders(document):
        is_hidden = not isinstance(node, Pending)
        shown = _show(node, in_headings=in_headings) if is_hidden else [node]
        pending += [one for part in shown for one in part.findall(Pending)]
    return pending


def find_holders(document: nodes.document) -> list[nodes.Element]:
    """Return what is pending, and the titles that something was taken out of."""
    return [
        node
        for node in document.findall(nodes.Element)
        if isinstance(node, Pending) or _HIDDEN in node.attributes
    ]


def _holder(badge: BadgeNode) -> nodes.TextElement | None:
    """Return the title or the definition of a substitution that a badge stands in."""
    holders = (node for node in ancestors(badge) if isinstance(node, _HOLDERS))
    return next(holders, None)


def _show(title: nodes.Element, *, in_headings: bool) -> list[nodes.Node]:
    """Put back what was taken out of a title, and return it."""
    hidden: _Hidden = title.attributes.pop(_HIDDEN)
    title.rawsource = hidden.rawsource
    if isinstance(title.parent, nodes.section) and not in_headings:
        return [_put_below(title, hidden)]
    if hidden.words:
        del title[-1]
    shown = []
    for place in hidden.places:
        group = _copies(place)
        if in_headings:
            group = [Unheard("", "", *group, words=hidden.words)]
        _put_back(title, place, group)
        shown += group
    return shown


def _hide(title: nodes.TextElement, badges: list[BadgeNode]) -> None:
    source = title.rawsource
    places = [_take_out(title, badge) for badge in reversed(badges)]
    title[_HIDDEN] = _Hidden(places=tuple(reversed(places)), rawsource=source)
    for badge in badges:
        # In MyST a badge can stand in emphasis, alone or not.
        written = rf"\s*([*_]*){re.escape(badge.rawsource)}\1"
        source = re.sub(written, "", source)
    # sphinx.ext.autosectionlabel names a section by how its title is written.
    title.rawsource = source.strip()


def _hide_all(title: nodes.TextElement) -> None:
    """Put words in the place of all that a title holds."""
    words = " ".join(title.astext().split())
    place = _Place(after=(0,), group=tuple(title.children))
    title[_HIDDEN] = _Hidden(places=(place,), rawsource=title.rawsource, words=words)
    title.children = []
    title += nodes.Text(words)
    title.rawsource = words


def _take_out(title: nodes.TextElement, badge: BadgeNode) -> _Place:
    """Take out a badge, with what holds it alone and the space that parts it."""
    taken: nodes.Element = badge
    while taken.parent is not title and len(taken.parent) == 1:
        taken = taken.parent
    parent = taken.parent
    here = parent.index(taken)
    del parent[here]
    after = len(parent) - here
    group: list[nodes.Node] = [taken]
    before = parent[here - 1] if here else None
    behind = parent[here] if after else None
    if _ends_in_space(before) and (behind is None or _begins_with_space(behind)):
        kept = before.rstrip()
        group.insert(0, nodes.Text(before[len(kept) :]))
        parent[here - 1 : here] = [nodes.Text(kept)] if kept else []
    elif before is None and _begins_with_space(behind):
        kept = behind.lstrip()
        group.append(nodes.Text(behind[: -len(kept) or None]))
        parent[here : here + 1] = [nodes.Text(kept)] if kept else []
        after -= not kept
    return _Place(after=(*_path(title, parent), after), group=tuple(group))


def _ends_in_space(node: nodes.Node | None) -> TypeGuard[nodes.Text]:
    return isinstance(node, nodes.Text) and node[-1:].isspace()


def _begins_with_space(node: nodes.Node | None) -> TypeGuard[nodes.Text]:
    return isinstance(node, nodes.Text) and node[:1].isspace()


def _path(title: nodes.TextElement, element: nodes.Element) -> tuple[int, ...]:
    """Return how many siblings follow each element from the title's child down."""
    if element is title:
        return ()
    parent = element.parent
    return (*_path(title, parent), len(parent) - 1 - parent.index(element))


def _put_back(title: nodes.Element, place: _Place, group: list[nodes.Node]) -> None:
    parent = title
    *path, after = place.after
    for following in path:
        child = parent[len(parent) - 1 - following]
        assert isinstance(child, nodes.Element)
        parent = child
    parent.insert(len(parent) - after, group)


def _put_below(title: nodes.Element, hidden: _Hidden) -> nodes.paragraph:
    # Without a source or line the paragraph is no text to be translated.
    paragraph = nodes.paragraph()
    for place in hidden.places:
        paragraph += [nodes.Text(" ")] if len(paragraph) else []
        paragraph += [c for c in _copies(place) if not isinstance(c, nodes.Text)]
    title.parent.insert(title.parent.index(title) + 1, paragraph)
    return paragraph


def _copies(place: _Place) -> list[nodes.Node]:
    # A tree is copied before it is assembled into one page, and what was hidden in a
    # title is then shared by both.
    return [node.deepcopy() for node in place.group]
