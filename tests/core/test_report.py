"""What a build says: each problem once, of what is shown and what is published."""

from __future__ import annotations

from pathlib import Path

import faults
from asking import configure

from backup_badge import Site, State, TableMark, badge_mark
from backup_badge.report import Report
from backup_badge.values.problem import Category


def test_what_is_published_counts(tmp_path: Path) -> None:
    """A source that is published is reported and gated like one that is shown.

    A host shows the table of all sources where it publishes: see ``Report``.
    """
    with faults.refusing() as url:
        values = {
            "sources": {
                "shown": {"address": "cloudback:acme/a"},
                "published": {"address": "cloudback:acme/b"},
            },
            "fail_on": ["unknown"],
            "deadline": "0.3s",
        }
        site = Site(configure(tmp_path, url, **values))
        report = Report(site)
        report.show(badge_mark("shown", {}), lambda: "index.md:1")
        report.show(TableMark(), lambda: "")
        site.resolve([badge_mark("shown", {}), TableMark()])
        site.export(tmp_path / "public")
    (message,) = report.messages()
    assert message.category == Category.UNREACHABLE
    assert message.text.startswith("2 sources: ")
    assert message.place == "index.md:1"
    head, *lines = str(report.failure()).splitlines()
    assert head == "'fail_on' fails this build over:"
    assert [line.partition(":")[0] for line in lines] == ["- shown", "- published"]
    assert list(report.messages()) == []
    assert (tmp_path / "public" / "backup-status.json").exists()
    assert {site.status(source).state for source in site.settings.sources.values()} == {
        State.UNKNOWN
    }
