"""Badges and tables as HTML, and the style sheet and the scripts that go with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from backup_badge.badge import Badge, Judged
from backup_badge.problems import UsageError
from backup_badge.status import format_time
from backup_badge.table import Cell, Table

STYLESHEET_NAME = "backup-badge.css"
SCRIPT_NAME = "backup-badge.js"
TABLE_SCRIPT_NAME = "backup-table.js"


def stylesheet() -> str:
    """Return the style sheet: every page with a badge or a table needs it."""
    return _served(STYLESHEET_NAME)


def script() -> str:
    """Return the script that keeps a page with badges honest as time goes by.

    It is optional, and reads statuses anew where its element names a published status
    file: ``<script defer src="backup-badge.js" data-status="backup-status.json">``.
    """
    return _served(SCRIPT_NAME)


def table_script() -> str:
    """Return the optional script that sorts tables, for pages that have one.

    Its element stands before that of :func:`script`, whose news it listens for.
    """
    return _served(TABLE_SCRIPT_NAME)


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
            "data-backup-label": badge.subject or badge.label,
            **_judgements(badge),
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


def _served(name: str) -> str:
    """Return a file without its indentation and comments: those are for our eyes."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line[:2] not in ("", "//"))


def _message(badge: Badge) -> str:
    content = (
        f'<span class="backup-badge-sign" aria-hidden="true">{badge.state.sign}</span>'
        f" {escape(badge.message)}"
    )
    time = format_time(badge.time)
    if time is None:
        return f'<span class="backup-badge-message">{content}</span>'
    return f'<time class="backup-badge-message" datetime="{time}">{content}</time>'


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
        content = f'<time datetime="{cell.time}">{content}</time>'
    elif cell.link is not None:
        content = f'<a href="{escape(cell.link)}">{content}</a>'
    value = f"{cell.value:.15g}" if isinstance(cell.value, float) else None
    tag = "th" if column == "source" else "td"
    attributes = {
        "scope": "row" if tag == "th" else None,
        "data-backup-column": column,
        "data-backup-value": value,
    }
    return f"<{tag}{_attributes(attributes)}>{content}</{tag}>"


def _judgements(badge: Badge) -> dict[str, str | None]:
    """Return what the script judges a badge by: the source's, or each member's."""
    if [one.source for one in badge.judged] != [badge.source]:
        members = [(one.source, one.state, *_limits(one)) for one in badge.judged]
        return {"data-backup-members": json.dumps(members) if members else None}
    overdue_after, checked, max_age = _limits(badge.judged[0])
    return {
        "data-backup-overdue-after": overdue_after,
        "data-backup-checked": checked,
        "data-backup-max-age": None if max_age is None else f"{max_age}",
    }


def _limits(one: Judged) -> tuple[str | None, str | None, int | None]:
    """Return when a green state ends, when it was asked for, and max_age in seconds."""
    max_age = None if one.max_age is None else int(one.max_age.total_seconds())
    return format_time(one.overdue_after), format_time(one.checked), max_age


def _attributes(attributes: Mapping[str, str | None]) -> str:
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
