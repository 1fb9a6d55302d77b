"""Macros in Markdown's blocks: whole in the rows of tables, alone on their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

from backup_badge.markup.macro import START, Call, find_calls, read_call
from mkdocs_backup_badge.conversion import Conversion
from mkdocs_backup_badge.inline import is_raw

_HIDDEN = "\x02backup-badge:{}\x03"
_HIDDEN_RE = re.compile("\x02backup-badge:([0-9]+)\x03")


class RowProcessor(BlockProcessor):
    """Keeps macros whole when a table's rows are split at every ``|``.

    After indented code (80), before tables (75).
    """

    priority = 76

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Whether this is a table with a ``|`` in one of its macros."""
        if "|" not in block or "table" not in self.parser.blockprocessors:
            return False
        hidden, macros = _hide(block)
        table = self.parser.blockprocessors["table"]
        return bool(macros) and table.test(parent, hidden)

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        """Have the table made without those macros, and put them back."""
        blocks[0], macros = _hide(blocks[0])
        self.parser.blockprocessors["table"].run(parent, blocks)
        for cell in parent[-1].iter():
            if cell.text:
                cell.text = _HIDDEN_RE.sub(lambda m: macros[int(m[1])], cell.text)


def _hide(block: str) -> tuple[str, list[str]]:
    """Return a text with numbers in the place of macros that hold a ``|``."""
    macros: list[str] = []
    parts, position = [], 0
    while match := START.search(block, position):
        call = read_call(block, match)
        parts += [block[position : call.start], call.text]
        position = call.end
        if "|" in call.text and call.text.endswith(">>"):
            parts[-1] = _HIDDEN.format(len(macros))
            macros.append(call.text)
    return "".join([*parts, block[position:]]), macros


class OwnLineProcessor(BlockProcessor):
    """Makes a table's macro a block where it has its lines in a paragraph to itself.

    After everything else that may claim the lines, before paragraphs (10).
    """

    priority = 11

    def __init__(self, parser: BlockParser, conversion: Conversion) -> None:
        super().__init__(parser)
        self._conversion = conversion

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Whether there is such a macro, and something beside it."""
        if "backup_table" not in block:
            return False
        call = next(self._tables_alone(block), None)
        return call is not None and call.text != block.strip()

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        """Part the paragraph: what stands before a macro, the macro, the rest."""
        block, position = blocks.pop(0), 0
        for call in list(self._tables_alone(block)):
            self._parse(parent, block[position : call.start])
            ElementTree.SubElement(parent, "p").text = call.text
            position = call.end
        self._parse(parent, block[position:])

    def _parse(self, parent: ElementTree.Element, lines: str) -> None:
        if lines.strip():
            self.parser.parseBlocks(parent, [lines.strip("\n").rstrip()])

    def _tables_alone(self, block: str) -> Iterator[Call]:
        """Return the macros for tables that share none of their lines with anything."""
        backticks = position = 0
        for call in find_calls(block):
            backticks += block.count("`", position, call.start)
            position = call.start
            line_start = block.rfind("\n", 0, call.start) + 1
            line_end = block.find("\n", call.end)
            after = block[call.end : line_end if line_end >= 0 else len(block)]
            around = block[line_start : call.start] + after
            if call.name != "backup_table" or around.strip() or backticks % 2:
                continue
            if not is_raw(block, call, self._conversion.hidden):
                yield call
