"""Macros in the rows of tables: kept whole where they hold a ``|``."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.blockprocessors import BlockProcessor

from backup_badge.markup.macro import find_calls
from mkdocs_backup_badge.page_files import exchange

_HIDDEN = "\x02backup-badge-row:{}\x03"
_HIDDEN_RE = re.compile("\x02backup-badge-row:([0-9]+)\x03")


class RowProcessor(BlockProcessor):
    """Keeps macros whole when a table's rows are split at every ``|``."""

    def test(self, parent: Element, block: str) -> bool:
        """Whether this is a table with a ``|`` in one of its macros."""
        if "|" not in block or "table" not in self.parser.blockprocessors:
            return False
        hidden, macros = _hide(block)
        table = self.parser.blockprocessors["table"]
        return bool(macros) and table.test(parent, hidden)

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Have the table made without those macros, and put them back."""
        blocks[0], macros = _hide(blocks[0])
        self.parser.blockprocessors["table"].run(parent, blocks)
        for cell in parent[-1].iter():
            if cell.text:
                cell.text = _HIDDEN_RE.sub(lambda m: macros[int(m[1])], cell.text)


def _hide(block: str) -> tuple[str, list[str]]:
    """Return a text with numbers in the place of macros that hold a ``|``."""
    calls = [
        call
        for call in find_calls(block, escaped=True)
        if "|" in call.text and call.text.endswith(">>")
    ]
    places = (
        (call.start, call.end, _HIDDEN.format(number))
        for number, call in enumerate(calls)
    )
    return exchange(block, places), [call.text for call in calls]
