"""The style sheet and the scripts that go with badges and tables in HTML."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from backup_badge.view.known_sentences import known_sentences
from backup_badge.view.language import ENGLISH, Language

STYLESHEET_NAME = "backup-badge.css"
SCRIPT_NAME = "backup-badge.js"
TABLE_SCRIPT_NAME = "backup-table.js"


def stylesheet() -> str:
    """Return the style sheet: every page with a badge or a table needs it."""
    return _read(STYLESHEET_NAME)


def book_stylesheet() -> str:
    """Return the style sheet for EPUB: its readers and validators know older CSS.

    Rules for what is narrow, or printed, stay out. A book's page doesn't scroll, so
    the cells of a wide table break their lines.
    """
    sheet = re.sub(r"\s*/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    sheet = sheet.partition("@container")[0].replace(":where(:root)", "html")
    # EPUB lets no style sheet set a direction (EPUB 3.3, "CSS conformance").
    left_out = r"\s*(?:white-space: nowrap|direction|unicode-bidi)\b[^;]*;"
    sheet = re.sub(left_out, "", sheet)
    return re.sub(r"([^{},]*):is\(([^()]*)\)([^{},]*)", _spell_out, sheet) + "\n"


def script() -> str:
    """Return the script that keeps a page with badges honest as time goes by.

    It reads statuses anew where its element names a published status
    file: ``<script defer src="backup-badge.js" data-status="backup-status.json">``.
    """
    return _read(SCRIPT_NAME)


def table_script() -> str:
    """Return the script that sorts tables, for pages that have one.

    Its element stands before that of :func:`script`, whose news it listens for.
    """
    return _read(TABLE_SCRIPT_NAME)


def words_name(language: Language) -> str | None:
    """Return the name of the file with the words of the scripts; None for English.

    Its element stands before those of the scripts, whose words are English without it.
    """
    return None if language.code == ENGLISH.code else f"backup-badge.{language.code}.js"


def inline_block(language: Language = ENGLISH) -> str:
    """Return style sheet and scripts as elements, for a page that cannot link files.

    Any number of them may stand in a page: what has run once does not run again.
    """
    sheet, *scripts = contents(language).values()
    elements = (f"<script>\n{text}</script>" for text in scripts)
    return "\n".join([f"<style>\n{sheet}</style>", *elements]) + "\n"


def contents(language: Language = ENGLISH) -> dict[str, str]:
    """Return the files that pages link, by name, in the order of their elements."""
    name = words_name(language)
    return {
        STYLESHEET_NAME: stylesheet(),
        **({name: _words(language)} if name else {}),
        TABLE_SCRIPT_NAME: table_script(),
        SCRIPT_NAME: script(),
    }


@cache
def _words(language: Language) -> str:
    """Return a script that tells the others their words, and what statuses say."""
    messages = re.findall(r'\b_\("([^"]+)"', table_script() + script())
    words = {message: language.look_up(message) for message in sorted({*messages})}
    told = {message: language.look_up(message) for message in known_sentences()}
    tables = json.dumps({"words": words, "sentences": told}, ensure_ascii=False)
    return f"window.backupBadgeWords = {tables};\n"


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _spell_out(selector: re.Match[str]) -> str:
    before, choices, after = selector.groups()
    return ",".join(f"{before}{choice.strip()}{after}" for choice in choices.split(","))
