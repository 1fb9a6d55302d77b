"""The badge as a picture: whole, harmless, legible, and as wide as its words."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from backup_badge.provider import Answer
from backup_badge.providers.cloudback.picture import read_picture
from backup_badge.providers.cloudback.word import STATES, read_badge
from backup_badge.render.svg import render_badge
from backup_badge.values.mark import STYLES, BadgeMark
from backup_badge.values.source import Source
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.badge import Badge, describe

if TYPE_CHECKING:
    from playwright.sync_api import Page

SVG = "{http://www.w3.org/2000/svg}"
BADGE = Badge(
    source="orders-db",
    state=State.COMPLETED_WITH_ERRORS,
    label="Orders database",
    message="completed with errors",
    title="Orders database: the last backup completed with errors",
)

LATIN = [
    "Orders database",
    "iiillljjj",
    "WWWMMM@@@%%%",
    "To You, VAT AWAY; LT. Té",
    "11 of 12 succeeded",
    "office files, final",
    "Tägliche Sicherung für Köln & Łódź",
    "Zażółć gęślą jaźń – “ąśćź”…",
    "Cơ sở dữ liệu",
    "e\u0301a\u0308o\u0302 x\u0304q\u0303",
]
CJK = ["数据库备份", "データベース", "資料庫（全部）、備份。", "ﾊｯｸｱｯﾌ"]
OTHERS = [
    "😀 backup 👍🏽",
    "👩‍👩‍👧‍👦 🇩🇪 ❤️ 1️⃣",
    "قاعدة البيانات (1)",
    "מסד נתונים!",
    "Базы данных",
    "Βάση δεδομένων",
    "데이터베이스",
    "ﾃﾞｰﾀﾍﾞｰｽ",
    "สำรองข้อมูล",
    "डेटाबेस",
    "Z̷̢̛͍a̸̡͝l̵̨̛g̶̨̛o̷",
    "a\u200db\u200dc",
]
NASTY = [
    "<script>alert(1)</script>",
    '"/><svg onload="alert(1)',
    "' onload='alert(1)",
    "]]><!--<?x?>&amp;&#0;&bogus;",
    "<!DOCTYPE svg [<!ENTITY e 'x'>]>&e;",
    "\x00\x01\x08\x0b\x0c\x1b[31m\x7f\x85\x9f",
    "a\ud800b\udfffc\ufffe\uffff",
    "two\nlines\r\nand\ta tab\u2028\u2029",
    "\u202edeeccus\u2066\u200b\ufeff",
    "x" * 10_000,
]
STYLED = pytest.mark.parametrize("style", STYLES)


def draw(**changes: Any) -> Element:
    """The picture of the badge with these changes."""
    root: Element = fromstring(render_badge(replace(BADGE, **changes)))
    return root


def words(root: Element) -> list[str]:
    """The texts of a picture in their order."""
    return [text.text or "" for text in root.iter(f"{SVG}text")]


@STYLED
@pytest.mark.parametrize("state", State)
def test_a_picture_says_all_and_needs_nothing(state: State, style: str) -> None:
    """Name, label, message and sign are in it; what could act or clash is not."""
    root = draw(state=state, message=state.message, style=style)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert root.get("aria-label") == root[0].text == BADGE.title
    assert root[0].tag == f"{SVG}title"
    capital = str.upper if style == "for-the-badge" else str
    assert words(root) == [capital(BADGE.label), capital(state.message)]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "rect", "path", "text"),
        *(["style"] if style == "text" else []),
    }
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if re.match("id|class|on|.*href|src", name)}
    assert "url(" not in render_badge(replace(BADGE, state=state, style=style))


@STYLED
def test_each_state_has_a_sign_of_its_own(style: str) -> None:
    """Whoever sees no colours tells ten shapes apart."""
    pictures = [draw(state=state, style=style) for state in State]
    signs = {path.get("d") for root in pictures for path in root.iter(f"{SVG}path")}
    assert len(signs) == len(State)


@STYLED
def test_a_badge_without_a_label_is_one_box(style: str) -> None:
    """The left half is left out, and the picture is narrower by it."""
    whole, half = draw(style=style), draw(label="", style=style)
    assert words(half) == words(whole)[1:]
    assert int(half.get("width", "")) < int(whole.get("width", ""))
    assert draw(label="\x00 \n", style=style).get("width") == half.get("width")


def test_equal_badges_are_equal_pictures() -> None:
    """What isn't drawn (link, source, classes) doesn't change a byte."""
    other = replace(BADGE, source="x", link="javascript:alert(1)", classes=("wide",))
    assert render_badge(other) == render_badge(replace(BADGE)) != ""


@STYLED
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_a_nasty_text_stays_text(text: str, style: str) -> None:
    """Hostile words change words only, and what XML forbids becomes a space."""
    root = draw(label=text, message=text, title=text, style=style)
    kept = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", " ", text)
    said = " ".join(kept.split())
    assert root.get("aria-label") == said == (root[0].text or "")
    tame = draw(style=style, label="a" if said else "")
    assert [(element.tag, list(element.attrib)) for element in root.iter()] == [
        (element.tag, list(element.attrib)) for element in tame.iter()
    ]
    drawn = said.upper() if style == "for-the-badge" else said
    assert words(root) == [drawn] * len(words(tame))


@pytest.mark.parametrize("word", STATES)
@STYLED
def test_our_reader_reads_our_picture(word: str, style: str) -> None:
    """A site can watch the badge that another site publishes."""
    source = Source(name="orders-db", address=None, label="Orders database")
    status = Status(reported=STATES[word], state=STATES[word])
    badge = describe(BadgeMark(target="orders-db", style=style), {source: status})
    picture = render_badge(badge).encode()
    told = datetime(2026, 11, 28, tzinfo=UTC)
    answer = Answer(origin="the answer", body=picture, time=told)
    assert read_badge(answer).reported is STATES[word]
    read = read_picture(picture)
    assert read.names == (badge.title,)
    assert [text.lower() for text in read.texts] == ["orders database", word]


@STYLED
@pytest.mark.parametrize("state", State)
def test_every_text_and_sign_can_be_read(state: State, style: str) -> None:
    """The contrast is 4.5 : 1 at least, on the boxes or on light and dark pages."""
    root = draw(state=state, style=style)
    boxes = backgrounds(root)
    shine = [
        float(found) for found in re.findall(r"brightness\((.+?)\)", text_of(root))
    ]
    assert (bool(boxes), len(shine)) == ((False, 1) if style == "text" else (True, 0))
    for element in (*root.iter(f"{SVG}text"), *root.iter(f"{SVG}path")):
        kind = "stroke" if element.tag == f"{SVG}path" else "fill"
        ink = long_form(element.get(kind, ""))
        for page in boxes or ("#ffffff", "#000000"):
            assert contrast(ink, page) >= 4.5
        for page in DARK_PAGES if shine else ():
            assert contrast(brighten(ink, shine[0]), page) >= 4.5


# Of GitHub's two dark themes, and of code editors.
DARK_PAGES = ("#0d1117", "#22272e", "#1e1e1e")


def text_of(root: Element) -> str:
    return "".join(root.itertext())


def brighten(color: str, factor: float) -> str:
    """The colour behind CSS' filter ``brightness``."""
    bright = (min(round(value * factor), 255) for value in channels(color))
    return "#" + "".join(f"{value:02x}" for value in bright)


def backgrounds(root: Element) -> list[str]:
    """The colours of the boxes, with and without what shines over them."""
    rects = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill") != "none"]
    plain = [rect.get("fill", "") for rect in rects if not rect.get("fill-opacity")]
    return plain + [
        blend(fill, long_form(rect.get("fill", "")), float(opacity))
        for fill in plain
        for rect in rects
        if (opacity := rect.get("fill-opacity"))
    ]


def long_form(color: str) -> str:
    """``#fff`` as ``#ffffff``."""
    return "#" + "".join(digit * 2 for digit in color[1:]) if len(color) == 4 else color


def channels(color: str) -> list[int]:
    return [int(color[start : start + 2], 16) for start in (1, 3, 5)]


def blend(under: str, over: str, opacity: float) -> str:
    pairs = zip(channels(under), channels(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * opacity):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    shares = [value / 255 for value in channels(color)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page in Debian's Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("this machine has no Chromium to measure texts with")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield browser.new_page()
        browser.close()


MEASURE = """svg => {
  document.body.innerHTML = svg;
  const picture = document.querySelector("svg").getBoundingClientRect();
  return [...document.querySelectorAll("text")].map(text => {
    const { left, right } = text.getBoundingClientRect();
    const length = text.getComputedTextLength();
    text.removeAttribute("textLength");
    return { left: left - picture.left, right: right - picture.left,
             length, natural: text.getComputedTextLength() };
  });
}"""


def need_font(letter: str, family: str = "") -> None:
    """Skip where no font (of this family) draws the letter."""
    if shutil.which("fc-list") is None:
        pytest.skip("this machine has no fc-list to look for fonts with")
    asked = ["fc-list", f"{family}:charset={ord(letter):x}"]
    if not subprocess.run(asked, capture_output=True, check=True).stdout:
        pytest.skip(f"this machine has no font {family} that draws {letter}")


@pytest.mark.slow
@STYLED
@pytest.mark.parametrize("label", [*LATIN, *CJK])
def test_a_width_is_the_font_s(page: Page, label: str, style: str) -> None:
    """What we reckon for Latin and CJK is within 1 % of what a browser measures."""
    need_font("W", "DejaVu Sans")
    need_font(label[0])
    badge = replace(BADGE, label=label, style=style)
    measured = page.evaluate(MEASURE, render_badge(badge))
    assert len(measured) == 2
    for text in measured:
        assert text["length"] == pytest.approx(text["natural"], rel=0.01)


@STYLED
@pytest.mark.parametrize("label", [*LATIN, *CJK, *OTHERS])
def test_no_text_leaves_its_box(page: Page, label: str, style: str) -> None:
    """Whatever font there is, each text ends within its half of the picture.

    Letters are scaled for it: to set them apart would tear joined ones to pieces.
    """
    picture = render_badge(replace(BADGE, label=label, style=style))
    root = fromstring(picture)
    sign = root.find(f"{SVG}path").get("transform")
    split = float(re.match(r"translate\(([\d.]+)", sign)[1])
    adjusted = {text.get("lengthAdjust") for text in root.iter(f"{SVG}text")}
    assert adjusted == {"spacingAndGlyphs"}
    left, right = page.evaluate(MEASURE, picture)
    assert 0 <= left["left"] < left["right"] <= split
    assert split < right["left"] < right["right"] <= float(root.get("width"))
