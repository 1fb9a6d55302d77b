"""The kinds of values that only the options of providers have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from backup_badge.options.kinds import TEXT, read_states
from backup_badge.options.option import Kind, shown
from backup_badge.options.references import REFERENCE
from backup_badge.values.state import State


def _path(value: object) -> Path:
    text: str = TEXT.read(value)
    if REFERENCE.search(text):
        raise ValueError("is a path, which takes no reference")
    return Path(text.strip())


def _command_line(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(
            'must be a list, the command and each of its arguments: ["tool", "--json"]'
        )
    for word in value:
        if not isinstance(word, str) or "\0" in word:
            raise ValueError(f"must be a list of texts, and holds {shown(word)}")
        if REFERENCE.search(word):
            raise ValueError(
                "takes no references: name the variable in 'env', and let the command"
                " read it"
            )
    if not value[0].strip():
        raise ValueError("must begin with the name of a command")
    return tuple(value)


def _expression(value: object) -> str:
    # Only a configuration with an expression needs the library.
    import jmespath
    from jmespath.exceptions import JMESPathError

    text: str = TEXT.read(value)
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        why = str(error).partition("\n")[0]
        raise ValueError(f"is no JMESPath expression: {why}") from None
    return text


def _state_table(value: object) -> dict[str, State]:
    if not isinstance(value, Mapping):
        raise ValueError(
            'must be a table of words and states, { ok = "succeeded" },'
            f" not {shown(value)}"
        )
    table = {}
    for word, name in value.items():
        if not isinstance(name, str):
            raise ValueError(f"must name a state for {word!r}, not {shown(name)}")
        (table[str(word)],) = read_states(name)
    return table


def _time_zone(value: object) -> str:
    text: str = TEXT.read(value)
    try:
        ZoneInfo(text)
    except (OSError, ValueError, LookupError):
        raise ValueError(
            f"is no time zone such as Europe/Paris or UTC: {text!r:.60}"
        ) from None
    return text


PATH = Kind(name="path", read=_path)
COMMAND_LINE = Kind(name="list of words", read=_command_line)
EXPRESSION = Kind(name="JMESPath expression", read=_expression)
STATE_TABLE = Kind(name="table of words and states", read=_state_table)
TIME_ZONE = Kind(name="time zone", read=_time_zone)
