"""The kinds of values, and how what people write is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from backup_badge.http.urls import check_location, check_url, is_remote
from backup_badge.options.option import Expansion, Kind, shown
from backup_badge.options.references import (
    REFERENCE,
    check_beginning,
    find_reference,
)
from backup_badge.values.problem import did_you_mean
from backup_badge.values.source import writable
from backup_badge.values.state import State

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_LONGEST = timedelta(days=36525)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be a text, not {shown(value)}")
    if writable(value, "") != value:
        raise ValueError("must not hold control characters")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {shown(value)}")
    return value


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a table, not {shown(value)}")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 1000:
        raise ValueError(f"must be a whole number from 1 to 1000, not {shown(value)}")
    return value


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(
        isinstance(item, str) and item.strip() for item in value
    ):
        raise ValueError(f"must be a list of names, not {shown(value)}")
    return tuple(item.strip() for item in value)


def read_duration(value: object) -> timedelta:
    """Read ``90s``, ``5m``, ``26h`` or ``7d``. Raises ValueError for anything else."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(
            f'must be a duration such as "90s", "26h" or "7d", not {shown(value)}'
        )
    number, unit = float(match[1]), _UNITS[match[2]]
    if number > _LONGEST / timedelta(**{unit: 1}):
        raise ValueError(f"must be a hundred years at most, not {shown(value)}")
    return timedelta(**{unit: number})


def format_duration(value: timedelta) -> str:
    """Write a duration as :func:`read_duration` reads it, in its largest whole unit."""
    number, unit = split_duration(value)
    return f"{number:g}{unit}"


def split_duration(value: timedelta) -> tuple[float, str]:
    """Return a duration in its largest whole unit: ``26.0, "h"``."""
    seconds = value.total_seconds()
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % length == 0 and (unit != "d" or seconds >= 172800):
            return seconds / length, unit
    return seconds, "s"


def read_states(value: object) -> frozenset[State]:
    """Read one or more states by name. Raises ValueError naming the nearest state."""
    words = _names(value)
    return frozenset(_state(word) for word in words)


def _state(word: str) -> State:
    known = [state.value for state in State]
    if word not in known:
        hint = did_you_mean(word, known) or f" The states are {', '.join(known)}."
        raise ValueError(f"names the unknown state {word!r}.{hint}")
    return State(word)


def read_link(value: object) -> str:
    """Read a link's target: a page of the site, or an http, https or mailto URL.

    A page is a path, relative or from the root of the site. It stays as it is written:
    each host knows what it means on the page that the badge stands in.
    """
    text = _text(value).strip()
    try:
        parts = urlsplit(re.sub(r"[\x00-\x20]", "", text))
    except ValueError:
        raise ValueError("must be a link, and cannot be read as one") from None
    if "@" in parts.netloc:
        raise ValueError("must not hold a user or a password: a page shows its links")
    if parts.scheme not in ("", "http", "https", "mailto"):
        raise ValueError(
            f"must be a page of the site or an http, https or mailto URL,"
            f" not {shown(text)}"
        )
    if "\\" in text:
        raise ValueError(f"must be written with '/', not {shown(text)}")
    if bool(parts.netloc) != (parts.scheme in ("http", "https")):
        raise ValueError(f"must begin with https:// or be a path, not {shown(text)}")
    return text


def read_location(value: object) -> str:
    """Read a path or a URL; a URL with a credential in it is refused unseen.

    A reference stands for a URL, or for its beginning.
    """
    text = _text(value).strip()
    if find_reference(text):
        return check_beginning(text)
    if not is_remote(text):
        return text
    address = check_location(text)
    if "@" in urlsplit(address).netloc or "?" in address:
        raise ValueError(
            "has a user, a password or a query, and so is a secret: write it as a"
            ' reference to an environment variable, "${NAME}"'
        )
    return address


def read_url(value: object) -> str:
    """Read a service's base URL as :func:`check_url` does.

    A reference may stand for its beginning; what it stands for is checked where the
    request is made.
    """
    text = _text(value).strip().rstrip("/")
    return check_beginning(text) if find_reference(text) else check_url(text)


def read_any_url(value: object) -> str:
    """Read a base URL which may be plain http, where no credential is sent.

    A configuration with a credential for it is refused.
    """
    text = _text(value).strip().rstrip("/")
    if find_reference(text):
        return check_beginning(text)
    return check_url(text, anonymous=True)


def read_account(value: object) -> str:
    """Read what tells an account: a text, or a reference that stands for all of it."""
    text = _text(value).strip()
    name = find_reference(text)
    if name is not None and text != f"${{{name}}}":
        raise ValueError(f"must be ${{{name}}} alone, without a text around it")
    return text


def read_secret(value: object) -> str:
    """Read a reference ``${NAME}``; a secret written literally is refused unseen."""
    if not isinstance(value, str) or not REFERENCE.fullmatch(value.strip()):
        raise ValueError(
            'is a secret: write it as a reference to an environment variable, "${NAME}"'
        )
    return value.strip()


def _folder(value: object) -> str:
    path = PurePosixPath(_text(value).strip())
    # The site's own folder has an index.html already.
    inside = path.parts and not path.is_absolute() and ".." not in path.parts
    if not inside or set(str(path)) & set("\\:"):
        raise ValueError(f"must be a folder inside the built site, not {shown(value)}")
    return str(path)


def _language(value: object) -> str:
    text = _text(value).strip()
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", text):
        raise ValueError(f'must be a language such as "de", not {shown(value)}')
    return text


TEXT = Kind(name="text", read=_text)
FOLDER = Kind(name="folder", read=_folder)
LANGUAGE = Kind(name="language", read=_language)
TABLE = Kind(name="table", read=_table)
FLAG = Kind(name="true or false", read=_flag)
COUNT = Kind(name="whole number", read=_count)
NAMES = Kind(name="list of names", read=_names)
DURATION = Kind(name="duration", read=read_duration, expansion=Expansion.WHEN_READ)
STATES = Kind(name="list of states", read=read_states)
LINK = Kind(name="page or URL", read=read_link)
LOCATION = Kind(name="path or URL", read=read_location, expansion=Expansion.WHEN_ASKED)
URL = Kind(name="URL", read=read_url, expansion=Expansion.WHEN_ASKED)
ANY_URL = Kind(name="URL", read=read_any_url, expansion=Expansion.WHEN_ASKED)
ACCOUNT = Kind(
    name="text or reference", read=read_account, expansion=Expansion.WHEN_ASKED
)
SECRET = Kind(
    name="reference to a secret", read=read_secret, expansion=Expansion.WHEN_ASKED
)
