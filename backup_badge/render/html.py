"""Badges and tables as HTML, and the style sheet and the scripts that go with them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from importlib.resources import files

from backup_badge.badge import Badge, Judged
from backup_badge.problems import UsageError
from backup_badge.table import Cell, Table

STYLESHEET_NAME = "backup-badge.css"
SCRIPT_NAME = "backup-badge.js"
TABLE_SCRIPT_NAME = "backup-table.js"


def stylesheet() -> str:
    """Return the style sheet: every page with a badge or a table needs it."""
    unserved = r"^\s+|(?<=:) |/\*.*?\*/\n"
    return re.sub(unserved, "", _read(STYLESHEET_NAME), flags=re.MULTILINE)


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


def assets() -> dict[str, str]:
    """Return the files that pages link, by name, in the order of their elements."""
    return {
        STYLESHEET_NAME: stylesheet(),
        TABLE_SCRIPT_NAME: table_script(),
        SCRIPT_NAME: script(),
    }


def render_badge(badge: Badge) -> str:
    """Return a badge as one inline element: text, not a picture."""
    tag = "a" if badge.link else "span"
    attributes = _attributes(
        {
            "class": " ".join(
                ("backup-badge", f"backup-badge-{badge.style}", *badge.classes)
            ),
            "href": badge.link,
            "role": None if badge.link else "img",
            "aria-label": badge.title,
            "title": badge.title,
            "data-backup-source": badge.source,
            "data-backup-state": badge.state.value,
            "data-backup-judged": _judged(badge),
        }
    )
    label = ""
    if badge.label:
        label = (
            f'<span class="backup-badge-label">{escape(badge.label)}</span>'
            '<span class="backup-badge-colon">: </span>'
        )
    return f"<{tag}{attributes}>{label}{_message(badge)}</{tag}>"


def render_table(table: Table) -> str:
    """Return a table as a block that scrolls by itself where it is too wide."""
    name = escape(table.caption or "Backup status")
    classes = escape(" ".join(("backup-table", *table.classes)))
    lines = [
        '<div class="backup-table-wrapper">'
        '<div class="backup-table-scroll" role="region" tabindex="0"'
        f' aria-label="{name}"><table class="{classes}">'
    ]
    if table.caption:
        lines.append(f"<caption>{escape(table.caption)}</caption>")
    pairs = zip(table.columns, table.headings, strict=True)
    headings = (_heading(*pair, sort=table.sort) for pair in pairs)
    lines.append(f"<thead><tr>{''.join(headings)}</tr></thead>")
    lines.append("<tbody>")
    for row in table.rows:
        cells = map(_cell, table.columns, row)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody></table></div>")
    lines += [
        f'<p class="backup-table-note">{escape(note)}</p>' for note in table.notes
    ]
    return "\n".join([*lines, "</div>"])


def render_error(error: UsageError, source_text: str) -> str:
    """Return a visible, labelled error in the place of what could not be read."""
    return (
        '<span class="backup-badge-error" role="alert"><strong>backup-badge:</strong> '
        f"{escape(str(error))} <code>{escape(source_text)}</code></span>"
    )


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _compact(script: str) -> str:
    """Return a script without comments and spaces, which are for those who edit it.

    It knows our scripts, not JavaScript: a comment has its line for itself, nothing
    relies on a line's end, and what is in quotes stays.
    """
    lines = (line.strip() for line in script.splitlines())
    code = " ".join(line for line in lines if not line.startswith("//"))
    parts = re.split(r'("[^"]*"|`[^`]*`)', code)
    parts[::2] = (re.sub(r"\s*([^\w\s$])\s*", r"\1", part) for part in parts[::2])
    return "".join(parts) + "\n"


def _message(badge: Badge) -> str:
    content = (
        f'<span class="backup-badge-sign" aria-hidden="true">{badge.state.sign}'
        f"\N{NO-BREAK SPACE}</span>{escape(badge.message)}"
    )
    tag = "time" if badge.time else "span"
    attributes = {"class": "backup-badge-message", "datetime": badge.time}
    return f"<{tag}{_attributes(attributes)}>{content}</{tag}>"


def _heading(column: str, heading: str, *, sort: str) -> str:
    attributes = {"scope": "col", "data-backup-column": column}
    if column == sort.removeprefix("-"):
        attributes["aria-sort"] = "descending" if sort[0] == "-" else "ascending"
    return f"<th{_attributes(attributes)}>{heading}</th>"


def _cell(column: str, cell: Cell) -> str:
    content = escape(cell.text)
    if cell.badge is not None:
        content = render_badge(cell.badge)
    elif cell.time is not None:
        content = f"<time{_attributes({'datetime': cell.time})}>{content}</time>"
    elif cell.link is not None:
        content = f"<a{_attributes({'href': cell.link})}>{content}</a>"
    value = f"{cell.value:.15g}" if isinstance(cell.value, float) else None
    tag = "th" if column == "source" else "td"
    attributes = {
        "scope": "row" if tag == "th" else None,
        "data-backup-column": column,
        "data-backup-value": value,
    }
    return f"<{tag}{_attributes(attributes)}>{content}</{tag}>"


def _judged(badge: Badge) -> str | None:
    """Return what the script judges a badge by: its label, then each source's terms."""
    if not badge.judged:
        return None
    terms = [badge.subject or badge.label, *map(_terms, badge.judged)]
    return json.dumps(terms, ensure_ascii=False, separators=(",", ":"))


def _terms(one: Judged) -> list[str | int]:
    """Return name, state (0 is the worst), its end, when it was asked for, max_age.

    The last is in milliseconds, and left out where there is none.
    """
    limit = () if one.max_age is None else (one.max_age // timedelta(milliseconds=1),)
    ends, checked = one.overdue_after or "", one.checked or ""
    return [one.source, one.state.rank - 1, ends, checked, *limit]


def _attributes(attributes: Mapping[str, str | None]) -> str:
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
