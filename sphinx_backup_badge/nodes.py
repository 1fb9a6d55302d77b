"""The nodes that an author's marks leave in a document, and what takes their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from docutils import nodes

from backup_badge.values.mark import BadgeMark, Mark

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

_NOTED = "backup_badge"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A mark that cannot be understood: why, and what the page says."""

    message: str
    text: str


class Pending(nodes.Element):
    """What a mark stands in."""

    @property
    def mark(self) -> Mark | Fault:
        """What is to be shown, or why it is not understood.

        The attribute is a list: docutils prints it, and would take a tuple apart.
        """
        mark: Mark | Fault = self["mark"][0]
        return mark

    @mark.setter
    def mark(self, mark: Mark | Fault) -> None:
        self["mark"] = [mark]


class BadgeNode(Pending, nodes.inline):
    """A badge to be."""

    def astext(self) -> str:
        """Return the words that name the badge, where no other words stand beside it.

        Titles, terms and fields without any text are dropped or stop a builder. Beside
        other words a badge has none: anchors and labels are made of this text.
        """
        if not self.is_alone:
            return ""
        mark = self.mark
        return mark.label or mark.target if isinstance(mark, BadgeMark) else "badge"

    @property
    def is_alone(self) -> bool:
        """Whether nothing but badges stands in its paragraph, title, term or field."""
        block: nodes.Element = self
        while isinstance(block.parent, nodes.TextElement):
            block = block.parent
        return not any(
            isinstance(node, nodes.image)
            or (isinstance(node, nodes.Text) and node.strip())
            for node in block.findall()
        )


class TableNode(Pending, nodes.container):
    """A table to be."""


class Shown(nodes.Element):
    """A badge or a table in HTML: ``html`` is its markup, its text are its words.

    Whatever asks an element for its text gets words, which raw HTML does not give.
    """


class ShownBadge(Shown, nodes.inline):
    """A badge, or what is wrong with a mark, in HTML."""


class ShownTable(Shown, nodes.container):
    """A table in HTML."""


def write_html(translator: HTML5Translator, node: nodes.Element) -> NoReturn:
    """Write the markup, and none of the words."""
    translator.body.append(node["html"])
    raise nodes.SkipNode


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what a node stands in, from its parent up to the document."""
    outer = node.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def is_noted(env: BuildEnvironment) -> bool:
    """Whether a mark was met in the document at hand.

    The others, most of a site, are not searched for marks while they are read.
    """
    return _NOTED in env.temp_data


def note(env: BuildEnvironment) -> None:
    """Note that a mark was met."""
    env.temp_data[_NOTED] = True
