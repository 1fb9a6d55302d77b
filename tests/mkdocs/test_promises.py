"""Pages are read while answers are awaited, and get their badges afterwards."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mkdocs.config import load_config

from mkdocs_backup_badge.pages import find_marks
from mkdocs_backup_badge.promises import Promises

if TYPE_CHECKING:
    from conftest import Project

WEB = '<< backup_badge("website") >>'
PAGE = f"""# Site {WEB}

In a sentence {WEB}, in *emphasis {WEB}*.

{WEB}

<< backup_table() >>

| a | b |
|---|---|
| {WEB} | << backup_badge("nix") >> |

<< backup_badge() >>
"""
LISTENS = "def on_page_content(html, **_):\n    return html + '<!--heard-->'\n"
LOOKS = """
from mkdocs.plugins import event_priority

@event_priority(1000)
def on_env(env, config, files):
    page = list(files.documentation_pages())[0].page
    print("before", page.content.count('data-backup-state="succeeded"'))

def on_page_context(context, page, **_):
    print("after", page.content.count('data-backup-state="succeeded"'))
"""


def test_what_is_promised_is_kept() -> None:
    """Each place gets its own, once it is asked for; nobody can forge a place."""
    promises = Promises()
    shown: list[str] = []

    def show(what: str) -> str:
        shown.append(what)
        return f"<b>{what}</b>"

    first = promises.make(lambda: show("one"), tag="span")
    second = promises.make(lambda: show("two"), tag="div")
    assert (first[:5], second[:4]) == ("<span", "<div")
    assert shown == []
    assert promises.keep(f"{second} and {first}") == "<b>two</b> and <b>one</b>"
    other = Promises().make(lambda: show("forged"), tag="span")
    assert promises.keep(other) == other


def test_pages_do_not_wait_for_their_badges(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """After all pages were converted they have places, before they are used badges."""
    project.page(PAGE)
    project.write("hook.py", LOOKS)
    project.build(hooks=["hook.py"])
    assert capsys.readouterr().out.split() == ["before", "0", "after", "6"]


def test_who_looks_at_content_sees_badges(project: Project) -> None:
    """With another plugin that does, pages wait, and come out the same."""
    project.page(PAGE)
    alone = project.build()
    project.write("hook.py", LISTENS)
    heard = project.build(hooks=["hook.py"])
    assert heard.main() == alone.main() + "<!--heard-->"
    assert alone.main().count("[Website: succeeded]") == 5
    assert heard.warnings == alone.warnings


def test_every_place_is_as_if_the_page_had_waited(project: Project) -> None:
    """To the byte: paragraphs, headings, cells, tables and errors."""
    project.page(PAGE)
    alone = project.build()
    project.write("hook.py", LISTENS)
    heard = project.build(hooks=["hook.py"]).read()
    assert heard.replace("<!--heard-->", "") == alone.read()


def test_a_search_finds_what_badges_say(project: Project) -> None:
    """It reads words, without signs or markup, and the pages are the same."""
    project.page(PAGE)
    alone = project.build()
    built = project.build(plugins=["search", "backup-badge"])
    index = json.loads(built.files["search/search_index.json"])
    text = index["docs"][0]["text"]
    assert "In a sentence Website: succeeded , in emphasis Website: succeeded" in text
    assert "a badge needs a source" in text and "Handbook" in text
    assert not re.search("BACKUP|<span|<!--|data-", text)
    assert (built.read(), built.warnings) == (alone.read(), alone.warnings)


def test_a_badge_that_came_as_html_is_a_badge(project: Project) -> None:
    """Whoever wrote it, a page with a badge needs the style sheet."""
    project.page('<div>\n<span class="backup-badge">a</span></div>\n')
    built = project.build()
    assert "assets/backup-badge.css" in built.read()
    assert "assets/backup-badge.css" in built.files


BADGE = '<p><span class="backup-badge">a</span></p>'
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
    own = {"name": None, "custom_dir": "theme"}
    theme = {"name": "mkdocs"} if place == "post_page" else own
    built = project.build(hooks=["hook.py"], theme=theme)
    assert BADGE in built.read("other.html")
    assert "assets/backup-badge.css" in built.read("other.html")


def test_a_theme_from_elsewhere_adds_nothing(project: Project) -> None:
    """A page's links tell of what is in its content, where nobody adds to that."""
    project.page(WEB)
    project.page("<< backup_table() >>", name="table")
    project.page("Nothing.", name="other")
    built = project.build(theme={"name": "mkdocs"})
    pages = {name: built.read(f"{name}.html") for name in ("index", "table", "other")}
    needs = {
        name: [file in text for file in ("backup-badge.css", "backup-table.js")]
        for name, text in pages.items()
    }
    assert needs == {
        "index": [True, False],
        "table": [True, True],
        "other": [False, False],
    }


def test_who_else_looks_at_searched_pages_sees_badges(project: Project) -> None:
    """A page is words for a search alone, and until it has read them."""
    project.page(PAGE)
    project.write("hook.py", LOOKS)
    hooked = project.build(plugins=["search", "backup-badge"], hooks=["hook.py"])
    index = json.loads(hooked.files["search/search_index.json"])
    assert "✓" in index["docs"][0]["text"]
    project.write(
        "last.py", "def on_post_page(html, page, **_):\n    return page.content"
    )
    written = project.build(plugins=["search", "backup-badge"], hooks=["last.py"])
    assert written.read().count("data-backup-state") == 9


def test_words_without_their_place_stay_words() -> None:
    """A plugin that leaves out comments leaves the words; one that copies, badges."""
    promises = Promises()
    badge = '<a class="b"><span class="backup-badge-sign">✓</span>&lt;x&gt;: good</a>'
    words = [promises.make_word(lambda: badge), promises.make(lambda: "x", tag="span")]
    said = promises.say(" and ".join(words))
    assert re.sub("<!--.*?-->", "", said) == "&lt;x&gt;: good and x"
    assert promises.keep(said * 2) == f"{badge} and x" * 2
    cut = words[0][:-1]
    assert promises.keep(f"{cut} {words[0]}") == f"{cut} {badge}"
    assert promises.say("nothing") == promises.keep("nothing") == "nothing"


def test_markdown_that_is_kept_for_later_gets_its_badges(project: Project) -> None:
    """A hook may convert text itself while pages are read, and show it in pages."""
    project.page(WEB)
    project.write(
        "hook.py",
        "import markdown\n"
        "def on_page_markdown(markdown, page, config, **_):\n"
        "    page.meta['title'] = 'T'\n"
        f"    page.kept = convert({WEB!r}, config)\n"
        "def convert(text, config):\n"
        "    extensions = config.markdown_extensions\n"
        "    return markdown.markdown(text, extensions=extensions)\n"
        "def on_post_page(output, page, **_):\n"
        "    return output.replace('</main>', page.kept + '</main>')\n",
    )
    plugins = ["backup-badge"]
    built = project.build(hooks=["hook.py"], plugins=plugins)
    assert "[Website: succeeded]" in built.main()


def test_fences_without_end_take_no_longer_than_they_are_long() -> None:
    """Whoever asks early looks at every page, hostile ones included."""
    for text in ("```\na\n", "```\n~~~\n", "````\n```\n", "- ```\n"):
        began = time.monotonic()
        find_marks(text * 20_000 + WEB)
        assert time.monotonic() - began < 5


def test_templates_get_what_was_converted_for_them(project: Project) -> None:
    """A page beside the pages, such as the one for what is not found."""
    project.page(WEB)
    project.write(
        "hook.py",
        "import markdown\n"
        "kept = []\n"
        "def on_page_markdown(text, page, config, **_):\n"
        "    extensions = config.markdown_extensions\n"
        f"    kept.append(markdown.markdown({WEB!r}, extensions=extensions))\n"
        "def on_pre_template(template, **_):\n"
        "    return template.environment.from_string(kept[0])\n",
    )
    project.write("theme/404.html", "-")
    theme = {"name": None, "custom_dir": "theme", "static_templates": ["404.html"]}
    built = project.build(hooks=["hook.py"], theme=theme)
    assert b'data-backup-state="succeeded"' in built.files["404.html"]


def test_a_site_without_badges_imports_little(project: Project) -> None:
    """The network library is not loaded where nothing is asked."""
    project.page("# Nothing\n\n    cat << EOF\n")
    project.configure()
    script = (
        "import sys\nfrom mkdocs.__main__ import cli\n"
        "cli(['build', '-q'], standalone_mode=False)\n"
        "print(*(n for n in sys.modules if 'backup_badge' in n or n == 'requests'))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=project.directory,
        capture_output=True,
        text=True,
        timeout=60,
    )
    loaded = set(done.stdout.split())
    assert "mkdocs_backup_badge.extension" in loaded, done.stderr
    assert "requests" not in loaded
    assert not {"mkdocs_backup_badge.processors", "backup_badge.values.status"} & loaded


def test_badges_from_included_files_join_in(project: Project, tmp_path: Path) -> None:
    """A page's own text may have none, and that of a snippet one."""
    pytest.importorskip("pymdownx")
    project.page('# Site\n\n--8<-- "part.md"\n')
    project.write("parts/part.md", f"Included {WEB}.")
    snippets = {"pymdownx.snippets": {"base_path": [str(project.directory / "parts")]}}
    built = project.build(markdown_extensions=[snippets])
    assert "Included [Website: succeeded]." in built.main()


def test_the_configuration_is_read_without_badges_too(project: Project) -> None:
    """A fault in it is told, whether or not a page uses it."""
    project.page("nothing")
    project.write("backup-badge.toml", "max_agee = '1d'\n")
    built = project.build()
    assert built.status == 1
    assert "Did you mean 'max_age'?" in built.said
    config = load_config(config_file=str(project.directory / "mkdocs.yml"))
    assert "backup-badge" in config.plugins
