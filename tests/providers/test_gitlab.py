"""GitLab CI: pipelines of schedules and branches, schedules that are switched off."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from backup_badge.providers.gitlab import GitLab
from backup_badge.testing import Case, Check, Said, checks
from backup_badge.values.problem import Category
from backup_badge.values.state import State

PROJECT = "/api/v4/projects/acme%2Fops"
SCHEDULE = f"{PROJECT}/pipeline_schedules/13"
OF_SCHEDULE = f"{SCHEDULE}/pipelines?order_by=id&per_page=100&sort=desc"
ORDER = "order_by=id"
OF_BRANCH = f"{PROJECT}/pipelines?{ORDER}&per_page=20&ref=main&sort=desc"
GOOD_OF_BRANCH = f"{PROJECT}/pipelines?{ORDER}&per_page=1&ref=main&sort=desc"
ENDED = datetime(2026, 11, 28, 2, 7, 41, tzinfo=UTC)


def pipeline(status: str, number: int = 28, group: str = "", **told: Any) -> Any:
    return {
        "id": number,
        "status": status,
        "source": "schedule",
        "ref": "main",
        "created_at": f"2026-11-{number:02}T02:00:00.000Z",
        "started_at": f"2026-11-{number:02}T02:00:05.123Z",
        "finished_at": f"2026-11-{number:02}T02:07:41.000Z",
        "detailed_status": {"group": group or status, "text": "passed"},
        **told,
    }


def case(name: str, state: State, *runs: Any, **more: Any) -> Case:
    """Return a case of a schedule; the newest run stands first in ``runs``."""
    schedule = {
        "id": 13,
        "description": "Nightly backup",
        "active": more.pop("active", True),
        "next_run_at": more.pop("next_run", "2026-11-29T02:00:00.000Z"),
        "last_pipeline": {"id": runs[0]["id"]} if runs else None,
    }
    answers = {
        SCHEDULE: schedule,
        OF_SCHEDULE: Said(body=[*runs], headers={"x-next-page": ""}),
        **{f"{PROJECT}/pipelines/{one['id']}": one for one in runs},
        **more.pop("more_answers", {}),
    }
    told: dict[str, Any] = {"address": "schedule/acme%2Fops/13", "answers": answers}
    return Case(name=name, state=state, **{**told, **more})


def branch(name: str, state: State, *runs: Any, **more: Any) -> Case:
    """Return a case of a branch."""
    event = more.pop("event", "schedule")
    source = "" if event == "any" else f"&source={event}"
    good = [one for one in runs if one["status"] == "success"][:1]
    answers = {
        f"{OF_BRANCH}{source}": [*runs],
        f"{GOOD_OF_BRANCH}{source}&status=success": good,
        **{f"{PROJECT}/pipelines/{one['id']}": one for one in runs},
    }
    told: dict[str, Any] = {
        "address": "pipeline/acme%2Fops/main",
        "answers": answers,
        "options": {"event": event},
    }
    return Case(name=name, state=state, **{**told, **more})


STATUSES = {
    "success": State.SUCCEEDED,
    "failed": State.FAILED,
    "canceled": State.STOPPED,
    "canceling": State.STOPPED,
    "skipped": State.SKIPPED,
    "running": State.IN_PROGRESS,
    "preparing": State.IN_PROGRESS,
    "created": State.SCHEDULED,
    "pending": State.SCHEDULED,
    "waiting_for_resource": State.SCHEDULED,
    "waiting_for_callback": State.SCHEDULED,
    "scheduled": State.SCHEDULED,
    "manual": State.UNKNOWN,
}
WARNED = "success-with-warnings"
CASES = (
    *(
        case(
            word,
            state,
            pipeline(word),
            pipeline("success", 27),
            told={
                "native": word,
                "name": "Nightly backup",
                "next_run": datetime(2026, 11, 29, 2, tzinfo=UTC),
                "last_success": ENDED if word == "success" else ENDED.replace(day=27),
            },
        )
        for word, state in STATUSES.items()
    ),
    *(
        case(
            group,
            State.COMPLETED_WITH_ERRORS,
            pipeline("success", group=group),
            told={"native": WARNED, "finished": ENDED, "last_success": None},
        )
        for group in (WARNED, "success_with_warnings")
    ),
    case(
        "the newest success had warnings",
        State.FAILED,
        pipeline("failed"),
        pipeline("success", 27, WARNED),
        told={"last_success": None},
    ),
    case(
        "the next run has not begun",
        State.OVERDUE,
        pipeline("success"),
        next_run="2026-11-28T09:00:00.000Z",
        told={"reason": "the run of 2026-11-28 09:00 UTC has not begun"},
    ),
    case(
        "a new word",
        State.UNKNOWN,
        pipeline("pondering"),
        category=Category.INVALID_RESPONSE,
    ),
    *(
        case(
            f"switched off: {active}",
            State.STOPPED,
            pipeline("success"),
            active=active,
            told={"reason": "the schedule is switched off", "last_success": ENDED},
        )
        for active in (False, None)
    ),
    case(
        "switched off after a failure", State.FAILED, pipeline("failed"), active=False
    ),
    case("it has not run yet", State.UNKNOWN, told={"never_ran": True}),
    case("never ran, and is off", State.STOPPED, active=False),
    case(
        "an old version that does not sort",
        State.FAILED,
        pipeline("failed"),
        more_answers={
            OF_SCHEDULE: Said(
                body=[pipeline("success", 1), pipeline("success", 2)],
                headers={"x-next-page": "2"},
            ),
            OF_SCHEDULE.replace("&per_page", "&page=2&per_page"): [
                pipeline("success", 27),
                pipeline("failed"),
            ],
            f"{PROJECT}/pipelines/27": pipeline("success", 27),
        },
        told={"last_success": ENDED.replace(day=27)},
    ),
    branch("a branch", State.SUCCEEDED, pipeline("success"), told={"finished": ENDED}),
    branch(
        "a branch, with a token",
        State.SUCCEEDED,
        pipeline("success"),
        options={"token": "${TOKEN}"},
    ),
    branch(
        "the newest by number, not by position",
        State.FAILED,
        pipeline("success", 27),
        pipeline("failed"),
        told={"last_success": ENDED.replace(day=27)},
    ),
    branch(
        "another source is none, whatever the answer holds",
        State.FAILED,
        pipeline("success", source="push"),
        pipeline("failed", 27),
    ),
    branch(
        "any source",
        State.SUCCEEDED,
        pipeline("success", source="push"),
        pipeline("failed", 27),
        event="any",
    ),
    branch(
        "no pipeline of a branch",
        State.UNKNOWN,
        told={"reason": "there is no pipeline that 'event' 'schedule' started"},
    ),
    branch("no pipeline at all", State.UNKNOWN, event="any"),
    case(
        "no such schedule",
        State.UNKNOWN,
        address="schedule/acme%2Fops/14",
        category=Category.NOT_FOUND,
    ),
    case(
        "too many requests",
        State.UNKNOWN,
        category=Category.RATE_LIMITED,
        answers={SCHEDULE: Said(body="Retry later", code=429)},
    ),
    case(
        "no request is left",
        State.UNKNOWN,
        category=Category.RATE_LIMITED,
        answers={
            SCHEDULE: Said(body="", code=403, headers={"ratelimit-remaining": "0"})
        },
    ),
    case(
        "no right",
        State.UNKNOWN,
        category=Category.UNAUTHORIZED,
        answers={SCHEDULE: Said(body={"message": "403 Forbidden"}, code=403)},
    ),
)


@pytest.mark.parametrize("one", checks(GitLab, CASES), ids=str)
def test_gitlab(one: Check) -> None:
    """Pipelines come to their states; the kit holds what every provider must."""
    one()
