"""A real Prometheus with a Pushgateway, started on loopback for a test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("prometheus", "prometheus-pushgateway")
MISSING = [name for name in PROGRAMS if shutil.which(name) is None]
_CONFIGURATION = """\
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: pushed
    honor_labels: true
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""
_PATIENCE = 60.0


class PrometheusService:
    """``url`` is its address. It scrapes a Pushgateway every second."""

    def __init__(self, port: int, gateway: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._gateway = f"http://127.0.0.1:{gateway}"

    def push(self, text: str) -> None:
        """Push metrics in the text format, and wait until a query finds them."""
        url = f"{self._gateway}/metrics/job/backups"
        request = urllib.request.Request(url, data=text.encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()
        name = text.split("{")[0].split()[0]
        _wait_for(f"{self.url}/api/v1/query?query={name}", b'"value"')


@contextmanager
def prometheus(directory: Path) -> Iterator[PrometheusService]:
    """Start both in a directory, and end them."""
    port, gateway = _free_port(), _free_port()
    config = directory / "prometheus.yml"
    config.write_text(_CONFIGURATION.format(port=gateway))
    commands = (
        ["prometheus-pushgateway", f"--web.listen-address=127.0.0.1:{gateway}"],
        [
            "prometheus",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--config.file={config}",
            f"--storage.tsdb.path={directory / 'data'}",
        ],
    )
    with (directory / "log").open("wb") as log:
        processes = [
            subprocess.Popen(one, stdout=log, stderr=log, cwd=directory)
            for one in commands
        ]
        try:
            _wait_for(f"http://127.0.0.1:{gateway}/-/ready", b"")
            _wait_for(f"http://127.0.0.1:{port}/-/ready", b"")
            yield PrometheusService(port, gateway)
        finally:
            for process in processes:
                process.kill()
                process.wait()


def _wait_for(url: str, text: bytes) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if text in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} was not ready in {_PATIENCE:g} s")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
