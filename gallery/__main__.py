"""Shows badges and tables in the themes that people use: ``make gallery``.

Every theme's page is built by its real host and photographed in light, in dark, in
print, on a narrow and on a wide screen, with forced colours and without any;
``build/gallery/index.html`` shows the pictures.
"""

from __future__ import annotations

import shutil
import sys
from html import escape
from pathlib import Path

from shots import chromium, shoot
from sites import build, write_statuses
from themes import LANGUAGES, THEMES

CHECKOUT = Path(__file__).resolve().parents[1]
OUTPUT = CHECKOUT / "build" / "gallery"
HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Badges in themes</title>
<style>
body { font: 14px/1.4 sans-serif; margin: 1em }
div { align-items: start; display: flex; gap: 1em; overflow-x: auto }
figure { flex: none; margin: 0 }
img { border: 1px solid #888; height: 900px }
</style>
"""


def main() -> None:
    """Build, photograph and show the themes that are named, or all of them."""
    wanted = sys.argv[1:]
    shutil.rmtree(OUTPUT, ignore_errors=True)
    (OUTPUT / "pictures").mkdir(parents=True)
    statuses = OUTPUT / "backup-status.json"
    write_statuses(statuses)
    sections = []
    with chromium() as browser:
        for theme in (*THEMES, *LANGUAGES):
            if wanted and theme.slug not in wanted:
                continue
            if not theme.installed:
                print(f"{theme.title}: left out, as {theme.module} is not installed")
                continue
            page = build(theme, OUTPUT / "sites" / theme.slug, statuses=statuses)
            pictures = shoot(browser, theme, page, OUTPUT / "pictures")
            print(f"{theme.title}: {len(pictures)} pictures", flush=True)
            sections.append(_section(theme.title, pictures))
    index = OUTPUT / "index.html"
    index.write_text(HEAD + "".join(sections))
    print(f"\nOpen in a browser: {index.relative_to(CHECKOUT)}")


def _section(title: str, pictures: dict[str, Path]) -> str:
    """Return a theme's pictures side by side, as HTML."""
    figures = (
        f"<figure><figcaption>{look}</figcaption><a href='pictures/{picture.name}'>"
        f"<img src='pictures/{picture.name}' alt='{escape(title)}, {look}'></a>"
        "</figure>\n"
        for look, picture in pictures.items()
    )
    return f"<h2>{escape(title)}</h2>\n<div>{''.join(figures)}</div>\n"


if __name__ == "__main__":
    main()
