"""What a job of restic said: its output, with the exit code that the job noted.

Source: restic's doc/075_scripting.rst, "Exit codes", "Exit errors" and "backup". The
summary of a backup that left files out is like any other: the exit code alone tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backup_badge.provider import Answer, Ask, Fields, Provider, State, Status

STATES: Mapping[str, State] = {
    "exit code 0": State.SUCCEEDED,
    "exit code 3": State.COMPLETED_WITH_ERRORS,
    "error": State.COMPLETED_WITH_ERRORS,
    "exit code 1": State.FAILED,
    "exit code 130": State.STOPPED,
}
_REASONS = {
    3: "some files could not be read",
    10: "there is no repository",
    11: "the repository was locked",
    12: "the repository's password was wrong",
    130: "it was interrupted",
}
_Run = dict[str, list[Fields]]
"""The messages of a run, by their kind."""


def last_run(provider: Provider, ask: Ask, answer: Answer) -> Status:
    """Return the newest run, the last: a job writes one after another."""
    runs = [_status(provider, ask, run) for run in _runs(answer)]
    return provider.with_last_success(runs[-1], runs)


def of_summary(summary: Fields) -> dict[str, Any]:
    """Return what a run and a snapshot have in common; old ones have no times."""
    return {
        "started": summary.instant("backup_start"),
        "finished": summary.instant("backup_end"),
        "files": summary.count("total_files_processed"),
        "bytes": summary.count("data_added"),
    }


def _runs(answer: Answer) -> list[_Run]:
    """Return the runs. Each ends with its exit code, and may call restic often."""
    runs: list[_Run] = [{}]
    for message in answer.messages():
        if "exit" in runs[-1]:
            runs.append({})
        kind = message.text("message_type") or ""
        runs[-1].setdefault(kind, []).append(message)
    if not any(runs):
        raise answer.invalid("is not what 'restic backup --json' prints")
    return runs


def _status(provider: Provider, ask: Ask, run: _Run) -> Status:
    """Read one run.

    The exit code 0 is believed only if restic's own words agree: a shell notes that of
    the last command of a pipe, for one.
    """
    summaries, errors = run.get("summary", []), len(run.get("error", ()))
    codes = [_code(one) for kind in ("exit", "exit_error") for one in run.get(kind, ())]
    if not codes and not summaries:
        return provider.nothing("the run has not ended, or what it said is cut off")
    if any(summary.flag("dry_run") for summary in summaries):
        return provider.nothing("it was a dry run, which saves nothing")
    told = _told(run)
    if any(codes):
        # "If an unknown exit code is returned, then it MUST be treated as a failure."
        states = {f"exit code {code}": State.FAILED for code in codes} | {**STATES}
        code = min(filter(None, codes), key=lambda c: states[f"exit code {c}"].rank)
        reason = _REASONS.get(code)
        return provider.said(f"exit code {code}", states=states, reason=reason, **told)
    if errors:
        return provider.said("error", reason=_REASONS[3], **told)
    if not summaries:
        return provider.nothing("it ended, but restic said no summary: see '--json'")
    return (
        provider.said("exit code 0", **told) if codes else provider.exists(ask, **told)
    )


def _told(run: _Run) -> dict[str, Any]:
    summaries, errors = run.get("summary", []), len(run.get("error", ()))
    told = of_summary(summaries[-1]) if summaries else {"finished": None}
    if len(summaries) > 1:
        told = {"finished": told["finished"]}
    noted = run["exit"][-1].instant("time") if "exit" in run else None
    return {**told, "finished": noted or told["finished"], "errors": errors or None}


def _code(end: Fields) -> int:
    code = end.count("code")
    if code is None:
        raise end.invalid("has an exit without its code")
    return code
