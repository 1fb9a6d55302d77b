"""Badges and tables as HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from backup_badge.values.problem import UsageError
from backup_badge.view.badge import Badge
from backup_badge.view.formats import Moment
from backup_badge.view.judged import Judged

if TYPE_CHECKING:
    from backup_badge.view.cells import Cell
    from backup_badge.view.table import Table

_text = partial(escape, quote=False)
_OF_AUTHORS = ("source", "description", "owner")
"""The columns that authors fill: in the page's language, whatever ours is."""
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def render_badge(badge: Badge) -> str:
    """Return a badge as one inline element: text, not a picture.

    Its name is the text that is seen, and its description the sentence in the title.
    """
    tag = "a" if badge.link else "span"
    reason = badge.title.removeprefix(f"{badge.subject or badge.label}{badge.colon}")
    shows_reason = reason not in ("", badge.message)
    tabindex = _tabindex(badge) if shows_reason else None
    attributes = _attributes(
        {
            "class": " ".join(
                ("backup-badge", f"backup-badge-{badge.style}", *badge.classes)
            ),
            "lang": badge.lang,
            "href": badge.link,
            "role": "button" if tabindex else None,
            "title": reason if shows_reason else None,
            "tabindex": tabindex,
            "data-backup-source": badge.source,
            "data-backup-state": badge.state.value,
            "data-backup-stale": "" if badge.stale else None,
            "data-backup-judged": _judged(badge),
        }
    )
    label = ""
    if badge.label:
        label = (
            f'<span class="backup-badge-label">{_text(badge.label)}</span>'
            f'<span class="backup-badge-colon">{badge.colon}</span>'
        )
    return f"<{tag}{attributes}>{label}{_message(badge)}</{tag}>"


def render_table(table: Table) -> str:
    """Return a table as a block that scrolls by itself where it is too wide."""
    attributes = {
        "class": " ".join(("backup-table", *table.classes)),
        "lang": table.lang,
        "aria-label": None if table.caption else table.name,
    }
    lines = [
        '<div class="backup-table-wrapper"><div class="backup-table-scroll">'
        f"<table{_attributes(attributes)}>"
    ]
    if table.caption:
        own = _attributes({"lang": table.page_lang})
        lines.append(f"<caption{own}>{_text(table.caption)}</caption>")
    pairs = tuple(zip(table.columns, table.headings, strict=True))
    headings = (_heading(*pair, sort=table.sort) for pair in pairs)
    lines.append(f"<thead><tr>{''.join(headings)}</tr></thead>")
    lines.append("<tbody>")
    for row in table.rows:
        cells = (
            _cell(*pair, cell, author=table.page_lang)
            for pair, cell in zip(pairs, row, strict=True)
        )
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
    as_of = f", {badge.as_of.text}" if badge.as_of else ""
    content = (
        f'<span class="backup-badge-sign" aria-hidden="true">{sign.decode()}</span>'
        f"{_text(badge.message.removesuffix(as_of))}"
        f"{_moment('as-of', badge.as_of)}{_moment('date', badge.date)}"
    )
    tag = "time" if badge.time else "span"
    attributes = {"class": "backup-badge-message", "datetime": badge.time}
    return f"<{tag}{_attributes(attributes)}>{content}</{tag}>"


def _moment(name: str, moment: Moment | None) -> str:
    """Return what a message ends with, as a time that machines read."""
    if moment is None:
        return ""
    attributes = {"class": f"backup-badge-{name}", "datetime": moment.time}
    return f"<time{_attributes(attributes)}>, {_text(moment.text)}</time>"


def _time(moment: Moment) -> str:
    datetime = _attributes({"datetime": moment.time})
    return f"<time{datetime}>{_text(moment.text)}</time>"


def _heading(column: str, heading: str, *, sort: str) -> str:
    attributes = {"scope": "col", "data-backup-column": column}
    if column == sort.removeprefix("-"):
        attributes["aria-sort"] = "descending" if sort[0] == "-" else "ascending"
    return f"<th{_attributes(attributes)}>{_text(heading)}</th>"


def _cell(column: str, heading: str, cell: Cell, *, author: str | None) -> str:
    content = _text(cell.text)
    if cell.badge is not None:
        content = render_badge(cell.badge)
    elif cell.time is not None:
        content = _text(cell.text.removesuffix(cell.note))
        content = f"<time{_attributes({'datetime': cell.time})}>{content}</time>"
        content += _text(cell.note)
    elif cell.link is not None:
        content = f"<a{_attributes({'href': cell.link})}>{content}</a>"
    elif cell.moments:
        for moment in cell.moments:
            content = content.replace(_text(moment.text), _time(moment), 1)
        # What stands in the cell itself is a time alone, which scripts tell anew.
        content = f"<span>{content}</span>"
    value = f"{cell.value:.15g}" if isinstance(cell.value, float) else None
    tag = "th" if column == "source" else "td"
    attributes = {
        "scope": "row" if tag == "th" else None,
        "lang": author if column in _OF_AUTHORS else None,
        "data-backup-column": column,
        "data-backup-heading": heading if tag == "td" else None,
        "data-backup-value": value,
    }
    return f"<{tag}{_attributes(attributes)}>{content}</{tag}>"


def _tabindex(badge: Badge) -> str | None:
    """Let a badge that is not green be focused: the style sheet then shows its title.

    A link can be focused anyway.
    """
    return None if badge.state.is_good or badge.link else "0"


def _judged(badge: Badge) -> str | None:
    """Return what the script judges a badge by: its label, then each source's terms."""
    if not badge.judged:
        return None
    return _JSON.encode([badge.subject or badge.label, *map(_terms, badge.judged)])


def _terms(one: Judged) -> dict[str, str | float | bool]:
    """Return what is known and not the rule; the times and words as a status file has.

    ``max_age`` is in seconds.
    """
    terms: dict[str, str | float | bool | None] = {
        "name": one.source,
        "address": one.address,
        "state": one.state.value,
        "reported_state": one.reported.value,
        "max_age": None if one.max_age is None else one.max_age.total_seconds(),
        "undated": not one.dated or None,
        "stale": one.stale or None,
        "as_of": one.as_of or None,
        "started": one.started,
        "finished": one.finished,
        "last_success": one.last_success,
        "expected_by": one.expected_by,
        "checked": one.checked,
        "own": one.own or None,
        "untested": one.untested or None,
    }
    return {key: value for key, value in terms.items() if value is not None}


def _attributes(attributes: Mapping[str, str | None]) -> str:
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
