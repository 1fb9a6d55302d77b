"""Badges and tables as HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from backup_badge.values.problem import UsageError
from backup_badge.view.badge import Badge, Judged

if TYPE_CHECKING:
    from backup_badge.view.table import Cell, Table

_text = partial(escape, quote=False)
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


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
            f'<span class="backup-badge-label">{_text(badge.label)}</span>'
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
        lines.append(f"<caption>{_text(table.caption)}</caption>")
    pairs = zip(table.columns, table.headings, strict=True)
    headings = (_heading(*pair, sort=table.sort) for pair in pairs)
    lines.append(f"<thead><tr>{''.join(headings)}</tr></thead>")
    lines.append("<tbody>")
    for row in table.rows:
        cells = map(_cell, table.columns, row)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody></table></div>")
    lines += [f'<p class="backup-table-note">{_text(note)}</p>' for note in table.notes]
    return "\n".join([*lines, "</div>"])


def render_error(error: UsageError, source_text: str) -> str:
    """Return a visible, labelled error in the place of what could not be read."""
    return (
        '<span class="backup-badge-error" role="alert"><strong>backup-badge:</strong> '
        f"{_text(str(error))} <code>{_text(source_text)}</code></span>"
    )


def _message(badge: Badge) -> str:
    # In ASCII: a page of nothing else takes half the memory, and less time, to write.
    sign = f"{badge.state.sign}\N{NO-BREAK SPACE}".encode("ascii", "xmlcharrefreplace")
    content = (
        f'<span class="backup-badge-sign" aria-hidden="true">{sign.decode()}</span>'
        f"{_text(badge.message)}"
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
    content = _text(cell.text)
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
    return _JSON.encode(terms)


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
