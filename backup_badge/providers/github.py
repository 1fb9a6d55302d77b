"""GitHub Actions: a workflow that makes a backup, or restores one for a test.

Source: docs.github.com/rest/actions, "List workflow runs for a workflow" and "Get a
workflow"; "Disabling and enabling a workflow" for the 60 days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from backup_badge.provider import (
    TEXT,
    Ask,
    Category,
    Fields,
    Found,
    Http,
    Locator,
    Option,
    Provider,
    State,
    Status,
    Unlisted,
    bearer,
    by_link,
)

ANY = "any"
_MISSING = (
    "GitHub shows no such workflow; check the address, and for a private repository"
    " the token"
)
_UNKNOWN = "GitHub shows no such workflow"
_FOLDER = ".github/workflows"
"""Where the files of workflows are; GitHub's own have none."""
_RUNS = "20"
_LONGEST = timedelta(hours=6)
"""A job's limit. GitHub touches ``updated_at`` later, too: that is no end of a run."""
_REPOSITORIES = ("repository", "head_repository")
_SWITCHED_OFF = {
    "disabled_inactivity": "GitHub switched the workflow off after 60 quiet days",
    "disabled_manually": "somebody switched the workflow off",
    "disabled_fork": "the workflow is off, as in every new fork",
    "deleted": "the workflow is deleted",
}


class GitHub(Provider):
    """GitHub Actions: the newest run of a workflow on its event and branch."""

    type = "github"
    ways = (
        Http(
            default="https://api.github.com",
            credentials=(bearer(),),
            accept="application/vnd.github+json",
        ),
    )
    own = (
        Option(
            name="event",
            kind=TEXT,
            default="schedule",
            help="What starts the runs that count; 'any' for all but pull requests.",
        ),
        Option(name="branch", kind=TEXT, help="The branch whose runs count."),
    )
    within = "OWNER/REPOSITORY"
    addresses = ("OWNER/REPOSITORY/WORKFLOW",)
    states: ClassVar = {
        "success": State.SUCCEEDED,
        "failure": State.FAILED,
        "timed_out": State.FAILED,
        "startup_failure": State.FAILED,
        "cancelled": State.STOPPED,
        "skipped": State.SKIPPED,
        "neutral": State.COMPLETED_WITH_ERRORS,
        "action_required": State.UNKNOWN,
        "stale": State.UNKNOWN,
        "in_progress": State.IN_PROGRESS,
        "queued": State.SCHEDULED,
        "requested": State.SCHEDULED,
        "waiting": State.SCHEDULED,
        "pending": State.SCHEDULED,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Read the newest run, and whether the workflow is still switched on."""
        owner, repository, workflow = (quote(one, safe="") for one in locator.segments)
        path = f"/repos/{owner}/{repository}/actions/workflows/{workflow}"
        with ask.explained(Category.NOT_FOUND, _MISSING, public=_UNKNOWN):
            told = ask.get(path).fields()
            switch = told.text("state")
            runs = self._runs(ask, path, per_page=_RUNS)
            # Runs that do not count here may have been tests as well.
            is_new = not runs and not _ran(ask, path)
        status = self.newest(runs) or self.nothing(_none(ask), never_ran=is_new)
        if not any(run.reported is State.SUCCEEDED for run in runs):
            runs = self._runs(ask, path, per_page=_RUNS, status="success")
        status = self.with_last_success(status, runs)
        if switch in _SWITCHED_OFF:
            status = self.stopped(status, _SWITCHED_OFF[switch])
        elif switch != "active":
            status = self.said(switch, states={})
        return replace(status, name=_name(told))

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the workflows of a repository, or of those watched, that ran of late.

        They are switched on, and what starts them counts.
        """
        known = {_folded(one.segments[:2]): one.segments[:2] for one in ask.wanted}
        named = [tuple(one.split("/")) for one in ask.within]
        if not (named or known):
            raise Unlisted(f"its workflows stand in repositories: name {self.within}")
        for repository in named or known.values():
            if len(repository) != 2:
                raise ask.problem(Category.USAGE, f"name a repository, {self.within}")
            owner, name = (quote(one, safe="") for one in repository)
            path = f"/repos/{owner}/{name}/actions"
            with ask.explained(Category.NOT_FOUND, _MISSING):
                pages = [*ask.pages(f"{path}/workflows", by_link, per_page="100")]
                wanted = _wanted(ask.options)
                runs = ask.get(f"{path}/runs", **wanted, per_page="100")
            rows = runs.rows("workflow_runs")
            ran = {one.count("workflow_id") for one in rows if _counts(one, wanted)}
            for one in (row for page in pages for row in page.rows("workflows")):
                folder, _, file = (one.text("path") or "").rpartition("/")
                number = one.count("id")
                is_on = folder == _FOLDER and one.text("state") == "active"
                if is_on and number in ran:
                    yield Found(
                        segments=(*repository, file),
                        label=_name(one),
                        also=_same(ask, repository, file, str(number)),
                        is_sure=False,
                    )

    def _runs(self, ask: Ask, path: str, **query: str) -> list[Status]:
        """Return the runs that count. What the query does not leave out, this does."""
        wanted = _wanted(ask.options)
        rows = ask.get(f"{path}/runs", **wanted, **query).rows("workflow_runs")
        return [self._run(one) for one in rows if _counts(one, wanted)]

    def _run(self, one: Fields) -> Status:
        status = one.text("status")
        is_over = status == "completed"
        # A run that is made again keeps its place in the list, and starts anew.
        started = one.time("run_started_at") or one.time("created_at")
        touched = one.time("updated_at") if is_over else None
        is_end = touched and started and touched - started <= _LONGEST
        return self.said(
            (one.text("conclusion") or status) if is_over else status,
            started=started,
            finished=touched if is_end else None,
        )


def _ran(ask: Ask, path: str) -> bool:
    """Whether a workflow ever ran, whatever started it."""
    return bool(ask.get(f"{path}/runs", per_page="1").rows("workflow_runs"))


def _wanted(options: Mapping[str, str | None]) -> dict[str, str]:
    """Return the filters: which event, and which branch."""
    event, branch = options.get("event") or ANY, options.get("branch")
    wanted = {} if event == ANY else {"event": event}
    return {**wanted, "branch": branch} if branch else wanted


def _counts(run: Fields, wanted: Mapping[str, str]) -> bool:
    """Whether a run is one of ours: a pull request's branch may have any name."""
    event, branch = run.text("event") or "", run.text("head_branch")
    if wanted.get("event", event) != event or wanted.get("branch", branch) != branch:
        return False
    if "event" not in wanted and event.startswith("pull_request"):
        return False
    own, head = (run.table(name).count("id") for name in _REPOSITORIES)
    return head is None or head == own


def _name(workflow: Fields) -> str | None:
    """Return the workflow's name; GitHub gives the path of a file that has none."""
    told = workflow.document
    return None if told.get("name") == told.get("path") else workflow.name("name")


def _same(ask: Ask, repository: tuple[str, ...], *names: str) -> tuple[Any, ...]:
    """Return the addresses that watch a workflow, by its file or its number."""
    forms = [(*_folded(repository), name) for name in names]
    watched = (one.segments for one in ask.wanted)
    return tuple(one for one in watched if (*_folded(one[:2]), one[2]) in forms)


def _folded(repository: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that are one whatever their capitals, as GitHub has it."""
    return tuple(map(str.casefold, repository))


def _none(ask: Ask) -> str:
    wanted = _wanted(ask.options)
    said = " and ".join(f"{name} {value!r}" for name, value in wanted.items())
    return f"no run has {said}" if said else "it has no run"
