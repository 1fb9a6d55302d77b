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

    def __init__(self, directory: Path) -> None:
        port, gateway = _free_port(), _free_port()
        config = directory / "prometheus.yml"
        config.write_text(_CONFIGURATION.format(port=gateway))
        self.url = f"http://127.0.0.1:{port}"
        self._gateway_url = f"http://127.0.0.1:{gateway}"
        self._log = (directory / "log").open("ab")
        self._directory = directory
        self._gateway = self._start_gateway()
        self._server = self._start(
            "prometheus",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--config.file={config}",
            f"--storage.tsdb.path={directory / 'data'}",
        )

    def wait(self) -> None:
        """Wait until both answer."""
        _wait_for(f"{self._gateway_url}/-/ready")
        _wait_for(f"{self.url}/-/ready")

    def push(self, text: str) -> None:
        """Push metrics in the text format, and wait until a query finds them."""
        url = f"{self._gateway_url}/metrics/job/backups"
        request = urllib.request.Request(url, data=text.encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()
        self._wait_for_metric(text.split("{")[0].split()[0], found=True)

    @contextmanager
    def target_gone(self, metric: str) -> Iterator[None]:
        """End the Pushgateway, and wait until a metric is gone; then start it empty."""
        _end(self._gateway)
        self._wait_for_metric(metric, found=False)
        try:
            yield
        finally:
            self._gateway = self._start_gateway()
            self.wait()

    def close(self) -> None:
        """End both."""
        _end(self._server)
        _end(self._gateway)
        self._log.close()

    def _start_gateway(self) -> subprocess.Popen[bytes]:
        address = self._gateway_url.removeprefix("http://")
        return self._start("prometheus-pushgateway", f"--web.listen-address={address}")

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, stdout=self._log, stderr=self._log, cwd=self._directory
        )

    def _wait_for_metric(self, name: str, *, found: bool) -> None:
        text = b'"value"' if found else b'"result":[]'
        _wait_for(f"{self.url}/api/v1/query?query={name}", text)


@contextmanager
def prometheus(directory: Path) -> Iterator[PrometheusService]:
    """Start both in a directory, and end them."""
    service = PrometheusService(directory)
    try:
        service.wait()
        yield service
    finally:
        service.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _wait_for(url: str, text: bytes = b"") -> None:
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
