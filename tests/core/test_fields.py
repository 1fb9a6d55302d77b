"""Reading what a foreign document says, whatever shape it has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backup_badge.documents.fields import Fields
from backup_badge.values.problem import Category, ProblemError


def fields(value: object, zone: str | None = None) -> Fields:
    """A document with one field, ``key``."""
    return Fields(document={"key": value}, origin="the answer", zone=zone)


_NO_TIMES = (
    "now",
    "2026-13-01",
    "2026-02-30T00:00:00Z",
    "2026-11-21T04:00:60Z",
    "2026-11-21T04:00:00+99:99",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "10000-01-01T00:00:00Z",
    "1795233600000",
    "\ud800",
)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (Fields.text, "a\n\ttext, ünï\N{ZERO WIDTH NON-JOINER}cöde", None),
        (Fields.text, "", None),
        (Fields.text, "a\0b\x1bc\x9bd\ud800e\uffff", "a�b�c�d�e�"),
        (Fields.flag, False, None),
        (Fields.time, "2026-11-21T04:00:00Z", datetime(2026, 11, 21, 4, tzinfo=UTC)),
        (
            Fields.time,
            "2026-11-21T06:00:00.123456789+02:00",
            datetime(2026, 11, 21, 4, 0, 0, 123456, tzinfo=UTC),
        ),
        (Fields.count, 0, None),
        (Fields.count, 2**63 - 1, None),
        (Fields.long, 7, None),
        (Fields.long, "0", 0),
        (Fields.long, "9223372036854775807", 2**63 - 1),
    ],
)
def test_right(read: Callable[..., Any], value: object, expected: object) -> None:
    """A field of its shape is read; what no page can hold leaves a sign there."""
    assert read(fields(value), "key") == (value if expected is None else expected)


@pytest.mark.parametrize(
    "read", [Fields.text, Fields.flag, Fields.time, Fields.count, Fields.long]
)
def test_absent(read: Callable[..., Any]) -> None:
    """A field that is absent or null is None."""
    assert read(fields(None), "key") is None
    assert read(fields(1), "another") is None


@pytest.mark.parametrize("value", [-1, 2**63, 10**400, 1.0, True, "1", [], {}])
def test_no_count(value: object) -> None:
    """A count that is none, or that no table could hold, is not told."""
    assert fields(value).count("key") is None


@pytest.mark.parametrize(
    ("read", "value", "why"),
    [
        *[(Fields.text, value, "not a text") for value in (1, True, [], {}, 1.5)],
        *[(Fields.flag, value, "not true or false") for value in (1, 0, "true", [])],
        *[(Fields.time, value, "not a text") for value in (1732161600, {}, True)],
        *[(Fields.time, value, "no time") for value in _NO_TIMES],
        *[(Fields.table, value, "not an object") for value in (1, "x", [{}], True)],
        *[(Fields.tables, value, "no list of objects") for value in (None, {}, [1])],
    ],
)
def test_wrong(read: Callable[..., Any], value: object, why: str) -> None:
    """A field that a state may rest on must have its shape; the origin is named."""
    with pytest.raises(ProblemError, match=why) as caught:
        read(fields(value), "key")
    assert caught.value.problem.category is Category.INVALID_RESPONSE
    assert str(caught.value).startswith("the answer has ")
    assert len(str(caught.value)) < 100


WINTER = "2026-11-21T05:00:00"


@pytest.mark.parametrize(
    ("zone", "hour"), [("UTC", 5), ("Europe/Warsaw", 4), ("America/New_York", 10)]
)
def test_zone(zone: str, hour: int) -> None:
    """A time without a zone has that of its document, also in what is nested there."""
    time = datetime(2026, 11, 21, hour, tzinfo=UTC)
    assert fields(WINTER, zone).time("key") == time
    assert fields({"key": WINTER}, zone).table("key").time("key") == time
    (row,) = fields([{"key": WINTER}], zone).tables("key")
    assert row.time("key") == time
    assert fields(f"{WINTER}Z", zone).time("key") == datetime(
        2026, 11, 21, 5, tzinfo=UTC
    )


@pytest.mark.parametrize("read", [Fields.time, Fields.instant])
def test_no_zone(read: Callable[..., Any]) -> None:
    """Where nobody says which zone a time is in, it is refused: a guess is a lie."""
    with pytest.raises(ProblemError, match="'key' that has no zone") as caught:
        read(fields(WINTER), "key")
    assert caught.value.problem.category is Category.INVALID_RESPONSE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1795233600, datetime(2026, 11, 21, 4, tzinfo=UTC)),
        (1795233600.5, datetime(2026, 11, 21, 4, 0, 0, 500000, UTC)),
        (1795233600000, datetime(2026, 11, 21, 4, tzinfo=UTC)),
        ("1795233600", datetime(2026, 11, 21, 4, tzinfo=UTC)),
        (
            "2026-11-21T04:00:00.123456789Z",
            datetime(2026, 11, 21, 4, 0, 0, 123456, UTC),
        ),
        (0, None),
        (None, None),
        ("", None),
    ],
)
def test_instant(value: object, expected: datetime | None) -> None:
    """Seconds and milliseconds since 1970 are times where a provider asks for them."""
    assert fields(value).instant("key") == expected
    if isinstance(value, (int, float)):
        with pytest.raises(ProblemError, match="not a text"):
            fields(value).time("key")


@pytest.mark.parametrize("value", [True, [], {}, 5, -1, 10**40, "soon"])
def test_no_instant(value: object) -> None:
    """What is no time since 1970 either is refused."""
    with pytest.raises(ProblemError, match="'key' that is no time"):
        fields(value).instant("key")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        (str(2**63 - 1), 2**63 - 1),
        (7, 7),
        *[(value, None) for value in ("", "-1", "1.5", str(2**63), "9" * 30, True, [])],
    ],
)
def test_long(value: object, expected: int | None) -> None:
    """A count may be written as a text where a provider's system does so."""
    assert fields(value).long("key") == expected


def test_tables() -> None:
    """Objects are read with their document's origin; one that is absent is empty."""
    nested = fields({"key": "x"}).table("key")
    assert (nested.text("key"), nested.origin) == ("x", "the answer")
    assert fields(None).table("key").document == {}
    assert [table.text("a") for table in fields([{"a": "x"}, {}]).tables("key")] == [
        "x",
        None,
    ]
