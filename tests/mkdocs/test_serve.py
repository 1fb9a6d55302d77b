"""``mkdocs serve``: saving a page, and editing what the badges depend on."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from conftest import Project

WEB = '<< backup_badge("website") >>'


@contextmanager
def served(project: Project, host: str) -> Iterator[Callable[[str], str]]:
    """Serve a project; yields a function that waits until the page holds a text."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", host, "serve", "-a", address]
    log = project.directory / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=project.directory, stdout=output, stderr=subprocess.STDOUT
        )

        def wait_for(text: str) -> str:
            page, end = "", time.monotonic() + 20
            while time.monotonic() < end and process.poll() is None:
                try:
                    with urllib.request.urlopen(f"http://{address}/", timeout=5) as got:
                        page = got.read().decode()
                except OSError:
                    page = ""
                if text in page:
                    return page
                time.sleep(0.05)
            raise AssertionError(f"no {text!r}:\n{page}\n{log.read_text()}")

        try:
            yield wait_for
        finally:
            # As a person ends it; it then removes what it wrote.
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


@pytest.mark.parametrize("host", ["mkdocs", "properdocs"])
def test_saving_a_page_again_and_again_asks_once(
    project: Project, need: Callable[[str], None], host: str
) -> None:
    """Whether there was an answer or not; what the configuration says is seen."""
    need(host)
    project.configure(plugins=[{"backup-badge": {"fail_on": ["failed"]}}])
    project.page(f"first {WEB} << backup_badge('cloudback:acme/gone') >>")
    project.cloud.badges["acme", "gone"] = "<html>"
    with served(project, host) as wait_for:
        wait_for("first")
        asked = len(project.cloud.requests)
        for number in range(5):
            project.page(
                f"saved {number} {WEB} << backup_badge('cloudback:acme/gone') >>"
            )
            page = wait_for(f"saved {number}")
            assert page.count('data-backup-state="succeeded"') == 1
        assert len(project.cloud.requests) == asked == 2

        path = project.directory / "backup-badge.toml"
        path.write_text(path.read_text().replace('"Website"', '"Shop front"'))
        wait_for("Shop front")

        project.page("at the end << backup_badge('handbook') >>")
        assert 'data-backup-state="failed"' in wait_for("at the end")
        assert (
            "Handbook: last backup failed"
            in (project.directory / "serve.log").read_text()
        )


def test_a_status_file_is_read_again_when_it_changes(project: Project) -> None:
    """It is watched as the configuration is."""
    project.write_statuses()
    project.configure(plugins=[{"backup-badge": {"status_file": "backup-status.json"}}])
    project.page(WEB)
    with served(project, "mkdocs") as wait_for:
        wait_for('data-backup-state="succeeded"')
        project.cloud.badges["acme", "website"] = "failed"
        project.write_statuses()
        wait_for('data-backup-state="failed"')


@pytest.mark.slow
def test_zensical_follows_what_it_watches(
    project: Project, need: Callable[[str], None]
) -> None:
    """The status file and the configuration; a faulty one doesn't end the preview."""
    need("zensical")
    project.write_statuses()
    project.page(WEB)
    project.write(
        "zensical.toml",
        '[project]\nsite_name = "Site"\n'
        'watch = ["backup-status.json", "backup-badge.toml"]\n'
        "[project.markdown_extensions.backup_badge]\n"
        'status_file = "backup-status.json"\n',
    )
    path, log = project.directory / "backup-badge.toml", project.directory / "serve.log"
    good = path.read_text()

    def configure(text: str) -> None:
        time.sleep(1.1)  # Zensical looks at whole seconds.
        path.write_text(text)

    with served(project, "zensical") as wait_for:
        wait_for('data-backup-state="succeeded"')
        project.cloud.badges["acme", "website"] = "failed"
        time.sleep(1.1)
        project.write_statuses()
        wait_for('data-backup-state="failed"')
        configure(good.replace("label", "lable"))
        end = time.monotonic() + 20
        while "Did you mean 'label'?" not in log.read_text():
            assert time.monotonic() < end
            time.sleep(0.1)
        configure(good.replace('"Website"', '"Shop front"'))
        wait_for("Shop front")
