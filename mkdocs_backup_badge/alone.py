"""The extension without the plugin: in Zensical, in MkDocs, in Python-Markdown alone.

Nobody says there when a build begins and ends, and some hosts make an extension anew
for every page. So builds are kept for the process, each for a while.
"""

from __future__ import annotations

import logging
import posixpath
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from markdown import Markdown
from markdown.postprocessors import Postprocessor

from backup_badge import BackupBadgeError, ConfigurationError
from backup_badge.config.host import load_with_options
from mkdocs_backup_badge import linking
from mkdocs_backup_badge.build import Build
from mkdocs_backup_badge.conversion import Conversion
from mkdocs_backup_badge.page_files import (
    Page,
    candidates,
    find_marks,
    page_language,
    page_of,
    read,
)

LOG = logging.getLogger("mkdocs.plugins.backup_badge")
"""MkDocs' strict mode counts what is logged below ``mkdocs``; ProperDocs' too."""

_ORIGIN = "the options of the Markdown extension backup_badge"


@dataclass(frozen=True, kw_only=True)
class Project:
    """What a host tells an extension of the project and the page it converts."""

    directory: Path
    docs_dir: Path | None = None
    language: str | None = None
    page: Page | None = None


_BUILDS: dict[tuple[Path, str], Build] = {}


def find(options: Mapping[str, Any], md: Markdown, text: str) -> tuple[Build, Page]:
    """Return the build and the page for a text that is converted.

    Raises ConfigurationError with all faults of the configuration, or the host's own
    error.
    """
    project = _project(md)
    try:
        build = open_build(project, options)
    except ConfigurationError as error:
        if host_error := _host_error(md):
            raise host_error(f"backup-badge {error.listing}") from None
        raise
    return build, project.page or Page("", lambda: text)


def open_build(project: Project, options: Mapping[str, Any]) -> Build:
    """Return the build of a project that is under way, or begin one.

    A new one resolves all that the project's pages show, where they can be found. A
    preview goes on with the last one while the configuration has faults.
    """
    key = project.directory, repr((project.language, sorted(options.items())))
    last = _BUILDS.get(key)
    is_once = project.docs_dir is not None and not _is_preview()
    if last and last.is_current(is_once=is_once):
        return last
    try:
        settings = load_with_options(
            options, directory=project.directory, origin=_ORIGIN
        )
    except ConfigurationError as error:
        if last is None or not _is_preview():
            if _is_zensical():
                _stop(f"it {error.listing}")
            raise
        for fault in error.faults:
            LOG.error("backup-badge: %s", fault)
        return last
    build = _BUILDS[key] = Build(settings, LOG)
    build.language = project.language
    if project.docs_dir:
        paths = sorted(project.docs_dir.rglob("*.md"))
        readers = (partial(read, path) for path in paths)
        build.resolve(find_marks(readers))
    return build


class Finish(Postprocessor):
    """Ends a page that needs it with style sheet and scripts, and logs its faults."""

    def __init__(self, conversion: Conversion) -> None:
        super().__init__(conversion.md)
        self._conversion = conversion

    def run(self, text: str) -> str:
        """Return the page, or a heading that is looked at, with what it needs.

        Raises BackupBadgeError, or the host's own error, where the author asked for
        strictness.
        """
        if not self._conversion.is_revealed or not self._conversion.is_open:
            return text
        build, _ = self._conversion.where
        build.log()
        _enforce(build, _host_error(self._conversion.md) or BackupBadgeError)
        return linking.inline(text, build.language_of_words)


def _enforce(build: Build, error: type[Exception]) -> None:
    """End the host's work where its author asked for strictness.

    In Zensical's strict mode, which does not count the warnings of extensions, that is
    for a warning too. A preview (``serve``) goes on.
    """
    if _is_preview():
        return
    if failure := build.report.failure():
        _stop(failure, error)
    if build.warnings and _is_zensical() and {"-s", "--strict"} & {*sys.argv[1:]}:
        _stop("see its warnings; this build is strict", error)


def _stop(why: str, error: type[Exception] = BackupBadgeError) -> NoReturn:
    if _is_zensical():
        # It shows the traceback of each error, which tells an author nothing.
        sys.tracebacklimit = 0
    raise error(f"backup-badge: {why}") from None


def _host_error(md: Markdown) -> type[Exception] | None:
    """Return what ends MkDocs or ProperDocs with a sentence, and without a traceback.

    It is of the package that runs, which this one does not need.
    """
    if "relpath" not in md.treeprocessors:
        return None
    host, _, _ = type(md.treeprocessors["relpath"]).__module__.partition(".")
    return getattr(sys.modules.get(f"{host}.exceptions"), "BuildError", None)


def _is_zensical() -> bool:
    return Path(sys.argv[0]).stem == "zensical" or "zensical" in sys.orig_argv


def _is_preview() -> bool:
    return "serve" in sys.argv[1:]


def _project(md: Markdown) -> Project:
    """Return what the host tells: MkDocs by a processor, Zensical by another."""
    if "relpath" in md.treeprocessors:
        told: Any = md.treeprocessors["relpath"]
        if hasattr(told, "file") and hasattr(told, "config"):
            directory = Path(told.config.config_file_path or ".").absolute().parent
            docs_dir = Path(told.config.docs_dir)
            page = page_of(told.file, told.files, directory)
            language = page_language(told.config.theme)
            return Project(
                directory=directory, docs_dir=docs_dir, language=language, page=page
            )
    for told in md.preprocessors:
        if type(told).__module__ == "zensical.extensions.context":
            directory = Path(told.config["root_dir"])
            docs_dir = directory / told.config["docs_dir"]
            language = page_language(told.config.get("theme") or {})
            return zensical_project(directory, docs_dir, told.page.path, language)
    return Project(directory=Path.cwd())


def zensical_project(
    directory: Path, docs_dir: Path, path: str, language: str | None
) -> Project:
    """Return the project with the page at a path below its folder of pages."""
    source = docs_dir / path

    def find(wanted: str) -> tuple[str, str] | None:
        found = (one for one in candidates(wanted) if (docs_dir / one).is_file())
        target = next(found, None)
        # Zensical translates what leads to a source file.
        here = posixpath.dirname(path) or "."
        return (target, posixpath.relpath(target, here)) if target else None

    name = source.relative_to(directory).as_posix()
    page = Page(name, partial(read, source), path=path, find=find)
    return Project(directory=directory, docs_dir=docs_dir, language=language, page=page)
