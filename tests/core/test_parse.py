"""JSON is read strictly, and takes no more memory than its space is worth."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults import Faulty, status

from backup_badge.documents.parse import FOREIGN, LOCAL, RefusedError, parse_json
from backup_badge.provider import Answer
from backup_badge.values.problem import Category, ProblemError

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
MOST_BYTES = FOREIGN.size


@pytest.mark.parametrize(
    "document", [{}, [], None, 5, 1.5, "é", {"a": [{"b": None}, {"b": True}]}]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json(document: object, encoding: str) -> None:
    """JSON is read as it is, in each of Unicode's encodings."""
    for ascii_alone in (True, False):
        text = json.dumps(document, ensure_ascii=ascii_alone)
        assert parse_json(text.encode(encoding)) == document


REFUSED = [
    (b'{"state": "failed", "state": "completed"}', "stands twice"),
    (b'[{"a": {"b": 1, "c": 2, "b": 1}}]', "stands twice"),
    (b'{"a": 1, "\\u0061": 2}', "stands twice"),
    (b'{"a": NaN}', "NaN"),
    (b"[Infinity]", "Infinity"),
    (b"[-Infinity]", "-Infinity"),
    (b'{"a": 1e999}', "not finite"),
    (b"[-1e999]", "not finite"),
    (b"[" * 30_000 + b"]" * 30_000, "nested too deeply"),
    (b"[" + b",".join([b"[]"] * 100_000) + b"]", "too many values"),
    (b"[" + b",".join([b"{}"] * 30_000) + b"]", "too many values"),
    (b'"' + b"x" * MOST_BYTES + b'"', "too large"),
    ('"😀' + "x" * (MOST_BYTES // 4) + '"', "too large"),
    (b'"\\ud83d\\ude00' + b"x" * (MOST_BYTES // 4) + b'"', "too large"),
    ('"Ж' + "x" * (MOST_BYTES // 2) + '"', "too large"),
]


@pytest.mark.parametrize(("content", "why"), REFUSED)
def test_refused(content: bytes | str, why: str) -> None:
    """What says two things, or is made to take memory, is refused with the reason."""
    content = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(RefusedError, match=why):
        parse_json(content)
    answer = Answer(origin="it", body=b'{"x":' + content + b"}", time=NOW)
    with pytest.raises(ProblemError, match=why) as raised:
        answer.json()
    assert raised.value.problem.category is Category.INVALID_RESPONSE


def test_local_documents() -> None:
    """What the operator's own files and commands say may be ten times as large."""
    content = b"[" + b",".join([b"{}"] * 100_000) + b"]"
    answer = Answer(origin="it", body=content, time=NOW, limit=LOCAL)
    assert len(answer.rows()) == 100_000
    with pytest.raises(RefusedError, match="too many values"):
        parse_json(b"[" + b",".join([b"{}"] * 200_000) + b"]", limit=LOCAL)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"'a'", b"[1,]", b"01", b"9" * 5000, b"{}{}"]
)
def test_no_json(content: bytes) -> None:
    """Anything else is an error of one kind, and an answer that says so."""
    with pytest.raises(ValueError):
        parse_json(content)
    with pytest.raises(ProblemError, match="is not JSON"):
        Answer(origin="it", body=content, time=NOW).json()


PEAK = """
import re, sys
from pathlib import Path
sys.path[:0] = sys.argv[3].split(":")
from asking import ENVIRON, configure
from backup_badge.ask.find import find
from backup_badge.ask.resolver import Resolver

settings = configure(Path(sys.argv[1]), sys.argv[2], timeout="60s", deadline="60s")
addresses = [f"{sys.argv[4]}/{number}" for number in range(int(sys.argv[5]))]
sources = [source for address in addresses for source in find(settings, address)]
found = Resolver(settings, environ=ENVIRON).resolve(sources)
assert all(status.problem or status.native for status in found.values())
# Not what getrusage says: that counts what the process was before it became another.
status = Path("/proc/self/status").read_text()
print(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])
"""

BOMBS = {
    "lists": b'{"a":[' + b",".join([b"[]"] * 1_390_000) + b"]}",
    "objects": b'{"a":[' + b",".join([b'{"":0}'] * 16_000) + b"]}",
    "letters": b'{"a":"' + b"x" * (MOST_BYTES - 10) + b'"}',
    "one rare letter": '{"a":"😀'.encode() + b"x" * (4 * 1024 * 1024 - 20) + b'"}',
    "white space": b"{}" + b" " * (4 * 1024 * 1024 - 2),
    "elements": b"<svg>" + b"<a/>" * 1_000_000 + b"</svg>",
    "depth": b"[" * 4_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize(
    ("form", "number"),
    [("rackspace:configuration", 16), ("cloudback:acme", 100)],
)
def test_memory_of_a_build(tmp_path: Path, body: bytes, form: str, number: int) -> None:
    """A build with hostile answers, sixteen at once, stays below 200 MiB.

    What is kept of answers until the build ends is bounded, too.
    """
    packed, command = gzip.compress(body), [sys.executable, "-c", PEAK]
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with Faulty(status(200, headers, packed)) as url:
        done = subprocess.run(
            [*command, str(tmp_path), url, ":".join(sys.path), form, str(number)],
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < 200 * 1024
