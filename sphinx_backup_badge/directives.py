"""What an author writes: the role and two directives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import Inliner, SubstitutionDef
from sphinx.util.docutils import ReferenceRole, SphinxDirective

from backup_badge import UsageError, badge_mark, table_mark
from backup_badge.markup.mark_options import BADGE_OPTIONS, TABLE_OPTIONS
from backup_badge.options.option import Option
from backup_badge.values.mark import Mark
from sphinx_backup_badge.nodes import BadgeNode, Fault, TableNode, note

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MISSPELT = {
    "backup_badge": "backup-badge",
    "sphinx_backup_badge": "backup-badge",
    "sphinx-backup-badge": "backup-badge",
    "backup_table": "backup-table",
}
"""Names of other things of ours that authors write for the role and the directives."""


class BadgeRole(ReferenceRole):
    """``:backup-badge:`SOURCE```, or ``:backup-badge:`LABEL <SOURCE>```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Leave a pending badge."""
        options = {"label": self.title} if self.has_explicit_title else {}
        written = self.rawtext
        if not isinstance(self.inliner, Inliner):
            # MyST tells a role as if it were written in reStructuredText.
            written = f"{{{self.name}}}`{self.text}`"
        node = BadgeNode(written)
        node.mark = _read(self, written, lambda: badge_mark(self.target, options))
        note(self.env)
        self.set_source_info(node)
        return [node], []


class _Options(dict[str, Callable[[str], str]]):
    """Takes every option as text, declared or not: the core tells what is wrong."""

    def __init__(self, declared: Iterable[Option]) -> None:
        super().__init__((option.name, directives.unchanged) for option in declared)

    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged


class BadgeDirective(SphinxDirective):
    """``.. backup-badge:: SOURCE``: a badge on a line of its own."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _Options(BADGE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Leave a pending badge in a paragraph, or bare where it is substituted."""
        node = BadgeNode(self.block_text)
        target = " ".join(self.arguments)
        is_substitution = isinstance(self.state, SubstitutionDef)
        if is_substitution:
            # Docutils takes what is substituted for a picture, and presets this.
            self.options.pop("alt", None)
        text = self.block_text
        node.mark = _read(self, text, lambda: badge_mark(target, self.options))
        note(self.env)
        self.set_source_info(node)
        return [node if is_substitution else nodes.paragraph("", "", node)]


class TableDirective(SphinxDirective):
    """``.. backup-table::`` with sources as arguments, or one a line in the body."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _Options(TABLE_OPTIONS)

    def run(self) -> list[nodes.Node]:
        """Leave a pending table."""
        node = TableNode(self.block_text)
        targets = " ".join(self.arguments).replace(",", " ").split()
        targets += list(self.content)
        text = self.block_text
        node.mark = _read(self, text, lambda: table_mark(targets, self.options))
        note(self.env)
        self.set_source_info(node)
        return [node]


def add_misspelt(app: Sphinx) -> None:
    """Register what tells an author the right name."""
    for name, right in MISSPELT.items():
        if right == "backup-table":
            app.add_directive(name, TableDirective)
        else:
            app.add_role(name, BadgeRole())
            app.add_directive(name, BadgeDirective)


def _read(
    written: BadgeRole | BadgeDirective | TableDirective,
    text: str,
    reader: Callable[[], Mark],
) -> Mark | Fault:
    try:
        if written.name in MISSPELT:
            name = written.name
            right = MISSPELT[name]
            raise UsageError(f"{right.replace('-', ' ')}: write {right}, not {name}")
        return reader()
    except UsageError as error:
        return Fault(message=str(error), text=" ".join(text.split()))
