"""A directive for the documentation: a text, and beside it what it gives.

A forge, which knows no such directive, shows the text as code.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


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
        # A table needs the whole width.
        shape = "example-wide" if "backup-table" in text else "example-narrow"
        return [nodes.container("", code, result, classes=["example", shape])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive."""
    app.add_directive("example", Example)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
