"""Reading the word off a badge.

Source: Cloudback documentation, "Backup Status Badge". The badge is an SVG picture
whose markup is not documented, so the word is read as a person would read it.
"""

from __future__ import annotations

import re

from backup_badge.provider import Answer, Details, State, Status
from backup_badge.providers.cloudback.picture import (
    NotAPictureError,
    Picture,
    read_picture,
)
from backup_badge.values.source import writable

STATES = {
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "in progress": State.IN_PROGRESS,
    "scheduled": State.SCHEDULED,
    "deleted": State.DELETED,
    "unknown": State.UNKNOWN,
}
"""The six words of the documentation's table, and what they mean."""

_WORDS = r"(succeeded|failed|in[\s_\u2010-]?progress|scheduled|deleted|unknown)"
_WORD = re.compile(_WORDS, re.IGNORECASE)
_NAME = re.compile(rf"(?:.*:\s*|.*\s[\u2010-\u2015-]\s)?{_WORDS}", re.IGNORECASE)
"""A name is the word, or a label and the word: ``Cloudback: succeeded``."""
_MENTION = re.compile(rf"(?<![^\W_]){_WORDS}(?![^\W_])", re.IGNORECASE)
_DENIAL = re.compile(
    r"(?<![^\W_])(not|never|no|none|nothing|partial(ly)?|partly"
    r"|with[\s_-]+(errors|warnings|issues))(?![^\W_])|n['’]t\b",
    re.IGNORECASE,
)
_SIGN = "\N{REPLACEMENT CHARACTER}"


def read_badge(answer: Answer) -> Status:
    """Read the status off a badge, an SVG document.

    One that says none of the six words, or more than one, is unknown and says why.
    Raises ProblemError (``invalid_response``) when it is no picture at all.
    """
    try:
        picture = read_picture(answer.body)
    except NotAPictureError as error:
        raise answer.invalid(f"is {error}, not a badge") from None
    picture = picture.each(lambda text: writable(answer.redacted(text), _SIGN))
    words = _words(picture)
    if len(words) == 1:
        return _status(words.pop())
    what = "more than one status" if len(words) > 1 else "no status that is known"
    said = [*dict.fromkeys([*picture.names, *picture.texts])]
    why = f"says {what}: {_quote(' | '.join(said))}"
    return Status(
        reported=State.UNKNOWN,
        native=said[-1][:80] if said else None,
        problem=answer.invalid(why).problem,
    )


def _status(word: str) -> Status:
    reason = None
    if word == "unknown":
        reason = "check the address, or whether the repository has a backup"
    return Status(reported=STATES[word], native=word, details=Details(reason=reason))


def _words(picture: Picture) -> set[str]:
    """Return the words that a picture states: one, if it is to be believed.

    A visible text that only mentions a word (``0 of 12 succeeded``) is no statement,
    and nothing is believed beside it. A name counts where no visible text states a
    word, if all that is visible is in the name.
    """
    names, texts = picture.names, picture.texts
    said = [match for text in texts if (match := _WORD.fullmatch(text))]
    vague = [text for text in texts if not _WORD.fullmatch(text)]
    if any(_DENIAL.search(text) for text in (*names, *vague)):
        return set()
    if any(map(_MENTION.search, vague)):
        said = []
    elif not said:
        all_names = _letters(" ".join(names))
        if all(_letters(text) in all_names for text in texts):
            said = [match for name in names if (match := _NAME.fullmatch(name))]
    mentioned = [word for text in (*names, *texts) for word in _MENTION.findall(text)]
    words = {_canonical(match[1]) for match in said}
    return words and words | {_canonical(word) for word in mentioned}


def _letters(text: str) -> str:
    return "".join(text.split()).casefold()


def _canonical(word: str) -> str:
    return "in progress" if word.lower().startswith("in") else word.lower()


def _quote(said: str) -> str:
    return repr(said if len(said) <= 80 else f"{said[:77]}...") if said else "nothing"
