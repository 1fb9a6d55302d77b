"""GitHub Actions: runs by event and branch, workflows that are switched off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_badge.providers.github import GitHub
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

PATH = "/repos/acme/ops/actions/workflows/backup.yml"
RUNS = f"{PATH}/runs?event=schedule&per_page=20"
GOOD = f"{RUNS}&status=success"
NEW = {"never_ran": True}
ENDED = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)


def run(status: str, conclusion: str | None, day: int = 28, **told: Any) -> Any:
    return {
        "id": 1000 + day,
        "name": "Backup",
        "event": "schedule",
        "head_branch": "main",
        "status": status,
        "conclusion": conclusion,
        "run_attempt": 1,
        "created_at": f"2026-11-{day}T02:00:00Z",
        "run_started_at": f"2026-11-{day}T02:00:00Z",
        "updated_at": f"2026-11-{day}T02:07:41Z",
        "repository": {"id": 7},
        "head_repository": {"id": 7},
        **told,
    }


def over(conclusion: str | None, day: int = 28, **told: Any) -> Any:
    return run("completed", conclusion, day, **told)


def listed(*runs: Any) -> Any:
    return {"total_count": len(runs), "workflow_runs": [*runs]}


def case(name: str, state: State, *runs: Any, **more: Any) -> Case:
    file = ".github/workflows/backup.yml"
    switch = {"id": 5, "name": more.pop("named", file), "path": file}
    answers = {
        PATH: {**switch, "state": more.pop("switch", "active")},
        more.pop("runs", RUNS): listed(*runs),
        more.pop("good_runs", GOOD): listed(*more.pop("good", ())),
        f"{PATH}/runs?per_page=1": listed(*more.pop("others", ())),
    }
    told: dict[str, Any] = {"address": "acme/ops/backup.yml", "answers": answers}
    return Case(name=name, state=state, **{**told, **more})


CONCLUSIONS = {
    "success": State.SUCCEEDED,
    "failure": State.FAILED,
    "timed_out": State.FAILED,
    "startup_failure": State.FAILED,
    "cancelled": State.STOPPED,
    "skipped": State.SKIPPED,
    "neutral": State.COMPLETED_WITH_ERRORS,
    "action_required": State.UNKNOWN,
    "stale": State.UNKNOWN,
}
STATUSES = {
    "in_progress": State.IN_PROGRESS,
    "queued": State.SCHEDULED,
    "requested": State.SCHEDULED,
    "waiting": State.SCHEDULED,
    "pending": State.SCHEDULED,
}
CASES = (
    *(
        case(
            word,
            state,
            over(word),
            over("success", 27),
            told={
                "native": word,
                "finished": ENDED,
                "last_success": ENDED if word == "success" else ENDED.replace(day=27),
            },
        )
        for word, state in CONCLUSIONS.items()
    ),
    *(
        case(
            word,
            state,
            run(word, None),
            over("success", 27),
            told={
                "native": word,
                "finished": None,
                "last_success": ENDED.replace(day=27),
            },
        )
        for word, state in STATUSES.items()
    ),
    case(
        "a new conclusion",
        State.UNKNOWN,
        over("pondering"),
        category=Category.INVALID_RESPONSE,
    ),
    case(
        "no conclusion", State.UNKNOWN, over(None), category=Category.INVALID_RESPONSE
    ),
    case(
        "the last success is not among the newest",
        State.FAILED,
        *(over("failure", day) for day in range(28, 25, -1)),
        good=(over("success", 10, run_started_at="2026-10-01T02:00:00Z"),),
        told={"last_success": datetime(2026, 10, 1, 2, tzinfo=UTC)},
    ),
    case(
        "a workflow with a name",
        State.SUCCEEDED,
        over("success"),
        named="Nightly backup",
        told={"name": "Nightly backup"},
    ),
    case(
        "a workflow without a name",
        State.SUCCEEDED,
        over("success"),
        told={"name": None},
    ),
    case("never a success", State.FAILED, over("failure"), told={"last_success": None}),
    *(
        case(
            switch,
            State.STOPPED,
            over("success"),
            switch=switch,
            told={"reason": reason, "last_success": ENDED},
        )
        for switch, reason in {
            "disabled_inactivity": "GitHub switched the workflow off after 60 quiet"
            " days",
            "disabled_manually": "somebody switched the workflow off",
            "disabled_fork": "the workflow is off, as in every new fork",
            "deleted": "the workflow is deleted",
        }.items()
    ),
    case(
        "switched off after a failure",
        State.FAILED,
        over("failure"),
        switch="disabled_inactivity",
    ),
    case("switched off, never ran", State.STOPPED, switch="disabled_manually"),
    *(
        case(
            f"a new switch: {switch}",
            State.UNKNOWN,
            over("success"),
            switch=switch,
            category=Category.INVALID_RESPONSE,
        )
        for switch in ("asleep", "success", None)
    ),
    case(
        "it never ran",
        State.UNKNOWN,
        told={"reason": "no run has event 'schedule'", "native": None, **NEW},
    ),
    case(
        "somebody alone ran it by hand",
        State.UNKNOWN,
        others=[over("success", event="workflow_dispatch")],
        told={"reason": "no run has event 'schedule'", "never_ran": None},
    ),
    case(
        "a run that was made again is newer than its place in the list",
        State.SUCCEEDED,
        over("failure", 27),
        over(
            "success",
            26,
            run_attempt=2,
            run_started_at="2026-11-28T01:00:00Z",
            updated_at="2026-11-28T01:09:00Z",
        ),
        told={"finished": datetime(2026, 11, 28, 1, 9, tzinfo=UTC)},
    ),
    case(
        "a run that is made again just now",
        State.IN_PROGRESS,
        run("in_progress", None, run_attempt=2),
        over("success", 27),
    ),
    case(
        "what touched a run later is no end of it",
        State.FAILED,
        over("success", 20, updated_at="2026-11-28T11:00:00Z"),
        over("failure", 27),
    ),
    case(
        "a run that was touched later is as old as its start",
        State.OVERDUE,
        over("success", 20, updated_at="2026-11-28T11:00:00Z"),
        max_age=timedelta(hours=26),
        told={"finished": None},
    ),
    case(
        "a pull request's run is none, whatever the answer holds",
        State.FAILED,
        over("success", event="pull_request"),
        over("success", head_repository={"id": 8}),
        over("failure", 27),
    ),
    case(
        "another event",
        State.SUCCEEDED,
        over("success", event="workflow_dispatch"),
        over("failure", 29),
        options={"event": "workflow_dispatch"},
        runs=f"{PATH}/runs?event=workflow_dispatch&per_page=20",
    ),
    case(
        "any event but a pull request",
        State.FAILED,
        over("success", event="pull_request"),
        over("success", event="pull_request_target"),
        over("failure", 27, event="push"),
        options={"event": "any"},
        runs=f"{PATH}/runs?per_page=20",
        good_runs=f"{PATH}/runs?per_page=20&status=success",
    ),
    case(
        "a branch",
        State.FAILED,
        over("success", head_branch="feature"),
        over("failure", 27, head_branch="live"),
        options={"branch": "live", "token": "${TOKEN}"},
        runs=f"{PATH}/runs?branch=live&event=schedule&per_page=20",
        good_runs=f"{PATH}/runs?branch=live&event=schedule&per_page=20&status=success",
    ),
    case(
        "no such workflow",
        State.UNKNOWN,
        address="acme/ops/other.yml",
        category=Category.NOT_FOUND,
    ),
    case(
        "a page that is no list",
        State.UNKNOWN,
        category=Category.INVALID_RESPONSE,
        answers={PATH: {"state": "active"}, RUNS: {"message": "oops"}},
    ),
    case(
        "no request is left",
        State.UNKNOWN,
        category=Category.RATE_LIMITED,
        answers={
            PATH: Said(
                body={"message": "API rate limit exceeded for 192.0.2.1."},
                code=403,
                headers={"x-ratelimit-remaining": "0"},
            )
        },
    ),
    case(
        "too many at a time",
        State.UNKNOWN,
        category=Category.RATE_LIMITED,
        answers={PATH: Said(body={}, code=403, headers={"retry-after": "60"})},
    ),
    case(
        "no right",
        State.UNKNOWN,
        category=Category.UNAUTHORIZED,
        answers={
            PATH: Said(body={}, code=403, headers={"x-ratelimit-remaining": "58"})
        },
    ),
    case(
        "a token that is refused",
        State.UNKNOWN,
        options={"token": "${TOKEN}"},
        category=Category.UNAUTHORIZED,
        answers={PATH: Said(body={"message": "Bad credentials"}, code=401)},
    ),
)


@pytest.mark.parametrize("one", checks(GitHub, CASES), ids=str)
def test_github(one: Check) -> None:
    """Runs come to their states; the kit holds what every provider must."""
    one()
