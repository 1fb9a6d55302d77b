"""The keys of a configuration, each declared once."""

from __future__ import annotations

from datetime import timedelta

from backup_badge.options.kinds import (
    COUNT,
    DURATION,
    FLAG,
    FOLDER,
    LANGUAGE,
    LINK,
    LOCATION,
    NAMES,
    STATES,
    TABLE,
    TEXT,
)
from backup_badge.options.option import Option

OPTIONS = (
    Option(
        name="max_age",
        kind=DURATION,
        help="Successes older than this are shown as overdue.",
    ),
    Option(
        name="language",
        kind=LANGUAGE,
        help="The language of badges and tables, such as de or pt-BR, where it is"
        " another than the site's. There are words in English, French, German and"
        " Spanish; where there are none, they are English.",
    ),
    Option(
        name="fail_on",
        kind=STATES,
        default=frozenset(),
        help="A source in one of these states fails the build and the check.",
    ),
    Option(
        name="timeout",
        kind=DURATION,
        default=timedelta(seconds=10),
        help="How long one exchange with a backup system may take, body included."
        " It ends at the deadline, too.",
    ),
    Option(
        name="deadline",
        kind=DURATION,
        default=timedelta(seconds=30),
        help="How long a build waits for backup systems, in sum.",
    ),
    Option(
        name="concurrency",
        kind=COUNT,
        default=16,
        help="How many exchanges may be under way at once.",
    ),
    Option(
        name="cache_dir",
        kind=TEXT,
        default=".cache/backup-badge",
        help="Where answers are cached. The directory ignores itself in git.",
    ),
    Option(
        name="cache_ttl",
        kind=DURATION,
        default=timedelta(minutes=5),
        help="How long an answer is fresh: nobody is asked again.",
    ),
    Option(
        name="stale_if_error",
        kind=DURATION,
        default=timedelta(hours=24),
        help="How old an answer may be that stands in for a source that cannot be"
        " asked.",
    ),
    Option(
        name="offline",
        kind=FLAG,
        default=False,
        help="Never open a socket, never run a command: answer from the cache, the"
        " status file and files only."
        " The environment variable BACKUP_BADGE_OFFLINE=1 sets it too.",
    ),
    Option(
        name="status_file",
        kind=LOCATION,
        help="Path or URL of a status file to answer from, instead of the backup"
        " systems. A URL with a query or a password is a secret. The environment"
        " variable BACKUP_BADGE_STATUS_FILE sets it too.",
    ),
    Option(
        name="export",
        kind=FOLDER,
        help="A folder of the built site, such as backup: the build publishes there"
        " what 'backup-badge export' writes, and its pages follow it as it changes.",
    ),
)
"""The keys at the top of a configuration."""

SOURCE_OPTIONS = (
    Option(
        name="address",
        kind=TEXT,
        help="What is asked: provider:locator, such as cloudback:acme/website.",
    ),
    Option(
        name="label",
        kind=TEXT,
        help="The left text; else its system's name for it, else the source's name.",
    ),
    Option(
        name="description",
        kind=TEXT,
        help="What is backed up, for a column of tables.",
    ),
    Option(
        name="owner",
        kind=TEXT,
        help="Who looks after it, for a column of tables.",
    ),
    Option(
        name="groups",
        kind=NAMES,
        default=(),
        help="The groups the source belongs to, for tables and roll-ups.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="As above, for this source. Without it, the shortest of its groups, else"
        " its provider's, else the one above.",
    ),
    Option(
        name="link",
        kind=LINK,
        help="Where the badge leads: a page of the site (runbooks/orders.md), or an"
        " http, https or mailto URL.",
    ),
    Option(
        name="restore",
        kind=TABLE,
        help="The restore test: a table of its own, [sources.NAME.restore].",
    ),
)
"""The keys of one ``[sources.NAME]`` table."""

RESTORE_OPTIONS = (
    Option(
        name="address",
        kind=TEXT,
        help="What tells how the last restore test went: provider:locator, of any"
        " provider.",
    ),
    Option(
        name="label",
        kind=TEXT,
        help='The left text of the badge; the source\'s label and "restore" where'
        " there is none.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="Restore tests older than this are overdue. No other max_age counts.",
    ),
    Option(
        name="link",
        kind=LINK,
        help="Where the badge leads; the source's link where there is none.",
    ),
)
"""The keys of one ``[sources.NAME.restore]`` table, beside its provider's own."""

GROUP_OPTIONS = (
    Option(
        name="label",
        kind=TEXT,
        help="The left text of the roll-up; the group's name where there is none.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="As above, for the sources of this group.",
    ),
)
"""The keys of one ``[groups.NAME]`` table."""

PROVIDER_OPTIONS = (
    Option(
        name="type",
        kind=TEXT,
        help="The system, where the table's name is another: for a second account.",
    ),
    Option(
        name="label",
        kind=TEXT,
        help="What readers call it, in a table's column; the table's name where there"
        " is none.",
    ),
    Option(
        name="max_age",
        kind=DURATION,
        help="As above, for the sources of this provider.",
    ),
)
"""The keys of every ``[providers.NAME]`` table, beside its system's own."""
