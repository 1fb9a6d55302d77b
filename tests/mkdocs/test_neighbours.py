"""The plugin among other plugins, hooks, templates and themes of a MkDocs site."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Built, Project

Need = Callable[[str], None]

WEB = '<< backup_badge("website") >>'
BADGE = '<p><span class="backup-badge">a</span></p>'
SHEET = "assets/backup-badge.css"


def titles(built: Built, name: str) -> list[str]:
    """Return a page's title, the navigation and the contents, in the test's theme."""
    return re.findall("<title>.*|<nav>.*|<ul>.*", built.read(name))


HEADINGS = f"# One {WEB} *two*\n\n## {WEB} Three\n\n## Three {WEB}\n"
PLAIN = HEADINGS.replace(f"{WEB} ", "").replace(f" {WEB}", "")
EARLY = """
import re
def on_page_markdown(markdown, page, **_):
    page.title = re.search("# (.*)", markdown)[1]
"""
READERS: dict[str, tuple[str, list[Any]]] = {
    "material's typeset": ("material", ["material/typeset"]),
    "autorefs": ("mkdocs_autorefs", ["autorefs"]),
    "markdownextradata": ("markdownextradata", ["markdownextradata"]),
    "the macros plugin": ("mkdocs_macros", ["macros"]),
    "a hook that reads titles early": ("mkdocs", []),
}


@pytest.mark.parametrize("plugin_first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("name", READERS)
def test_headings_are_read_without_badges(
    project: Project, need: Need, name: str, plugin_first: bool
) -> None:
    """Title, navigation, contents and anchors are as if no badge stood there."""
    module, others = READERS[name]
    need(module)
    plugins = ["backup-badge", *others] if plugin_first else [*others, "backup-badge"]
    project.write("hook.py", EARLY)
    hooks = ["hook.py"] if not others else []
    project.page(PLAIN)
    expected = titles(project.build(plugins=plugins, hooks=hooks), "index.html")
    project.page(HEADINGS)
    built = project.build(plugins=plugins, hooks=hooks)
    assert titles(built, "index.html") == expected
    assert built.read().count("data-backup-source") == 3


def test_a_template_badge_in_a_heading_is_no_title(
    project: Project, need: Need
) -> None:
    """The macros plugin renders the titles of pages by itself."""
    need("mkdocs_macros")
    macros = {"macros": {"modules": ["mkdocs_backup_badge.macros"]}}
    project.page('# One {{ backup_badge("website") }}\n')
    built = project.build(plugins=["backup-badge", macros])
    assert titles(built, "index.html")[0] == "<title>One</title>"
    assert "[One]" in titles(built, "index.html")[1]


def test_the_address_of_a_blogs_post_is_as_without_a_badge(
    project: Project, need: Need
) -> None:
    """The post and its excerpt show the badge."""
    need("material")
    project.page("# Blog", "blog/index")
    project.page("# Home")
    post = f"---\ndate: 2026-01-02\n---\n# Backups {WEB}\n\nText {WEB}\n"
    project.page(post, "blog/posts/a")
    built = project.build(
        theme={"name": "material"}, plugins=["material/blog", "backup-badge"]
    )
    name = "blog/2026/01/02/backups.html"
    assert built.read(name).count("data-backup-source") == 2
    excerpt = built.read("blog/index.html")
    assert excerpt.count("data-backup-source") == 2
    assert SHEET in excerpt and SHEET in built.read(name)


def test_a_docstrings_heading_keeps_to_itself(project: Project, need: Need) -> None:
    """A conversion within another shows no source's badge for another's."""
    need("mkdocstrings_handlers.python")
    heading = '# Database << backup_badge("handbook") >>'
    project.write("module.py", f'"""Module.\n\n\n{heading}\n\nText.\n"""\n')
    project.page(f"# API\n\n{WEB}\n\n::: module\n\n{WEB}\n")
    handlers = {"python": {"paths": [str(project.directory)]}}
    plugins = [{"mkdocstrings": {"handlers": handlers}}, "search", "backup-badge"]
    built = project.build(plugins=plugins)
    index = json.loads(built.files["search/search_index.json"])
    assert "Database" in [entry["title"] for entry in index["docs"]]
    assert "Database [Handbook: failed](https://example.org/handbook)" in built.main()
    assert "data-backup-mark" not in built.read()


@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
@pytest.mark.parametrize("shown", ["index", "index.fr"])
def test_a_state_in_one_language_fails_the_build(
    project: Project, need: Need, shown: str, is_first: bool
) -> None:
    """The plugin i18n builds the others inside the first one's last event."""
    need("mkdocs_static_i18n")
    source = {"address": "cloudback:acme/handbook"}
    ours = {"backup-badge": {"fail_on": ["failed"], "sources": {"mine": source}}}
    languages = [
        {"locale": "en", "default": True, "name": "English"},
        {"locale": "fr", "name": "Français"},
    ]
    i18n = {"i18n": {"docs_structure": "suffix", "languages": languages}}
    plugins = [ours, i18n] if is_first else [i18n, ours]
    project.page("# Home\n")
    project.page("# Accueil\n", "index.fr")
    assert project.build(plugins=plugins).status == 0
    project.page("# Badge\n\n<< backup_badge('mine') >>\n", shown)
    built = project.build(plugins=plugins)
    assert built.status == 1
    assert built.said.count("'fail_on'") == 1
    assert f"mine: last backup failed (docs/{shown}.md:3)" in built.said


@pytest.mark.slow
def test_a_project_within_a_project(project: Project, need: Need) -> None:
    """Material builds it in a subprocess, which hands its files over."""
    need("material")
    project.page(WEB)
    sub = "projects/sub"
    text = (project.directory / "backup-badge.toml").read_text()
    project.write(f"{sub}/backup-badge.toml", text)
    project.write(
        f"{sub}/mkdocs.yml",
        "site_name: Sub\ntheme: {name: material}\nplugins: [backup-badge]\n",
    )
    project.write(f"{sub}/docs/index.md", f"# Sub {WEB}\n")
    project.configure(
        theme={"name": "material"}, plugins=["material/projects", "backup-badge"]
    )
    built = project.run("mkdocs", "build")
    assert built.status == 0, built.said
    for name in ("", "sub/"):
        assert "data-backup-state" in built.read(f"{name}index.html")
        assert f"{name}{SHEET}" in built.files


@pytest.mark.slow
def test_a_file_that_another_plugin_moved(project: Project, need: Need) -> None:
    """Warnings call it by a name that its author knows."""
    need("mkdocs_monorepo_plugin")
    project.page("# Home\n")
    project.write("sub/mkdocs.yml", "site_name: sub\nnav: [{Sub: index.md}]\n")
    project.write("sub/docs/index.md", "# Sub\n\n<< backup_badge('wbsite') >>\n")
    nav = [{"Home": "index.md"}, {"Sub": "!include sub/mkdocs.yml"}]
    project.configure(plugins=["monorepo", "backup-badge"], nav=nav)
    built = project.run("mkdocs", "build")
    (warning,) = built.warnings
    assert "sub/" in warning.partition("index.md:3: ")[0]
    assert str(project.directory) not in warning


KEPT = """
import markdown
kept = []
def on_page_markdown(text, page, config, **_):
    page.meta["title"] = "T"
    extensions = config.markdown_extensions
    page.kept = markdown.markdown('Kept <<MACRO>>.', extensions=extensions)
    kept.append(page.kept)
def on_post_page(output, page, **_):
    return output.replace("</main>", page.kept + "</main>")
def on_pre_template(template, **_):
    return template.environment.from_string("<head></head>" + kept[0])
""".replace("<<MACRO>>", WEB)


def test_what_is_converted_early_is_finished(project: Project) -> None:
    """A hook may convert text while pages are read, and show it in pages and others."""
    project.page("Nothing.")
    project.write("hook.py", KEPT)
    project.write("theme/404.html", "-")
    theme = {"name": None, "custom_dir": "theme", "static_templates": ["404.html"]}
    settings = {"hooks": ["hook.py"], "theme": theme}
    built = project.build(site_url="https://example.org/sub/", **settings)
    assert built.main() == "<p>Nothing.</p><p>Kept [Website: succeeded].</p>"
    assert f'href="{SHEET}"' in built.read()
    assert f'href="/sub/{SHEET}"' in built.read("404.html")
    assert "data-backup-state" in built.read("404.html")


def test_a_sites_own_feed_holds_finished_badges(project: Project) -> None:
    """Whether a template escapes the pages' content or not."""
    project.page(f"Text {WEB}, *now*.")
    template = "{% for p in nav.pages %}{{ p.content|tojson }}{% endfor %}"
    project.write("docs/pages.json", template)
    built = project.build(
        plugins=["search", "backup-badge"], extra_templates=["pages.json"]
    )
    assert "data-backup-state=" in json.loads(built.read("pages.json"))
    index = json.loads(built.files["search/search_index.json"])
    assert "succeeded" in index["docs"][0]["text"]


@pytest.mark.slow
def test_a_feed_of_the_pages_text_holds_words(project: Project, need: Need) -> None:
    """The RSS plugin reads the text of pages, and their titles."""
    need("mkdocs_rss_plugin")
    project.page(f"# One {WEB}\n\nText {WEB}, `{WEB}`.\n")
    project.configure(
        site_url="https://example.org/",
        plugins=[{"rss": {"use_git": False}}, "backup-badge"],
    )
    built = project.run("mkdocs", "build")
    feed = built.read("feed_rss_created.xml")
    assert "<title>One</title>" in feed
    assert (
        "Text [Website: succeeded], &lt;code&gt;&amp;lt;&amp;lt; backup_badge" in feed
    )
    assert built.main().count("[Website: succeeded]") == 2


def test_a_page_that_another_plugin_writes_is_styled(
    project: Project, need: Need
) -> None:
    """The print page of a whole site is written when all others have been."""
    need("mkdocs_print_site_plugin")
    project.page(f"Text {WEB}.")
    built = project.build(
        theme={"name": "mkdocs"}, plugins=["print-site", "backup-badge"]
    )
    page = built.read("print_page.html")
    assert "data-backup-state" in page
    assert page.count(f'href="{SHEET}"') == 1


def test_an_encrypted_page_is_styled(project: Project, need: Need) -> None:
    """Nothing in it tells of the badge that a reader will see."""
    need("encryptcontent")
    project.page(f"---\npassword: secret\n---\nText {WEB}.")
    built = project.build(
        theme={"name": "mkdocs"}, plugins=["encryptcontent", "backup-badge"]
    )
    page = built.read()
    assert "data-backup-state" not in page
    assert SHEET in page


@pytest.mark.parametrize(
    "html",
    [
        '<div>\n<span class="backup-badge">a</span></div>',
        "<div>\n<span class=backup-badge>a</span></div>",
        "<div>\n<span title='a>b' class='x backup-badge'>a</span></div>",
        '<div>\n<SPAN\nid=x CLASS = "backup-badge-error">a</SPAN></div>',
        '<div>\n<table data-x class="own backup-table"></table></div>',
    ],
)
def test_a_badge_is_told_by_its_class(project: Project, html: str) -> None:
    """However it is written: minifiers leave out quotes and change the order."""
    macro = f"<!-- {WEB} -->"
    project.page(f"{html}\n\n{WEB}")
    project.page(f"{html.replace('backup-', 'my-backup-')}\n\n{macro}", "other")
    project.page(f"{html}\n", "raw")
    built = project.build()
    assert SHEET in built.read() and SHEET in built.read("raw.html")
    assert SHEET not in built.read("other.html")
    (project.directory / "docs/index.md").write_text("# Nothing\n")
    (project.directory / "docs/other.md").unlink()
    built = project.build()
    assert SHEET in built.read("raw.html") and SHEET in built.files
    assert SHEET not in built.read()


def test_a_minified_page_is_styled(project: Project, need: Need) -> None:
    """Also where the minifier comes first."""
    need("mkdocs_minify_plugin")
    project.page(f"Text {WEB}.")
    options = {
        "minify_html": True,
        "htmlmin_opts": {"remove_optional_attribute_quotes": True},
    }
    built = project.build(plugins=[{"minify": options}, "backup-badge"])
    assert SHEET in built.read()


AROUND = {
    "env": f"def on_env(env, **_):\n    env.globals['beside'] = {BADGE!r}\n",
    "page_context": "def on_page_context(context, **_):\n"
    f"    context['beside'] = {BADGE!r}\n",
    "post_page": "from mkdocs.plugins import event_priority\n@event_priority(100)\n"
    f"def on_post_page(html, **_):\n    return html + {BADGE!r}\n",
}


@pytest.mark.parametrize("place", ["template", *AROUND])
def test_a_badge_around_the_content_is_a_badge(project: Project, place: str) -> None:
    """A site's own templates and hooks may show one beside what a page says."""
    project.page(WEB)
    project.page("Nothing.", name="other")
    project.write("hook.py", AROUND.get(place, ""))
    beside = BADGE if place == "template" else "{{ beside }}"
    project.write("theme/main.html", f"<head></head>{{{{ page.content }}}}{beside}")
    built = project.build(hooks=["hook.py"])
    assert BADGE in built.read("other.html")
    assert SHEET in built.read("other.html")


def test_badges_from_included_files(project: Project, need: Need) -> None:
    """A page's own text may have none, and that of a snippet one."""
    need("pymdownx")
    project.page('# Site\n\n--8<-- "part.md"\n')
    project.write("parts/part.md", f"Included {WEB}.")
    snippets = {"pymdownx.snippets": {"base_path": [str(project.directory / "parts")]}}
    built = project.build(markdown_extensions=[snippets])
    assert "Included [Website: succeeded]." in built.main()
