"""Badges and tables as HTML: valid, closed to what is foreign, readable."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from backup_badge.render.assets import book_stylesheet, stylesheet
from backup_badge.render.html import render_badge, render_error, render_table
from backup_badge.values.mark import COLUMNS, STYLES, BadgeMark, TableMark
from backup_badge.values.problem import Category, Problem, UsageError
from backup_badge.values.source import Address, Source
from backup_badge.values.state import Color, State
from backup_badge.values.status import Details, Status
from backup_badge.view.badge import Badge, describe
from backup_badge.view.table import Table, tabulate

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
NASTY = [
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onclick="alert(1)" x="',
    "</span></a></td></tr></table></div><h1>",
    "<!-- --><![CDATA[ ]]>",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "${PATH} {{ config }} <% x %> %s {0} << backup_badge() >>",
    "two\nlines\tand ‮ ünï‌cöde 👩‍💻",
    "`",
]
Element = tuple[str, dict[str, str]]


class Reader(HTMLParser):
    """Collects elements and texts; what isn't nested as it should be is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        # A time with an attribute may hold another one (HTML, the time element).
        nests = ("span", "div", "time")
        assert tag in nests or tag not in self._open, f"<{tag}> in itself"
        self._open.append(tag)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def skeleton(self) -> list[tuple[str, list[str]]]:
        """The elements with the names of their attributes."""
        return [(tag, list(attributes)) for tag, attributes in self.elements]

    @property
    def values(self) -> list[Any]:
        """The attributes' values; what scripts read is decoded."""
        values = (value for _, attrs in self.elements for value in attrs.values())
        return [json.loads(v) if v.startswith('["') else v for v in values]


def fill(value: Any, text: str) -> Any:
    """Put a text wherever "plain" stands."""
    if isinstance(value, list):
        return [fill(item, text) for item in value]
    if isinstance(value, dict):
        filled = {key: fill(item, text) for key, item in value.items()}
        if "address" in value:
            filled["address"] = str(Address(provider=text, segments=(text,)))
        return filled
    return value.replace("plain", text) if isinstance(value, str) else value


def status(text: str) -> tuple[Source, Status]:
    """A source and its status, in which every text is this one."""
    address = Address(provider=text, segments=(text,))
    source = Source(
        name=text,
        address=address,
        label=text,
        link=text,
        max_age=timedelta(hours=26),
    )
    status = Status(
        reported=State.SUCCEEDED,
        state=State.SUCCEEDED,
        native=text,
        started=NOW,
        finished=NOW,
        checked=NOW,
        details=Details(errors=1, files=2, bytes=3, reason=text),
        problem=Problem(category=Category.TIMEOUT, message=text),
    )
    return source, status


def badge(text: str, *, target: str = "", **changes: str | None) -> str:
    """A rendered badge in which every text is this one."""
    mark = BadgeMark(target=target or text, classes=(text,))
    described = describe(mark, dict([status(text)]))
    return render_badge(replace(described, **{"message": text, **changes}))


def table(text: str) -> Table:
    """A table in which every text is this one."""
    mark = TableMark(columns=COLUMNS, caption=text, classes=(text,))
    other = Source(name=text, address=None, label=text)
    rows = dict([status(text), (other, Status(reported=State.UNKNOWN))])
    return replace(tabulate(mark, rows), notes=(text, text))


RENDERED = {
    "badge": badge,
    "badge without link": lambda text: badge(text, link=None),
    "badge without label": lambda text: badge(text, label=""),
    "roll-up": lambda text: badge(text, target=f"group:{text}"),
    "table": lambda text: render_table(table(text)),
    "error": lambda text: render_error(UsageError(text), text),
}


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("what", RENDERED)
def test_nasty_texts(what: str, text: str) -> None:
    """Whatever a text says, no element or attribute appears that was not meant."""
    html = RENDERED[what](text)
    plain, nasty = Reader(RENDERED[what]("plain")), Reader(html)
    assert nasty.skeleton == plain.skeleton
    assert nasty.values == fill(plain.values, text)
    said = fill("".join(plain.texts), text)
    assert "".join(nasty.texts) == said
    # An EPUB's pages are XML.
    whole = ElementTree.fromstring(f"<body>{html}</body>")
    assert "".join(whole.itertext()) == said


@pytest.mark.parametrize("state", list(State))
def test_badge(state: State) -> None:
    """A badge is text, with a sign beside its colour, and a whole sentence."""
    shown = Badge(
        source="orders-db", state=state, label="Orders", message="m", title="Orders: t"
    )
    reader = Reader(render_badge(shown))
    tag, attributes = reader.elements[0]
    assert tag == "span"
    assert attributes["class"] == "backup-badge backup-badge-flat"
    assert attributes["data-backup-source"] == "orders-db"
    assert attributes["data-backup-state"] == state.value
    assert attributes["title"] == "t"
    expected = {} if state.is_good else {"role": "button", "tabindex": "0"}
    assert {name: attributes.get(name) for name in ("role", "tabindex")} == {
        "role": None,
        "tabindex": None,
        **expected,
    }
    assert ("span", {"class": "backup-badge-sign", "aria-hidden": "true"}) in (
        reader.elements
    )
    assert re.sub(r"\W+", " ", "".join(reader.texts)).split() == ["Orders", "m"]
    assert state.sign in [text.strip() for text in reader.texts]


@pytest.mark.parametrize("title", ["Orders: m", "Orders: ", ""])
def test_a_badge_without_a_reason_is_no_button(title: str) -> None:
    """What says no more than is seen shows nothing on focus: it takes none."""
    badge = Badge(
        source="orders-db",
        state=State.UNKNOWN,
        label="Orders",
        message="m",
        title=title,
    )
    attributes = Reader(render_badge(badge)).elements[0][1]
    assert not {"role", "tabindex", "title"} & {*attributes}


@pytest.mark.parametrize(
    ("link", "label", "tag", "words"),
    [
        ("b.html?a=1&b=2", "L", "a", ["L", "m"]),
        (None, "", "span", ["m"]),
    ],
)
def test_variants(link: str | None, label: str, tag: str, words: list[str]) -> None:
    """A badge with a link is one; one without a label has no left half."""
    shown = Badge(
        source="s",
        state=State.FAILED,
        label=label,
        message="m",
        title="t",
        link=link,
        style="plastic",
        classes=("a", "b"),
    )
    reader = Reader(render_badge(shown))
    outer, attributes = reader.elements[0]
    assert (outer, attributes.get("href")) == (tag, link)
    assert attributes.get("role") == (None if link else "button")
    assert attributes["class"] == "backup-badge backup-badge-plastic a b"
    assert re.sub(r"\W+", " ", "".join(reader.texts)).split() == words


def test_table() -> None:
    """A table has a caption, headings with a scope, and times that machines read."""
    reader = Reader(render_table(table("x")))
    tags = [tag for tag, _ in reader.elements if tag not in ("div", "span")]
    assert tags[:5] == ["table", "caption", "thead", "tr", "th"]
    (classes,) = [attrs["class"] for tag, attrs in reader.elements if tag == "table"]
    assert classes == "backup-table x"
    heads = [attrs.get("data-backup-heading") for tag, attrs in reader.elements]
    assert [head for head in heads if head][: len(COLUMNS) - 1] == [
        heading for heading in table("x").headings if heading != "Source"
    ]
    scopes = [attrs["scope"] for tag, attrs in reader.elements if tag == "th"]
    assert scopes == ["col"] * len(COLUMNS) + ["row"] * 2
    times = [attrs["datetime"] for tag, attrs in reader.elements if tag == "time"]
    assert set(times) == {"2026-11-21T04:00:00Z", "2026-11-21"}
    assert (tags.count("tr"), tags[-2:]) == (3, ["p", "p"])
    headings = [text.strip() for text in reader.texts if text.strip()][1:]
    assert headings[: len(COLUMNS)] == [
        name.replace("_", " ").capitalize() for name in COLUMNS
    ]


@pytest.mark.parametrize(("caption", "name"), [(None, "Backup status"), ("C", None)])
def test_name_of_a_table(caption: str | None, name: str | None) -> None:
    """A table has one name: its caption, or what it was asked to show."""
    mark = TableMark(columns=("source",), caption=caption)
    shown = tabulate(mark, {})
    reader = Reader(render_table(shown))
    (attributes,) = [attrs for tag, attrs in reader.elements if tag == "table"]
    assert attributes.get("aria-label") == name


def test_empty_table() -> None:
    """A table without rows is a table."""
    reader = Reader(
        render_table(
            Table(columns=("source", "state"), headings=("Source", "State"), rows=())
        )
    )
    tags = [tag for tag, _ in reader.elements if tag != "div"]
    assert tags == ["table", "thead", "tr", "th", "th", "tbody"]


def test_error() -> None:
    """An error is labelled as ours, and shows what was written."""
    reader = Reader(render_error(UsageError("no such thing"), '<< backup_badge("x" >>'))
    assert reader.elements[0][1]["class"] == "backup-badge-error"
    said = "".join(reader.texts)
    assert said == 'backup-badge: no such thing << backup_badge("x" >>'


# The style sheet

CSS = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
RULES = re.findall(r"([^{};]+?)\s*\{([^{}]*)\}", CSS)
COLORS = dict(re.findall(r"--backup-badge-([a-z]+):\s*(#[0-9a-f]+);", CSS))
SHINE = re.findall(r"rgb\((\d+) [\d ]+/ (\d+)%\)", CSS.partition("gradient")[2])


def channels(color: str) -> list[float]:
    """Red, green and blue of ``#rgb`` or ``#rrggbb``, 0 to 255."""
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    return [int(digits[at : at + 2], 16) for at in (0, 2, 4)]


def luminance(color: list[float]) -> float:
    """The relative luminance of WCAG 2."""
    parts = [channel / 255 for channel in color]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(
        w * part for w, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )


def contrast(one: list[float], other: list[float]) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", ["label", *Color])
def test_contrast(ground: str) -> None:
    """Text on every colour has a contrast of 4.5 to 1, under plastic's shine too."""
    text, color = channels(COLORS["fg"]), channels(COLORS[ground])
    assert len(SHINE) == 2
    for shade, percent in [(0, 0), *SHINE]:
        share = int(percent) / 100
        mixed = [channel * (1 - share) + int(shade) * share for channel in color]
        assert contrast(text, mixed) >= 4.5


def test_contrast_is_measured_right() -> None:
    """The measure gives the ratios that everybody knows."""
    assert contrast(channels("#fff"), channels("#000")) == pytest.approx(21)
    assert contrast(channels("#ffffff"), channels("#44cc11")) == pytest.approx(
        2.1, 0.05
    )


@pytest.mark.parametrize("state", list(State))
def test_colors_of_states(state: State) -> None:
    """Each state has its family's colour; grey is what none is given."""
    bodies = [body for heads, body in RULES if f"[data-backup-state={state}]" in heads]
    found = re.findall(r"var\(--backup-badge-(\w+)\)", "".join(bodies))
    assert (found or ["grey"]) == [state.color]


def test_books_get_the_rules_that_every_reader_knows() -> None:
    """Colours, boxes and lines are the same, in CSS that is older."""
    book = book_stylesheet()
    assert not re.search(r":(is|has|where)\(|@|&|nowrap", book)
    assert book.count("{") == book.count("}")
    assert re.search(
        r"h1 \.backup-badge ?,\s*h2 \.backup-badge ?,\s*h3 \.backup-badge ?\{", book
    )
    assert re.search(
        r"\.backup-table th ?,\s*\.backup-table td ?\{\s*border-bottom", book
    )
    assert "tbody th" in book
    for declaration in re.findall(r"--backup-[a-z-]+:[^;{}]+", CSS):
        assert declaration in book
    for style in STYLES[1:]:
        assert f".backup-badge-{style}" in book


def test_style_sheet_keeps_to_itself() -> None:
    """Every rule is about what is ours, asks nobody, and every look has its rule."""
    for selector, _ in RULES:
        assert re.search(r"backup-|:root|^\s*&", selector), selector
    assert not re.search(r"@import|url\(|@font-face", CSS)
    for style in STYLES[1:]:
        assert f".backup-badge-{style}" in CSS
