"""``backup-badge init``: a first configuration, by asking or from arguments."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from backup_badge.cli.first_configuration import (
    Answers,
    configuration_text,
    example_of,
    next_step,
    option_faults,
    place_hints,
    reference_for,
    suggested_credential,
)
from backup_badge.cli.providers_command import complete_system, usable_provider
from backup_badge.cli.selection import Failure
from backup_badge.cli.terminal_output import write
from backup_badge.config.load import load
from backup_badge.config.origin import FILE_NAME, file_source
from backup_badge.options.kinds import read_duration
from backup_badge.provider import Provider
from backup_badge.providers import known_types
from backup_badge.render.text import printable
from backup_badge.values.problem import BackupBadgeError, ConfigurationError

_MAX_AGE = "26h"


@click.command()
@click.argument(
    "system", metavar="[SYSTEM]", default="", shell_complete=complete_system
)
@click.option(
    "--option",
    "options",
    metavar="KEY=VALUE",
    multiple=True,
    help='An option of the system: url=https://example.org, key="${TAPES_KEY}", instead'
    " of the guide's. May be repeated.",
)
@click.option("--address", metavar="ADDRESS", help="What the first source asks for.")
@click.option("--name", help="The first source's name. Default: from its address.")
@click.option(
    "--max-age",
    metavar="DURATION",
    help="Successes older than this are overdue; empty for none. Default: what the"
    " guide of the system begins with.",
)
@click.option(
    "-c", "--config", metavar="FILE", default=FILE_NAME, help="The file to write."
)
def init(
    system: str,
    options: tuple[str, ...],
    address: str | None,
    name: str | None,
    max_age: str | None,
    config: str,
) -> None:
    """Write a first configuration for a backup SYSTEM.

    It holds what the system's guide begins with, and the options and the address that
    are given. Without a SYSTEM the command asks for all of them. Secrets are written as
    references to environment variables. A file that is there is never overwritten, and
    nothing is written that is not valid.

    \b
    Examples:
      backup-badge init restic
      backup-badge init healthchecks --address slug/orders-db
      backup-badge init
    """
    path = Path(config)
    _check_free(path)
    given = dict(map(_pair, options))
    if system:
        answers = _given(usable_provider(system), given, address, name, max_age)
    else:
        answers = _asked(given, address, name)
    text = configuration_text(answers)
    _check_valid(text)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Failure(f"{config} is there already; nothing was written") from None
    said = [f"{printable(config)} is written.", *place_hints(path)]
    write(" ".join([*said, f"{next_step(text, answers)}\n"]))


def _given(
    system: Provider,
    given: dict[str, str],
    address: str | None,
    name: str | None,
    max_age: str | None,
) -> Answers:
    """Return what the command line tells. Raises Failure where that is wrong."""
    example = example_of(system)
    options = given
    if given or not example.provider:
        options = {**suggested_credential(system, given), **given}
    answers = Answers(
        system=system,
        options=options,
        address=address,
        name=name,
        max_age=example.max_age if max_age is None else max_age,
    )
    is_example = bool(example.source) and not address
    if given or not (example.provider or is_example):
        _check_options(answers)
    return answers


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        # The text may be a secret, from a variable.
        raise Failure("--option takes KEY=VALUE: the '=' or the key is missing")
    return key.strip(), value.strip()


def _check_options(answers: Answers) -> None:
    """Raise Failure where options are wrong, or one is missing."""
    wrong, missing = option_faults(answers.system, answers.options)
    faults = [*wrong.values(), *missing]
    if faults:
        how = "Give options as --option KEY=VALUE; nothing was written."
        raise Failure("\n".join([*faults, how]))


def _check_free(path: Path) -> None:
    """Raise Failure where there is a configuration already."""
    if os.path.lexists(path):
        raise Failure(f"{path} is there already; nothing was written")
    try:
        known = file_source(Path.cwd(), None) if path.name == FILE_NAME else None
    except BackupBadgeError as error:
        raise Failure(str(error)) from None
    if known is not None and known.values:
        where = os.path.relpath(known.directory / known.origin)
        raise Failure(f"{where} configures backup-badge already; nothing was written")


def _check_valid(text: str) -> None:
    """Raise Failure with the faults of a configuration that is not written yet."""
    with tempfile.TemporaryDirectory() as name:
        try:
            Path(name, FILE_NAME).write_text(text, encoding="utf-8")
            load(Path(name), environ={})
        except ConfigurationError as error:
            raise Failure("\n".join(["nothing was written:", *error.faults])) from None
        except UnicodeEncodeError:
            what = "an argument holds what is no text; nothing was written"
            raise Failure(what) from None


def _asked(given: dict[str, str], address: str | None, name: str | None) -> Answers:
    """Ask whoever is there. Raises Failure where nobody is."""
    try:
        return _answered(given, address, name)
    except click.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        why = "there is nobody to ask; nothing was written. Name a system"
        systems = ", ".join(known_types())
        raise Failure(f"{why}: backup-badge init SYSTEM, of {systems}") from None


def _answered(given: dict[str, str], address: str | None, name: str | None) -> Answers:
    known = known_types()
    chosen = click.prompt("Which backup system", type=click.Choice(known))
    system = usable_provider(chosen)
    options = {**given, **_asked_way(system, given)}
    _mend(system, options)
    forms = ", ".join(system.addresses)
    address = address or click.prompt(
        f"What to ask for ({forms}; empty: nothing yet)", default="", show_default=False
    )
    if address:
        name = name or click.prompt("Its name in the pages", default=_last(address))
    age = click.prompt(
        "After how long is a success overdue ('none': never)",
        default=_MAX_AGE,
        value_proc=_read_age,
    )
    return Answers(
        system=system, options=options, address=address, name=name, max_age=age
    )


def _mend(system: Provider, options: dict[str, str]) -> None:
    """Ask until the options are right and all that the system needs."""
    declared = {option.name: option for option in system.options()}
    while True:
        wrong, missing = option_faults(system, options)
        for key, sentence in wrong.items():
            click.echo(sentence)
            del options[key]
        if not wrong and not missing:
            return
        if not missing:
            continue
        click.echo(missing[0])
        quoted = re.findall(r"'(\w+)'", missing[0])
        named = [key for key in quoted if key in declared and key not in options]
        if not named:
            raise Failure("nothing was written")
        key = named[0]
        if len(named) > 1:
            key = click.prompt("Which one do you give", type=click.Choice(named))
        options[key] = click.prompt(
            f"Its {key}", default=reference_for(system, declared[key])
        )


def _asked_way(system: Provider, given: Mapping[str, str]) -> dict[str, str]:
    """Ask for the way, where there are several, and for a credential."""
    keys = [way.key for way in system.ways if way.key]
    answers: dict[str, str] = {}
    if len(keys) > 1 and not set(keys) & set(given):
        key = click.prompt("How is it asked", type=click.Choice(keys), default=keys[0])
        answers[key] = click.prompt(f"Its {key}")
    for option, value in suggested_credential(system, {**given, **answers}).items():
        answers[option] = click.prompt(f"Its {option}, by reference", default=value)
    return answers


def _read_age(text: Any) -> str:
    if text == "none":
        return ""
    try:
        read_duration(text)
    except ValueError as error:
        raise click.UsageError(f"A duration {error}") from None
    return str(text).strip()


def _last(address: str) -> str:
    return address.rpartition("/")[2].rpartition(":")[2]
