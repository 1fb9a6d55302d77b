"""The page of an export: a table of all sources."""

from __future__ import annotations

from backup_badge.render import assets
from backup_badge.render.html import render_table
from backup_badge.view.language import Language
from backup_badge.view.table import Table

_PAGE = """\
<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{stylesheet}">
{scripts}
<script defer src="{script}" data-status="{status_file}"></script>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{summary}. {as_json}</p>
{table}
</main>
</body>
</html>
"""


def render_page(
    table: Table, summary: str, language: Language, status_file: str
) -> str:
    """Return the page with a table, which follows a status file beside it."""
    link = f'<a href="{status_file}">'
    names = (assets.words_name(language), assets.TABLE_SCRIPT_NAME)
    scripts = [name for name in names if name]
    return _PAGE.format(
        lang=language.code,
        title=language.gettext("Backups"),
        stylesheet=assets.STYLESHEET_NAME,
        scripts="\n".join(f'<script defer src="{name}"></script>' for name in scripts),
        script=assets.SCRIPT_NAME,
        summary=summary,
        status_file=status_file,
        as_json=language.gettext(
            "The same {begin}as JSON{end}.",
            begin=link,
            end="</a>",
        ),
        table=render_table(table),
    )
