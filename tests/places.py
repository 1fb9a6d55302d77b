"""Where a badge can stand in Markdown, and what comes of it there."""

from __future__ import annotations

WEB = '<< backup_badge("website") >>'
SHOWN = "[Website: succeeded]"

PLACES = {
    "a paragraph": (f"One {WEB} two.", f"<p>One {SHOWN} two.</p>"),
    "a paragraph of its own": (f"One\n\n{WEB}\n\ntwo", f"<p>One</p>\n<p>{SHOWN}</p>"),
    "a line of its own": (f"One\n{WEB}\ntwo", f"<p>One\n{SHOWN}\ntwo</p>"),
    "a heading": (f"# One {WEB}", f'<h1 id="one">One {SHOWN}</h1>'),
    "an underlined heading": (f"One {WEB}\n===", f'<h1 id="one">One {SHOWN}</h1>'),
    "the middle of a heading": (
        f"## {WEB} One *two*",
        f'<h2 id="one-two">{SHOWN} One <em>two</em></h2>',
    ),
    "a heading with an id": (
        f"# One {WEB} {{#own .big}}",
        f'<h1 class="big" id="own">One {SHOWN}</h1>',
    ),
    "a list": (f"- one {WEB}\n- two", f"<li>one {SHOWN}</li>"),
    "a loose list": (f"1. one\n\n2. {WEB}", f"<p>{SHOWN}</p>\n</li>"),
    "a quotation": (f"> one {WEB}", f"<p>one {SHOWN}</p>\n</blockquote>"),
    "a cell": (f"| a | b |\n|---|---|\n| {WEB} | c |", f"<td>{SHOWN}</td>\n<td>c</td>"),
    "a table's heading": (f"| a | {WEB} |\n|---|---|\n| b | c |", f"<th>{SHOWN}</th>"),
    "a footnote": (f"One[^1]\n\n[^1]: two {WEB}", f"<p>two {SHOWN}&#160;<a"),
    "a definition": (f"One\n: two {WEB}", f"<dd>two {SHOWN}</dd>"),
    "an admonition": (f"!!! note\n    one {WEB}", f"<p>one {SHOWN}</p>\n</div>"),
    "an admonition's title": (
        "!!! note \"One << backup_badge('website') >>\"\n    two",
        f'<p class="admonition-title">One {SHOWN}</p>',
    ),
    "Markdown in HTML": (
        f'<div markdown="1">\none {WEB}\n</div>',
        f"<div>\n<p>one {SHOWN}</p>\n</div>",
    ),
    "an inline element": (f"<b>{WEB}</b>", f"<p><b>{SHOWN}</b></p>"),
    "emphasis": (f"**one {WEB}** two", f"<strong>one {SHOWN}</strong>"),
    "a link": (
        '[<< backup_badge("handbook") >>](https://example.org/x)',
        '<a href="https://example.org/x">[Handbook: failed]</a>',
    ),
    "an image's text": (
        f'![{WEB}](x.png "{WEB.replace(chr(34), chr(39))}")',
        '<img alt="[Website: succeeded]" src="x.png" title="[Website: succeeded]" />',
    ),
    "an attribute list": (
        f"One {WEB}{{ .big #own }} two",
        f'<p>One <span class="big" id="own">{SHOWN}</span> two</p>',
    ),
    "a paragraph's attribute list": (
        f"One {WEB}\n{{: .big }}",
        f'<p class="big">One {SHOWN}</p>',
    ),
    "several lines": (
        'One << backup_badge(\n    "website",\n    label="my\n    site",\n) >> two',
        "<p>One [my site: succeeded] two</p>",
    ),
    "several lines of a quotation": (
        '> One << backup_badge(\n> "website",\n> label="mine") >>',
        "<p>One [mine: succeeded]</p>",
    ),
    "several lines of a list": (
        '- One << backup_badge(\n  "website",\n  label="mine"\n  ) >>',
        "<li>One [mine: succeeded]</li>",
    ),
    "a bar in a cell": (
        '| a | b |\n|---|---|\n| << backup_badge("website", label="x|y") >> | c |',
        "<td>[x|y: succeeded]</td>\n<td>c</td>",
    ),
    "an escaped bar in a cell": (
        '| a | b |\n|---|---|\n| << backup_badge("website", label="x\\|y") >> | c |',
        "<td>[x|y: succeeded]</td>\n<td>c</td>",
    ),
    "signs in an argument": (
        '<< backup_badge("website", label="a >> *b* [c](d) <i> & `e") >>',
        "[a >> *b* [c](d) <i> & `e: succeeded]",
    ),
    "a linked badge": (
        '<< backup_badge("handbook") >>',
        "<p>[Handbook: failed](https://example.org/handbook)</p>",
    ),
    "a roll-up": ('<< backup_badge("group:web") >>', "<p>[web: failed]</p>"),
    "behind an escaped backslash": (f"\\\\{WEB}", f"<p>\\{SHOWN}</p>"),
}
