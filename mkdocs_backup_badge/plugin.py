"""The plugin for MkDocs and ProperDocs: configures, has asked early, links, fails."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.base import LegacyConfig
from mkdocs.config.config_options import Optional, Type
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import get_relative_url

from backup_badge import ConfigurationError, Settings, UsageError
from backup_badge.files import read_file
from backup_badge.render.assets import contents
from mkdocs_backup_badge import assets
from mkdocs_backup_badge.configuration import KEYS, read_settings
from mkdocs_backup_badge.extension import BackupBadgeExtension
from mkdocs_backup_badge.neighbours import is_searched, keep_to_content, others

if TYPE_CHECKING:
    from jinja2 import Environment
    from markdown import Markdown
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page as MkDocsPage

    from mkdocs_backup_badge.build import Build, Mark
    from mkdocs_backup_badge.pages import Page

# The module that the host gives for mkdocs.plugins: what its strict mode counts.
LOG = logging.getLogger(f"{BasePlugin.__module__}.backup_badge")

NAME = "backup_badge"
"""The extension's name in ``markdown_extensions``."""


class BackupBadgePlugin(BasePlugin[LegacyConfig]):  # type: ignore[no-untyped-call]
    """The plugin ``backup-badge``; its options are the settings."""

    config_scheme = tuple((key, Optional(Type(object))) for key in KEYS)

    def __init__(self) -> None:
        self._work = _Work()
        self._page: MkDocsPage | None = None
        self._serves = self._keeps_to_content = False
        self._directory = Path()

    @property
    def build(self) -> Build:
        """The build under way."""
        return self._work.build

    def on_startup(
        self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool
    ) -> None:
        """Learn whether this is a preview, which goes on whatever happens."""
        self._serves = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the configuration, and put the extension where it can be used."""
        path = Path(config.config_file_path or "mkdocs.yml").absolute()
        self._directory = path.parent
        options = {**(config.mdx_configs.pop(NAME, {})), **self._options()}
        try:
            settings = read_settings(
                options,
                directory=self._directory,
                origin=path.name,
                prefix="plugins.backup-badge.",
            )
        except ConfigurationError as error:
            faults = "".join(f"\n- {fault}" for fault in error.faults)
            message = f"backup-badge cannot read its configuration:{faults}"
            raise PluginError(message) from None
        self._work.begin(settings)
        extensions: list[Any] = config.markdown_extensions
        extensions[:] = [extension for extension in extensions if extension != NAME]
        extensions.append(BackupBadgeExtension(self._find, lambda: self.build.plain))
        return config

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Begin to ask for what all pages show, while they are still to be read."""
        texts: list[tuple[File, str]] = []
        for file in files.documentation_pages():
            # What cannot be read is the host's to report, when it gets to it.
            with suppress(OSError, ValueError):
                path = file.abs_src_path
                content = read_file(path) if path else file.content_bytes
                if b"backup_" in content:
                    text = content.decode().replace("\r\n", "\n")
                    texts.append((file, text))
        if texts:
            from mkdocs_backup_badge.pages import as_macros, page_of

            self.build.defers = not others(config, self, "page_content")
            marks: list[Mark] = []
            for file, text in texts:
                text = as_macros(text) if "macros" in config.plugins else text
                page = page_of(file, self._directory)
                marks += self.build.plain.read_ahead(text, page)
            self.build.start(marks)

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, **_: Any) -> None:
        """Remember which page is converted next, for warnings."""
        self._page = page

    def on_page_content(self, html: str, **_: Any) -> None:
        """Forget the page: what is converted now is no page of its own."""
        self._page = None

    @event_priority(100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Put the badges into the pages, now that all have been read.

        Before a search reads them it is only their text. Add the style sheet and the
        scripts to a site that needs them, unless it brings its own.
        """
        fill = self._keep_promises
        if self._work.is_open:
            self.build.settle()
            if is_searched(config, self):
                fill = self.build.promises.say
        self._keeps_to_content = keep_to_content(config, self)
        is_used = False
        for file in files:
            if file.page and file.page.content:
                before, content = file.page.content, fill(file.page.content)
                is_used = is_used or content != before or assets.is_used(content)
                file.page.content = content
        for name, content in contents().items() if is_used else ():
            uri = f"{assets.FOLDER}/{name}"
            if files.get_file_from_path(uri) is None:
                file = File.generated(
                    config, uri, content=content, inclusion=InclusionLevel.INCLUDED
                )
                files.append(file)

    @event_priority(-100)
    def on_page_context(self, context: Any, *, page: MkDocsPage, **_: Any) -> None:
        """Put in the badges, now that a search has read the page."""
        if page.content:
            page.content = self._keep_promises(page.content)

    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Link what a page needs, if it needs any; leave others as they are."""
        html = self._keep_promises(output)
        return assets.link(
            html,
            lambda uri: get_relative_url(uri, page.url),
            export=self._work.settings.export,
            within=page.content or "" if self._keeps_to_content else html,
        )

    def on_post_template(self, output_content: str, **_: Any) -> str:
        """Put in the badges of what was converted for it while pages were read."""
        return self._keep_promises(output_content)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish the statuses, and fail over the states that ``fail_on`` names."""
        if not self._work.is_open and not self._work.settings.export:
            return
        try:
            self.build.export(Path(config.site_dir))
        except UsageError as error:
            raise PluginError(f"backup-badge: {error}") from None
        finally:
            self.build.finish()
        if (
            config.strict
            and self.build.warnings
            and not LOG.isEnabledFor(logging.WARNING)
        ):
            # With --quiet a strict build neither shows nor counts what is logged.
            raise PluginError("backup-badge: there are warnings; see them without -q")
        if self.build.failing:
            sources = "".join(f"\n- {source}" for source in self.build.failing)
            message = f"backup-badge: 'fail_on' names the state of{sources}"
            if not self._serves:
                raise PluginError(message)
            LOG.error(message)

    def on_build_error(self, **_: Any) -> None:
        """Leave no thread behind."""
        if self._work.is_open:
            self.build.finish()

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, **_: Any
    ) -> None:
        """Build again when a file that the configuration was read from changes."""
        for path in self._work.settings.files:
            server.watch(str(path))

    def _options(self) -> dict[str, Any]:
        return {key: value for key, value in self.config.items() if value is not None}

    def _find(self, md: Markdown, text: str) -> tuple[Build, Page]:
        from mkdocs_backup_badge.pages import Page, page_of

        if self._page is None:
            return self.build, Page("", lambda: text)
        return self.build, page_of(self._page.file, self._directory)

    def _keep_promises(self, html: str) -> str:
        return self.build.promises.keep(html) if self._work.is_open else html


class _Work:
    """The build under way, opened where something is to be shown.

    Plugins copy the host's configuration, in which this is. It stays the one.
    """

    def __init__(self) -> None:
        self.settings = Settings()
        self._build: Build | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> _Work:
        return self

    def begin(self, settings: Settings) -> None:
        """Begin anew; a preview goes on with the answers of the build before."""
        last, self.settings = self._build, settings
        is_same = last and last.settings == settings and last.is_current
        if last and is_same and last.age < settings.cache_ttl.total_seconds():
            last.begin()
        else:
            self._build = None

    @property
    def is_open(self) -> bool:
        """Whether anything is shown, as far as is known."""
        return self._build is not None

    @property
    def build(self) -> Build:
        """The build; opened if it is not yet."""
        if self._build is None:
            from mkdocs_backup_badge.build import Build

            self._build = Build(self.settings, LOG)
        return self._build
