"""What a backup system is to its users: its addresses, options and words, as text.

The command ``providers`` and the reference page say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from backup_badge.options.kinds import format_duration
from backup_badge.options.option import Option
from backup_badge.provider import Provider
from backup_badge.ways.way import Command, File, Http, Library, Way

_WAYS: dict[type[Way], str] = {
    Http: "over HTTP",
    File: "from a file",
    Command: "by a command",
    Library: "by a library",
}


def ways_of(provider: type[Provider]) -> str:
    """Say how a system is asked: ``over HTTP, from a file or by a command``."""
    *most, last = [_WAYS[type(way)] for way in provider.ways]
    return f"{', '.join(most)} or {last}" if most else last


def forms_of(provider: type[Provider]) -> list[str]:
    """Return the forms of a system's addresses, each as a page writes it."""
    return [f"{provider.type}:{form}" for form in provider.addresses]


def describe_system(provider: type[Provider], *, level: int = 2) -> Iterator[str]:
    """Yield the lines that tell how to configure a system, in Markdown.

    They begin with a heading of this ``level``.
    """
    yield f"{'#' * level} {provider.type}"
    yield ""
    yield f"{_first_line(provider)} Asked {ways_of(provider)}."
    yield ""
    yield "Addresses:"
    yield ""
    for form in forms_of(provider):
        yield f"- `{form}`"
    yield ""
    if provider.options():
        yield "| option | kind | |"
        yield "|---|---|---|"
        for option in provider.options():
            yield f"| `{option.name}` | {option.kind.name} | {_help(option)} |"
        yield ""
    if provider.states:
        yield "| its word | means |"
        yield "|---|---|"
        for word, state in provider.states.items():
            yield f"| {word or '(empty)'} | {state.message} |"
        yield ""
        yield "Any other word is unknown."
    else:
        yield "Its words and what they mean are configured, or it has none."


def _first_line(provider: type[Provider]) -> str:
    return (provider.__doc__ or "").strip().partition("\n")[0]


def _help(option: Option) -> str:
    default = option.default
    if isinstance(default, timedelta):
        default = format_duration(default)
    is_told = isinstance(default, (str, int)) and not isinstance(default, bool)
    if is_told and str(default) not in option.help:
        return f"{option.help} Default: `{default}`."
    return option.help
