"""References ``${NAME}`` to environment variables."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backup_badge.values.problem import Category, ProblemError

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


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
            )
        return environ[name]

    return REFERENCE.sub(replace, value)
