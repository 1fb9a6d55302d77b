"""Writing statuses down as files, for READMEs, other sites and other builds."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backup_badge.config.settings import STATUS_FILE_NAME
from backup_badge.documents.records import to_document
from backup_badge.files import digest_of, read_regular_file, replace_file
from backup_badge.render import assets, svg
from backup_badge.render.page import render_page
from backup_badge.values.mark import BadgeMark, TableMark
from backup_badge.values.problem import UsageError
from backup_badge.values.source import Source, without_nested
from backup_badge.values.status import Status
from backup_badge.view.badge import Badge, describe
from backup_badge.view.colours import BOXES
from backup_badge.view.language import ENGLISH, Language
from backup_badge.view.summary import count_states, count_watched
from backup_badge.view.table import tabulate
from backup_badge.view.wording import sentence

# What Windows keeps for devices, and the name of our own file.
_TAKEN = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|backup-status$", re.I)
_LONGEST = 200
"""Letters that leave room for an ending and a mark: file systems allow 255 bytes."""

Files = Mapping[str, list[str]]
"""The digests that each file of an export may have, by name."""

_FILES = "files"
"""Where the status file lists them."""


def export_statuses(
    statuses: Mapping[Source, Status],
    directory: Path,
    *,
    generated: datetime,
    language: Language = ENGLISH,
) -> list[Path]:
    """Write ``backup-status.json``, ``index.html`` and two files for each source.

    ``NAME.svg`` is the source's badge, ``NAME.json`` a document for Shields' endpoint
    badge; :func:`file_names` says what NAME is. Each file is replaced in one step, the
    status file last, and the same statuses make the same bytes. Without any statuses
    nothing is written, so that no good file is lost. Returns the paths.

    The status file lists the others with their digests. A file in the folder that no
    earlier export wrote, or that somebody changed since, is not replaced: UsageError
    then names all of those, and nothing is written. A link that leads to a page of the
    site is left out, as this folder does not know where that page is.

    ``generated`` is the time that the status file bears, see :func:`generation_time`.
    ``language`` is that of the badges and the page; what programs read is in English.
    Raises OSError.
    """
    if not statuses:
        return []
    statuses = {_published(source): status for source, status in statuses.items()}
    # The page is ours, so its language is that of the words.
    language = replace(language, page=language.code)
    files = _files(statuses, language)
    contents = {name: content.encode() for name, content in files}
    known = _written_before(directory)
    written = {name: [digest_of(content)] for name, content in contents.items()}
    _refuse_others(directory, {STATUS_FILE_NAME: [], **written}, known)
    document = to_document(statuses, generated=generated)
    _replace(directory, contents, document, written=written, known=known)
    return [directory / name for name in (*contents, STATUS_FILE_NAME)]


def _replace(
    directory: Path,
    contents: Mapping[str, bytes],
    document: Mapping[str, Any],
    *,
    written: Files,
    known: Files,
) -> None:
    """Replace the files; at each moment the status file lists what may be there.

    ``document`` is the status file without that list.
    """
    listed = {name: known[name] for name in known if name != STATUS_FILE_NAME}

    def write_status_file(files: Files) -> None:
        content = _dump({**document, _FILES: files}).encode()
        replace_file(directory / STATUS_FILE_NAME, content)

    if not known.items() >= written.items():
        # An export that is killed leaves old and new files: all are its own.
        either = {name: [*known.get(name, []), *written[name]] for name in written}
        write_status_file({**listed, **either})
    for name, content in contents.items():
        replace_file(directory / name, content)
    write_status_file({**listed, **written})


def _published(source: Source) -> Source:
    """Return a source without a link that is right on a page of the site alone."""
    is_whole = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", source.link or "")
    restore = source.restore and _published(source.restore)
    return replace(source, link=source.link if is_whole else None, restore=restore)


def _written_before(directory: Path) -> Files:
    """Return what earlier exports wrote, of what is there still.

    With the status file itself, where one of them wrote it.
    """
    content = read_regular_file(directory / STATUS_FILE_NAME)
    try:
        document = json.loads(content or b"")
    except (ValueError, RecursionError):
        return {}
    files = document.get(_FILES) if isinstance(document, dict) else None
    if not isinstance(files, dict):
        return {}
    return {
        name: digests
        for name, digests in files.items()
        if isinstance(digests, list) and (directory / name).exists()
    } | {STATUS_FILE_NAME: [digest_of(content or b"")]}


def _refuse_others(directory: Path, written: Files, known: Files) -> None:
    """Raise UsageError for files that are there and that no export wrote."""
    others = []
    for name, digests in written.items():
        path = directory / name
        if path.is_symlink() or path.exists():
            content = read_regular_file(path)
            own = [*digests, *known.get(name, [])]
            if content is None or digest_of(content) not in own:
                others.append(name)
    if others:
        what = "a file" if len(others) == 1 else "files"
        raise UsageError(
            f"the folder {directory.name} has {what} that no export wrote:"
            f" {', '.join(sorted(others))}. Nothing was exported: choose another"
            " folder, or remove what is in the way"
        )


def generation_time(now: datetime, environ: Mapping[str, str]) -> datetime:
    """Return the time to write into files: SOURCE_DATE_EPOCH, or else now (UTC).

    Ages are judged by the clock all the same. Raises UsageError for an epoch that is
    no number of seconds (reproducible-builds.org, SOURCE_DATE_EPOCH specification).
    """
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return now
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH must be a number of seconds, not {epoch!r}"
        ) from None


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each source's name the one of its files, without an ending.

    What is not safe in a file name everywhere is percent-encoded, and so are the
    capitals of names that differ in nothing else.
    """
    encoded = {name: _encoded(name) for name in names}
    alike = Counter(file_name.lower() for file_name in encoded.values())
    return {
        name: _encoded(name, capitals=True)
        if alike[file_name.lower()] > 1
        else file_name
        for name, file_name in encoded.items()
    }


def _encoded(name: str, *, capitals: bool = False) -> str:
    encoded = quote(name, safe="")
    if capitals:
        encoded = "".join(map(_without_capital, re.split(r"(%..)", encoded)))
    if encoded.startswith(".") or _TAKEN.match(encoded):
        encoded = f"%{ord(encoded[0]):02X}{encoded[1:]}"
    if len(encoded) > _LONGEST:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        encoded = f"{encoded[:_LONGEST]}~{digest}"
    return encoded


def _without_capital(part: str) -> str:
    if part.startswith("%"):
        return part
    return re.sub("[A-Z]", lambda letter: f"%{ord(letter[0]):02X}", part)


def _files(
    statuses: Mapping[Source, Status], language: Language
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file but the status file."""
    names = file_names(source.name for source in statuses)
    for source, status in statuses.items():
        mark, known = BadgeMark(target=source.name), {source: status}
        picture = svg.render_badge(describe(mark, known, language=language))
        yield f"{names[source.name]}.svg", picture
        yield f"{names[source.name]}.json", _dump(_endpoint(describe(mark, known)))
    yield from assets.contents(language).items()
    shown = {source: statuses[source] for source in without_nested(statuses)}
    table = tabulate(TableMark(), shown, restores=statuses, language=language)
    counts = count_watched(statuses, language), count_states(statuses, language)
    summary = sentence(*counts, language)
    yield "index.html", render_page(table, summary, language, STATUS_FILE_NAME)


def _endpoint(badge: Badge) -> dict[str, Any]:
    """Return a document for Shields' endpoint badge (shields.io/badges/endpoint-badge).

    ``isError`` keeps whoever shows the badge from giving bad news another colour.
    """
    return {
        "schemaVersion": 1,
        "label": badge.label,
        "message": badge.message,
        "color": BOXES[badge.state.color],
        "isError": not badge.state.is_good,
    }


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
