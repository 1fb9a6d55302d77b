"""Tapes, an invented backup system: ``GET /jobs`` lists the last run of every job."""

from __future__ import annotations

from backup_badge.provider import (
    Ask,
    Category,
    Http,
    Locator,
    Provider,
    State,
    Status,
    header,
)


class Tapes(Provider):
    """Jobs by name: ``tapes:job/nightly``."""

    type = "tapes"
    ways = (Http(credentials=(header("X-Tapes-Key", option="key"),), required=True),)
    addresses = ("job/NAME",)
    states = {
        "written": State.SUCCEEDED,
        "jammed": State.FAILED,
        "winding": State.IN_PROGRESS,
    }

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Find the job in the list, and read its last run."""
        for job in ask.get("/jobs").rows("jobs"):
            if job.text("name") == locator["NAME"]:
                return self.said(
                    job.text("state"),
                    started=job.instant("started"),
                    finished=job.instant("ended"),
                    bytes=job.count("bytes"),
                )
        raise ask.problem(Category.NOT_FOUND, f"there is no job {locator['NAME']!r}")
