"""``conf.py`` over ``backup-badge.toml``, and what becomes of their faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloud import Cloud

if TYPE_CHECKING:
    from conftest import Site

INDEX_RST = "Site\n====\n\n:backup-badge:`website`\n"


def test_all_faults_stop_the_build_before_anything_is_read(site: Site) -> None:
    """They are told together, each with its place, in Sphinx' way of telling."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write('backup_badge_timeout = "soon"\n')
        conf.write("backup_badge_offlin = True\n")
        conf.write('backup_badge_fail_on = ["faild"]\n')
        conf.write('backup_badge_sources = {"website": {"lable": "Web"}}\n')
    with (site.docs / "backup-badge.toml").open("a") as config:
        config.write('[sources.third]\naddress = "cloudbak:acme/third"\n')
    site.write(index_rst=INDEX_RST)
    built = site.build()
    assert built.status == 2
    assert "Configuration error" in built.warned and built.warned.count('File "') <= 1
    assert not list(site.root.rglob("*.doctree"))
    for fault in (
        "conf.py (backup_badge_timeout): 'timeout' must be a duration",
        "'offlin' is not an option. Did you mean 'offline'?",
        "'fail_on' names the unknown state 'faild'. Did you mean 'failed'?",
        "'lable' is not an option. Did you mean 'label'?",
        "names the unknown provider 'cloudbak'. Did you mean 'cloudback'?",
    ):
        assert fault in built.warned


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("'nowhere.toml'", "nowhere.toml: there is no such file"),
        ("1", "conf.py (backup_badge_config): must be a path, not 1"),
    ],
)
def test_the_configuration_must_be_there(site: Site, value: str, fault: str) -> None:
    """A file that is named and missing is a fault, not a default."""
    with (site.docs / "conf.py").open("a") as conf:
        conf.write(f"backup_badge_config = {value}\n")
    site.write(index_rst=INDEX_RST)
    built = site.build()
    assert (built.status, fault in built.warned) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("conf", "options", "expected"),
    [
        ('backup_badge_sources = {"website": {"label": "Ours"}}', [], ">Ours<"),
        ('backup_badge_config = "../else.toml"', [], ">Elsewhere<"),
        ("import pathlib as p; backup_badge_config = p.Path('../else.toml')", [], ">E"),
        ("backup_badge_offline = True", [], "was not asked"),
        ("", ["-D", "backup_badge_offline=1"], "was not asked"),
        ("", ["-D", "backup_badge_config=../else.toml"], ">Elsewhere<"),
        ("", ["-D", "backup_badge_concurrency=1"], ">Website<"),
        ("", ["-D", "backup_badge_deadline=20s"], ">Website<"),
    ],
)
def test_values_are_laid_over_the_file(
    site: Site, cloud: Cloud, conf: str, options: list[str], expected: str
) -> None:
    """``conf.py`` and ``-D`` have the file's keys; paths are relative to conf.py."""
    text = (site.docs / "backup-badge.toml").read_text(encoding="utf-8")
    (site.root / "else.toml").write_text(text.replace('"Website"', '"Elsewhere"'))
    with (site.docs / "conf.py").open("a") as file:
        file.write(f"{conf}\n")
    site.write(index_rst=INDEX_RST)
    built = site.build("html", *options)
    assert built.status == 0
    assert expected in built.read()


def test_nothing_need_be_configured(site: Site) -> None:
    """Without a file and values, addresses of anonymous providers work."""
    (site.docs / "backup-badge.toml").unlink()
    with (site.docs / "conf.py").open("a") as conf:
        conf.write("backup_badge_offline = True\n")
    site.write(index_rst="Site\n====\n\n:backup-badge:`cloudback:acme/website`\n")
    built = site.build()
    assert built.status == 0
    assert 'data-backup-source="cloudback:acme/website"' in built.read()
