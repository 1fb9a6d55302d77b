"""Where a page in MyST holds code, by the rules of CommonMark.

As in :mod:`backup_badge.markup.code`, each letter of it becomes a space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backup_badge.markup.code import (
    FRONT_MATTER,
    LINE,
    blanked,
    code_spans,
    spaced,
    without,
    without_tags,
)
from backup_badge.markup.rst_code import CODE_DIRECTIVES, visible_rst

_FENCE = re.compile(
    r"(?P<fence>`{3,}(?=[^`]*\Z)|~{3,}|:{3,}(?=\s*\Z|[ \t]*\{))[ \t]*(?P<info>.*)"
)
_NAME = re.compile(r"\{(?P<name>[^\s}]+)\}")
_ITEM = re.compile(r"(?:[*+-]|\d{1,9}[.)])(?:[ \t]{1,4}(?=\S)|[ \t]+|\Z)|\[\^[^\]]+\]:")
_ALONE = re.compile(r"#{1,6}(?:\s|\Z)|\||\+{3,}|=+\s*\Z|-+\s*\Z")
_NOT_SPACE = re.compile(r"\S")
_CELLS = re.compile(r"((?<!\\)\|)")
_RULE = re.compile(r"(?:- *){3,}+|(?:\* *){3,}+|(?:_ *){3,}+")
_RAW = re.compile(
    r"(?P<comment><!--)|<(?P<code>pre|script|style|textarea)(?=[\s>]|\Z)"
    r"|</?(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt"
    r"|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|iframe|legend|li"
    r"|main|menu|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)"
    r"(?=[\s/>]|\Z)",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"(?!)")
"""Where an element ends that is no code."""

_DEEP = 1 << 30
"""The indentation of an empty line, which ends no list."""

_DEEPEST = 50
"""How many directives one in another are looked into."""


def visible_myst(text: str) -> tuple[str, str]:
    """Return a page in MyST with a space for each letter of code, twice.

    First its own markup, then the reStructuredText in directives ``eval-rst``.
    """
    text = FRONT_MATTER.sub(blanked, text)
    reader, start = _Reader(), 0
    own: list[str] = []
    embedded: list[str] = []
    for line in LINE.finditer(text):
        kind = reader.kind(line)
        rst = " " * len(line["quote"]) + line[0][len(line["quote"]) :]
        embedded.append(rst if kind == "rst" else _NOT_SPACE.sub(" ", line[0]))
        if kind != "text":
            own.append(_without_inline(text[start : line.start()]))
            start = line.start()
        if kind in ("fence", "code", "rst"):
            own.append(line[0] if kind == "fence" else blanked(line[0]))
            start = line.end()
    own.append(_without_inline(text[start:]))
    return spaced("".join(own)), visible_rst("".join(embedded))


def _without_inline(text: str) -> str:
    """Blank code spans, unless they are a role's text, and comments."""
    if text.lstrip().startswith("|"):
        # A row of a table is split into cells before anything in them is read.
        return "".join(map(_without_code, _CELLS.split(text)))
    return _without_code(text)


def _without_code(text: str) -> str:
    """Blank one cell, or one piece of running text."""
    spans = list(code_spans(text, exact=True))
    hidden = without_tags(without(text, spans))
    parts, position = [], 0
    for start, end in spans:
        if text.endswith("{backup-badge}", 0, start):
            parts += [hidden[position:start], text[start:end]]
            position = end
    return "".join([*parts, hidden[position:]])


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """A fence that is open: what it holds, and where it stands."""

    fence: str
    holds: str
    quotes: int
    column: int


class _Reader:
    """Tells what each line is, one after the other.

    That is ``code``, ``rst``, a ``fence`` of a directive, or running text, which
    either goes on (``text``) or begins anew (``begin``).
    """

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._columns, self._quotes = [0], 0
        self._raw_end: re.Pattern[str] | None = None
        self._begins = True
        self._is_code = False

    def kind(self, line: re.Match[str]) -> str:
        """Return what the next line is."""
        rest, quotes = line["rest"], line["quote"].count(">")
        indent = len(line["indent"].expandtabs(4))
        if not rest.strip():
            return self._empty(quotes)
        begins, self._begins = self._begins, False
        self._leave(indent, quotes)
        if quotes > self._quotes or (begins and quotes < self._quotes):
            self._quotes, self._columns, begins = quotes, [0], True
        fence = _FENCE.fullmatch(rest)
        if fence and not fence["info"] and self._close(fence["fence"]):
            return "fence"
        if self._frames and self._frames[-1].holds != "text":
            return self._frames[-1].holds
        if self._raw_end is not None:
            return self._raw(rest)
        while begins and indent < self._columns[-1]:
            self._columns.pop()
        is_deep = indent >= self._columns[-1] + 4
        self._is_code = is_deep and (begins or self._is_code)
        if self._is_code:
            return "code"
        if is_deep:
            return "text"
        if fence and (fence["info"] or fence["fence"][0] != ":"):
            return self._open(fence, quotes)
        return self._text(rest, indent, begins=begins)

    def _empty(self, quotes: int) -> str:
        self._begins = True
        self._leave(_DEEP, quotes)
        if self._raw_end is _BLANK_LINE:
            self._raw_end = None
        return self._frames[-1].holds if self._holds_code else "begin"

    @property
    def _holds_code(self) -> bool:
        return bool(self._frames) and self._frames[-1].holds != "text"

    def _leave(self, indent: int, quotes: int) -> None:
        """Close what stands in a list or a quotation that has ended."""
        for number, frame in enumerate(self._frames):
            if indent < frame.column or quotes < frame.quotes:
                del self._frames[number:]
                break

    def _close(self, fence: str) -> bool:
        """Close the outermost directive that a fence can close, and what is in it."""
        for number, frame in enumerate(self._frames):
            if fence.startswith(frame.fence):
                del self._frames[number:]
                self._begins, self._raw_end = True, None
                return True
        return False

    def _open(self, fence: re.Match[str], quotes: int) -> str:
        name = _NAME.match(fence["info"])
        is_code = name is None or name["name"] in CODE_DIRECTIVES
        holds = "code" if is_code or len(self._frames) >= _DEEPEST else "text"
        if name and name["name"] == "eval-rst":
            holds = "rst"
        column = self._columns[-1]
        frame = _Frame(fence=fence["fence"], holds=holds, quotes=quotes, column=column)
        self._frames.append(frame)
        self._begins = True
        return "code" if name is None else "fence"

    def _raw(self, rest: str) -> str:
        if self._raw_end is not None and self._raw_end.search(rest):
            self._raw_end = None
        return "code"

    def _text(self, rest: str, indent: int, *, begins: bool) -> str:
        if rest.startswith("%"):
            return "code"
        is_rule = _RULE.fullmatch(rest) is not None
        is_alone = is_rule or _ALONE.match(rest) is not None
        item = None if is_rule else _ITEM.match(rest)
        while (item or is_alone) and indent < self._columns[-1]:
            self._columns.pop()
        start = item.end() if item else 0
        if item:
            self._columns.append(indent + start)
            if fence := _FENCE.fullmatch(rest, start):
                return self._open(fence, self._quotes)
        if raw := _RAW.match(rest, start):
            self._raw_end = re.compile("-->") if raw["comment"] else _BLANK_LINE
            if raw["code"]:
                self._raw_end = re.compile(f"</{raw['code']}>", re.IGNORECASE)
            return self._raw(rest)
        self._begins = is_alone
        return "begin" if begins or item or is_alone else "text"
