"""The sentences that statuses bring along, for translators.

A status, the cache and a status file hold them in English. A page in another language
looks them up here: those of providers, and those on what went wrong. What a backup
system says in its own words is not among them.
"""

from __future__ import annotations

import re
from functools import cache


def N_(message: str) -> str:
    """Mark a message for translators, where it is looked up elsewhere."""
    return message


_SENTENCES = frozenset(
    {
        # Problems: values/problem.py.
        N_("the backup system could not be asked as it is configured"),
        N_("the backup system could not be reached"),
        N_("the backup system did not answer in time"),
        N_("the backup system could not be asked: access was refused"),
        N_("the backup system does not know this backup"),
        N_("the backup system asks for fewer requests"),
        N_("the answer could not be understood"),
        N_("the backup system was not asked in this build"),
        N_("the backup system says no word"),
        # options/references.py.
        N_("this build has no access to the backup system: a variable is not set"),
        # Reasons of several providers.
        N_("there is a backup, but only its age can be judged: set 'max_age'"),
        N_("there is no backup"),
        N_("there is no snapshot yet"),
        N_("no backup has run yet"),
        N_("no backup is stored yet"),
        N_("the schedule is paused"),
        N_("the schedule is suspended"),
        N_("the schedule is switched off"),
        N_("the schedule is being deleted"),
        N_("the schedule is not valid"),
        N_("the schedule is not ready"),
        N_("the schedule has not run yet"),
        N_("the schedule makes no backup"),
        N_("it is being deleted"),
        N_("it is paused"),
        N_("it has never run"),
        # Reasons of single providers.
        N_("check the address, or whether the repository has a backup"),
        N_("the check is paused: nobody watches it"),
        N_("it was never pinged"),
        N_("it is down"),
        N_("the job signalled a failure"),
        N_("no check has the tag"),
        N_("a failure was signalled, or nothing came in time"),
        N_("nothing came in time"),
        N_("it has no result yet"),
        N_("it is being tried again"),
        N_("it is under maintenance"),
        N_("the last beat was up, but it may be paused since: set 'max_age'"),
        N_("no beat of the monitor is on the status page yet"),
        N_(
            "the status page shows sums over days, which say not when: set its"
            " heartbeat bar's days to 0"
        ),
        N_("GitHub shows no such workflow"),
        N_("it waits for a person"),
        N_("there is no pipeline"),
        N_("the agent missed it"),
        N_("no backup is among its latest activities"),
        N_("the configuration is disabled: no backup will run"),
        N_("none of the account's latest restores is of this configuration"),
        N_("some files could not be read"),
        N_("there is no repository"),
        N_("the repository was locked"),
        N_("the repository's password was wrong"),
        N_("it was interrupted"),
        N_("the run has not ended, or what it said is cut off"),
        N_("it was a dry run, which saves nothing"),
        N_("it ended, but restic said no summary: see '--json'"),
        N_("the snapshot is incomplete"),
        N_("there is no finished archive yet"),
        N_("borgmatic lists no repository"),
        N_("WAL-G lists no backup"),
        N_("pgBackRest says ok, and lists no backup"),
        N_("pgBackRest cannot read its repository: run 'info' as the user who builds"),
        N_("the newest backup holds damaged pages"),
        N_("the newest backup"),
        N_("Barman has no backup of this server yet"),
        N_("the first backup runs, since when is not known"),
        N_("the operator reports an error in the schedule"),
        N_("all schedules of the cluster are suspended"),
        N_("the cluster is being deleted"),
        N_("the WAL files after the backup are not archived"),
        N_("it was never synchronized"),
        N_("K8up has not begun it"),
        N_("a pod before it failed"),
        N_("the newest backup failed its verification"),
        N_("the newest backup task failed"),
        N_("the server shows no backup of this guest"),
        N_("its backups are gone"),
        N_("no backup of the plan has run, or it is not there"),
        N_("no backup of the plan has run yet"),
        N_("the last run ended with an error"),
        N_("it has no time of a backup"),
        N_("there is no document of it yet"),
        N_("there is no system backup"),
        N_("no restore has run yet"),
        N_("no restore was ever made"),
        N_("the cluster keeps no restore of its backups"),
        # Reasons of a drill.
        N_("the command cannot be found"),
        N_("the command cannot be run"),
    }
)

_TEMPLATES = (
    N_("the backup system says {word}, a word that nobody knows"),
    N_("the answer {word} cannot be relied on: its time {time} is before any backup"),
    N_("the answer {word} cannot be relied on: its time {time} is to come"),
    N_(
        "the answer {word} cannot be relied on: its time {time} is later than the"
        " answer"
    ),
    N_(
        "the answer {word} cannot be relied on: it is remembered and does not say when"
        " the backup ran"
    ),
    N_(
        "the answer {word} cannot be relied on: it does not say when, and max_age is"
        " set"
    ),
    N_("there is no source named {name}."),
    N_("there is no source named {name}. Did you mean {near}?"),
    N_("there is no group named {name}. No source names it."),
    N_("there is no group named {name}. Did you mean {near}?"),
    N_("the run of {time} has not begun"),
    N_("no ping since {time}"),
    N_("it can be restored from {time} on"),
    N_("it expired on {time}"),
    N_("the schedule skipped its backup on {time}"),
    N_("the newest backup in repository {name}"),
    N_("the newest backup in repository {name} holds damaged pages"),
    N_("{number} WAL files are lost"),
    N_("its message category is {word}"),
    N_("its exit code was {number}"),
    N_("it was ended by {name}"),
    N_("it took longer than {duration}"),
)


def read_sentence(text: str) -> tuple[str, dict[str, str]]:
    """Return the message for translators that a sentence was made of, and its values.

    The message is empty for a sentence that is none of ours.
    """
    if text in _SENTENCES:
        return text, {}
    for message, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return message, match.groupdict()
    return "", {}


def known_sentences() -> tuple[str, ...]:
    """Return all of them as messages for translators."""
    return (*sorted(_SENTENCES), *_TEMPLATES)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    # The longest first: the others may match it, too.
    ordered = sorted(_TEMPLATES, key=len, reverse=True)
    return tuple((message, _pattern(message)) for message in ordered)


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = [f"(?P<{name}>.+)" for name in parts[1::2]]
    return re.compile("".join(parts))
