"""References ``${NAME}`` to environment variables.

What a reference stands for may be a secret: it is never quoted, in no message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from backup_badge.http.urls import check_location
from backup_badge.values.problem import Category, ProblemError

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_AT_THE_BEGINNING = re.compile(
    rf"(?:https?://)?{REFERENCE.pattern}(?::\d+)?(?:/[^\s?#@$]*)?"
)


def find_reference(value: object) -> str | None:
    """Return the name of the first reference in a text or a list of texts, if any."""
    texts = value if isinstance(value, (list, tuple)) else [value]
    for text in texts:
        if isinstance(text, str) and (match := REFERENCE.search(text)):
            return match[1]
    return None


def check_beginning(text: str) -> str:
    """Return a URL if its reference stands for scheme and host, and for nothing else.

    So a configuration cannot send a variable to an address of its own. Raises
    ValueError with the rest of a sentence that begins with the option's name.
    """
    if not _AT_THE_BEGINNING.fullmatch(text):
        raise ValueError(
            "takes a reference only at its beginning, for scheme and host:"
            ' "${NAME}" or "${NAME}/path"'
        )
    return text


def look_up(name: str, environ: Mapping[str, str]) -> str | None:
    """Return what a variable holds; None where it is not set or empty."""
    return environ.get(name, "").strip() or None


def expand(value: str, environ: Mapping[str, str]) -> str:
    """Replace ``${NAME}`` references by the environment's values.

    Raises ProblemError (``unauthorized``) naming the variable that is not set.
    """

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if not environ.get(name):
            raise ProblemError(
                Category.UNAUTHORIZED,
                f"the environment variable {name} is not set: set it where the"
                " documentation is built, or build from a status file",
                public="this build has no access to the backup system: a variable is"
                " not set",
            )
        return environ[name]

    return REFERENCE.sub(replace, value)


def expand_location(location: str, environ: Mapping[str, str]) -> str:
    """Expand a path or a URL; what a reference stands for must make it a URL.

    The result may be a secret. Raises ProblemError, which does not quote it.
    """
    if find_reference(location) is None:
        return location
    try:
        return check_location(expand(location, environ).strip())
    except ValueError as error:
        raise ProblemError(Category.USAGE, f"{location} {error}") from None
