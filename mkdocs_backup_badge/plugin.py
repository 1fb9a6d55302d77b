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
from backup_badge.render.html import assets as contents
from mkdocs_backup_badge import assets
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.configuration import KEYS, read_settings
from mkdocs_backup_badge.extension import BackupBadgeExtension
from mkdocs_backup_badge.pages import Page, find_marks, page_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markdown import Markdown
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page as MkDocsPage

# The module that the host gives for mkdocs.plugins: what its strict mode counts.
LOG = logging.getLogger(f"{BasePlugin.__module__}.backup_badge")

NAME = "backup_badge"
"""The extension's name in ``markdown_extensions``."""


class BackupBadgePlugin(BasePlugin[LegacyConfig]):  # type: ignore[no-untyped-call]
    """The plugin ``backup-badge``; its options are the settings."""

    config_scheme = tuple((key, Optional(Type(object))) for key in KEYS)

    def __init__(self) -> None:
        self.build: Build | None = None
        self._page: Page | None = None
        self._serves = False
        self._directory = Path()

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
        self._open_build(settings)
        extensions: list[Any] = config.markdown_extensions
        extensions[:] = [extension for extension in extensions if extension != NAME]
        extensions.append(BackupBadgeExtension(find=self._find))
        return config

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Begin to ask for what all pages show, while they are still to be read."""
        assert self.build is not None
        marks, templates = [], "macros" in config.plugins
        for file in files.documentation_pages():
            # What cannot be read is the host's to report, when it gets to it.
            with suppress(OSError, ValueError):
                marks += find_marks(file.content_string, templates=templates)
        self.build.start(marks)

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, **_: Any) -> None:
        """Remember which page is converted next, for warnings."""
        self._page = page_of(page.file, self._directory)

    def on_page_content(self, html: str, **_: Any) -> None:
        """Forget the page: what is converted now is no page of its own."""
        self._page = None

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Add the style sheet and the scripts to a site that needs them.

        Unless it brings its own.
        """
        pages = (file.page for file in files.documentation_pages())
        if not any(page and assets.is_used(page.content or "") for page in pages):
            return
        for name, content in contents().items():
            uri = f"{assets.FOLDER}/{name}"
            if files.get_file_from_path(uri) is None:
                file = File.generated(
                    config, uri, content=content, inclusion=InclusionLevel.INCLUDED
                )
                files.append(file)

    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Link what a page needs, if it needs any; leave others as they are."""
        assert self.build is not None
        if not assets.is_used(output):
            return output
        export = self.build.settings.export
        return assets.link(
            output, lambda uri: get_relative_url(uri, page.url), export=export
        )

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish the statuses, and fail over the states that ``fail_on`` names."""
        assert self.build is not None
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
        if self.build is not None:
            self.build.finish()

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, **_: Any
    ) -> None:
        """Build again when a file that the configuration was read from changes."""
        assert self.build is not None
        for path in self.build.files:
            server.watch(str(path))

    def _options(self) -> dict[str, Any]:
        return {key: value for key, value in self.config.items() if value is not None}

    def _open_build(self, settings: Settings) -> None:
        """Begin a build; a preview goes on with the answers of the one before."""
        last = self.build
        is_same = last is not None and last.settings == settings and last.is_current
        if last and is_same and last.age < settings.cache_ttl.total_seconds():
            last.begin()
        else:
            self.build = Build(settings, LOG)

    def _find(self, md: Markdown, text: str) -> tuple[Build, Page]:
        assert self.build is not None
        return self.build, self._page or Page("", lambda: text)
