"""The checks of a provider, named, for a test suite to run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from backup_badge.provider import Provider
from backup_badge.testing.case import Case
from backup_badge.testing.changes import new_leaves
from backup_badge.testing.kit import Kit


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: call it; it raises AssertionError with a sentence."""

    name: str
    run: Callable[[], None] = field(repr=False)

    def __call__(self) -> None:
        """Run the check."""
        self.run()

    def __str__(self) -> str:
        return self.name


def checks(provider: type[Provider], cases: Sequence[Case]) -> list[Check]:
    """Return the checks of a provider.

    Each case comes to what it says; every word of ``states`` has a case; times have
    zones; nothing that is empty, HTML or cut off is green; any leaf of any answer may
    be junk; no word of a locator reaches a command; no secret is repeated; what is
    listed can be addressed.
    """
    kit = Kit(provider)
    shapes: set[object] = set()
    made = [
        Check(name="declaration", run=kit.check_declaration),
        Check(name="every word has a case", run=partial(kit.check_words, cases)),
    ]
    for case in cases:
        leaves = new_leaves(case, shapes)
        for name, check in (
            ("", kit.check_case),
            ("times have zones", kit.check_zones),
            ("nothing empty is green", kit.check_empty),
            ("nothing cut off is green", kit.check_truncated),
            ("junk in any leaf", partial(kit.check_junk, leaves=leaves)),
            ("no secret is repeated", partial(kit.check_secrets, leaves=leaves)),
            ("no locator reaches a command", kit.check_command),
        ):
            label = f"{case.name}: {name}" if name else case.name
            made.append(Check(name=label, run=partial(check, case)))
        if case.found is not None:
            label = f"{case.name}: what is listed"
            made.append(Check(name=label, run=partial(kit.check_listing, case)))
    return made
