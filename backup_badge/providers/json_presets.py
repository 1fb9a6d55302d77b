"""Well-known documents, for the provider ``json``: what its options are for each.

Sources: resticprofile's docs/content/monitoring/status.md and monitor/status/ for the
status file; borg's docs/usage/general/return-codes.rst.inc for the exit codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backup_badge.provider import State

_PARTIAL = "exit status 3"
"""How resticprofile writes that restic could not read some of the files."""


def _resticprofile(command: str) -> dict[str, Any]:
    """Return how the block of a command is read.

    A profile has no block for a command that never ran. ``stderr`` and ``error`` may
    name hosts, paths and users, so neither is a reason.
    """
    word = (
        f"({command}.success == `false` && {command}.error == '{_PARTIAL}')"
        f" && '{_PARTIAL}' || {command}.success"
    )
    return {
        "at": "profiles",
        "run": command,
        "word": word,
        "finished": f"{command}.time",
        "states": {
            "true": State.SUCCEEDED,
            "false": State.FAILED,
            _PARTIAL: State.COMPLETED_WITH_ERRORS,
        },
    }


# All counts are 0 where 'extended-status' is off: then none of them is told.
_COUNTED = "[backup][?files_total > `0`] | [0]"
_JOB: Mapping[str, Any] = {
    "word": "exit",
    "started": "started",
    "finished": "finished",
}
_WARNINGS = (1, *range(100, 126))
"""Borg's exit codes for warnings. A shell has 126 and 127 for its own failures."""

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "resticprofile": {
        **_resticprofile("backup"),
        "bytes": f"{_COUNTED}.bytes_added",
        "files": f"{_COUNTED}.files_total",
    },
    "resticprofile-check": _resticprofile("check"),
    "resticprofile-retention": _resticprofile("retention"),
    "borg-job": {
        **_JOB,
        "states": {
            "0": State.SUCCEEDED,
            **{str(code): State.COMPLETED_WITH_ERRORS for code in _WARNINGS},
            "*": State.FAILED,
        },
    },
    # What 'backup-badge drill' writes, see cli/drill_document.py.
    "drill": {
        **_JOB,
        "last_success": "last_success",
        "duration": "duration",
        "reason": "reason",
        "states": {"0": State.SUCCEEDED, "*": State.FAILED},
    },
}
"""``*`` stands for every other word. Where ``run`` finds nothing, nothing has run."""
