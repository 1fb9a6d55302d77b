"""The text of a first configuration."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from backup_badge.options.kinds import ACCOUNT, COUNT, FLAG, NAMES
from backup_badge.options.option import Kind, Option, read_options
from backup_badge.options.provider_kinds import COMMAND_LINE, STATE_TABLE
from backup_badge.provider import Http, Provider
from backup_badge.ways.way import chosen_way

_HEAD = """\
# What is asked, and how: backup-badge providers {type}
"""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a first configuration is made of. Options are as a person writes them."""

    system: Provider
    options: Mapping[str, str]
    address: str | None
    name: str | None
    max_age: str

    @property
    def locator(self) -> str:
        """The address without the system's name."""
        return (self.address or "").removeprefix(f"{self.system.type}:")

    @property
    def source(self) -> str:
        """The name of the source."""
        return self.name or unquote(self.locator.rpartition("/")[2])

    @property
    def next_step(self) -> str:
        """What to do now, in sentences."""
        variables = re.findall(r"\$\{(\w+)\}", " ".join(self.options.values()))
        first = f"Set {' and '.join(variables)}, then run" if variables else "Now run"
        if self.address:
            return f"{first}: backup-badge status"
        return f"Name a source in it. {first}: backup-badge status"


def suggested_credential(system: Provider, given: Mapping[str, str]) -> dict[str, str]:
    """Return references for the credential that a system needs and nobody gave."""
    way = chosen_way(system.ways, {**_defaults(system), **given})
    if not isinstance(way, Http) or not way.credentials or not way.required:
        return {}
    begun = [one for one in way.credentials if one.is_begun(given)]
    credential = (begun or way.credentials)[0]
    return {
        option.name: reference
        for option in credential.options
        if option.name not in given and (reference := reference_for(system, option))
    }


def reference_for(system: Provider, option: Option) -> str | None:
    """Return ``${SYSTEM_OPTION}`` for what is no literal in a configuration."""
    if not option.secret and option.kind is not ACCOUNT:
        return None
    variable = re.sub(r"\W", "_", f"{system.type}_{option.name}".upper())
    return f"${{{variable}}}"


def option_faults(
    system: Provider, given: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return what is wrong, by option, and what does not go together or is missing."""
    options, wrong = read_options(system.options(), typed(system, given), environ={})
    missing = [f"The provider {system.type!r} {f}." for f in system.faults(options)]
    return wrong, missing


def typed(system: Provider, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the options as TOML holds them.

    A list, a table, a number or a flag is written as in TOML; a command may also be
    written as for a shell, and names with commas between them.
    """
    kinds = {option.name: option.kind for option in system.options()}
    return {name: _typed(kinds.get(name), text) for name, text in given.items()}


def _typed(kind: Kind | None, text: str) -> object:
    if kind not in (COUNT, FLAG, NAMES, COMMAND_LINE, STATE_TABLE):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        pass
    if kind is COMMAND_LINE:
        return shlex.split(text)
    return [part.strip() for part in text.split(",")] if kind is NAMES else text


def configuration_text(answers: Answers) -> str:
    """Return the text, TOML."""
    system = answers.system
    lines = [_HEAD.format(type=system.type)]
    if answers.max_age:
        lines += [f"max_age = {_toml(answers.max_age)}", ""]
    options = typed(system, answers.options)
    if options:
        lines += [f"[providers.{system.type}]"]
        lines += [f"{_key(name)} = {_toml(value)}" for name, value in options.items()]
        lines += [""]
    if answers.address:
        address = f"{system.type}:{answers.locator}"
        lines += [f"[sources.{_key(answers.source)}]", f"address = {_toml(address)}"]
    else:
        lines += ["# [sources.NAME]"]
        lines += [f'# address = "{system.type}:{form}"' for form in system.addresses]
    return "\n".join([*lines, ""])


def _defaults(system: Provider) -> dict[str, Any]:
    return {option.name: option.default for option in system.options()}


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        items = (f"{_key(str(key))} = {_toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(items)} }}"
    # What JSON writes, TOML reads: texts, whole numbers, flags, lists of texts.
    return json.dumps(value, ensure_ascii=False)
