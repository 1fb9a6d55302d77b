"""The extension without the plugin: in Zensical, in MkDocs, in Python-Markdown alone.

Nobody says there when a build begins and ends, and some hosts make an extension anew
for every page. So builds are kept for the process, each for a while.
"""

from __future__ import annotations

import logging
import posixpath
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.postprocessors import Postprocessor

from backup_badge import BackupBadgeError, ConfigurationError
from mkdocs_backup_badge import assets
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.configuration import read_settings
from mkdocs_backup_badge.conversion import Conversion
from mkdocs_backup_badge.pages import (
    Page,
    SitePage,
    candidates,
    find_marks,
    page_of,
    read,
)

LOG = logging.getLogger("mkdocs.plugins.backup_badge")
"""MkDocs' strict mode counts what is logged below ``mkdocs``; ProperDocs' too."""

_ORIGIN = "the options of the Markdown extension backup_badge"


@dataclass(frozen=True, kw_only=True)
class Project:
    """What a host tells an extension of the project and the page it converts.

    ``templates`` says that pages use the macros plugin's module.
    """

    directory: Path
    docs_dir: Path | None = None
    page: Page | None = None
    templates: bool = False


_BUILDS: dict[tuple[Path, str], Build] = {}


def finder(
    options: Mapping[str, Any],
) -> Callable[[Markdown, str], tuple[Build, Page]]:
    """Return what finds the build and the page for a text that is converted.

    It raises ConfigurationError with all faults of the configuration.
    """

    def find(md: Markdown, text: str) -> tuple[Build, Page]:
        project = _project(md)
        build = open_build(project, options)
        return build, project.page or Page("", lambda: text)

    return find


def open_build(project: Project, options: Mapping[str, Any]) -> Build:
    """Return the build of a project that is under way, or begin one.

    A new one resolves all that the project's pages show, where they can be found. A
    preview goes on with the last one while the configuration has faults.
    """
    key = project.directory, repr(sorted(options.items()))
    last = _BUILDS.get(key)
    if last is not None and last.is_current:
        return last
    try:
        settings = read_settings(options, directory=project.directory, origin=_ORIGIN)
    except ConfigurationError as error:
        for fault in error.faults:
            LOG.error("backup-badge: %s", fault)
        if last is None or not _is_preview():
            raise
        return last
    if last is not None:
        last.site.close()
    build = _BUILDS[key] = Build(settings, LOG)
    if project.docs_dir:
        texts = _texts_below(project.docs_dir)
        build.look_ahead(find_marks(texts, templates=project.templates))
    return build


class Finish(Postprocessor):
    """Ends a page that needs it with style sheet and scripts, and logs its faults."""

    def __init__(self, md: Markdown, conversion: Conversion) -> None:
        super().__init__(md)
        self._conversion = conversion

    def run(self, text: str) -> str:
        """Return the page, or a heading that is looked at, with what it needs.

        Raises BackupBadgeError where the author asked for strictness.
        """
        if not self._conversion.is_revealed or not self._conversion.is_open:
            return text
        self._conversion.build.log()
        _enforce(self._conversion.build)
        return assets.inline(text)


def _enforce(build: Build) -> None:
    """End the host's work where its author asked for strictness.

    In Zensical's strict mode, which does not count the warnings of extensions, that is
    for a warning too. A preview (``serve``) goes on.
    """
    if _is_preview():
        return
    failure = build.failure()
    if failure:
        raise BackupBadgeError(f"backup-badge: {failure}")
    is_zensical = Path(sys.argv[0]).stem == "zensical" or "zensical" in sys.orig_argv
    if build.warnings and is_zensical and {"-s", "--strict"} & {*sys.argv[1:]}:
        raise BackupBadgeError("backup-badge: see its warnings; this build is strict")


def _is_preview() -> bool:
    return "serve" in sys.argv[1:]


def _project(md: Markdown) -> Project:
    """Return what the host tells: MkDocs by a processor, Zensical by another."""
    if "relpath" in md.treeprocessors:
        told: Any = md.treeprocessors["relpath"]
        if hasattr(told, "file") and hasattr(told, "config"):
            directory = Path(told.config.config_file_path or ".").absolute().parent
            return Project(
                directory=directory,
                docs_dir=Path(told.config.docs_dir),
                page=page_of(told.file, told.files, directory),
            )
    for told in md.preprocessors:
        if type(told).__module__ == "zensical.extensions.context":
            return zensical_project(told.config, told.page.path)
    return Project(directory=Path.cwd())


def zensical_project(config: Mapping[str, Any], path: str) -> Project:
    """Return what Zensical tells of the page at a path below its folder of pages."""
    directory = Path(config["root_dir"])
    docs_dir = directory / config["docs_dir"]
    source = docs_dir / path

    def find(wanted: str) -> tuple[str, str] | None:
        found = (one for one in candidates(wanted) if (docs_dir / one).is_file())
        target = next(found, None)
        # Zensical translates what leads to a source file.
        here = posixpath.dirname(path) or "."
        return (target, posixpath.relpath(target, here)) if target else None

    name = source.relative_to(directory).as_posix()
    page = SitePage(name, partial(read, source), path=path, find=find)
    return Project(directory=directory, docs_dir=docs_dir, page=page)


def _texts_below(directory: Path) -> Iterator[str]:
    for path in sorted(directory.rglob("*.md")):
        try:
            yield read(path)
        except (OSError, ValueError):
            # The host says what is wrong with it, if it is a page at all.
            continue
