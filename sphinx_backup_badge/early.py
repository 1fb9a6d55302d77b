"""Asking while pages are read, instead of after."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from backup_badge import Site
from backup_badge.pages import find_uses
from sphinx_backup_badge.configuration import read_settings
from sphinx_backup_badge.ledger import ledger
from sphinx_backup_badge.marks import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from backup_badge.marks import Mark

_SITES: WeakKeyDictionary[Sphinx, Site] = WeakKeyDictionary()


def ask_early(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Begin to ask for what all pages show, as far as a look at their files tells.

    Another process asks: no thread may be alive when Sphinx forks.
    """
    unchanged = ledger(env).uses.keys() - set(docnames)
    marks = {use.mark for name in unchanged for use in ledger(env).uses[name]}
    for docname in docnames:
        # What cannot be read is Sphinx' to report, when it gets to it.
        with suppress(OSError):
            marks |= {use.mark for use in find_uses(Path(env.doc2path(docname)))}
    known = [mark for mark in marks if not isinstance(mark, Fault)]
    if known:
        _SITES[app] = Site(read_settings(app), apart=True)
        _SITES[app].start(known)


def open_site(app: Sphinx, marks: Iterable[Mark]) -> Site:
    """Return the site that was asked early, if it has time for what is left to ask."""
    site = _SITES.pop(app, None)
    if site is not None:
        if site.has_time_for(marks):
            return site
        site.close()
    return Site(read_settings(app), apart=True)


def close(app: Sphinx, exception: Exception | None) -> None:
    """Leave neither process nor thread behind."""
    if site := _SITES.pop(app, None):
        site.close()
