"""An overview and a verdict as GitHub Flavored Markdown, for a step summary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from backup_badge.render.text import printable
from backup_badge.view.summary import Line, overview
from backup_badge.view.verdict import Verdict

# What means something in Markdown, in HTML or to GitHub alone. An underscore within a
# word and a colon in a time mean nothing.
_ACTIVE = re.compile(
    r"""[!#$&*<>?@\[\\\]^`{|}~]|(?<![^\W_])_|_(?![^\W_])|:(?![\s\d])"""
)

_HEADINGS = ("State", "Source", "Name", "Last run", "Reason")


def render_overview(lines: Sequence[Line]) -> str:
    """Return a table. Times are absolute: a summary is read for weeks.

    Sources are told by their labels, and by their names where one has a label.
    """
    rows = [_HEADINGS, ("---",) * len(_HEADINGS), *map(_cells, lines)]
    if not any(line.label for line in lines):
        rows = [(*row[:2], *row[3:]) for row in rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def render_verdict(verdict: Verdict) -> str:
    """Return the summary, a table of the sources that fail and a list of findings."""
    parts = [f"**{verdict.summary}**\n"]
    if verdict.failing:
        parts.append(render_overview(overview(verdict.failing, also=verdict.also)))
    items = [
        f"- {escape(finding.place)}: {escape(finding.message)}\n"
        for finding in verdict.all_findings
    ]
    return "\n".join([*parts, "".join(items)] if items else parts)


def escape(text: str) -> str:
    """Return a text that stands for itself: one line, no markup.

    By character references: a backslash is read differently before a ``|`` in a table
    by different programs.
    """
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", printable(text).strip())


def _cells(line: Line) -> tuple[str, ...]:
    time = f"{line.time:%Y-%m-%d %H:%M} UTC" if line.time else ""
    state = f"{escape(line.state.sign)} {line.state.message}"
    name, reason = escape(line.source.name), escape(line.reason)
    return state, _source(line), name, time, reason


def _source(line: Line) -> str:
    link = line.source.link
    # A relative link leads nowhere from here.
    if link is None or not link.startswith(("http://", "https://")):
        return escape(line.called)
    target = quote(link, safe="/:?#@!$&'()*+,;=%")
    return f"[{escape(line.called)}](<{target}>)"
