"""Where a page in Markdown holds code: the one scanner, used by every host.

What is no markup (code, comments, raw HTML, front matter) becomes spaces, so that
offsets and lines stay. The time it takes is in proportion to the text's length.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator

_LETTER = re.compile(r"\S")
BLANK = "\0"
"""What stands for a letter of code while the rest is read; a space would indent."""

_NO_TEXT = " \t\n" + BLANK

# MkDocs and MyST take it away before they read the page.
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
# What the extension fenced_code takes behind a fence; superfences takes more.
_PLAIN_INFO = re.compile(r" *(?:\{.*\}|\.?[\w#.+-]* *(?:hl_lines=([\"']).*\1 *)?)")
LINE = re.compile(
    r"^(?P<quote>(?: {0,3}> ?)*)(?P<indent>[ \t]*)(?P<rest>[^\n]*)\n?", re.MULTILINE
)
_NESTED_FENCE = re.compile(r"(`{3,}|~{3,})[^`\n]*")
_ITEM = re.compile(r"(?:[*+-]|\d+\.)[ \t]+|\[\^[^\]\n]+\]:")
_TITLED = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]*|:)[ \t]")
_ALONE = re.compile(
    r"#{1,6}[^\n]+|(?:(?:-+ {0,2}){3,}+|(?:_+ {0,2}){3,}+|(?:\*+ {0,2}){3,}+) *"
)
_UNDERLINE = re.compile(r"(?:=+|-+) *")
_DELIMITERS = re.compile(r"\n(?=[^\n]*-)(?=[^\n]*\|)[ |:>-]+(?:\n|\Z)")
_TICKS = re.compile(r"(\\*)(`+)")
# The elements that Python-Markdown takes for blocks.
_ELEMENTS = (
    "address|article|aside|blockquote|body|canvas|center|colgroup|dd|details|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|group|h[1-6]|header|hgroup|html|iframe"
    "|legend|li|main|map|math|menu|nav|noscript|object|ol|option|output|p|pre|progress"
    "|script|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|tr|ul|video"
)
_RAW_BLOCK = re.compile(
    rf"^ {{0,3}}<(?:!--|(?P<name>{_ELEMENTS})(?P<attributes>(?:[\s/][^<>]*)?)>)",
    re.MULTILINE | re.IGNORECASE,
)
_CODE_ELEMENT = re.compile(
    r"<(pre|script|style|textarea)\b[^<>]*>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
# Python-Markdown's own expression: what stands in a tag or a comment is no text.
_TAG = re.compile(
    r"""<!--(?:(?!<!--|-->).)*-->|</?[a-z][^\s"'<>@]*+(?:\s++[^\s"'=<>]++"""
    r"""(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'=<>]++))?+)*+\s*+/?>""",
    re.DOTALL | re.IGNORECASE,
)


def visible(text: str, *, nested: bool | None = None, html: bool = False) -> str:
    """Return a page of Python-Markdown with a space for each letter of code.

    ``nested`` says that fences count inside lists and quotations too, as with the
    extension superfences; None keeps what is markup with it or without it. ``html``
    keeps raw HTML that is no code: templates are read there, too.
    """
    if nested is None:
        one = visible(text, nested=False, html=html)
        other = visible(text, nested=True, html=html)
        return one if one == other else "".join(map(max, one, other))
    text = FRONT_MATTER.sub(blanked, text.replace(BLANK, " "))
    text = without(text, _nested_fences(text) if nested else _fences(text))
    return spaced(_without_blocks(without(text, _raw_blocks(text, html=html))))


def spaced(text: str) -> str:
    """Return a text that was read, with spaces for what is blank and for quotations."""
    return _QUOTE.sub(blanked, text).replace(BLANK, " ")


def blanked(code: str | re.Match[str]) -> str:
    """Return a blank for each letter: offsets, indentation and lines stay."""
    return _LETTER.sub(BLANK, code if isinstance(code, str) else code[0])


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Blank places in a text, given in their order as where they begin and end."""
    parts, position = [], 0
    for start, end in places:
        parts += [text[position:start], blanked(text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _fences(text: str) -> Iterator[tuple[int, int]]:
    """Yield fenced code as the extension fenced_code finds it: at the margin."""
    lines = list(_FENCE.finditer(text))
    closing: dict[str, deque[int]] = {}
    for line in lines:
        if not line[2].strip(" "):
            closing.setdefault(line[1], deque()).append(line.end())
    end = 0
    for line in lines:
        if line.start() >= end and _PLAIN_INFO.fullmatch(line[2]):
            ends = closing.get(line[1], deque())
            while ends and ends[0] <= line.end():
                ends.popleft()
            if ends:
                end = ends[0]
                yield line.start(), end


def _nested_fences(text: str) -> Iterator[tuple[int, int]]:
    """Yield fenced code as superfences finds it: also indented, and in quotations."""
    opened, fence, quotes, indent = -1, "", 0, 0
    for line in LINE.finditer(text):
        lead = len(line["quote"]) + len(line["indent"])
        depth = line["quote"].count(">")
        if opened < 0:
            if found := _NESTED_FENCE.fullmatch(line["rest"]):
                opened, fence = line.start("rest"), found[1]
                quotes, indent = depth, lead
        elif line["rest"].strip() and (lead < indent or depth != quotes):
            opened = -1
        elif line["rest"].rstrip() == fence:
            yield opened, line.end()
            opened = -1


def _raw_blocks(text: str, *, html: bool) -> Iterator[tuple[int, int]]:
    """Yield comments and elements that begin a line.

    An element with an attribute ``markdown`` holds markup; code in it does not.
    """
    last_comment = text.rfind("-->")
    end = 0
    while found := _RAW_BLOCK.search(text, end):
        start, end = found.span()
        if not found["name"]:
            if end <= last_comment:
                end = text.index("-->", end) + len("-->")
                yield start, end
        elif not found["attributes"].endswith("/"):
            end = _end_of_element(text, start, found["name"])
            if html or re.search(r"\smarkdown\b", found["attributes"]):
                inside = _CODE_ELEMENT.finditer(text, start, end)
                yield from (element.span() for element in inside)
            else:
                yield start, end


def _end_of_element(text: str, start: int, name: str) -> int:
    """Return where an element ends: with the text, if nothing closes it."""
    depth = 0
    tag = re.compile(rf"<(/?){name}(?:[\s/][^<>]*)?>", re.IGNORECASE)
    for found in tag.finditer(text, start):
        depth += -1 if found[1] else not found[0].endswith("/>")
        if depth <= 0:
            return found.end()
    return len(text)


def _without_blocks(text: str) -> str:
    """Blank indented code, and what is no markup in running text.

    ``columns`` are those in which the content of lists, notes and the like begins.
    Code is what begins a block four columns behind them.
    """
    parts: list[str] = []
    position = quotes = 0
    columns = [0]
    is_code, is_second, begins = False, False, True
    for line in LINE.finditer(text):
        rest, depth = line["rest"], line["quote"].count(">")
        indent = len(line["indent"].expandtabs(4))
        is_alone = _is_alone(rest, is_second=is_second)
        if rest.strip() and (depth > quotes or (begins and depth < quotes)):
            quotes, columns, begins = depth, [0], True
        ends = begins or is_alone or is_code or not rest.strip(_NO_TEXT)
        while ends and rest.strip() and indent < columns[-1]:
            columns.pop()
        begins = begins or (is_code and indent < columns[-1] + 4)
        is_code = indent >= columns[-1] + 4 and (begins or is_code)
        titled = None if is_code else _TITLED.match(rest)
        is_item = not is_code and not is_alone and _ITEM.match(rest) is not None
        if titled or (is_item and (begins or len(columns) > 1)):
            ends = True
            while indent < columns[-1]:
                columns.pop()
            columns.append(columns[-1] + 4)
        if ends or is_code:
            parts.append(_without_inline(text[position : line.start()]))
            position = line.start()
        if is_code:
            parts.append(blanked(text[position : line.end()]))
            position = line.end()
        is_second = begins and rest.strip() != ""
        begins = is_alone or titled is not None
    return "".join([*parts, _without_inline(text[position:])])


def _is_alone(rest: str, *, is_second: bool) -> bool:
    """Whether a line is no part of a paragraph: empty, a heading, or a rule."""
    is_rule = is_second and _UNDERLINE.fullmatch(rest) is not None
    return not rest.strip() or is_rule or _ALONE.fullmatch(rest) is not None


def _without_inline(text: str) -> str:
    """Blank code spans, comments and tags in one piece of running text."""
    if _DELIMITERS.search(text):
        return "\n".join(_without_inline(row) for row in text.split("\n"))
    if "`" in text:
        text = without(text, code_spans(text))
    return without_tags(text)


def without_tags(text: str) -> str:
    """Blank the comments and tags in one piece of running text."""
    return _TAG.sub(blanked, text) if "<" in text else text


def code_spans(text: str, *, exact: bool = False) -> Iterator[tuple[int, int]]:
    """Yield code spans: closed by as many backticks, else by the most that follow.

    ``exact`` says that only as many will do, as in CommonMark.
    """
    runs = list(_TICKS.finditer(text))
    closing: dict[int, deque[int]] = {}
    most = [0]
    for run in runs:
        closing.setdefault(len(run[2]), deque()).append(run.end())
    for run in reversed(runs):
        most.append(max(most[-1], len(run[2])))
    end = 0
    for run, longest in zip(runs, most[-2::-1], strict=True):
        start = run.start(2) + len(run[1]) % 2
        length = run.end() - start
        if start < end or not length:
            continue
        for size in (length,) if exact or longest > length else (length, longest):
            ends = closing.get(size, deque())
            while ends and ends[0] <= run.end():
                ends.popleft()
            if ends:
                end = ends[0]
                yield start, end
                break
