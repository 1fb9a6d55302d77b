"""What a reader sees, in a real browser, with the clock moved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from loopback import Answer, HttpService, Request, json_answer

from backup_badge.documents.fields import Fields
from backup_badge.documents.records import read_status, to_document
from backup_badge.export import export_statuses
from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.render import assets, html
from backup_badge.values.mark import COLUMNS, STYLES
from backup_badge.values.problem import Category, Problem, ProblemError
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, judge
from backup_badge.view.badge import Badge, describe
from backup_badge.view.language import ENGLISH, Language, find_language
from backup_badge.view.table import tabulate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = timedelta(hours=26)
Known = dict[Source, Status]

pytestmark = pytest.mark.slow


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def source(name: str, *, max_age: timedelta | None = DAY, **values: Any) -> Source:
    """A source that is labelled with its name in capitals."""
    address = Address(provider="rackspace", segments=("backup", name))
    values = {"label": name.upper(), "address": address, **values}
    return Source(name=name, max_age=max_age, **values)


def status(reported: str, *, finished: float | None = 2, **values: Any) -> Status:
    """A status that was asked for at NOW and is not overdue; times are hours before."""
    values = {"checked": 0, "started": finished, "finished": finished, **values}
    values.setdefault("dated", False)
    values.setdefault("state", State(reported))
    times = ("started", "finished", "last_success", "checked")
    for name in times:
        if values.get(name) is not None:
            values[name] = NOW - hours(values[name])
    return Status(reported=State(reported), **values)


def badges(known: Known, language: Language = ENGLISH, **options: str) -> str:
    """A paragraph with a badge for each source."""
    shown = [
        describe(badge_mark(one.name, options), {one: known[one]}, language=language)
        for one in known
    ]
    return f"<p>{' and '.join(map(html.render_badge, shown))}</p>"


def group(known: Known) -> Badge:
    """The badge of the group "all"."""
    return describe(badge_mark("group:all", {}), known)


def table(known: Known, language: Language = ENGLISH, **options: str) -> str:
    """A table of the sources."""
    return html.render_table(
        tabulate(table_mark([], options), known, language=language)
    )


# The site and the browser

HEAD = (
    '<meta charset="utf-8"><title>Backups</title>'
    '<meta name="viewport" content="width=device-width">'
    '<link rel="stylesheet" href="site.css"><link rel="stylesheet" href="ours.css">'
)
SITE_CSS = """
body { background: #fff; color: #1f2328; font: 16px/1.5 sans-serif; margin: 16px }
@media (prefers-color-scheme: dark) {
  body { background: #0d1117; color: #e6edf3 }
  a { color: #58a6ff }
}
"""


class Site(HttpService):
    """Serves a page and what belongs to it, under the strictest usual policy."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.files: dict[str, Answer] = {"/favicon.ico": Answer()}
        self.put("/site.css", SITE_CSS, "text/css")
        self.put("/ours.css", assets.stylesheet(), "text/css")
        self.put("/ours.js", assets.script(), "text/javascript")
        self.put("/table.js", assets.table_script(), "text/javascript")

    def put(self, path: str, text: str, kind: str) -> None:
        """Serve a text."""
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Security-Policy": "default-src 'self'",
        }
        self.files[path] = Answer(headers=headers, body=text.encode())

    def answer(self, request: Request) -> Answer:
        """Answer what was put, and remember what was asked for."""
        self.asked.append(request.path)
        return self.files.get(request.path, Answer(status=404))


@dataclass(kw_only=True)
class Reader:
    """A reader with a browser and a clock."""

    site: Site
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def open(
        self,
        body: str,
        *,
        after: timedelta = timedelta(),
        lang: str = "en",
        language: Language = ENGLISH,
        status_file: str | None = None,
        script: bool = True,
        **settings: Any,
    ) -> Page:
        """Open a page with this body so long after NOW."""
        scripts = ""
        if script:
            named = f' data-status="{status_file}"' if status_file else ""
            words = assets.words_name(language)
            if words:
                text = assets.contents(language)[words]
                self.site.put(f"/{words}", text, "text/javascript")
                scripts = f'<script defer src="{words}"></script>'
            scripts += (
                '<script defer src="table.js"></script>'
                f'<script defer src="ours.js"{named}></script>'
            )
        page_html = (
            f'<!doctype html><html lang="{lang}"><head>{HEAD}{scripts}</head>'
            f"<body><main><h1>Backups</h1>{body}</main></body></html>"
        )
        self.site.put("/index.html", page_html, "text/html")
        context = self.browser.new_context(timezone_id="Europe/Berlin", **settings)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.add_init_script(
            """let news = 0; addEventListener("backup-badge", () => {
              document.documentElement.dataset.news = ++news;
            })"""
        )
        page.clock.install(time=NOW + after)
        page.goto(f"{self.site.url}/index.html")
        return page

    def follow(self, body: str, document: object, **values: Any) -> Page:
        """Open a page whose site publishes this status file, and wait for its news."""
        self.site.files["/status.json"] = json_answer(document)
        page = self.open(body, status_file="status.json", **values)
        page.locator("html[data-news='2']").wait_for(state="attached")
        return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("this machine has no Chromium to read pages with")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield started
        started.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    """A reader; the browser must have nothing to complain of, nor ask anybody else."""
    with Site() as site:
        reader = Reader(site=site, browser=browser)
        yield reader
        for context in browser.contexts:
            context.close()
    assert reader.complaints == []


def seen(page: Page) -> list[dict[str, str]]:
    """The badges of a page: state, sign, text and title."""
    found: list[dict[str, str]] = page.locator(".backup-badge").evaluate_all(
        """badges => badges.map(badge => ({
          state: badge.dataset.backupState,
          sign: badge.querySelector(".backup-badge-sign").textContent.trim(),
          text: badge.querySelector(".backup-badge-message").textContent.slice(2),
          title: badge.title,
        }))"""
    )
    return found


def states(page: Page) -> list[str]:
    """The states of the badges of a page."""
    return [badge["state"] for badge in seen(page)]


EVERY_STATE = {source(state.value): status(state) for state in State}
LONG = Details(errors=7, files=10**6, bytes=10**12, restorable=True, reason="why " * 30)


# How it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(reader: Reader, scheme: Any) -> None:
    """All states in all styles, and tables, pass axe's rules in light and in dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    linked = {
        replace(one, link="https://example.org/"): known
        for one, known in EVERY_STATE.items()
    }
    body = "".join(badges(EVERY_STATE, style=style) for style in STYLES)
    body += "".join(badges(linked, style=style) for style in STYLES)
    body += table(linked) + table(linked, columns="source,state", caption="Two")
    page = reader.open(body, color_scheme=scheme)
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert "color-contrast" in {rule["id"] for rule in results.response["passes"]}
    page.set_viewport_size({"width": 360, "height": 640})
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


CONTRASTS = """elements => {
  const light = text => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = element => {
    const color = getComputedStyle(element).backgroundColor;
    return color == "rgba(0, 0, 0, 0)" ? ground(element.parentElement) : color;
  };
  return elements.map(element => {
    const pair = [getComputedStyle(element).color, ground(element)].map(light).sort();
    return (pair[1] + 0.05) / (pair[0] + 0.05);
  });
}"""


@pytest.mark.parametrize(
    ("scheme", "media"), [("light", "screen"), ("dark", "screen"), ("light", "print")]
)
def test_contrast(reader: Reader, scheme: Any, media: Any) -> None:
    """Labels and messages have 4.5 : 1 in every state and style, on paper too."""
    page = reader.open(
        "".join(badges(EVERY_STATE, style=style) for style in STYLES),
        color_scheme=scheme,
    )
    page.emulate_media(media=media)
    parts = page.locator(".backup-badge-label, .backup-badge-message")
    contrasts = parts.evaluate_all(CONTRASTS)
    assert len(contrasts) == 2 * len(STYLES) * len(State)
    assert min(contrasts) >= 4.5


def test_boxes_without_backgrounds(reader: Reader) -> None:
    """On paper and with forced colours a border stands where a background can't."""
    page = reader.open(badges(EVERY_STATE))
    borders = "parts => parts.map(part => getComputedStyle(part).borderStyle)"
    parts = page.locator(".backup-badge-label, .backup-badge-message")
    assert set(parts.evaluate_all(borders)) == {"none"}
    for media in ({"media": "print"}, {"media": "screen", "forced_colors": "active"}):
        page.emulate_media(**media)  # type: ignore[arg-type]
        assert set(parts.evaluate_all(borders)) == {"solid"}


def test_text_like_any_other(reader: Reader) -> None:
    """A badge is selected and copied as text, joined without a gap, in one line."""
    known = {source("a", label="Orders database"): status("succeeded")}
    page = reader.open(badges(known) + "<p>plain</p>", script=False)
    page.locator(".backup-badge").evaluate("b => getSelection().selectAllChildren(b)")
    copied = page.evaluate("getSelection().toString()")
    assert copied == "Orders database: ✓\N{NO-BREAK SPACE}succeeded"
    label, message = page.locator(".backup-badge > :not(.backup-badge-colon)").all()
    left, right = label.bounding_box(), message.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] == pytest.approx(right["x"], abs=0.1)
    assert left["height"] == right["height"]
    heights = page.locator("p").evaluate_all("p => p.map(p => p.offsetHeight)")
    assert heights[0] == heights[1]


THEME_CSS = """
.theme table.striped:not(.plain) tr:nth-child(odd) td { background: #eee }
.theme table.striped:not(.plain) :is(td, th) { white-space: nowrap }
table { caption-side: bottom; margin: 0 auto }
th { font-weight: inherit }
h1 { font-weight: 200 }
"""


def test_what_themes_do(reader: Reader) -> None:
    """No theme stripes half a table, moves its caption, or thins a heading's badge."""
    reader.site.put("/site.css", THEME_CSS, "text/css")
    body = table(PAGE, caption="Backups", **{"class": "striped"})
    page = reader.open(f"<div class=theme><h1>{badges(PAGE)}</h1>{body}</div>")
    style = "all => [...new Set(all.map(one => getComputedStyle(one).{}))]"
    for selector, name, expected in (
        (".backup-table :is(th, td)", "backgroundColor", "rgba(0, 0, 0, 0)"),
        (".backup-table :is(th, td)", "whiteSpace", "normal"),
        (".backup-table", "captionSide", "top"),
        (".backup-table", "marginLeft", "0px"),
        ("thead th", "fontWeight", "600"),
        ("h1 .backup-badge", "fontWeight", "500"),
    ):
        found = page.locator(selector).evaluate_all(style.format(name))
        assert found == [expected], name


SHIFTS = """new PerformanceObserver(list => {
  // Less than a thousandth of the window is less than a reader sees.
  for (const { value } of list.getEntries())
    if (value > 0.001) document.documentElement.dataset.shift = value;
}).observe({ type: "layout-shift", buffered: true });"""


def test_nothing_moves_while_it_loads(reader: Reader) -> None:
    """What is shown first stays where it is, the script's work included."""
    body = (badges(EVERY_STATE) + "<p>text</p>") * 3 + table(EVERY_STATE)
    page = reader.open(body, after=hours(1))
    page.wait_for_load_state("networkidle")
    page.evaluate(SHIFTS)
    page.wait_for_timeout(200)
    assert page.locator("[data-shift]").count() == 0
    # The measure measures.
    page.locator("h1").evaluate("heading => { heading.hidden = true }")
    page.locator("[data-shift]").wait_for(state="attached")


def test_paper(reader: Reader) -> None:
    """On paper nothing is cut, and a badge says when: nobody can point at it."""
    known = {one: replace(said, details=LONG) for one, said in EVERY_STATE.items()}
    page = reader.open(
        badges(known) + table(known, columns=",".join(COLUMNS)),
        viewport={"width": 700, "height": 900},
    )
    page.emulate_media(media="print")
    right = page.locator("td, th, .backup-badge").evaluate_all(
        "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    )
    assert right <= 684
    after = "badges => badges.map(one => getComputedStyle(one, '::after').content)"
    (said, *_), table_says = (
        page.locator(f"{place} .backup-badge").evaluate_all(after)
        for place in ("p", "td")
    )
    why = f"last backup failed on 20 November 2026, 02:00 UTC; {LONG.reason}"
    assert said == f'" ({why})"'
    # There a column tells it.
    assert set(table_says) == {"none"}


def test_narrow_screen(reader: Reader) -> None:
    """On 360 pixels nothing is cut and nothing has to be scrolled sideways."""
    long = source("x", label="Customer relationship management, north-western region")
    known = {**EVERY_STATE, long: status("failed", details=LONG)}
    page = reader.open(
        badges(known, style="for-the-badge") + badges(known) + table(known),
        viewport={"width": 360, "height": 640},
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    right = page.locator("td, th, .backup-badge").evaluate_all(
        "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    )
    assert right <= 344
    heading = page.locator("td[data-backup-column=state]").first
    assert "State" in heading.evaluate("e => getComputedStyle(e, '::before').content")


WORD = "Datensicherungs" * 6
MANY = ",".join(COLUMNS[:9])


@pytest.mark.parametrize("lang", ["en", "ar", "de"])
def test_tables_fit(reader: Reader, lang: str) -> None:
    """From 320 to 1920 pixels no table is cut or makes its page wider."""
    language = find_language(None, lang)
    attributes = ' dir="rtl"' if lang == "ar" else ""
    long = Details(reason=WORD)
    known = {
        **EVERY_STATE,
        source("w", label=WORD, owner=WORD): status("failed", details=long),
        source("l", label=WORD, link="https://example.org/"): status("succeeded"),
    }
    tables = [
        table(known, language),
        table(known, language, columns=MANY),
        table(known, language, columns=",".join(COLUMNS), caption=WORD),
        table(known, language, columns=f"source,state={WORD}"),
    ]
    body = f"<div{attributes}>{''.join(tables)}</div>"
    page = reader.open(body, after=hours(1), lang=lang, language=language)
    for width in (320, 480, 768, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # The last has a heading that cannot be broken, and scrolls by itself.
        hidden = page.locator(".backup-table-scroll").evaluate_all(
            "all => all.slice(0, 3).map(one => one.scrollWidth - one.clientWidth)"
        )
        assert hidden == [0, 0, 0], width


def test_a_table_on_a_phone(reader: Reader) -> None:
    """It can be sorted by buttons that a finger finds, and is told as a table."""
    known = {**RUNS, source("x"): status("succeeded")}
    page = reader.open(table(known), viewport={"width": 320, "height": 640})
    button = page.get_by_role("button", name="Source", exact=True)
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    button.click()
    assert [row[0] for row in rows(page)] == sorted(row[0] for row in rows(page))
    # Cells without a text keep their place among the columns.
    tree = page.get_by_role("table", name="Backup status").aria_snapshot()
    for line in ('columnheader "Message"', 'row "WIKI failed', 'rowheader "GIT"'):
        assert line in tree
    per_row = page.get_by_role("row").evaluate_all(
        "rows => rows.map(row => row.cells.length)"
    )
    assert page.get_by_role("cell").count() == sum(per_row) - 4 - len(known)


def test_without_hue(reader: Reader) -> None:
    """What failed is darker than what is overdue; with forced colours it is filled."""
    known = {source(name): status(name) for name in ("failed", "overdue")}
    page = reader.open(badges(known))
    messages = page.locator(".backup-badge-message")
    failed, overdue = (1.05 / contrast for contrast in messages.evaluate_all(CONTRASTS))
    # As luminances with 0.05 added, as WCAG has them.
    assert overdue / failed > 1.6
    page.emulate_media(forced_colors="active")
    grounds = messages.evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert grounds[0] != grounds[1]


# Honest with time

HOURS_LATER = [0, 3, 10, 24.5, 30, 200, 9000]
TIMES = [
    {"started": started, "finished": finished, "last_success": last}
    for started, finished, last in product((None, 21), (None, 2, 20), (None, 1, 25))
    if started or not finished
]
GRID = {
    source(f"s{number}", max_age=max_age): (reported, times)
    for number, (reported, max_age, times) in enumerate(
        product(State, (None, DAY), TIMES)
    )
}
"""Every state with every kind of times, with and without a max_age."""


def judged(later: float = 0) -> Known:
    """The grid of statuses, judged so many hours after NOW."""
    return {
        one: judge(
            status(reported, **times),
            max_age=one.max_age,
            now=NOW + hours(later),
            dated=False,
        )
        for one, (reported, times) in GRID.items()
    }


def judged_as_time_passes(page: Page) -> Iterator[tuple[list[State], list[str]]]:
    """Move the clock of a page; yield what a build would say then and what it says."""
    passed = 0.0
    for later in HOURS_LATER:
        page.clock.fast_forward(round((later - passed) * 3_600_000))
        passed = later
        yield [known.state for known in judged(later).values()], states(page)


def test_the_browser_judges_as_the_build_does(reader: Reader) -> None:
    """Every state at every age is what a build at the reader's time would say."""
    page = reader.open(badges(judged()))
    for expected, found in judged_as_time_passes(page):
        assert found == expected
        assert [badge["sign"] for badge in seen(page)] == [s.sign for s in expected]


@pytest.mark.parametrize("before", ["succeeded", "failed", "unknown"])
def test_the_file_is_judged_as_the_build_does(reader: Reader, before: str) -> None:
    """A page that is older than the file says what a build from the file would."""
    old = {one: status(before, finished=60, checked=50) for one in GRID}
    page = reader.follow(badges(old), to_document(judged(), generated=NOW))
    for expected, found in judged_as_time_passes(page):
        assert found == expected


@pytest.mark.parametrize("newer", [False, True])
def test_never_greener_by_an_older_file(reader: Reader, newer: bool) -> None:
    """A newer file is believed, an older one only where it tells of something worse."""
    pairs = list(product(State, State))
    there = {source(f"s{number}"): status(old) for number, (old, _) in enumerate(pairs)}
    checked = -0.5 if newer else 0.5
    file = {
        one: status(new, checked=checked)
        for one, (_, new) in zip(there, pairs, strict=True)
    }
    document = to_document(file, generated=NOW + hours(9))
    page = reader.follow(badges(there), document, after=hours(1))
    assert states(page) == [
        new if newer else min(old, new, key=lambda state: state.rank)
        for old, new in pairs
    ]


def test_overdue_while_the_page_is_open(reader: Reader) -> None:
    """A page that stays open does not stay green."""
    page = reader.open(badges({source("a"): status("succeeded")}))
    assert states(page) == ["succeeded"]
    page.clock.fast_forward(24 * 3600 * 1000 - 90_000)
    assert states(page) == ["succeeded"]
    page.clock.fast_forward(180_000)
    assert states(page) == ["overdue"]


RAN = "succeeded on 20 November 2026, 02:00 UTC"
TOLD = {
    "young": (
        (source("a"), status("succeeded"), 1),
        "succeeded",
        f"last backup {RAN} (3 hours ago)",
    ),
    "overdue": (
        (source("a"), status("succeeded"), 25),
        "overdue",
        f"overdue: last backup {RAN} (1 day ago)",
    ),
    "overdue when built": (
        (source("a"), status("succeeded", state=State.OVERDUE), 25),
        "overdue",
        f"backup overdue; last backup {RAN} (1 day ago); no success within 26h",
    ),
    "overdue, and no news": (
        (source("a"), status("in_progress", last_success=9), 30),
        "overdue, as of 20 Nov, 04:00",
        "overdue: backup in progress since 20 November 2026, 02:00 UTC (1 day ago),"
        " as of 20 Nov, 04:00",
    ),
    "bad and no news": (
        (source("a"), status("failed", details=Details(reason="disk full")), 30),
        "failed, as of 20 Nov, 04:00",
        "last backup failed on 20 November 2026, 02:00 UTC (1 day ago); disk full,"
        " as of 20 Nov, 04:00",
    ),
    "six days without max_age": (
        (source("a", max_age=None), status("succeeded"), 6 * 24),
        "succeeded",
        f"last backup {RAN} (6 days ago)",
    ),
    "eight days without max_age": (
        (source("a", max_age=None), status("succeeded"), 8 * 24),
        "succeeded, as of 20 Nov, 04:00",
        f"last backup {RAN} (8 days ago), as of 20 Nov, 04:00",
    ),
    "undated": (
        (source("a"), status("succeeded", finished=None), 26.5),
        "overdue, as of 20 Nov, 04:00",
        "overdue: last backup succeeded; when it ran is not told, so its age"
        " cannot be judged, as of 20 Nov, 04:00",
    ),
    "unknown": (
        (source("a"), status("unknown", checked=None), 9000),
        "unknown",
        "status unknown",
    ),
}


@pytest.mark.parametrize(("page_", "text", "title"), TOLD.values(), ids=TOLD)
def test_what_is_told(
    reader: Reader, page_: tuple[Source, Status, float], text: str, title: str
) -> None:
    """The tooltip tells the whole, the badge what is not as built."""
    one, known, later = page_
    page = reader.open(badges({one: known}), after=hours(later))
    (badge,) = seen(page)
    assert (badge["text"], badge["title"]) == (text, title)


@pytest.mark.parametrize(
    ("lang", "said"),
    [("de", "vor 3 Stunden"), ("fr-CH", "il y a 3 heures"), ("en_US", "3 hours ago")],
)
def test_language(reader: Reader, lang: str, said: str) -> None:
    """Relative times are in the page's language, even where it is written wrongly."""
    body = badges({source("a"): status("succeeded")})
    page = reader.open(body, lang=lang, after=hours(1), locale="ja-JP")
    (badge,) = seen(page)
    assert badge["title"].endswith(f" 02:00 UTC ({said})")


NOTHING = Problem(category=Category.TIMEOUT, message="example.org is slow")


def test_words(reader: Reader) -> None:
    """What the script says is in the page's language, and what it is told, too."""
    german = find_language("de")
    silent = status("unknown", finished=None, checked=-1, problem=NOTHING)
    ping = Details(reason="no ping since 2026-11-19 04:00 UTC")
    old = status("stopped", finished=30, last_success=30, checked=-1, details=ping)
    news = {source("gone"): silent, source("old"): old}
    before = {
        **{one: status("succeeded", finished=30, checked=2) for one in news},
        source("late"): status("succeeded", finished=20),
        source("kept"): status("succeeded", stale=True),
    }
    mark = badge_mark("group:all", {})
    body = badges(before, german) + html.render_badge(
        describe(mark, before, language=german)
    )
    document = to_document(news, generated=NOW)
    page = reader.follow(
        body, document, after=hours(7), lang="de", language=german, locale="de-AT"
    )
    assert [(one["text"], one["title"]) for one in seen(page)] == [
        (
            "unbekannt",
            "unbekannt; das Sicherungssystem hat nicht rechtzeitig geantwortet",
        ),
        (
            "angehalten, kein Erfolg binnen 26\xa0h",
            "angehalten, kein Erfolg binnen 26\xa0h, 18. November 2026, 22:00 UTC"
            " (vor 1 Tag); kein Ping seit 19. November 2026, 04:00 UTC",
        ),
        (
            "überfällig",
            "überfällig: letzte Sicherung am 19. November 2026, 08:00 UTC"
            " (vor 1 Tag) erfolgreich",
        ),
        (
            "erfolgreich, Stand 20. Nov., 04:00",
            "letzte Sicherung am 20. November 2026, 02:00 UTC (vor 9 Stunden)"
            " erfolgreich; das ist die Antwort vom 20. November 2026, 04:00 UTC",
        ),
        (
            "überfällig, 1 von 4 erfolgreich, Stand 20. Nov., 04:00",
            "überfällig, 1 von 4 erfolgreich; late überfällig",
        ),
    ]
    assert page.locator(".backup-badge-as-of").first.get_attribute("datetime") == (
        "2026-11-20T04:00:00Z"
    )


STARTS = """element => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const starts = [];
  for (let node; node = walker.nextNode();) {
    for (let i = 0; i < node.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      if (/[a-z0-9]/i.test(node.data[i])) starts.push(range.getBoundingClientRect().x);
    }
  }
  return starts;
}"""


def test_a_page_from_right_to_left(reader: Reader) -> None:
    """Numbers, units and words stay in order, and a badge's label before its word."""
    arabic = find_language(None, "ar")
    told = Details(bytes=1_500_000, duration=7500)
    test = source("restore:a", label="استعادة")
    slow = Problem(category=Category.TIMEOUT, message="slow")
    known = {
        source("a", label="قاعدة 2", restore=test): status("stopped", details=told),
        source("b", label="Wiki 2"): status("unknown", finished=None, problem=slow),
    }
    mark = table_mark([], {"columns": "source,state,size,restored,message"})
    restores = {test: status("succeeded", details=told)}
    shown = tabulate(mark, known, restores=restores, language=arabic)
    group = describe(badge_mark("group:all", {}), known, language=arabic)
    body = badges(known, arabic) + html.render_badge(group) + html.render_table(shown)
    page = reader.open(
        f'<div dir="rtl" lang="ar">{body}</div>', after=hours(30), lang="ar"
    )
    assert page.locator(".backup-badge").first.get_attribute("lang") == "en"
    for badge in page.locator("p .backup-badge").all():
        label, message = (
            badge.locator(f".backup-badge-{part}").bounding_box()
            for part in ("label", "message")
        )
        assert label and message
        assert label["x"] + label["width"] <= message["x"] + 1
    texts = page.locator(".backup-badge-message, td, .backup-table-note").all()
    seen_starts = [text.evaluate(STARTS) for text in texts]
    assert sum(map(len, seen_starts)) > 100
    for text, starts in zip(texts, seen_starts, strict=True):
        assert starts == sorted(starts), text.inner_text()


def test_without_scripts(reader: Reader) -> None:
    """Everything is there without the scripts, as of the build."""
    known = {**EVERY_STATE, source("x"): status("succeeded", finished=None)}
    body = badges(known) + table(known)
    page = reader.open(body, after=hours(999), java_script_enabled=False, script=False)
    green = {"in progress", "scheduled", "succeeded"}
    words = [known.state.message for known in known.values()]
    expected = [f"{word}, 20 Nov" if word in green else word for word in words]
    found = page.locator("p .backup-badge-message").all_inner_texts()
    assert [text[2:] for text in found] == expected
    times = page.locator("td[data-backup-column=last_success]").all_inner_texts()
    assert times.count("2026-11-20 02:00 UTC") == 1
    # The reason needs no script.
    red = page.locator("p .backup-badge").first
    assert reason(red) == "none"
    red.focus()
    assert "last backup failed on 20 November" in reason(red)


@pytest.mark.parametrize("later", [0, 3, 30])
def test_group(reader: Reader, later: float) -> None:
    """A group is counted again: by the clock, and by the file."""
    members = {
        source("a"): status("succeeded"),
        source("b"): status("succeeded", finished=25),
        source("c", max_age=None): status("in_progress"),
    }

    def at(known: Known) -> Badge:
        moment = NOW + hours(later)
        return group(
            {
                one: judge(said, max_age=one.max_age, now=moment, dated=False)
                for one, said in known.items()
            }
        )

    body = f"<p>{html.render_badge(group(members))}</p>"
    page = reader.open(body, after=hours(later))
    expected = at(members)
    (badge,) = seen(page)
    assert badge["state"] == expected.state
    assert badge["text"].split(", as of")[0] == expected.message
    same = expected.message == group(members).message
    assert badge["title"].startswith("2 of 3" if same else expected.message + "; ")

    file = {
        source("a"): status("failed", finished=1, checked=-0.1),
        source("c", max_age=None): status("succeeded", finished=1, checked=-0.1),
    }
    page = reader.follow(body, to_document(file, generated=NOW), after=hours(later))
    expected = at({**members, **file})
    (badge,) = seen(page)
    assert badge["state"] == expected.state
    assert badge["text"].split(", as of")[0] == expected.message


# The status file

PAGE: Known = {source("a"): status("succeeded")}
FAILED = {"reported_state": "failed"}
SLOW = {"category": "timeout", "message": "it is slow"}
MARKUP = '"><img src=x onerror="window.ran = 1"><script>window.ran = 1</script>'


def test_news(reader: Reader) -> None:
    """News of another run change state, time and sentence."""
    news = {source("a"): status("failed", finished=-1, checked=-2)}
    page = reader.follow(badges(PAGE), to_document(news, generated=NOW), after=hours(4))
    (badge,) = seen(page)
    assert badge["state"] == "failed"
    assert badge["text"] == "failed"
    assert badge["title"] == "failed, 20 November 2026, 05:00 UTC (3 hours ago)"
    time = page.locator("time.backup-badge-message")
    assert time.get_attribute("datetime") == "2026-11-20T05:00:00Z"


def record(**values: Any) -> dict[str, Any]:
    """What a file says of the source "a" a second after the page, if not otherwise."""
    return {
        "address": "rackspace:backup/a",
        "reported_state": "succeeded",
        "finished": "2026-11-20T03:00:00Z",
        "checked": "2026-11-20T04:00:01Z",
        "details": {},
        **values,
    }


DOUBTS = {
    "nothing": (record(), "succeeded"),
    "no word": ({"address": "rackspace:backup/a"}, "unknown"),
    "a word nobody knows": (record(reported_state="splendid"), "unknown"),
    "a word of objects": (record(reported_state="constructor"), "unknown"),
    "a word with markup": (record(reported_state=MARKUP), "unknown"),
    "a list": (record(reported_state=["succeeded"]), "unknown"),
    "a judgement alone": (record(reported_state=None, state="failed"), "unknown"),
    "no times": (record(finished=None, checked=None), "unknown"),
    "no time": (record(finished=MARKUP), "unknown"),
    "a number": (record(finished=7), "unknown"),
    "a time to come": (record(finished="2027-01-01T00:00:00Z"), "unknown"),
    "an old success": (record(finished="2026-11-18T03:00:00Z"), "overdue"),
    "a checked that is no text": (record(checked=5), "unknown"),
    "another address": (record(address="rackspace:backup/c", **FAILED), "succeeded"),
    "no address": (record(address=None, **FAILED), "succeeded"),
    "not an object": ("succeeded", "succeeded"),
    "null": (None, "succeeded"),
    "older": (record(checked="2026-11-20T03:59:59Z"), "succeeded"),
    "older and worse": (record(checked="2026-11-20T03:30:00Z", **FAILED), "failed"),
    "no check and worse": (record(checked=None, **FAILED), "failed"),
    "remembered": (record(problem=SLOW), "succeeded"),
    "remembered and without times": (record(problem=SLOW, finished=None), "unknown"),
    "a problem that is none": (record(problem="slow"), "unknown"),
    "details that are none": (record(details=[1]), "unknown"),
    "a flag that is a text": (record(details={"never_ran": "no"}), "unknown"),
}


@pytest.mark.parametrize(("entry", "state"), DOUBTS.values(), ids=DOUBTS)
def test_doubts(reader: Reader, entry: Any, state: str) -> None:
    """What cannot be relied on is not green, and spoils no other badge."""
    known = {**PAGE, source("b"): status("succeeded")}
    other = record(address="rackspace:backup/b", **FAILED)
    document = {"schema": 1, "sources": {"a": entry, "b": other}}
    page = reader.follow(badges(known), document, after=hours(1))
    assert states(page) == [state, "failed"]


IN_ZONES = {
    "2026-11-20T04:00:01": True,
    "2026-11-20T04:00": False,
    "2026-11-20T18:00:01+14:00": True,
    "2026-11-20T17:59:59+14:00": False,
    "2026-11-19T16:00:01-12:00": True,
    "2026-11-19T15:59:59-12:00": False,
    "2026-11-20T04:00:00.900Z": False,
}


@pytest.mark.parametrize(("checked", "newer"), IN_ZONES.items(), ids=IN_ZONES)
def test_newer_is_told_by_instants(reader: Reader, checked: str, newer: bool) -> None:
    """An entry is newer by when it was checked, however that is written."""
    page_ = {source("a"): status("failed", checked=0)}
    document = {"schema": 1, "sources": {"a": record(checked=checked)}}
    page = reader.follow(badges(page_), document, after=hours(1))
    assert states(page) == ["succeeded" if newer else "failed"]


def test_an_entry_is_found_by_its_address(reader: Reader) -> None:
    """Another site may name the same source otherwise."""
    document = {"schema": 1, "sources": {"orders": record(**FAILED)}}
    page = reader.follow(badges(PAGE), document, after=hours(1))
    assert states(page) == ["failed"]


def test_an_answer_that_stands_in(reader: Reader) -> None:
    """A remembered answer in the file says when it was given, and why it is old."""
    document = {"schema": 1, "sources": {"a": record(problem=SLOW)}}
    page = reader.follow(badges(PAGE), document, after=hours(1))
    (badge,) = seen(page)
    assert badge["text"] == "succeeded, as of 20 Nov, 04:00"
    assert "it is slow" in badge["title"]
    assert page.locator("[data-backup-stale]").count() == 1


def test_a_clock_that_is_behind(reader: Reader) -> None:
    """A reader whose clock is slow sees what was built, and no better."""
    known = {source("a"): status("succeeded"), source("b"): status("failed")}
    page = reader.open(badges(known), after=-hours(9))
    assert states(page) == ["succeeded", "failed"]


@pytest.mark.parametrize("scripts", [1, 2])
def test_content_that_is_exchanged(reader: Reader, scripts: int) -> None:
    """What a theme puts into an open page is judged at once, by one script."""
    body = badges(PAGE) + table(PAGE)
    page = reader.open("<p>nothing yet</p>", after=hours(30))
    for _ in range(scripts - 1):
        # A theme may run the scripts of the content that it puts in.
        page.add_script_tag(url="table.js")
        page.add_script_tag(url="ours.js")
    page.evaluate("html => { document.querySelector('main').innerHTML = html }", body)
    page.locator("[data-backup-state=overdue]").nth(1).wait_for()
    assert states(page) == ["overdue"] * 2
    assert page.locator("thead").get_by_role("button").count() == 3


def test_inlined(reader: Reader) -> None:
    """A page that links nothing is judged by what it holds, however often it does."""
    with Site() as site:
        block = assets.inline_block()
        text = f"<!doctype html>{block}{badges(PAGE)}{block}{table(PAGE)}"
        site.put("/alone.html", text, "text/html")
        site.files["/alone.html"].headers.pop("Content-Security-Policy")
        page = reader.browser.new_page()
        page.clock.install(time=NOW + hours(30))
        page.goto(f"{site.url}/alone.html")
        assert states(page) == ["overdue"] * 2
        assert page.locator("thead").get_by_role("button").count() == 3
        page.close()


def test_a_long_message_in_a_narrow_place(reader: Reader) -> None:
    """A badge in a table breaks its line where it has no room, and is not cut off."""
    known = {source("db"): status("completed_with_errors", last_success=40, finished=1)}
    page = reader.open(table(known), viewport={"width": 320, "height": 600})
    assert "no success within 26h" in seen(page)[0]["text"]
    scroll = page.locator(".backup-table-scroll")
    assert scroll.evaluate("part => part.scrollWidth <= part.clientWidth")


def test_the_exported_page(reader: Reader, tmp_path: Path) -> None:
    """The page of an export grows old like any other, and its table can be sorted."""
    export_statuses(PAGE, tmp_path, generated=NOW)
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
    for path in tmp_path.iterdir():
        kind = kinds.get(path.suffix, "application/json")
        reader.site.put(f"/{path.name}", path.read_text(encoding="utf-8"), kind)
    page = reader.browser.new_page()
    page.on("console", lambda message: reader.complaints.append(message.text))
    page.clock.install(time=NOW + hours(1))
    page.goto(f"{reader.site.url}/index.html")
    assert states(page) == ["succeeded"]
    assert page.locator("thead").get_by_role("button").count() == 3
    page.clock.fast_forward(25 * 3_600_000)
    assert states(page) == ["overdue"]
    page.close()


def test_the_reason_without_a_mouse(reader: Reader) -> None:
    """What is not green can be focused, and then shows why; what is green cannot."""
    full = Details(reason="disk full")
    known = {source("a"): status("succeeded"), source("b"): status("failed")}
    told_why = {source("b"): status("failed", details=full)}
    body = badges(known) + table(told_why) + table(known, columns="source,state")
    page = reader.open(body, after=hours(1))
    green, red, _, told, _ = page.locator(".backup-badge").all()
    assert reason(red) == "none"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.backupSource") == "b"
    assert "last backup failed on 20 November" in reason(red)
    # Escape hides it and keeps the focus, Enter shows it again.
    page.keyboard.press("Escape")
    assert reason(red) == "none"
    assert page.evaluate("document.activeElement.dataset.backupSource") == "b"
    page.keyboard.press("Enter")
    assert "last backup failed" in reason(red)
    # The table with messages has no badge to stop at, the one without has one.
    assert page.locator("td .backup-badge[tabindex]").count() == 1
    assert told.get_attribute("title") == (
        "last backup failed on 20 November 2026, 02:00 UTC (3 hours ago)"
    )
    # What turns in the browser can be focused from then on.
    page.clock.fast_forward(30 * 3_600_000)
    assert (green.get_attribute("tabindex"), green.get_attribute("role")) == (
        "0",
        "button",
    )


def reason(badge: Locator) -> str:
    """What the style sheet shows beside a badge."""
    shown: str = badge.evaluate("badge => getComputedStyle(badge, '::after').content")
    return shown


WIDTH = """badge => {
  const style = getComputedStyle(badge, "::after");
  return parseFloat(style.width);
}"""


def test_the_reason_by_touch(reader: Reader) -> None:
    """A tap shows the reason and another hides it; a link is followed by a second."""
    page = reader.open(
        badges({source("a"): status("failed", details=LONG)})
        + badges({source("b", link="#there"): status("failed")}),
        viewport={"width": 320, "height": 640},
        has_touch=True,
    )
    plain, link = page.locator(".backup-badge").all()
    for shows in (True, False, True):
        plain.tap()
        assert ("last backup failed" in reason(plain)) is shows
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert 100 < plain.evaluate(WIDTH) <= 320
    link.tap()
    assert "last backup failed" in reason(link)
    assert reason(plain) == "none"
    assert not page.url.endswith("#there")
    link.tap()
    assert page.url.endswith("#there")


def test_a_remembered_answer_is_seen(reader: Reader) -> None:
    """It has an outline in any colours, and the words say of when it is."""
    slow = Problem(category=Category.TIMEOUT, message="it is slow")
    old = status("succeeded", stale=True, problem=slow)
    page = reader.open(badges({source("a"): old, source("b"): status("succeeded")}))
    outline = "badges => badges.map(badge => getComputedStyle(badge).outlineStyle)"
    for colors in ("none", "active"):
        page.emulate_media(forced_colors=colors)  # type: ignore[arg-type]
        found = page.locator(".backup-badge").evaluate_all(outline)
        assert found == ["dashed", "none"]
    first, second = seen(page)
    assert (first["text"], second["text"]) == (
        "succeeded, as of 20 Nov, 04:00",
        "succeeded",
    )
    assert "did not answer in time" in first["title"]


texts = st.none() | st.sampled_from(["", "x", MARKUP])
junk = st.sampled_from(
    [
        5,
        ["2026-11-20T03:00:00Z"],
        "yesterday",
        "2026-11-20",
        "2026-11-20 03:00:00",
        "2026-02-30T03:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T03:00:60Z",
        "2026-11-20T03:00:00+24:00",
        "2026-11-20T03:00:00Z\n",
        "٢٠٢٦-11-20T03:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-01:00",
        "58857-01-01T00:00:00Z",
    ]
)


def written(minutes: int, zone: int | None, fraction: str) -> str:
    """A time so many minutes before NOW, in a zone of so many minutes or in none."""
    told = timezone(timedelta(minutes=zone or 0))
    text = (NOW - timedelta(minutes=minutes)).astimezone(told).isoformat()
    return text[:19] + fraction + ("" if zone is None else text[19:])


instants = st.builds(
    written,
    st.integers(-10, 10) | st.integers(-3000, 6000) | st.sampled_from([1560, 1561]),
    st.none() | st.integers(-1439, 1439),
    st.sampled_from(["", ".5", ".123456789"]),
)
times_ = st.none() | instants | instants | instants | junk
records = st.fixed_dictionaries(
    {"reported_state": st.sampled_from(State) | st.sampled_from([None, "good", 5])},
    optional={
        **dict.fromkeys(
            ("started", "finished", "last_success", "next_run", "checked"), times_
        ),
        "expected_by": times_,
        "stale": st.just(value=False),
        "native_state": texts | st.just(5),
        "problem": st.none()
        | st.sampled_from([SLOW, {**SLOW, "category": "doom"}, [1], "x"]),
        "details": st.sampled_from([{}, None, [], {"restorable": 1}, {"reason": {}}]),
    },
)
judgements = st.lists(
    st.tuples(records, st.none() | st.sampled_from([0, 600, 93600]), st.booleans()),
    min_size=40,
    max_size=40,
)
BY_THE_SCRIPT = """([now, all]) => all.map(([record, source]) => {
  const {state, late} = backupBadge.judge(record, source, now);
  return [backupBadge.STATES[state], late];
})"""


def by_the_core(
    record: dict[str, Any], max_age: int | None, dated: bool
) -> tuple[str, bool]:
    """What a build from a file with this record would say."""
    try:
        known = read_status(Fields(document=record, origin="the file"))
    except ProblemError:
        return "unknown", False
    limit = None if max_age is None else timedelta(seconds=max_age)
    judged = judge(known, max_age=limit, now=NOW, dated=dated)
    return judged.state.value, judged.late


def test_one_rule(browser: Browser) -> None:
    """The script judges any record as a build would, whatever is in it."""
    page = browser.new_page()
    page.add_script_tag(content=assets.script())

    # Each example is a batch of forty records, which is too slow to shrink.
    @settings(max_examples=40, phases=[Phase.generate])
    @given(judgements)
    def compare(cases: list[tuple[dict[str, Any], int | None, bool]]) -> None:
        sources = [{"max_age": age, "undated": not dated} for _, age, dated in cases]
        pairs = [[case[0], terms] for case, terms in zip(cases, sources, strict=True)]
        found = page.evaluate(BY_THE_SCRIPT, [NOW.timestamp() * 1000, pairs])
        assert [tuple(one) for one in found] == [by_the_core(*case) for case in cases]

    compare()
    page.close()


UNREADABLE = {
    "missing": Answer(status=404),
    "no JSON": Answer(body=b"<h1>Log in</h1>"),
    "another schema": json_answer({"schema": 2, "sources": {"a": record(**FAILED)}}),
    "no sources": json_answer({"schema": 1}),
    "sources of no use": json_answer({"schema": 1, "sources": 7}),
    "null": json_answer(None),
    "another source": json_answer(
        {"schema": 1, "sources": {"b": record(address="rackspace:backup/b")}}
    ),
    "a name of objects": json_answer({"schema": 1, "sources": {"__proto__": 1}}),
}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
def test_files_that_tell_nothing(reader: Reader, answer: Answer) -> None:
    """A file that cannot be read, or lacks the source, leaves the badge as it is."""
    known = {**PAGE, source("constructor"): status("succeeded")}
    reader.site.files["/status.json"] = answer
    with_file = {"status_file": "status.json", "after": hours(1)}
    page = reader.open(badges(known), **with_file)  # type: ignore[arg-type]
    page.wait_for_load_state("networkidle")
    assert "/status.json" in reader.site.asked
    assert states(page) == ["succeeded"] * 2
    assert seen(page)[0]["title"].endswith("02:00 UTC (3 hours ago)")
    reader.complaints[:] = [c for c in reader.complaints if "404" not in c]


def test_hostile_file(reader: Reader) -> None:
    """Whatever the file says, no element appears, no link changes, nothing runs."""
    known = {
        source("a", link="https://example.org/"): status("succeeded"),
        source("b"): status("succeeded", details=Details(reason="r", errors=0)),
    }
    words = ("reported_state", "started", "finished", "last_success", "label")
    hostile = record(
        **dict.fromkeys(words, MARKUP),
        link="javascript:alert(1)",
        checked=MARKUP,
        problem={"category": MARKUP, "message": MARKUP},
        details={"errors": MARKUP, "reason": MARKUP, "files": MARKUP, "bytes": {}},
    )
    failed = {
        **hostile,
        **dict.fromkeys(words, None),
        **FAILED,
        "problem": None,
        "address": "rackspace:backup/b",
        "checked": "2026-11-20T04:10:00Z",
    }
    body = badges(known) + table(known, columns=",".join(COLUMNS))
    shape = "[...document.querySelectorAll('main *')].map(e => e.tagName).join()"
    plain = reader.open(body).evaluate(shape)
    document = {"schema": 1, "sources": {"a": hostile, "b": failed}}
    page = reader.follow(body, document)
    assert states(page) == ["unknown", "failed", "failed", "unknown"]
    elements = page.evaluate(shape).split(",")
    assert not {"IMG", "SCRIPT"} & set(elements)
    assert elements.count("A") == plain.split(",").count("A")
    assert page.evaluate("window.ran") is None
    href = page.locator("p a.backup-badge").get_attribute("href")
    assert href == "https://example.org/"


def test_hostile_texts(reader: Reader) -> None:
    """Whatever a label, a name or a reason says, nothing in the page runs."""
    known = {
        source(MARKUP, link="https://example.org/?" + MARKUP): status(
            "failed", details=Details(reason=MARKUP)
        ),
        source("</script>" + MARKUP): status(
            "unknown", problem=Problem(category=Category.TIMEOUT, message=MARKUP)
        ),
    }
    shown = html.render_badge(group(known)) + badges(known) + table(known)
    page = reader.open(shown, after=hours(99))
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, main script").count() == 0
    assert page.locator(".backup-badge").count() == 5


def test_only_the_pages_own_origin(reader: Reader) -> None:
    """A status file of another origin is not asked for."""
    with Site() as other:
        other.files["/status.json"] = json_answer({})
        page = reader.open(badges(PAGE), status_file=f"{other.url}/status.json")
        page.wait_for_load_state("networkidle")
        assert other.asked == []
    assert states(page) == ["succeeded"]
    refused, *_ = reader.complaints
    assert "Content Security Policy" in refused
    reader.complaints.clear()


# Tables


def rows(page: Page) -> list[list[str]]:
    """The texts of a table's rows, times as they were before they became relative."""
    found: list[list[str]] = page.locator(".backup-table tbody tr").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell => {
          const time = cell.querySelector(":scope > time");
          const whole = cell.textContent;
          return time ? time.utc + whole.slice(time.textContent.length) : whole;
        }))"""
    )
    return found


def times(page: Page) -> list[str]:
    """What the times in a table say now."""
    return page.locator("td > time").all_inner_texts()


def expected_rows(
    known: Known,
    restores: Known | None = None,
    language: Language = ENGLISH,
    **options: str,
) -> list[list[str]]:
    """The texts of the rows that the core would write."""
    mark = table_mark([], options)
    shown = tabulate(mark, known, restores=restores or {}, language=language)
    return [
        [
            f"{cell.badge.state.sign}\N{NO-BREAK SPACE}{cell.text}"
            if cell.badge
            else cell.text
            for cell in row
        ]
        for row in shown.rows
    ]


RUNS: Known = {
    source(name, max_age=None): status(
        state,
        finished=ended,
        started=None if ended is None else ended + number / 6,
        details=Details(
            errors=number % 3,
            files=None if number == 4 else 10 ** (number + 1),
            bytes=999 * 12 ** (number * 2),
            restorable=[None, True, False][number % 3],
            reason=["", "disk full", "agent lost"][number % 3] or None,
        ),
    )
    for number, (name, state, ended) in enumerate(
        [
            ("mail", "succeeded", 5),
            ("wiki", "failed", 3),
            ("git", "succeeded", None),
            ("logs", "in_progress", 40),
            ("photos", "completed_with_errors", 3),
        ]
    )
}
RUNS[source("queue", max_age=None)] = status("stopped", finished=6, native="paused")


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "checked"])
def test_sorting(reader: Reader, column: str) -> None:
    """A click on a heading sorts as the core does, a second one the other way round."""
    columns = ",".join(name for name in COLUMNS if name != "checked")
    page = reader.open(table(RUNS, columns=columns))
    heading = page.locator(f"thead [data-backup-column={column}]")
    way = "ascending"
    # The table comes sorted by state: one click turns that round.
    for sort in (column, f"-{column}"):
        if heading.get_attribute("aria-sort") is None or sort.startswith("-"):
            heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == way
        assert page.locator("th[aria-sort]").count() == 1
        ties = dict(sorted(RUNS.items(), key=lambda item: item[1].state.rank))
        assert rows(page) == expected_rows(ties, sort=sort, columns=columns)
        way = "descending"


def test_sorting_by_keyboard(reader: Reader) -> None:
    """Headings are reached and pressed with the keyboard, and keep the focus."""
    page = reader.open(table(RUNS, columns="source,state,files"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Source"
    page.keyboard.press("Enter")
    assert [row[0] for row in rows(page)] == [
        "GIT",
        "LOGS",
        "MAIL",
        "PHOTOS",
        "QUEUE",
        "WIKI",
    ]
    page.keyboard.press("Space")
    assert rows(page)[0][0] == "WIKI"
    assert page.evaluate("document.activeElement.textContent") == "Source"
    button = page.get_by_role("button", name="Source", exact=True)
    assert button.get_attribute("type") == "button"
    assert page.get_by_role("columnheader").count() == 3


def test_the_worst_comes_first_again(reader: Reader) -> None:
    """What becomes overdue in the reader's browser goes up in the table."""
    known = {
        source("old"): status("succeeded", finished=20),
        source("new"): status("succeeded", finished=1),
        source("bad"): status("failed"),
        source("held"): status("stopped"),
    }
    page = reader.open(table(known, columns="source,state"), after=hours(8))
    assert [row[0] for row in rows(page)] == ["BAD", "OLD", "HELD", "NEW"]


def test_times_in_a_table(reader: Reader) -> None:
    """Times are relative, with UTC and the reader's own time on hover; not on paper."""
    body = table(PAGE, columns="source,finished,checked")
    page = reader.open(body, after=hours(1), locale="en-GB")
    assert times(page) == ["3 hours ago", "1 hour ago"]
    title = page.locator("td time").first.get_attribute("title")
    assert title == "2026-11-20 02:00 UTC\n20 November 2026 at 03:00:00 CET"
    page.clock.fast_forward(3600_000)
    assert times(page) == ["4 hours ago", "2 hours ago"]
    page.emulate_media(media="print")
    page.locator("td > time", has_text="ago").first.wait_for(state="detached")
    assert times(page) == ["2026-11-20 02:00 UTC", "2026-11-20 04:00 UTC"]


@pytest.mark.parametrize("code", ["en", "fr"])
def test_a_table_follows_the_file(reader: Reader, code: str) -> None:
    """A row that is news is what a build from the file would write, cell by cell."""
    before = {
        one: status("succeeded", finished=30, checked=9, details=Details(errors=77))
        for one in RUNS
    }
    columns, language = ",".join(COLUMNS), find_language(code)
    document = to_document(RUNS, generated=NOW)
    body = table(before, language, columns=columns)
    page = reader.follow(body, document, lang=code, language=language)
    from_file = {one: replace(known, from_file=True) for one, known in RUNS.items()}
    assert rows(page) == expected_rows(from_file, language=language, columns=columns)


def test_a_table_keeps_what_is_no_news(reader: Reader) -> None:
    """A row of which the file has nothing newer stays as it was built."""
    older = {one: status("succeeded", finished=50, checked=48) for one in RUNS}
    columns = ",".join(COLUMNS)
    document = to_document(older, generated=NOW)
    page = reader.follow(table(RUNS, columns=columns), document)
    assert rows(page) == expected_rows(RUNS, columns=columns)


def test_nobody_else_is_asked(reader: Reader) -> None:
    """A page with badges and tables loads its own three files, and nothing more."""
    page = reader.open(badges(EVERY_STATE) + table(EVERY_STATE))
    page.wait_for_load_state("networkidle")
    asked = sorted(path for path in reader.site.asked if path != "/favicon.ico")
    assert asked == ["/index.html", "/ours.css", "/ours.js", "/site.css", "/table.js"]


# Restore tests

TEST = source("restore:db", label="DB restore", max_age=timedelta(days=100))
DB, MAIL = source("db", restore=TEST), source("mail", max_age=None)
MISSING = Problem(category=Category.NOT_FOUND, message="there is no file drill.json")
UNWRITTEN = Details(never_ran=True)
NEVER = status("unknown", finished=None, checked=-1, problem=MISSING, details=UNWRITTEN)
DRILLS = {
    "succeeded": status(
        "succeeded", finished=-1, checked=-2, native="0", details=Details(duration=840)
    ),
    "failed": status(
        "failed",
        finished=-1,
        last_success=48,
        checked=-2,
        native="3",
        details=Details(duration=7, reason="its exit code was 3"),
    ),
    "overdue": status(
        "succeeded", state=State.OVERDUE, finished=2500, checked=-2, native="0"
    ),
    "never": NEVER,
    "new": status(
        "unknown",
        finished=None,
        checked=-2,
        native="new",
        details=Details(reason="it was never pinged", never_ran=True),
    ),
    "not found": status("unknown", finished=None, checked=-2, problem=MISSING),
    "unread": status(
        "unknown",
        finished=None,
        checked=-2,
        details=Details(reason="it has no time of a backup"),
    ),
    "silent": status(
        "unknown",
        finished=None,
        checked=-2,
        problem=Problem(category=Category.TIMEOUT, message="it is slow"),
    ),
}


def all_of(known: Known, restores: Known) -> str:
    """A restore test as a badge, in a roll-up and in a table."""
    roll_up = describe(badge_mark("group:all", {}), known, restores=restores)
    rows = tabulate(table_mark([], {"columns": TESTED}), known, restores=restores)
    badges_of = [html.render_badge(roll_up), badges(restores), html.render_table(rows)]
    return "".join(badges_of)


TESTED = "restore,source,restored,state,message"


@pytest.mark.parametrize("before", DRILLS)
@pytest.mark.parametrize("after", DRILLS)
def test_restore_tests_follow_the_file(reader: Reader, before: str, after: str) -> None:
    """A page says of restore tests what a build from the file would say."""
    known = {DB: status("succeeded"), MAIL: status("succeeded")}
    news = {TEST: replace(DRILLS[after], checked=NOW + hours(3))}
    document = to_document({**known, **news}, generated=NOW)
    body = all_of(known, {TEST: DRILLS[before]})
    page = reader.follow(body, document, after=hours(4))
    roll_up, badge, *_ = seen(page)
    (told,) = (describe(badge_mark("restore:db", {}), {one: news[one]}) for one in news)
    assert (badge["state"], badge["text"]) == (told.state, told.message)
    expected = describe(badge_mark("group:all", {}), known, restores=news)
    assert (roll_up["state"], roll_up["text"]) == (expected.state, expected.message)
    assert rows(page) == expected_rows(known, news, columns=TESTED)


@pytest.mark.parametrize("drill", DRILLS)
def test_restore_tests_without_news(reader: Reader, drill: str) -> None:
    """Without a status file a page keeps saying of them what it said."""
    known, restores = {DB: status("succeeded")}, {TEST: DRILLS[drill]}
    page = reader.open(all_of(known, restores), after=hours(4))
    roll_up, badge, *_ = seen(page)
    told = describe(badge_mark("restore:db", {}), restores)
    expected = describe(badge_mark("group:all", {}), known, restores=restores)
    assert (badge["state"], badge["text"]) == (told.state, told.message)
    assert (roll_up["state"], roll_up["text"]) == (expected.state, expected.message)
    assert rows(page) == expected_rows(known, restores, columns=TESTED)


def test_an_address_that_many_have(reader: Reader) -> None:
    """A source with options of its own is found in the file by its name alone."""
    own = source("a", options={"file": "a.json"})
    other = replace(own, name="b", options={})
    document = to_document({other: status("failed", checked=-2)}, generated=NOW)
    body = badges({own: status("succeeded"), other: status("succeeded")})
    page = reader.follow(body, document)
    assert states(page) == ["succeeded", "failed"]
