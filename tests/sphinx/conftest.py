"""A small Sphinx project on disk, and building it."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from cloud import Cloud
from sphinx.cmd.build import build_main

# Extensions of others, which may be behind the newest Sphinx.
OTHERS = "ablog|myst_parser|sphinx_(design|markdown_builder|needs)|sphinxcontrib"

CONF = """\
project = "Site"
extensions = ["sphinx_backup_badge", "myst_parser"]
exclude_patterns = ["*.txt"]
html_theme = "basic"
html_copy_source = False
suppress_warnings = ["epub.unknown_project_files"]
epub_copyright = version = "1"
linkcheck_report_timeouts_as_broken = False
"""

CONFIG = """\
cache_dir = "../cache"
cache_ttl = "0s"
timeout = "10s"

[providers.cloudback]
url = "{url}"

[sources.website]
address = "cloudback:acme/website"
label = "Website"
groups = ["web"]

[sources.handbook]
address = "cloudback:acme/handbook"
label = "Handbook"
groups = ["web"]
link = "{url}/badge/acme/handbook"
"""


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build wrote, printed and returned."""

    output: Path
    status: int
    said: str
    warned: str

    @property
    def warnings(self) -> list[str]:
        """The warnings' texts, without directories and what Sphinx puts behind."""
        lines = re.findall(
            r"(?:^|/)([^/\n]*WARNING: .*?)(?: \[.*\])?$", self.warned, re.M
        )
        return [line for line in lines if "has been enabled" not in line]

    def read(self, pattern: str = "index.html") -> str:
        """Return all files of that pattern, one after another."""
        paths = sorted(self.output.glob(pattern))
        assert paths, self.warned
        return "\n".join(path.read_text(encoding="utf-8") for path in paths)

    def files(self) -> dict[str, bytes]:
        """Return every file that was written, by its path."""
        paths = (path for path in self.output.rglob("*") if path.is_file())
        return {str(path.relative_to(self.output)): path.read_bytes() for path in paths}


@dataclass(frozen=True, kw_only=True)
class Site:
    """A project in ``docs``; all builders share its doctrees, as with Sphinx' make."""

    root: Path

    @property
    def docs(self) -> Path:
        """Where the sources are."""
        return self.root / "docs"

    def write(self, **pages: str) -> None:
        """Write pages, by their names with ``_`` for the dot: ``index_rst="..."``."""
        for name, text in pages.items():
            stem, _, suffix = name.rpartition("_")
            path = self.docs / f"{stem}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(
        self,
        builder: str = "html",
        *options: str,
        output: str = "",
        source: Path | None = None,
    ) -> Built:
        """Build in this process, as ``sphinx-build`` does."""
        written = self.root / "build" / (output or builder)
        arguments = ["-N", "-b", builder, "-d", str(self.root / "doctrees"), *options]
        said, warned = io.StringIO(), io.StringIO()
        with (
            redirect_stdout(said),
            redirect_stderr(warned),
            warnings.catch_warnings(),
        ):
            for category in (DeprecationWarning, PendingDeprecationWarning):
                warnings.filterwarnings("ignore", category=category, module=OTHERS)
            warnings.filterwarnings("ignore", "The frontend.Option class")
            status = build_main([*arguments, str(source or self.docs), str(written)])
        return Built(
            output=written,
            status=status,
            said=said.getvalue(),
            warned=warned.getvalue(),
        )


@pytest.fixture
def site(tmp_path: Path, cloud: Cloud) -> Site:
    """Return a project that is configured for two sources, one of which failed."""
    cloud.badges["acme", "website"] = "succeeded"
    cloud.badges["acme", "handbook"] = "failed"
    made = Site(root=tmp_path)
    made.write(conf_py=CONF)
    config = made.docs / "backup-badge.toml"
    config.write_text(CONFIG.format(url=cloud.url), encoding="utf-8")
    return made
