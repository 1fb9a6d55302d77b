"""The arguments of a macro: literals between brackets, read token by token."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Scalar = str | float | bool | None
Literal = Scalar | list[Scalar]

_TOKEN = re.compile(
    r"""\s*+(?:
    (?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
    |(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![\w.]))
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>>>|[^\s\w])
    |(?P<rest>\w+))""",
    re.VERBOSE | re.DOTALL,
)
_CURLY = "\u2018\u2019\u201c\u201d\u201e\xab\xbb"
_WORDS: Mapping[str, bool | None] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "none": None,
    "None": None,
}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t"}


class NotLiteralError(Exception):
    """What is not a call with literal arguments; says so in half a sentence."""


class Reader:
    """Reads the arguments of one call, token by token."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self.position = position
        self.text_end = position

    def arguments(self, name: str) -> tuple[list[Literal], dict[str, Literal]]:
        """Read from the opening bracket to the ``>>``."""
        if self._next() != ("sign", "("):
            raise NotLiteralError(f'write the source in brackets, {name}("orders-db")')
        positional: list[Literal] = []
        keywords: dict[str, Literal] = {}
        self._items(")", lambda: self._argument(positional, keywords))
        if self._next() != ("sign", ">>"):
            raise NotLiteralError("'>>' must follow the closing bracket")
        return positional, keywords

    def _items(self, close: str, read: Callable[[], None]) -> None:
        """Read what stands between commas, up to a closing bracket."""
        while not self._take(close):
            read()
            if not self._take(","):
                if not self._take(close):
                    raise NotLiteralError(
                        f"a comma or {close!r} is missing before {self._ahead()}"
                    )
                return

    def _argument(
        self, positional: list[Literal], keywords: dict[str, Literal]
    ) -> None:
        before = self.position
        kind, word = self._next()
        if kind == "word" and self._take("="):
            if word in keywords:
                raise NotLiteralError(f"{word!r} is given twice")
            keywords[word] = self._literal()
            return
        if keywords:
            raise NotLiteralError("a source must stand before the options")
        self.position = before
        positional.append(self._literal())

    def _literal(self) -> Literal:
        if not self._take("["):
            return self._scalar()
        items: list[Scalar] = []
        self._items("]", lambda: items.append(self._scalar()))
        return items

    def _scalar(self) -> Scalar:
        kind, token = self._next()
        if kind == "string":
            return _unquoted(token)
        if kind == "number":
            return float(token) if "." in token else int(token)
        if kind == "word" and token in _WORDS:
            return _WORDS[token]
        if kind == "word":
            # What its author means goes on behind what Python would call a name.
            rest = re.compile(r"[-\w.:/%]*").match(self._text, self.position)
            token += rest[0] if rest else ""
        raise NotLiteralError(_complaint(kind, token))

    def _take(self, sign: str) -> bool:
        """Go past a sign if it comes next."""
        before = self.position
        if self._next() == ("sign", sign):
            return True
        self.position = before
        return False

    def _ahead(self) -> str:
        kind, token = self._next()
        return repr(token) if kind else "the end"

    def _next(self) -> tuple[str | None, str]:
        token = _TOKEN.match(self._text, self.position)
        if token is None:
            return None, ""
        self.position = token.end()
        kind = token.lastgroup
        if kind == "string":
            self.text_end = token.end()
        return kind, token[kind or 0]


def _complaint(kind: str | None, token: str) -> str:
    if kind is None:
        return "the call does not end"
    if kind == "word":
        return f"{token!r} must stand in quotes, {quoted(token)}"
    if token in "\"'":
        return f"the text that {token} begins does not end"
    if token in _CURLY:
        return f"write straight quotes, \" or ', instead of {token}"
    return f'{token!r} is no literal: write texts in quotes, lists as ["a", "b"]'


def _unquoted(token: str) -> str:
    """Return what a string says; one over several lines has a space for each break.

    A backslash takes the meaning from a quote or any other sign; before a letter that
    is no escape it stands for itself.
    """
    lines = [line.strip() for line in token[1:-1].split("\n")]
    text = " ".join(lines) if len(lines) > 1 else token[1:-1]
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    letter = match[1]
    kept = f"\\{letter}" if letter.isalnum() else letter
    return _ESCAPED.get(letter, kept)


def quoted(text: str) -> str:
    """Return a text as a macro writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
