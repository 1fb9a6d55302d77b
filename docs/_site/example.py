"""A directive for the documentation: a text, and beside it what it gives.

A forge, which knows no such directive, shows the text as code.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_BESIDE = 44
"""How many letters a line may have that stands beside its result."""

_IN_MKDOCS = "mkdocs/pages/"


class Example(SphinxDirective):
    """Shows its content as code, and what a page makes of it.

    The argument is the markup that the content is written in: ``rst`` or ``md``.
    """

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the code and its result in one box."""
        (language,) = self.arguments
        text = "\n".join(self.content)
        code = nodes.literal_block(text, text, language=language)
        result = nodes.container(classes=["example-result"])
        lines = list(self.content)
        if language == "rst":
            lines = ["````{eval-rst}", *lines, "````"]
        source = self.get_source_info()[0]
        self.state.nested_parse(
            StringList(lines, source=source), self.content_offset, result
        )
        # A table and long lines need the whole width.
        is_wide = "backup-table" in text or max(map(len, self.content)) > _BESIDE
        shape = "example-wide" if is_wide else "example-narrow"
        return [nodes.container("", code, result, classes=["example", shape])]


def link_mkdocs(app: Sphinx, doctree: nodes.document) -> None:
    """Let links to sources of MkDocs' pages lead to what MkDocs makes of them."""
    for node in list(doctree.findall(addnodes.pending_xref)):
        if node["reftarget"].startswith(_IN_MKDOCS):
            up = "../" * app.env.docname.count("/")
            uri = f"{up}mkdocs/{node['reftarget'].removeprefix(_IN_MKDOCS)}.html"
            node.replace_self(nodes.reference("", "", *node.children, refuri=uri))


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and the links between the two sites."""
    app.add_directive("example", Example)
    app.connect("doctree-read", link_mkdocs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
