"""Borg: the newest archive by its name, from ``borg list`` or ``borg info``.

Source: borg's docs/internals/frontends.rst, "Standalone command outputs" and "Message
IDs". Borg 1 writes times in the zone of the machine it runs on, and does not name it.
"""

from __future__ import annotations

import re
from abc import ABC
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from glob import escape

from backup_badge.provider import (
    COMMAND,
    FILE,
    TIME_ZONE,
    Ask,
    Category,
    Failure,
    Fields,
    Found,
    Locator,
    Option,
    Provider,
    Status,
)

FAILURES = (
    Failure(
        category=Category.UNAUTHORIZED,
        codes=(50, 51, 52, 53),
        words=("passphrase supplied", "acquire a passphrase", "passcommand"),
        advice="the passphrase is wrong or missing: see BORG_PASSPHRASE,"
        " BORG_PASSCOMMAND and the option 'env'",
    ),
    Failure(
        category=Category.USAGE,
        codes=(60, 62),
        words=("access aborted", "initialization aborted"),
        advice="it asks whether this moved or unencrypted repository is the right one:"
        " set BORG_RELOCATED_REPO_ACCESS_IS_OK=yes or"
        " BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes, and name it in 'env'",
    ),
    Failure(
        category=Category.UNREACHABLE,
        codes=(70, 71, 72, 73),
        words=("acquire the lock", "create/acquire"),
        advice="the repository is locked, or cannot be: add '--bypass-lock' to the"
        " command",
    ),
    Failure(
        category=Category.UNREACHABLE,
        codes=(80, 81),
        words=("connection closed",),
        advice="the repository's host closed the connection",
    ),
    Failure(
        category=Category.UNAUTHORIZED,
        codes=(21,),
        words=("permission denied",),
        advice="the repository or Borg's cache may not be read by the user who builds",
    ),
    Failure(
        category=Category.NOT_FOUND,
        codes=(13, 15, 18),
        words=("does not exist", "not a valid repository", "invalid location format"),
        advice="there is no repository: see BORG_REPO and the option 'env'",
    ),
)
_WHEN = re.compile(r"\d{4}-?\d{2}(?:-?\d{2})?(?!\d)[-T_ :.,+Z\d]*$|\d+$")
"""What comes behind the start of an archive's name: a time, or a number."""
_CHECKPOINT = re.compile(r"\.checkpoint(\.\d+)?$")


class BorgArchives(Provider, ABC):
    """Archives only exist: one that lacks files looks the same."""

    ways = (FILE, COMMAND)
    own = (
        Option(
            name="timezone",
            kind=TIME_ZONE,
            help="The zone of the machine that runs Borg, which writes times without.",
        ),
    )

    def label(self, locator: Locator) -> str:
        """Return the last part of the address, if that names something."""
        return locator.segments[-1] if locator.values else self.type

    def newest_archive(self, ask: Ask, locator: Locator, repository: Fields) -> Status:
        """Return the newest archive of a repository whose name fits.

        Those that a run left unfinished (``.checkpoint``) are none.
        """
        archives = _archives(repository)
        if not archives and _listed(repository):
            why = "has unfinished archives alone: where it has '--last', raise that"
            raise repository.invalid(why)
        if not archives:
            return self.nothing("there is no finished archive yet")
        fitting = [one for one in archives if _fits(_name(one.document), locator)]
        newest = self.newest(self._exists(ask, one) for one in fitting)
        if newest is None:
            raise ask.problem(Category.NOT_FOUND, f"no archive fits {str(locator)!r}")
        return newest

    def archive_series(self, ask: Ask, repository: Fields) -> Iterator[Found]:
        """List what the archives of a repository have in common: their names' start.

        What follows it is a time or a number.
        """
        series: dict[tuple[str, bool], list[str]] = {}
        for one in _archives(repository):
            name = _name(one.document)
            stem = _WHEN.sub("", name)
            if name:
                series.setdefault((stem, stem != name), []).append(name)
        for (stem, is_dated), names in series.items():
            others = [n for key, ns in series.items() if key[0] != stem for n in ns]
            if not is_dated:
                form = ("archive", stem)
            elif stem and not any(name.startswith(stem) for name in others):
                form = ("prefix", stem)
            else:
                form = ("glob", f"{escape(stem)}[0-9]*")
            watching = (
                one.segments
                for one in ask.wanted
                if _fits(names[-1], one) and not any(_fits(n, one) for n in others)
            )
            label = stem.rstrip("-_.:@ ") or self.type
            yield Found(segments=form, label=label, also=tuple(watching))

    def _exists(self, ask: Ask, archive: Fields) -> Status:
        zone, counts = ask.options["timezone"], archive.table("stats")
        started = archive.instant("start", zone=zone)
        return self.exists(
            ask,
            started=started or archive.instant("time", zone=zone),
            finished=archive.instant("end", zone=zone),
            files=counts.count("nfiles"),
            bytes=counts.count("deduplicated_size"),
        )


class Borg(BorgArchives):
    """One repository."""

    type = "borg"
    addresses = ("latest", "archive/NAME", "prefix/PREFIX", "glob/GLOB")

    def read(self, ask: Ask, locator: Locator) -> Status:
        """Return the newest archive that fits."""
        return self.newest_archive(ask, locator, ask.document(FAILURES).fields())

    def discover(self, ask: Ask) -> Iterator[Found]:
        """List the series of archives."""
        return self.archive_series(ask, ask.document(FAILURES).fields())


def _archives(repository: Fields) -> list[Fields]:
    """Return the archives of a repository that are complete."""
    return [
        Fields(document=one, origin=repository.origin)
        for one in _listed(repository)
        if not _CHECKPOINT.search(_name(one))
    ]


def _listed(repository: Fields) -> list[dict[str, object]]:
    """Return all archives that the answer has: 'info' also has unfinished ones."""
    found = repository.document.get("archives")
    if found is None and "archive" in repository.document:
        # 'borg create --json' has the one that it made.
        found = [repository.document["archive"]]
    if not isinstance(found, list):
        raise repository.invalid(
            "has no list in 'archives': use 'list', or 'info' with '--last 5'"
        )
    return [one for one in found if isinstance(one, dict)]


def _name(archive: Mapping[str, object]) -> str:
    """Return an archive's name; ``borg list`` of old calls it ``archive``."""
    name = archive.get("name") or archive.get("archive")
    return name if isinstance(name, str) else ""


def _fits(name: str, locator: Locator) -> bool:
    wanted = locator.values
    return (
        ("NAME" not in wanted or name == wanted["NAME"])
        and ("PREFIX" not in wanted or name.startswith(wanted["PREFIX"]))
        and ("GLOB" not in wanted or fnmatchcase(name, wanted["GLOB"]))
    )
