"""The plugin for MkDocs and ProperDocs: configures, resolves, links, reports."""

from __future__ import annotations

import logging
import posixpath
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from mkdocs.config.base import LegacyConfig
from mkdocs.config.config_options import Optional, Type
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.utils import get_relative_url

from backup_badge import ConfigurationError, Settings, TableMark, UsageError
from backup_badge.config.host import KEYS, load_with_options
from backup_badge.render.assets import contents
from mkdocs_backup_badge import linking, titles
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.extension import NAMES, BackupBadgeExtension, options_of
from mkdocs_backup_badge.page_files import (
    Page,
    find_marks,
    page_language,
    page_of,
    with_words,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markdown import Markdown
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page as MkDocsPage

# The module that the host gives for mkdocs.plugins: what its strict mode counts.
LOG = logging.getLogger(f"{BasePlugin.__module__}.backup_badge")


class BackupBadgePlugin(BasePlugin[LegacyConfig]):  # type: ignore[no-untyped-call]
    """The plugin ``backup-badge``; its options are the settings."""

    config_scheme = tuple((key, Optional(Type(object))) for key in KEYS)

    def __init__(self) -> None:
        self._builds: list[Build] = []
        self._last: Build | None = None
        self._file: File | None = None
        self._files: Files | None = None
        self._linked: set[str] = set()
        self._text = ""
        self._serves = False
        self._directory = Path()

    def __deepcopy__(self, memo: dict[int, object]) -> BackupBadgePlugin:
        """Stay the one: other plugins copy the configuration, in which this is."""
        return self

    @property
    def build(self) -> Build:
        """The build under way: the innermost, where a plugin builds while it builds."""
        return self._builds[-1]

    def on_startup(
        self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool
    ) -> None:
        """Learn whether this is a preview, which goes on whatever happens."""
        self._serves = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the configuration, and put the extension where it can be used."""
        self._begin(self._settings(config))
        titles.clean_early_titles()
        extensions: list[Any] = config.markdown_extensions
        extensions[:] = [
            extension
            for extension in extensions
            if extension not in NAMES
            and not isinstance(extension, BackupBadgeExtension)
        ]
        extensions.append(BackupBadgeExtension(self._find))
        return config

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Resolve what is shown and published, before any page is converted."""
        self._files = files
        # By now a plugin for several languages has told the theme which it builds.
        self.build.language = page_language(config.theme)
        pages = files.documentation_pages()
        readers = (partial(getattr, page, "content_string") for page in pages)
        published = [TableMark()] if self.build.settings.export else []
        self.build.resolve([*find_marks(readers), *published])

    def on_pre_page(self, page: MkDocsPage, **_: Any) -> None:
        """Remember which page is converted next, for warnings."""
        self._file = page.file

    @event_priority(100)
    def _before_content(
        self, html: str, /, *, page: MkDocsPage, config: MkDocsConfig, **_: Any
    ) -> None:
        """Note a page with badges; who reads its text, as for a feed, finds words."""
        self._text = page.markdown or ""
        if linking.is_used(html):
            self._linked.add(page.file.dest_uri)
            handlers = config.plugins.events["page_content"]
            if any(getattr(one, "__self__", None) is not self for one in handlers):
                page.markdown = with_words(self._text, self.build.say)

    @event_priority(-50)
    def _clean_titles(self, html: str, /, *, page: MkDocsPage, **_: Any) -> None:
        """Take badges from what other plugins read from headings."""
        titles.clean(page, html)

    @event_priority(-100)
    def _after_content(self, html: str, /, *, page: MkDocsPage, **_: Any) -> None:
        """Forget the page: what is converted now is no page of its own."""
        page.markdown, self._file = self._text, None

    on_page_content = CombinedEvent(_before_content, _clean_titles, _after_content)

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Log what there is to say, now that all pages have been converted."""
        self._files = files
        self.build.log()

    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Link what a page needs, if it needs any; leave others as they are."""
        if page.file.dest_uri not in self._linked and not linking.is_used(output):
            return output
        self._linked.add(page.file.dest_uri)
        relative = partial(get_relative_url, other=page.url)
        build = self.build
        return linking.link(
            output, relative, build.language_of_words, export=build.settings.export
        )

    # After those who build other languages, or write pages, in the same event.
    @event_priority(-1000)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what pages link, publish, and fail over what ``fail_on`` names."""
        build, site_dir = self.build, Path(config.site_dir)
        try:
            build.export(site_dir)
            files = contents(build.language_of_words)
            if build.shown or self._linked:
                self._link_others(site_dir, config)
            for name, content in files.items() if self._linked else ():
                path = site_dir / linking.FOLDER / name
                if not path.exists():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(content, encoding="utf-8", newline="\n")
            build.log()
        except UsageError as error:
            raise PluginError(f"backup-badge: {error}") from None
        finally:
            self._builds.pop()
        if config.strict and build.warnings and not LOG.isEnabledFor(logging.WARNING):
            # With --quiet a strict build neither shows nor counts what is logged.
            raise PluginError("backup-badge: there are warnings; see them without -q")
        failure = build.report.failure()
        if failure:
            if not self._serves:
                raise PluginError(f"backup-badge: {failure}")
            LOG.error("backup-badge: %s", failure)

    def on_build_error(self, **_: Any) -> None:
        """Forget the builds that are not finished."""
        self._builds.clear()

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, **_: Any
    ) -> None:
        """Build again when a file that the configuration was read from changes."""
        for path in self._last.settings.files if self._last else ():
            server.watch(str(path))

    def _settings(self, config: MkDocsConfig) -> Settings:
        path = Path(config.config_file_path or "mkdocs.yml").absolute()
        self._directory = path.parent
        own = {key: value for key, value in self.config.items() if value is not None}
        options = {**options_of(config.mdx_configs), **own}
        try:
            where = {"origin": path.name, "prefix": "plugins.backup-badge."}
            return load_with_options(options, directory=path.parent, **where)
        except ConfigurationError as error:
            raise PluginError(f"backup-badge {error.listing}") from None

    def _begin(self, settings: Settings) -> None:
        self._last = Build(settings, LOG, self._last)
        if not self._builds:
            self._linked.clear()
        self._builds.append(self._last)

    def _find(self, md: Markdown, text: str) -> tuple[Build, Page]:
        file, files = self._file, self._files
        if "relpath" in md.treeprocessors:
            told: Any = md.treeprocessors["relpath"]
            file, files = getattr(told, "file", file), getattr(told, "files", files)
        if file is None or files is None:
            return self.build, Page("", lambda: text)
        return self.build, page_of(file, files, self._directory)

    def _link_others(self, site_dir: Path, config: MkDocsConfig) -> None:
        """Link what pages need that a theme, or another plugin, wrote by itself."""
        known = {file.dest_uri for file in self._files or () if not file.page}
        known |= self._linked
        export = self.build.settings.export
        language = self.build.language_of_words
        for path in sorted(site_dir.rglob("*.html")):
            uri = path.relative_to(site_dir).as_posix()
            if uri in known or (export and uri.startswith(f"{export}/")):
                continue
            html = path.read_text(encoding="utf-8", errors="replace")
            if linking.is_used(html):
                self._linked.add(uri)
                relative = partial(get_relative_url, other=uri)
                if uri == "404.html":
                    # A server shows this one at any address.
                    root = urlsplit(config.site_url or "/").path
                    relative = partial(posixpath.join, root)
                html = linking.link(html, relative, language, export=export)
                path.write_text(html, encoding="utf-8", newline="")
