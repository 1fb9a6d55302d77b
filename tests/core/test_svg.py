"""A badge is read the way a person reads the picture, and hostile XML not at all."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import faults
import pytest

from backup_badge import State
from backup_badge.provider import Answer, Status
from backup_badge.providers.cloudback.picture import Picture, read_picture
from backup_badge.providers.cloudback.word import read_badge
from backup_badge.values.problem import Category, ProblemError

WORDS = {
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "in progress": State.IN_PROGRESS,
    "scheduled": State.SCHEDULED,
    "deleted": State.DELETED,
    "unknown": State.UNKNOWN,
}
NS = 'xmlns="http://www.w3.org/2000/svg"'


def read(body: bytes, *secrets: str) -> Status:
    """Read a badge as an answer of example.org, which must not repeat the secrets."""
    told = datetime(2026, 11, 28, tzinfo=UTC)
    origin = "the answer of example.org"
    return read_badge(Answer(origin=origin, body=body, time=told, secrets=secrets))


def svg(content: str, attributes: str = "") -> bytes:
    return f"<svg {NS} {attributes}>{content}</svg>".encode()


# What badge generators draw, cut to what can say or hide a word. The comment names the
# generator; its label and word stand where its own would.
GENERATORS = {
    # Shields, flat and plastic; genbadge draws the same.
    "shields": """<svg {ns} xmlns:xlink="http://www.w3.org/1999/xlink" width="131"
        height="20" role="img" aria-label="backup: {word}"><title>backup: {word}</title>
        <linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb"
        stop-opacity=".1"/><stop offset="1" stop-opacity="0"/></linearGradient>
        <clipPath id="r"><rect width="131" height="20" rx="3" fill="#fff"/></clipPath>
        <g clip-path="url(#r)"><rect width="52" height="20" fill="#555"/></g>
        <g fill="#fff" text-anchor="middle" text-rendering="geometricPrecision"
        font-size="110"><text aria-hidden="true" x="270" y="150" fill="#010101"
        fill-opacity=".3" transform="scale(.1)" textLength="420">backup</text>
        <text x="270" y="140" transform="scale(.1)">backup</text>
        <text aria-hidden="true" x="915" y="150" fill-opacity=".3">{word}</text>
        <text x="915" y="140" transform="scale(.1)">{word}</text></g></svg>""",
    # Shields with a link on either half: no accessible name.
    "shields-links": """<svg {ns} xmlns:xlink="http://www.w3.org/1999/xlink"><g><a
        target="_blank" xlink:href="https://example.org/failed"><rect
        fill="rgba(0,0,0,0)"/><text>backup</text></a><a target="_blank"
        xlink:href="https://example.org/"><text aria-hidden="true">{word}</text>
        <text>{word}</text></a></g></svg>""",
    # Shields, for-the-badge: the picture in capitals, the name not.
    "shields-for-the-badge": """<svg {ns} role="img" aria-label="BACKUP: {upper}">
        <title>BACKUP: {upper}</title><g shape-rendering="crispEdges"/><g><text
        transform="scale(.1)" fill="#fff">BACKUP</text><text fill="#fff"
        font-weight="bold">{upper}</text></g></svg>""",
    # Shields, social: a style sheet, and a label that begins with a capital.
    "shields-social": """<svg {ns} role="img" aria-label="Backup: {word}">
        <title>Backup: {word}</title><style>a:hover #llink{{fill:url(#b);stroke:#ccc}}
        </style><text aria-hidden="true" fill="#fff">Backup</text><text>Backup</text>
        <text aria-hidden="true" fill="#fff">{word}</text><text id="rlink">{word}</text>
        </svg>""",
    "badgen": """<svg width="131.8" height="20" viewBox="0 0 1318 200" {ns} role="img"
        aria-label="backup: {word}"><title>backup: {word}</title><g><rect
        fill="#555"/></g><g aria-hidden="true" fill="#fff" text-anchor="start">
        <text x="60" y="148" fill="#000" opacity="0.1">backup</text><text>backup</text>
        <text fill="#000" opacity="0.25">{word}</text><text>{word}</text></g></svg>""",
    # Badgen before 3.1, without a label: the word is all there is.
    "badgen-bare": """<svg {ns}><g><text x="65" y="148" fill="#000"
        opacity="0.1">{word}</text><text x="55" y="138">{word}</text></g></svg>""",
    "pybadges": """<svg {ns} xmlns:xlink="http://www.w3.org/1999/xlink"><g fill="#fff"
        font-size="110"><image xlink:href="data:image/svg+xml;base64,PHN2Zy8+"/>
        <text fill="#010101" fill-opacity=".3" transform="scale(0.1)"
        lengthAdjust="spacing">backup</text><text lengthAdjust="spacing">backup</text>
        <text fill-opacity=".3">{word}</text><text>{word}</text></g></svg>""",
    "anybadge": """<?xml version="1.0" encoding="UTF-8"?>
        <svg {ns} width="131"><mask id="anybadge_1"><rect fill="#fff"/></mask>
        <g mask="url(#anybadge_1)"><path fill="#4C1" d="M52 0h79v20H52z"/></g>
        <g><text fill="#010101" fill-opacity=".3">backup</text><text>backup</text></g>
        <g><text fill-opacity=".3">{word}</text><text x="91">{word}</text></g></svg>""",
    # GitHub Actions: a dash in the name, the texts in tspans.
    "github-actions": """<svg {ns} width="118"><title>backup - {word}</title><defs>
        <linearGradient id="workflow-fill"/></defs><g fill="none" fill-rule="evenodd">
        <g font-size="11"><path id="workflow-bg" fill="url(#workflow-fill)"/><text
        fill="#010101" fill-opacity=".3"><tspan x="22" y="15"
        aria-hidden="true">backup</tspan></text><text><tspan>backup</tspan></text></g>
        <g><text fill="#010101" aria-hidden="true"><tspan>{word}</tspan></text>
        <text><tspan x="4" y="14">{word}</tspan></text></g></g></svg>""",
}

SHAPES: dict[str, Callable[[str], bytes]] = {
    **{
        name: lambda word, shape=shape: shape.format(
            ns=NS, word=word, upper=word.upper()
        ).encode()
        for name, shape in GENERATORS.items()
    },
    "aria-label": lambda word: svg("", f'aria-label="Cloudback: {word}"'),
    "title": lambda word: svg(f"<title>Cloudback: {word}</title>"),
    "name-that-explains": lambda word: svg(
        f"<title>Cloudback: {word}; asked at 04:00</title><text>{word}</text>"
    ),
    "name-and-label": lambda word: svg(
        f"<title>Cloudback: {word}</title><text>Cloudback</text><path/>"
    ),
    "title-in-a-group": lambda word: svg(f"<g><title>{word}</title><path/></g>"),
    "title-beside-a-name": lambda word: svg(f"<title>{word}</title>", 'aria-label="x"'),
    "text": lambda word: svg(f"<text>{word}</text>"),
    "capitals": lambda word: svg(f"<text>{word.upper()}</text>"),
    "tspan-each-letter": lambda word: svg(
        f"<text>{''.join(f'<tspan>{letter}</tspan>' for letter in word)}</text>"
    ),
    "tspan-each-word": lambda word: svg(
        f"<text>{''.join(f'<tspan>{part}</tspan>' for part in word.split())}</text>"
    ),
    "indented": lambda word: svg(f"<text>\n\t  {word}\r\n</text>"),
    "line-break": lambda word: svg(f"<text>{word.replace(' ', chr(10))}</text>"),
    "cdata": lambda word: svg(f"<text><![CDATA[{word}]]></text>"),
    "entities": lambda word: svg(
        f"<text>{''.join(f'&#{ord(letter)};' for letter in word)}</text>"
    ),
    "hexadecimal-entities": lambda word: svg(
        f"<title>{''.join(f'&#x{ord(letter):X};' for letter in word)}</title>"
    ),
    "nested-svg": lambda word: svg(f"<svg><g><svg><text>{word}</text></svg></g></svg>"),
    "foreign-object": lambda word: svg(
        "<text>backup</text><foreignObject>"
        f'<p xmlns="http://www.w3.org/1999/xhtml"> <b>{word}</b></p></foreignObject>'
    ),
    "prefix": lambda word: (
        f'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:text>{word}</s:text></s:svg>'
    ).encode(),
    "no-namespace": lambda word: f"<svg><text>{word}</text></svg>".encode(),
    "doctype": lambda word: (
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        + svg(f"<text>{word}</text>")
    ),
    "declaration": lambda word: (
        b'<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>\n'
        b"<!-- drawn by \xfcbung -->" + svg(f"<text>{word}</text>")
    ),
    "byte-order-mark": lambda word: b"\xef\xbb\xbf" + svg(f"<text>{word}</text>"),
    "utf-16": lambda word: svg(f"<text>{word}</text>").decode().encode("utf-16"),
    "full-width": lambda word: svg(
        f"<text>{''.join(chr(ord(c) + 0xFEE0) if c != ' ' else c for c in word)}</text>"
    ),
    "stroke-unseen": lambda word: svg(
        f'<text style="fill:#fff;stroke-opacity:0;stroke:none">{word}</text>'
    ),
}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_words(shape: Callable[[str], bytes], word: str) -> None:
    """Each of the six words is read in whatever shape a badge has."""
    status = read(shape(word))
    assert status.reported is WORDS[word]
    assert status.native == word


@pytest.mark.parametrize(
    "spelling",
    [
        "in progress",
        "in-progress",
        "in_progress",
        "In Progress",
        "IN_PROGRESS",
        "in   progress",
        "in\u00a0progress",
        "in\u2011progress",
    ],
)
def test_in_progress(spelling: str) -> None:
    """The two words of "in progress" may stand apart by whatever the service likes."""
    status = read(svg(f"<text>{spelling}</text>"))
    assert (status.reported, status.native) == (State.IN_PROGRESS, "in progress")


OTHERS = {
    "comment": "<!-- failed --><text>WORD</text><!-- unknown -->",
    "desc": "<desc>failed</desc><text>WORD</text>",
    "metadata": "<metadata>failed</metadata><text>WORD</text>",
    "defs": '<defs><text id="a">failed</text></defs><text>WORD</text>',
    "symbol": '<symbol id="a"><text>failed</text></symbol><text>WORD</text>',
    "style": "<style>.failed { fill: red }</style><text>WORD</text>",
    "script": "<script>let failed = 1</script><text>WORD</text>",
    "attributes": '<g id="failed" class="unknown"><text id="deleted">WORD</text></g>',
    "tooltip": "<title>backup: WORD</title><text>WORD<title>failed</title></text>",
    "instruction": "<?failed unknown?><text>WORD</text>",
    "display": '<text display="none">failed</text><text>WORD</text>',
    "visibility": '<g visibility="hidden"><text>failed</text></g><text>WORD</text>',
    "opacity": '<text opacity="0">failed</text><text>WORD</text>',
    "opacity-of-fill": '<text fill-opacity=".0">failed</text><text>WORD</text>',
    "style-display": '<g style="fill:red; display : none"><text>failed</text></g>'
    "<text>WORD</text>",
    "style-opacity": '<text style="opacity:0.0;x:y">failed</text><text>WORD</text>',
    "style-fill": '<text style="fill-opacity: 0">failed</text><text>WORD</text>',
    "hidden-tspan": '<text>WORD<tspan display="none"> failed</tspan></text>',
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_what_nobody_sees(content: str) -> None:
    """A word that a person would not see in the picture says nothing."""
    body = svg(content.replace("WORD", "succeeded"))
    assert read(body).reported is State.SUCCEEDED


UNCLEAR: list[tuple[str, bytes, str]] = [
    ("nothing", svg(""), "no status that is known: nothing"),
    ("another-word", svg("<text>paused</text>"), "no status that is known: 'paused'"),
    ("part-of-a-word", svg("<text>unsucceededly failedly</text>"), "no status"),
    (
        "name-against-another-word",
        svg("<title>backup: succeeded</title><text>backup</text><text>paused</text>"),
        "no status that is known: 'backup: succeeded | backup | paused'",
    ),
    (
        "mention-beside-the-word",
        svg("<text>0 of 12 succeeded</text><text>succeeded</text>"),
        "no status",
    ),
    ("colour-only", svg('<rect fill="#4c1" id="succeeded"/>'), "nothing"),
    ("comment-only", svg("<!-- succeeded -->"), "nothing"),
    ("desc-only", svg("<desc>succeeded</desc>"), "nothing"),
    ("hidden-only", svg('<text display="none">succeeded</text>'), "nothing"),
    ("defs-only", svg("<defs><text>succeeded</text></defs>"), "nothing"),
    (
        "two-words",
        svg("<text>succeeded</text><text>failed</text>"),
        "more than one status: 'succeeded | failed'",
    ),
    (
        "name-against-text",
        svg("<text>failed</text>", 'aria-label="succeeded"'),
        "more than one status",
    ),
    (
        "name-against-title",
        svg("<title>backup: failed</title>", 'aria-label="backup: succeeded"'),
        "more than one status",
    ),
    (
        "label-that-says-another-word",
        svg("<text>failed-login</text><text>succeeded</text>"),
        "no status that is known: 'failed-login | succeeded'",
    ),
    *(
        (phrase.replace(" ", "-"), svg(f"<text>{phrase}</text>"), "no status")
        for phrase in (
            "not succeeded",
            "never succeeded",
            "no backup succeeded",
            "hasn't succeeded",
            "hasn’t succeeded",
            "NOT_succeeded",
            "partially succeeded",
            "partly succeeded",
            "succeeded with errors",
            "succeeded with warnings",
            "0 of 12 succeeded",
            "scheduled for deletion",
            "deletion scheduled",
            "Backup succeeded",
            "last succeeded 30 days ago",
            "succeeded?",
        )
    ),
    (
        "not-in-another-tspan",
        svg("<text><tspan>not</tspan><tspan>succeeded</tspan></text>"),
        "no status",
    ),
    *(
        (f"name-{phrase}", svg(f"<title>{phrase}</title>"), "no status")
        for phrase in (
            "0 of 12 succeeded",
            "backup: 0 of 12 succeeded",
            "backup: scheduled for deletion",
            "backup: succeeded, once",
            "backup: not succeeded",
        )
    ),
    ("long", svg(f"<text>{'x' * 500}</text>"), "xxx...'"),
]


@pytest.mark.parametrize(
    ("body", "reason"),
    [pytest.param(body, reason, id=name) for name, body, reason in UNCLEAR],
)
def test_unclear(body: bytes, reason: str) -> None:
    """A picture that doesn't say just one of the words is unknown, which is news.

    It is the new status, and no problem of asking: an older answer cannot stand in.
    """
    status = read(body)
    assert status.reported is State.UNKNOWN
    assert status.problem is not None
    assert status.problem.category is Category.INVALID_RESPONSE
    assert reason in status.problem.message
    assert "example.org" in status.problem.message
    assert len(status.problem.message) < 200
    assert len(status.native or "") <= 80


@pytest.mark.parametrize(
    ("content", "native"),
    [
        ("<text>paused</text>", "paused"),
        ("<title>it: paused</title><text>it</text><text>paused</text>", "paused"),
        ("<text>succeeded</text><text>failed</text>", "failed"),
        ("", None),
    ],
)
def test_word_that_nobody_knows(content: str, native: str | None) -> None:
    """What a picture says last is kept as the service's own word."""
    assert read(svg(content)).native == native


def test_unknown_says_what_to_check() -> None:
    """The service says "unknown" of what it doesn't know: the reader learns of that."""
    status = read(svg("<text>unknown</text>"))
    assert status.problem is None
    reason = "check the address, or whether the repository has a backup"
    assert status.details.reason == reason


def test_secret_in_a_picture() -> None:
    """A URL that stands in a variable may be a secret: a picture cannot repeat it."""
    body = svg("<text>no https:&#x2F;/s3cret.example.org/badge</text>")
    status = read(body, "https://s3cret.example.org")
    assert status.native == "no ***/badge"
    assert "s3cret" not in str(status)


UNREADABLE: list[tuple[str, bytes, str]] = [
    # No SVG at all.
    ("empty", b"", "no picture"),
    ("text", b"succeeded", "no picture"),
    ("json", b'{"status": "succeeded"}', "no picture"),
    ("png", b"\x89PNG\r\n\x1a\n succeeded", "no picture"),
    ("wrong-root", b"<status>succeeded</status>", "no SVG"),
    ("wrong-namespace", b'<svg xmlns="urn:x"><text>succeeded</text></svg>', "no SVG"),
    ("truncated", svg("<text>succeeded</text>")[:-3], "no picture"),
    ("html", faults.LOGIN_PAGE, "an HTML page, perhaps a login page"),
    (
        "xhtml",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        + svg("<text>succeeded</text>")
        + b"</body></html>",
        "an HTML page, perhaps a login page",
    ),
    ("utf-7", b'<?xml version="1.0" encoding="utf-7"?><svg/>', "no picture"),
    ("no-such-encoding", b'<?xml version="1.0" encoding="x-foo"?><svg/>', "no picture"),
    ("undefined-entity", svg("<text>&succeeded;</text>"), "no picture"),
    ("control-character", svg("<text>succeeded\x00</text>"), "no picture"),
    # Hostile.
    (
        "billion-laughs",
        b'<!DOCTYPE svg [<!ENTITY a "succeeded">'
        + b"".join(
            b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 107)
        )
        + b"]>"
        + svg("<text>&j;</text>"),
        "defines entities",
    ),
    (
        "quadratic-blow-up",
        b'<!DOCTYPE svg [<!ENTITY a "%s">]>' % (b"x" * 1000) + svg("&a;" * 1000),
        "defines entities",
    ),
    (
        "external-entity",
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        + svg("<text>succeeded &a;</text>"),
        "defines entities",
    ),
    (
        "parameter-entity",
        b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://192.0.2.1/x.dtd"> %a;]>'
        + svg("<text>succeeded</text>"),
        "defines entities",
    ),
    (
        "deep-text",
        svg("<text>" + "<tspan>" * 9000 + "succeeded" + "</tspan>" * 9000 + "</text>"),
        "nested too deeply",
    ),
    ("much-text", svg(f"<text>{'succeeded ' * 2000}</text>"), "more text than"),
    ("many-bytes", svg(f"<text>succeeded</text>{' ' * 2**18}"), "far more than"),
]


@pytest.mark.parametrize(
    ("body", "reason"),
    [pytest.param(body, reason, id=name) for name, body, reason in UNREADABLE],
)
def test_unreadable(body: bytes, reason: str) -> None:
    """What is no picture that may be read is no answer, and the reason says why."""
    begun = time.monotonic()
    with pytest.raises(ProblemError) as raised:
        read(body)
    problem = raised.value.problem
    assert problem.category is Category.INVALID_RESPONSE
    assert reason in problem.message
    assert "example.org" in problem.message
    assert len(problem.message) < 200
    assert time.monotonic() - begun < 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        "<g>" * 30_000 + "<text>succeeded</text>" + "</g>" * 30_000,
        "<g/>" * 60_000 + "<text>succeeded</text>",
        "<text/>" * 30_000 + "<text>succeeded</text>",
        "<text>succeeded" + "<tspan/>" * 4000 + "</text>",
        "<text>succeeded</text><g " + " ".join(f"a{n}=''" for n in range(9000)) + "/>",
        "<text>e" + "\u0301" * 2000 + "\u0316" * 2000 + "</text><text>succeeded</text>",
    ],
    ids=["deep", "wide", "texts", "pieces", "attributes", "marks"],
)
def test_time(content: str) -> None:
    """Reading takes no longer than a picture's size explains, however it is built."""
    begun = time.monotonic()
    assert read(svg(content)).reported is State.SUCCEEDED
    assert time.monotonic() - begun < 10


def test_order() -> None:
    """What a picture says comes name first, then its texts from first to last."""
    body = svg(
        "<g><text>one</text></g><text>two &amp; <a>three</a></text>",
        'aria-label="name"',
    )
    expected = Picture(names=("name",), texts=("one", "two & three"))
    assert read_picture(body) == expected


def test_the_stand_in_is_a_common_badge() -> None:
    """The pictures of the stand-in service are of the kind that is tested here."""
    from cloudback_badge import draw_badge

    drawn = re.sub(r'(x|width|height|d|offset)="[^"]*"', "", draw_badge("in progress"))
    assert html.unescape(drawn).count("in progress") == 4
    assert read_picture(draw_badge("in progress").encode()) == Picture(
        names=("Cloudback: in progress",), texts=("Cloudback", "in progress")
    )
