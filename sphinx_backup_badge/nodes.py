"""The nodes that an author's marks leave in a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes

from backup_badge.values.mark import Mark

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

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


class TableNode(Pending, nodes.container):
    """A table to be."""


def is_noted(env: BuildEnvironment) -> bool:
    """Whether a mark was met in the document at hand; others need no look at them."""
    return _NOTED in env.temp_data


def note(env: BuildEnvironment) -> None:
    """Note that a mark was met."""
    env.temp_data[_NOTED] = True
