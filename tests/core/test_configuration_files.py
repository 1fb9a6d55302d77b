"""The files that a configuration names for its providers."""

from __future__ import annotations

from pathlib import Path

from backup_badge import ConfigSource, load


def test_files_of_providers(tmp_path: Path) -> None:
    """A provider's files are relative to the file that names them, and are watched."""
    text = """
[providers.document]
type = "json"
file = "said/it.json"
word = "word"
states = { ok = "succeeded" }

[sources.one]
address = "document:document"

[sources.other]
address = "document:document"
file = "other.json"
"""
    (tmp_path / "configuration").mkdir()
    (tmp_path / "configuration" / "backup-badge.toml").write_text(text)
    host = {"sources": {"third": {"address": "document:document", "file": "own.json"}}}
    named = "configuration/backup-badge.toml"
    overlay = ConfigSource(values=host, origin="mkdocs.yml", directory=tmp_path)
    settings = load(tmp_path, config=named, overlay=overlay, environ={})
    beside = tmp_path / "configuration"
    assert settings.providers["document"].options["file"] == beside / "said/it.json"
    assert settings.sources["other"].options["file"] == beside / "other.json"
    assert settings.sources["third"].options["file"] == tmp_path / "own.json"
    assert settings.files == (
        beside / "backup-badge.toml",
        beside / "said/it.json",
        beside / "other.json",
        tmp_path / "own.json",
    )
