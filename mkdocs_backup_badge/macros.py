"""A module for the macros plugin: ``modules: [mkdocs_backup_badge.macros]``.

Pages can then say ``{{ backup_badge("orders-db") }}`` and ``{{ backup_table() }}``,
with the same arguments as in the Markdown extension's macros, ``class`` included.
They get HTML, also where Markdown reads no macros: in raw HTML and in templates.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from backup_badge.markup.arguments import Literal
from backup_badge.markup.macro import NAMES as MACROS
from backup_badge.markup.macro import call_of
from backup_badge.render.assets import contents
from backup_badge.view.language import Language
from mkdocs_backup_badge.alone import Project, open_build, zensical_project
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.extension import NAMES, BackupBadgeExtension, options_of
from mkdocs_backup_badge.page_files import Page, page_language, page_of

_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_VALUE = re.compile(r'(?<==")[^"]+(?=")')
_SIGNS = re.compile(r"&#?\w+;|[!#$()*+:=@\[\]\\^_`{|}~]")
_SIGNS_IN_TAGS = re.compile(r"&#?\w+;|[$\[\]\\`{|}]")


def define_env(env: Any) -> None:
    """Offer the two functions to the pages of a site."""
    styled: list[object] = []

    def offer(name: str) -> Callable[..., str]:
        def function(*sources: Literal, **options: Literal) -> str:
            build, page = _where(env)
            html = build.show(call_of(name, sources, options), page)
            if not _has_extension(env):
                build.log()
                if not any(env.page is one for one in styled):
                    styled[:] = [env.page]
                    html += _elements(build.language_of_words)
            return _out_of_reach(html)

        return function

    for name in MACROS:
        env.macro(offer(name), name)


def _where(env: Any) -> tuple[Build, Page]:
    """Return the plugin's build where there is one, else what the extension uses."""
    root = Path(env.project_dir)
    docs = root / env.conf["docs_dir"]
    language = page_language(env.conf.get("theme") or {})
    if hasattr(env.page, "file"):
        page = page_of(env.page.file, env.variables["files"], root)
        project = Project(directory=root, docs_dir=docs, language=language, page=page)
    else:
        path = env.page.path if env.page else ""
        project = zensical_project(root, docs, path, language)
    plugins = env.conf["plugins"] or {}
    plugin = next((plugins[name] for name in NAMES if name in plugins), None)
    build: Build | None = getattr(plugin, "build", None)
    if build is None:
        build = open_build(project, options_of(env.conf["mdx_configs"]))
    return build, project.page or Page("", str)


def _has_extension(env: Any) -> bool:
    """Whether the Markdown extension looks after style sheets and headings."""
    used = env.conf["markdown_extensions"]
    return any(one in NAMES or isinstance(one, BackupBadgeExtension) for one in used)


def _out_of_reach(html: str) -> str:
    """Return HTML in one line, with nothing in it that means something to Markdown."""
    html = _VALUE.sub(partial(_spell, _SIGNS_IN_TAGS), html.replace("\n", ""))
    return _TEXT.sub(partial(_spell, _SIGNS), html)


def _spell(signs: re.Pattern[str], match: re.Match[str]) -> str:
    def spelt(sign: re.Match[str]) -> str:
        return sign[0] if sign[0][0] == "&" else f"&#{ord(sign[0])};"

    return signs.sub(spelt, match[0])


def _elements(language: Language) -> str:
    """Return style sheet and scripts as tags, which may stand in a line of text."""
    sheet, *scripts = (
        base64.b64encode(content.encode()).decode()
        for content in contents(language).values()
    )
    return f'<link rel="stylesheet" href="data:text/css;base64,{sheet}">' + "".join(
        f'<script defer src="data:text/javascript;base64,{script}"></script>'
        for script in scripts
    )
