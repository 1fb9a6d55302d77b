"""Badges and tables in the language of a theme, and of each of several languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import markdown
import pytest

if TYPE_CHECKING:
    from conftest import Project

PAGE = '<< backup_badge("handbook") >>\n\n<< backup_table() >>\n'


@pytest.mark.parametrize(
    "theme",
    [{"locale": "es"}, {"language": "es", "locale": "fr"}],
    ids=["locale", "language"],
)
def test_the_language_of_the_theme(project: Project, theme: dict[str, str]) -> None:
    """Built-in themes call it ``locale``, Material ``language``; the option wins."""
    project.page(PAGE)
    theme = {"name": None, "custom_dir": "theme", **theme}
    spanish = project.build(theme=theme).read()
    assert "</span>fallida</" in spanish
    assert ">Fuente</" in spanish
    assert "lang=" not in spanish.partition("<body")[2]
    german: Any = {"backup-badge": {"language": "de"}}
    assert (
        "</span>fehlgeschlagen</" in project.build(theme=theme, plugins=[german]).read()
    )


@pytest.mark.slow
def test_several_languages_in_one_build(
    project: Project, need: Callable[[str], None]
) -> None:
    """Each page is in its own, and nobody is asked twice."""
    need("mkdocs_static_i18n")
    languages = [
        {"locale": "en", "default": True, "name": "English"},
        {"locale": "fr", "name": "Français"},
        {"locale": "it", "name": "Italiano"},
    ]
    i18n = {"i18n": {"docs_structure": "suffix", "languages": languages}}
    for name in ("index", "index.fr", "index.it"):
        project.page(PAGE, name)
    built = project.build(theme={"name": "mkdocs"}, plugins=["backup-badge", i18n])
    assert built.status == 0, built.said
    assert built.asked == 3
    words = [
        re.findall(r"</span>(\w+)</", built.read(name))[0]
        for name in ("index.html", "fr/index.html", "it/index.html")
    ]
    assert words == ["failed", "échec", "failed"]
    linked = '<script defer src="../assets/backup-badge.fr.js">'
    assert linked in built.read("fr/index.html")
    assert "échec" in built.read("assets/backup-badge.fr.js")
    assert "backup-badge.fr.js" not in built.read("it/index.html")


def test_the_extension_alone_has_an_option(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python-Markdown tells no language."""
    monkeypatch.chdir(project.directory)
    german = {"backup_badge": {"language": "de"}}
    shown = [
        markdown.markdown(PAGE, extensions=["backup_badge"], extension_configs=options)
        for options in ({}, german)
    ]
    assert "</span>failed</" in shown[0]
    assert "</span>fehlgeschlagen</" in shown[1]
    assert "window.backupBadgeWords = {" not in shown[0]
    assert "window.backupBadgeWords = {" in shown[1]


@pytest.mark.slow
def test_the_language_of_zensical(
    project: Project, need: Callable[[str], None]
) -> None:
    """It is the theme's, and words for a page without one are marked as English."""
    need("zensical")
    project.page(PAGE)
    text = '[project]\nsite_name = "Site"\n[project.theme]\nlanguage = "{}"\n'
    text += "[project.markdown_extensions.backup_badge]\n"
    for language, word in (("fr", "échec"), ("ar", "failed")):
        path = project.write("zensical.toml", text.format(language))
        built = project.run("zensical", "build", "-f", str(path), "-c")
        assert built.status == 0, built.said
        assert f"</span>{word}</" in built.read()
        assert ('class="backup-table" lang="en"' in built.read()) == (language == "ar")


def test_the_language_of_the_macros_plugin(
    project: Project, need: Callable[[str], None]
) -> None:
    """A site on the macros plugin has the theme's, without the plugin too."""
    need("mkdocs_macros")
    project.page('{{ backup_badge("handbook") }}\n')
    theme = {"name": None, "custom_dir": "theme", "locale": "de"}
    macros: Any = {"macros": {"modules": ["mkdocs_backup_badge.macros"]}}
    assert (
        "</span>fehlgeschlagen</" in project.build(theme=theme, plugins=[macros]).read()
    )
