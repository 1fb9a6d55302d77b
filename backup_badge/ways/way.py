"""The ways that a provider declares, and the options that each of them brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backup_badge.options.kinds import ANY_URL, NAMES
from backup_badge.options.option import Option
from backup_badge.options.provider_kinds import COMMAND_LINE, PATH
from backup_badge.ways.credential import Credential


@dataclass(frozen=True, kw_only=True)
class Http:
    """Over HTTP, below one base URL.

    ``default`` is the URL where none is configured. ``credentials`` are the ways to
    prove who asks, of which a configuration may choose one; it must, where one is
    ``required``. ``accept`` is the media type that is asked for. ``conditional`` says
    that each source has a URL of its own, so that an answer that has not changed need
    not be sent again (RFC 9110).
    """

    default: str | None = None
    credentials: tuple[Credential, ...] = ()
    required: bool = False
    accept: str = "application/json"
    conditional: bool = False
    key: str = field(default="url", init=False)

    @property
    def options(self) -> tuple[Option, ...]:
        """``url``, ``ca_file`` and those of the credentials."""
        shown = f" Default: {self.default}." if self.default else ""
        url = Option(
            name="url", kind=ANY_URL, default=self.default, help=f"The base URL.{shown}"
        )
        own = (one for credential in self.credentials for one in credential.options)
        return (url, _CA_FILE, *own)

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Say what is missing of a credential."""
        given = [one for one in self.credentials if one.is_begun(options)]
        if len(given) > 1:
            names = " and ".join(one.name for one in given)
            return [f"has two credentials, {names}: give one"]
        if given:
            return given[0].faults(options)
        if self.required:
            return [f"needs {' or '.join(one.name for one in self.credentials)}"]
        return []


@dataclass(frozen=True, kw_only=True)
class File:
    """From a file on this machine. It is read in each build, offline too."""

    key: str = field(default="file", init=False)

    @property
    def options(self) -> tuple[Option, ...]:
        """``file``."""
        return (
            Option(
                name="file",
                kind=PATH,
                help="The file to read, relative to the file that names it.",
            ),
        )

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """A path is a path."""
        return []


@dataclass(frozen=True, kw_only=True)
class Command:
    """From the output of a command, which the configuration file alone names."""

    key: str = field(default="command", init=False)

    @property
    def options(self) -> tuple[Option, ...]:
        """``command`` and ``env``."""
        return (
            Option(
                name="command",
                kind=COMMAND_LINE,
                help="The command to run and its arguments, a list. No shell reads it.",
            ),
            Option(
                name="env",
                kind=NAMES,
                default=(),
                help="Environment variables that the command gets, beside PATH, HOME,"
                " LANG, TZ and the like.",
            ),
        )

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """Variables are for a command."""
        if options.get("env") and not options.get("command"):
            return ["has 'env', which is for a 'command'"]
        return []


@dataclass(frozen=True, kw_only=True)
class Library:
    """By a library that brings its own network; see :meth:`Ask.call`."""

    key: str = field(default="", init=False)

    @property
    def options(self) -> tuple[Option, ...]:
        """None: a provider declares its own."""
        return ()

    def faults(self, options: Mapping[str, Any]) -> list[str]:
        """A provider checks its own options."""
        return []


Way = Http | File | Command | Library

FILE = File()
COMMAND = Command()
LIBRARY = Library()

_CA_FILE = Option(
    name="ca_file",
    kind=PATH,
    help="Certificates to trust for this URL, where the system's are not enough (PEM).",
)


def way_options(ways: tuple[Way, ...]) -> tuple[Option, ...]:
    """Return the options of all ways, in their order."""
    return tuple(option for way in ways for option in way.options)


def chosen_way(ways: tuple[Way, ...], options: Mapping[str, Any]) -> Way | None:
    """Return the way that the options configure: the file's, the command's, or HTTP."""
    if len(ways) == 1:
        return ways[0]
    by_key = {way.key: way for way in ways}
    for key in ("file", "command", "url"):
        if key in by_key and options.get(key):
            return by_key[key]
    return by_key.get("")


def way_faults(ways: tuple[Way, ...], options: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with options that are right one by one."""
    keys = [way.key for way in ways if way.key]
    if not keys:
        return []
    given = [key for key in keys if options.get(key) and not _is_default(ways, key)]
    if len(given) > 1:
        return [f"has {_listed(given, 'and')}: give one of them"]
    way = chosen_way(ways, options)
    if way is None or (way.key and not options.get(way.key)):
        return [f"needs {_listed(keys, 'or')}"]
    return way.faults(options)


def _is_default(ways: tuple[Way, ...], key: str) -> bool:
    return any(isinstance(way, Http) and way.default for way in ways if way.key == key)


def _listed(keys: list[str], link: str) -> str:
    quoted = [f"'{key}'" for key in keys]
    *most, last = quoted
    return f"{', '.join(most)} {link} {last}" if most else last
