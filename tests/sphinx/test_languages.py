"""Badges and tables in the language of a Sphinx project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.slow

PAGE = "Seite\n=====\n\n:backup-badge:`handbook`\n\n.. backup-table::\n"


def test_the_language_of_the_project(site: Site) -> None:
    """It is that of ``conf.py``, for HTML and for text; the option wins."""
    site.write(index_rst=PAGE)
    german = site.build("html", "-D", "language=de").read()
    assert "</span>fehlgeschlagen</" in german
    assert ">Quelle</" in german
    assert 'data-backup-state="failed"' in german
    assert 'lang="de"' not in german.partition("<body")[2]
    plain = site.build("text", "-D", "language=de_AT").read("index.txt")
    assert "[Handbook: fehlgeschlagen]" in plain
    options = ("-D", "language=de", "-D", "backup_badge_language=fr")
    french = site.build("html", *options).read()
    assert "</span>échec</" in french
    assert 'lang="fr"' in french


def test_the_words_of_the_scripts(site: Site) -> None:
    """A page with a badge links them, another one and an English site do not."""
    site.write(index_rst=PAGE, plain_rst=":orphan:\n\nNichts\n======\n")
    built = site.build("html", "-D", "language=de")
    assert "backup-badge.de.js" in built.read()
    assert "backup-badge" not in built.read("plain.html")
    assert "fehlgeschlagen" in built.read("_static/backup-badge.de.js")
    built = site.build(output="english")
    assert not [name for name in built.files() if name.endswith("de.js")]
