"""The text of a first configuration."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from backup_badge.config.origin import FILE_NAME
from backup_badge.options.kinds import ACCOUNT, COUNT, FLAG, NAMES
from backup_badge.options.option import Kind, Option, read_options
from backup_badge.options.provider_kinds import COMMAND_LINE, STATE_TABLE
from backup_badge.provider import Http, Provider
from backup_badge.providers import OURS
from backup_badge.ways.way import chosen_way

_HOSTS = ("conf.py", "mkdocs.yml", "properdocs.yml", "zensical.toml")
"""The files beside which a build looks for a configuration."""

_HEAD = """\
# What is asked, and how: backup-badge providers {type}
# Settings, such as fail_on = ["failed"], stand here, above the first table.
"""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a first configuration is made of. Options are as a person writes them.

    The guide's example stands in: without options for the table of the provider, and
    without options and an address for the source.
    """

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


def next_step(text: str, answers: Answers) -> str:
    """Say what to do with a first configuration, in sentences."""
    document = tomllib.loads(text)
    providers = [*document.get("providers", {}).values()]
    sources = [*document.get("sources", {}).values()]
    steps = []
    system = answers.system
    if any("example.org" in str(provider.get("url")) for provider in providers):
        steps = ["Write the url of your server into it."]
    whole = {f"{system.type}:{form}" for form in system.addresses}
    if sources and whole & {source.get("address") for source in sources}:
        steps += ["See whether its lines fit what you have."] * (not answers.address)
    elif not answers.address:
        can_list = type(system).discover is not Provider.discover
        how = f" (backup-badge discover {system.type} lists them)" * can_list
        steps += [f"Write the address of a backup of yours into it{how}."]
    tables = [*providers, *sources]
    if variables := dict.fromkeys(re.findall(r"\$\{(\w+)\}", text)):
        steps.append(f"Set {', '.join(variables)} in the environment.")
    if named := [name for table in tables for name in table.get("env", ())]:
        steps.append(f"Set those of {', '.join(named)} that the command needs.")
    return " ".join([*steps, "Then run: backup-badge status"])


def place_hints(path: Path) -> Iterator[str]:
    """Say where to move a file that no host looks for where it was written."""
    places = [path.parent / folder for folder in ("", "docs", "docs/source", "source")]
    hosts = [one / name for one in places for name in _HOSTS if (one / name).is_file()]
    if path.name == FILE_NAME and hosts and hosts[0].parent != path.parent:
        yield f"A build reads it beside {hosts[0]}: move it there."


@dataclass(frozen=True, kw_only=True)
class Example:
    """What the guide of a system begins with, as TOML; nothing for those of others."""

    max_age: str = "26h"
    provider: str = ""
    source: str = ""


def example_of(system: Provider) -> Example:
    """Return the example of a system."""
    if system.type not in OURS:
        return Example()
    folder = files("backup_badge.providers") / "examples"
    text = (folder / f"{system.type}.toml").read_text(encoding="utf-8")
    settings, bracket, tables = text.partition("[")
    provider, header, source = f"{bracket}{tables}".rpartition("[sources.")
    return Example(
        max_age=tomllib.loads(settings).get("max_age", ""),
        provider=provider,
        source=header + source,
    )


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
    """Return the example's value, or ``${SYSTEM_OPTION}``, for what is no literal."""
    providers = tomllib.loads(example_of(system).provider).get("providers", {})
    written = providers.get(system.type, {}).get(option.name)
    if option.kind is COMMAND_LINE and written:
        return shlex.join(written)
    if not option.secret and option.kind is not ACCOUNT:
        return None
    if isinstance(written, str):
        return written
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
    with suppress(tomllib.TOMLDecodeError, RecursionError):
        return tomllib.loads(f"value = {text}")["value"]
    if kind is COMMAND_LINE:
        # A text, where a quote is missing, is refused like any other.
        with suppress(ValueError):
            return shlex.split(text)
        return text
    return [part.strip() for part in text.split(",")] if kind is NAMES else text


def configuration_text(answers: Answers) -> str:
    """Return the text, TOML."""
    system = answers.system
    example = example_of(system)
    provider, source = example.provider, example.source
    parts = [_HEAD.format(type=system.type)]
    if answers.max_age:
        parts.append(f"max_age = {_toml(answers.max_age)}\n")
    if options := typed(system, answers.options):
        items = [f"{_key(name)} = {_toml(value)}" for name, value in options.items()]
        provider, source = "\n".join([f"[providers.{system.type}]", *items]), ""
    if answers.address:
        address = _toml(f"{system.type}:{answers.locator}")
        source = f"[sources.{_key(answers.source)}]\naddress = {address}\n"
    elif not source:
        forms = [f'# address = "{system.type}:{form}"\n' for form in system.addresses]
        source = "".join(["# [sources.NAME]\n", *forms])
    elif answers.name:
        named = f"[sources.{_key(answers.name)}]"
        source = named + source[source.index("]") + 1 :]
    parts += [part for part in (provider, source) if part]
    return "\n".join(f"{part.strip()}\n" for part in parts)


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
