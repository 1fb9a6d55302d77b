"""The style sheet and the scripts that go with badges and tables in HTML."""

from __future__ import annotations

import re
from pathlib import Path

STYLESHEET_NAME = "backup-badge.css"
SCRIPT_NAME = "backup-badge.js"
TABLE_SCRIPT_NAME = "backup-table.js"

_LOOSE = {": ": ":", ", ": ",", "> ": ">", " >": ">", " {": "{", ";}": "}"}


def stylesheet() -> str:
    """Return the style sheet: every page with a badge or a table needs it."""
    sheet = re.sub(r"/\*.*?\*/", "", _read(STYLESHEET_NAME))
    sheet = "".join(line.strip() for line in sheet.splitlines())
    for loose, close in _LOOSE.items():
        sheet = sheet.replace(loose, close)
    return sheet + "\n"


def book_stylesheet() -> str:
    """Return the style sheet for EPUB: its readers and validators know older CSS.

    Rules for what is narrow, or printed, stay out. A book's page doesn't scroll, so
    the cells of a wide table break their lines.
    """
    sheet = stylesheet().partition("@container")[0]
    sheet = sheet.replace(":where(:root)", "html")
    sheet = re.sub(r"white-space:nowrap;?", "", sheet)
    return re.sub(r"([^{},]*):is\(([^()]*)\)([^{},]*)", _spell_out, sheet) + "\n"


def script() -> str:
    """Return the script that keeps a page with badges honest as time goes by.

    It is optional, and reads statuses anew where its element names a published status
    file: ``<script defer src="backup-badge.js" data-status="backup-status.json">``.
    """
    return _compact(_read(SCRIPT_NAME))


def table_script() -> str:
    """Return the optional script that sorts tables, for pages that have one.

    Its element stands before that of :func:`script`, whose news it listens for.
    """
    return _compact(_read(TABLE_SCRIPT_NAME))


def contents() -> dict[str, str]:
    """Return the files that pages link, by name, in the order of their elements."""
    return {
        STYLESHEET_NAME: stylesheet(),
        TABLE_SCRIPT_NAME: table_script(),
        SCRIPT_NAME: script(),
    }


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _spell_out(selector: re.Match[str]) -> str:
    before, choices, after = selector.groups()
    return ",".join(f"{before}{choice}{after}" for choice in choices.split(","))


def _compact(script: str) -> str:
    """Return a script without comments and spaces, which are for those who edit it.

    It knows our scripts, not JavaScript: a comment has its line for itself, nothing
    relies on a line's end, and what is in quotes stays.
    """
    lines = (line.strip() for line in script.splitlines())
    code = " ".join(line for line in lines if not line.startswith("//"))
    parts = re.split(r'("[^"]*"|`[^`]*`)', code)
    beside_a_sign = re.compile(r"\s+(?=[^\w\s$])|(?<=[^\w\s$])\s+")
    parts[::2] = (beside_a_sign.sub("", part) for part in parts[::2])
    return "".join(parts) + "\n"
