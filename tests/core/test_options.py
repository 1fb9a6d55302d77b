"""How each kind of value is read, and what is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_badge.http.urls import check_url, is_loopback
from backup_badge.options import kinds
from backup_badge.options.kinds import (
    ACCOUNT,
    COUNT,
    DURATION,
    FLAG,
    FOLDER,
    LINK,
    LOCATION,
    NAMES,
    SECRET,
    STATES,
    TEXT,
    URL,
    format_duration,
    read_duration,
)
from backup_badge.options.option import Expansion, Kind, Option, read_options
from backup_badge.options.references import expand
from backup_badge.values.problem import Category, ProblemError
from backup_badge.values.state import State

KINDS = [kind for kind in vars(kinds).values() if isinstance(kind, Kind)]


@pytest.mark.parametrize(
    ("text", "seconds", "written"),
    [
        ("90s", 90, "90s"),
        ("5m", 300, "5m"),
        ("26h", 93600, "26h"),
        ("24h", 86400, "24h"),
        ("7d", 604800, "7d"),
        ("48h", 172800, "2d"),
        ("0s", 0, "0s"),
        ("1.5h", 5400, "90m"),
        ("0.5s", 0.5, "0.5s"),
        (" 5 m ", 300, "5m"),
        ("36525d", 3155760000, "36525d"),
    ],
)
def test_duration(text: str, seconds: float, written: str) -> None:
    """A duration is a number and a unit, and is written in its largest whole one."""
    duration = read_duration(text)
    assert duration == timedelta(seconds=seconds)
    assert format_duration(duration) == written
    assert read_duration(written) == duration


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (TEXT, " a text ", " a text "),
        (TEXT, "two\n\tlines, ünï‌cöde 👩‍💻", "two\n\tlines, ünï‌cöde 👩‍💻"),
        (FLAG, True, True),
        (COUNT, 1, 1),
        (COUNT, 1000, 1000),
        (NAMES, "one name", ("one name",)),
        (NAMES, ["one name", " another "], ("one name", "another")),
        (NAMES, (), ()),
        (STATES, "failed", {State.FAILED}),
        (STATES, ["failed", "in_progress"], {State.FAILED, State.IN_PROGRESS}),
        (LINK, "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (LINK, " HTTP://example.org ", "HTTP://example.org"),
        (LINK, "mailto:ops@example.org", "mailto:ops@example.org"),
        (LINK, "../runbooks/orders.html#top", "../runbooks/orders.html#top"),
        (LINK, "runbooks/orders.md", "runbooks/orders.md"),
        (LINK, "/runbooks/orders#top", "/runbooks/orders#top"),
        (LINK, "#orders", "#orders"),
        (LOCATION, " a directory/status.json ", "a directory/status.json"),
        (LOCATION, "https://example.org/a@b/s.json", None),
        (LOCATION, " ${STATUS_URL} ", "${STATUS_URL}"),
        (LOCATION, "${HOST}/s.json", None),
        (FOLDER, " api/backup/ ", "api/backup"),
        (FOLDER, "./..backup", "..backup"),
        (URL, "https://example.org/base/", "https://example.org/base"),
        (URL, "https://example.org:8443", "https://example.org:8443"),
        (URL, "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        (URL, "http://LOCALHOST", "http://LOCALHOST"),
        (URL, "http://[::1]:8000", "http://[::1]:8000"),
        (URL, "${CLOUD_URL}/v2.0/", "${CLOUD_URL}/v2.0"),
        (URL, "https://${CLOUD_HOST}:8443/v2.0", None),
        (ACCOUNT, " 123456 ", "123456"),
        (ACCOUNT, " ${TENANT} ", "${TENANT}"),
        (SECRET, " ${A_TOKEN1} ", "${A_TOKEN1}"),
    ],
)
def test_right(kind: Kind, value: object, read: object) -> None:
    """A right value is read as its kind says."""
    assert kind.read(value) == (value if read is None else read)


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        *[(DURATION, wrong, "must be a duration") for wrong in (5, "5", "-1h", "1w")],
        *[(DURATION, wrong, "must be a duration") for wrong in ("", "1h30m", "1e3s")],
        (DURATION, "36526d", "must be a hundred years at most, not '36526d'"),
        (DURATION, "9" * 400 + "s", "must be a hundred years at most"),
        (TEXT, 7, "must be a text, not 7"),
        (TEXT, None, "must be a text, not None"),
        (TEXT, "  ", "must be a text, not '  '"),
        (TEXT, date(2026, 11, 21), "must be a text, not a date"),
        (TEXT, {"token": "hunter2"}, "must be a text, not a table"),
        *[(TEXT, f"a{x}b", "control characters") for x in "\0\x1b\r\x7f\x9b\ud800"],
        (FLAG, 1, "must be true or false, not 1"),
        (FLAG, "false", "must be true or false, not 'false'"),
        *[(COUNT, wrong, "from 1 to 1000") for wrong in (0, 1001, True, 1.0, "1")],
        (NAMES, [1], "must be a list of names, not a list"),
        (NAMES, [" "], "must be a list of names"),
        (NAMES, {"a": 1}, "must be a list of names, not a table"),
        (STATES, ["faild"], "unknown state 'faild'. Did you mean 'failed'?"),
        (STATES, ["IN PROGRESS"], "Did you mean 'in_progress'?"),
        (STATES, ["red"], "The states are failed, overdue"),
        (LINK, "javascript:alert(1)", "must be a page of the site or an http, https"),
        (LINK, "JaVa\tScript:alert(1)", "must be a page"),
        (LINK, " \n javascript:x", "must be a page"),
        (LINK, "\x01javascript:x", "control characters"),
        *[(LINK, f"{scheme}:x", "must be a page") for scheme in ("data", "vbscript")],
        (LINK, "C:/runbooks/orders.md", "must be a page"),
        (LINK, "http://[", "must be a link, and cannot be read as one"),
        (LINK, "//example.org/x", "must begin with https:// or be a path"),
        (LINK, "https:orders.md", "must begin with https:// or be a path"),
        (LINK, "/\\example.org", "must be written with '/'"),
        (LINK, "runbooks\\orders.md", "must be written with '/'"),
        *[(LINK, f"{x}u:hunter2@a.org", "a user") for x in ("https://", "//")],
        *[
            (LOCATION, f"{scheme}://{rest}", "and so is a secret")
            for scheme in ("https", "HTTPS")
            for rest in ("u:hunter2@a.org/s.json", "u@a.org/s", "a.org/s?sig=hunter2")
        ],
        *[
            (LOCATION, wrong, "must be a URL")
            for wrong in ("https://[hunter2", "ftp://u:hunter2@a.org", "https:/hunter2")
        ],
        *[
            (kind, f"{before}${{NAME}}{after}", "only at its beginning")
            for kind in (URL, LOCATION)
            for before, after in (
                ("https://elsewhere.example.org/", ""),
                ("https://", ".example.org"),
                ("https://u:", "@example.org"),
                ("", "@example.org"),
                ("", ".example.org/x"),
                ("", "/${OTHER}"),
                ("", "${OTHER}"),
                ("", "/x?q=hunter2"),
                ("http", "://example.org"),
            )
        ],
        (ACCOUNT, "${NAME}-hunter2", "must be ${NAME} alone, without a text around"),
        *[(FOLDER, wrong, "inside the built site") for wrong in (".", "./", "/x")],
        *[(FOLDER, wrong, "inside the built site") for wrong in ("a/../..", "..\\x")],
        (FOLDER, "c:x", "inside the built site, not 'c:x'"),
        (URL, "hunter2", "must be a URL such as https://example.org"),
        (URL, "https://u:hunter2@example.org", "must not hold a user or a password"),
        (URL, "https://u@example.org", "must not hold a user or a password"),
        (URL, "https://u:hunter2", "must be a URL"),
        (URL, "https://u:hunter2/x@example.org", "must be a URL"),
        (URL, "https://[hunter2", "must be a URL"),
        (URL, "https://", "must be a URL"),
        (URL, "ftp://example.org", "must be a URL"),
        (URL, "http://example.org", "must use https"),
        (URL, "http://127.0.0.1.example.org", "must use https"),
        (URL, "http://127.999.0.1", "must use https"),
        (URL, "https://example.org/?key=hunter2", "without a query"),
        (URL, "https://example.org?", "without a query"),
        (URL, "https://example.org/#", "without a query or a fragment"),
        (URL, "https://example.org/a b", "must be a base URL"),
        (URL, "https://example.org/\u202e", "must be a base URL"),
        (SECRET, "hunter2", "is a secret: write it as a reference"),
        (SECRET, "hunter2-${NAME}", "is a secret"),
        (SECRET, "$NAME", "is a secret"),
        (SECRET, "${}", "is a secret"),
        (SECRET, ["hunter2"], "is a secret"),
    ],
)
def test_wrong(kind: Kind, value: object, why: str) -> None:
    """A wrong value is refused with a reason, which never tells what may be secret."""
    with pytest.raises(ValueError) as caught:
        kind.read(value)
    assert why in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert len(str(caught.value)) < 200


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
junk = st.recursive(
    scalars | st.binary() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(scalars, inner),
    max_leaves=5,
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(value=junk)
def test_junk(kind: Kind, value: object) -> None:
    """Whatever TOML, Python or YAML holds is read or refused with a ValueError."""
    try:
        kind.read(value)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0:0:0:0:0:0:0:1", True),
        ("", False),
        ("0.0.0.0", False),
        ("127.0.0.1.example.org", False),
        ("127.0.0.999", False),
        ("localhost.example.org", False),
        ("10.0.0.1", False),
    ],
)
def test_is_loopback(host: str, own: bool) -> None:
    """Only this machine's own names and addresses may be spoken to in the clear."""
    assert is_loopback(host) is own


def test_expand() -> None:
    """References become the environment's values, once: a value is no reference."""
    environ = {"A": "x", "B": "${A}", "EMPTY": ""}
    assert expand("${A}/${B}/$A/${1}", environ) == "x/${A}/$A/${1}"
    for missing in ("${MISSING}", "${A}${EMPTY}"):
        with pytest.raises(ProblemError, match=r"variable \w+ is not set") as caught:
            expand(missing, environ)
        assert caught.value.problem.category is Category.UNAUTHORIZED


def test_check_url_after_expansion() -> None:
    """A secret that strayed into a URL's variable is not told by what refuses it."""
    assert check_url("https://example.org/v2/") == "https://example.org/v2"
    for value in ("hunter2", "https://example.org/?hunter2", "http://hunter2/"):
        with pytest.raises(ValueError) as caught:
            check_url(value)
        assert "hunter2" not in str(caught.value)


CLOCK = Option(name="clock", kind=DURATION, help="")
ANYTHING = [
    Option(name="x", kind=kind, help="")
    for kind in KINDS
    if kind.expansion is Expansion.NEVER
]


@pytest.mark.parametrize("option", ANYTHING, ids=lambda option: option.kind.name)
@pytest.mark.parametrize("value", ["${NAME}", "a ${NAME} b", ["a", "${NAME}"]])
def test_no_reference(option: Option, value: object) -> None:
    """An option that takes no reference says so; in a page it is a text."""
    environ = {"NAME": "hunter2"}
    read, faults = read_options((option,), {"x": value}, environ=environ)
    said = "'x' takes no reference such as ${NAME}: write it out"
    assert (read, faults) == ({"x": None}, {"x": said})
    assert said not in read_options((option,), {"x": value})[1].values()


def test_duration_by_reference() -> None:
    """A duration may stand in a variable, alone and for all of it."""
    read, faults = read_options((CLOCK,), {"clock": " ${A} "}, environ={"A": " 26h "})
    assert (read, faults) == ({"clock": timedelta(hours=26)}, {})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("${A}", "is ${A}, and the environment variable A holds no duration"),
        ("${B}", "is ${B}, and the environment variable B is not set"),
        ("${EMPTY}", "the environment variable EMPTY is not set"),
        ("1${A}", "must be ${A} alone, without a text around it"),
        (["${A}"], "must be ${A} alone"),
    ],
)
def test_wrong_duration_by_reference(value: object, said: str) -> None:
    """What a variable holds is not quoted when it is no duration."""
    environ = {"A": "hunter2", "EMPTY": " "}
    read, faults = read_options((CLOCK,), {"clock": value}, environ=environ)
    assert read == {"clock": None}
    assert said in faults["clock"]
    assert "hunter2" not in faults["clock"]


def _reader(result: object) -> Callable[[object], Any]:
    def read(value: object) -> object:
        if value != result:
            raise ValueError("is wrong")
        return result

    return read


def test_read_options() -> None:
    """All faults are found in one go, and what is not given has its default."""
    declared = tuple(
        Option(name=name, kind=Kind(name="kind", read=_reader(1)), help="", default=0)
        for name in ("first", "second", "third")
    )
    read, faults = read_options(declared, {"first": 1, "second": 2, "thrid": 1})
    assert read == {"first": 1, "second": 0, "third": 0}
    assert faults == {
        "second": "'second' is wrong",
        "thrid": "'thrid' is not an option. Did you mean 'third'?",
    }
