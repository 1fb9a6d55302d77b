"""What every test has: the stand-in service, and a guard at the edge of loopback."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from cloud import Cloud

# A shell that starts the suite in the background has it ignore Ctrl-C, and so would
# every program that a test starts and means to interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one more test than there are cores: many wait for time to pass."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """Yield both backup systems, running and empty but for the account ``demo``."""
    with Cloud() as service:
        yield service


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return an authority for certificates, which nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Refuse connections and look-ups that reach past loopback, and fail the test.

    Yields what was refused. Refusing alone wouldn't do: most code under test takes an
    ``OSError`` for a backup system that is down.
    """
    escapes: list[str] = []

    def guard(owner: Any, name: str, host_of: Any, allowed: Any) -> None:
        original = getattr(owner, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            host = host_of(*args, **kwargs)
            if str(host).endswith(".invalid"):
                # What every name server says (RFC 6761), without asking one.
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            if not allowed(host):
                escapes.append(f"{name}({host!r})")
                raise OSError(f"{name}({host!r}) reaches past loopback")
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, guarded)

    for method in ("connect", "connect_ex"):
        guard(socket.socket, method, _peer, _is_loopback)
    for function in ("getaddrinfo", "gethostbyname"):
        guard(socket, function, lambda host, *_, **__: host, _needs_no_look_up)
    yield escapes
    if escapes:
        pytest.fail(f"reached past loopback: {', '.join(escapes)}")


def _peer(connection: socket.socket, address: Any) -> object:
    return None if connection.family == socket.AF_UNIX else address[0]


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    return _is_numeric(host) and ipaddress.ip_address(str(host)).is_loopback


def _needs_no_look_up(host: object) -> bool:
    return _is_loopback(host) or _is_numeric(host)


def _is_numeric(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True
