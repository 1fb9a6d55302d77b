"""One site a theme, with one page, built by its real host from one status file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

GALLERY = Path(__file__).resolve().parent
EXAMPLES = GALLERY.parent / "examples"
sys.path.insert(0, str(EXAMPLES))

from cloud import Cloud  # noqa: E402
from themes import Theme  # noqa: E402
from world import environ, furnish  # noqa: E402

CONFIGURATION = EXAMPLES / "backup-badge.toml"


def write_statuses(path: Path) -> None:
    """Ask the stand-in service for the example's backups, and write what it says."""
    # A copy, as the command keeps its cache beside its configuration.
    configuration = str(shutil.copy(CONFIGURATION, path.parent))
    shutil.copy(CONFIGURATION.with_name("archive.json"), path.parent)
    command = Path(sys.executable).with_name("backup-badge")
    with Cloud() as cloud:
        furnish(cloud)
        said = _run(
            [str(command), "status", "-c", configuration, "--format", "json"],
            **environ(cloud),
        )
    path.write_text(said)


def build(theme: Theme, folder: Path, *, statuses: Path) -> Path:
    """Write a site into a new folder and build it there; return its page."""
    source = folder / "docs"
    source.mkdir(parents=True)
    write = _write_sphinx if theme.host == "Sphinx" else _write_markdown
    arguments = write(theme, folder, source)
    # -P: the installed packages, not those of the directory where this was started.
    command = [sys.executable, "-P", "-m", theme.host.lower(), *arguments]
    _run(command, BACKUP_BADGE_STATUS_FILE=str(statuses))
    return folder / "site" / "index.html"


def _write_sphinx(theme: Theme, folder: Path, source: Path) -> list[str]:
    """Write a project for Sphinx; return the arguments that build it."""
    extensions = ["sphinx_backup_badge"]
    # One of the themes is an extension too.
    if theme.module == "sphinx_immaterial":
        extensions.append(theme.module)
    settings = {"project": "Shop", "extensions": extensions, **theme.settings}
    lines = (f"{name} = {value!r}\n" for name, value in settings.items())
    (source / "conf.py").write_text("".join(lines))
    shutil.copy(GALLERY / "page.rst", source / "index.rst")
    shutil.copy(CONFIGURATION, source)
    return ["-q", str(source), str(folder / "site")]


def _write_markdown(theme: Theme, folder: Path, source: Path) -> list[str]:
    """Write a project for MkDocs or its kin; return the arguments that build it."""
    extensions, plugins = ["admonition", "tables"], ["backup-badge"]
    if theme.host == "Zensical":
        extensions, plugins = [*extensions, "backup_badge"], []
    settings = {
        "site_name": "Shop",
        "use_directory_urls": False,
        "plugins": plugins,
        "markdown_extensions": extensions,
        **theme.settings,
    }
    # JSON is YAML.
    file = folder / "mkdocs.yml"
    file.write_text(json.dumps(settings, indent=2))
    shutil.copy(GALLERY / "page.md", source / "index.md")
    shutil.copy(CONFIGURATION, folder)
    return ["build", "-f", str(file)]


def _run(command: list[str], **environ: str) -> str:
    """Run a program to its end; return what it printed, or stop and show it."""
    done = subprocess.run(
        command,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout
