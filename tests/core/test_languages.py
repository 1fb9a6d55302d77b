"""The languages of pages: catalogues that are whole, and words that are theirs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import backup_badge
from backup_badge.export import export_statuses
from backup_badge.markup.mark_options import badge_mark, table_mark
from backup_badge.render import html, text
from backup_badge.values.mark import COLUMNS
from backup_badge.values.problem import Category, Problem
from backup_badge.values.source import Address, Source
from backup_badge.values.state import State
from backup_badge.values.status import Details, Status, judge
from backup_badge.view.badge import describe
from backup_badge.view.formats import format_age, format_number, format_size
from backup_badge.view.known_sentences import read_sentence
from backup_badge.view.language import find_language, languages
from backup_badge.view.table import tabulate
from backup_badge.view.wording import known

PACKAGE = Path(backup_badge.__file__).parent
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TRANSLATED = ("de", "es", "fr")
NBSP = "\N{NO-BREAK SPACE}"

# The catalogues


def catalogue(code: str) -> Catalog:
    """The catalogue of a language, as its translator wrote it."""
    path = PACKAGE / "locale" / code / "LC_MESSAGES" / "backup_badge.po"
    with path.open("rb") as file:
        return read_po(file, locale=code)


def messages(code: str) -> list[Message]:
    """The messages of a catalogue, without its head."""
    return [message for message in catalogue(code) if message.id]


def forms(value: Any) -> list[str]:
    """A message's text, or all its forms for numbers."""
    return list(value) if isinstance(value, (tuple, list)) else [value]


def test_the_languages_are_those_of_the_documentation() -> None:
    """There is a catalogue for each language that the settings name, and no other."""
    assert languages() == ("de", "en", "es", "fr")


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_each_message_of_the_code_and_no_other(code: str) -> None:
    """None is missing, none is left of an earlier version: ``make messages``."""
    methods = [("**.py", "python"), ("**.js", "javascript")]
    found = extract_from_dir(PACKAGE, methods)  # type: ignore[arg-type]
    wanted = {tuple(forms(message)) for _, _, message, _, _ in found}
    assert {tuple(forms(message.id)) for message in messages(code)} == wanted
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_each_message_is_translated(code: str) -> None:
    """None is empty or a guess, and each has the same values as in English."""
    for message in messages(code):
        assert not message.fuzzy, message.id
        wanted = {frozenset(re.findall(r"\{\w+\}", one)) for one in forms(message.id)}
        for one in forms(message.string):
            assert one.strip(), message.id
            assert frozenset(re.findall(r"\{\w+\}", one)) in wanted, message.id
    plural = [message for message in messages(code) if len(forms(message.id)) > 1]
    assert all(len(forms(one.string)) == catalogue(code).num_plurals for one in plural)


@pytest.mark.parametrize("code", TRANSLATED)
def test_lists_have_as_many_words_in_each_language(code: str) -> None:
    """Twelve months stand between spaces, and six units."""
    for message in messages(code):
        if message.id[:3] in ("Jan", "B k"):
            assert len(message.string.split(" ")) == len(message.id.split(" "))


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalogue_is_what_the_translator_wrote(code: str) -> None:
    """Whoever changes a catalogue compiles it: ``make messages``."""
    language = find_language(code)
    for message in messages(code):
        if len(forms(message.id)) > 1:
            values = dict.fromkeys(re.findall(r"\{(\w+)\}", message.id[0]), 1)
            number = values.pop("number")
            said = language.ngettext(*message.id, number, **values)
            assert said == message.string[0].format(number=1, **values)
        else:
            values = {name: name for name in re.findall(r"\{(\w+)\}", message.id)}
            expected = message.string.format(**values)
            assert language.gettext(message.id, **values) == expected, message.id


# The sentences of providers


def sentences() -> Iterator[tuple[str, str]]:
    """The sentences that the code of providers tells readers, with their file."""
    drill = PACKAGE / "cli" / "drill_run.py"
    for path in [*sorted((PACKAGE / "providers").rglob("*.py")), drill]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for told in _told(node):
                yield path.name, told


def _told(node: ast.AST) -> Iterator[str]:
    """What is given as a reason: whole sentences, values are ``0`` in them."""
    given: list[ast.expr] = []
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", "")
        given += [one.value for one in node.keywords if one.arg == "reason"]
        if called in ("nothing", "stopped", "turned", "latest"):
            given += node.args[-1:]
    if isinstance(node, ast.Assign):
        names = {getattr(target, "id", "") for target in node.targets}
        given += [node.value] if names & {"reason", "reasons", "_REASONS"} else []
    for one in given:
        for part in ast.walk(one):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def test_the_sentences_of_providers_are_known_to_translators() -> None:
    """What a reader is told of a backup stands in known_sentences.py.

    What is shorter is a word of the system, or a part of a sentence with values.
    """
    whole = {
        (file, told)
        for file, told in sentences()
        if len(told.split()) > 2 and told == told.strip()
    }
    assert len(whole) > 50
    assert [one for one in sorted(whole) if not read_sentence(one[1])[0]] == []


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("it was never pinged", "es kam noch nie ein Ping"),
        (
            "no ping since 2026-11-20 02:13 UTC",
            "kein Ping seit 20. November 2026, 02:13 UTC",
        ),
        (
            "the newest backup in repository 2 holds damaged pages",
            "die neueste Sicherung im Repository 2 enthält beschädigte Seiten",
        ),
        (
            "the backup system says '{odd}', a word that nobody knows",
            "das Sicherungssystem meldet '{odd}', ein unbekanntes Wort",
        ),
        ("agent_lost_connection", "agent_lost_connection"),
        ("{it} failed %s", "{it} failed %s"),
        ("", ""),
    ],
)
def test_a_sentence_of_a_status_is_translated_if_it_is_ours(
    said: str, german: str
) -> None:
    """What the backup system says in its own words stays as it is."""
    assert known(said, find_language("de")) == german
    assert known(said, find_language("en")) == said


# Which language


@pytest.mark.parametrize(
    ("wanted", "page", "code", "lang"),
    [
        (None, None, "en", None),
        (None, "de", "de", None),
        (None, "de_AT", "de", None),
        (None, "de-CH-1996", "de", None),
        (None, "DE", "de", None),
        (None, "en_GB", "en", None),
        (None, "it", "en", "en"),
        (None, "../de", "en", "en"),
        (None, "", "en", None),
        ("fr", "de", "fr", "fr"),
        ("en", "de", "en", "en"),
        ("es-MX", None, "es", "es"),
        ("it", "de", "en", "en"),
    ],
)
def test_the_language_of_a_page(
    wanted: str | None, page: str | None, code: str, lang: str | None
) -> None:
    """A region falls back to its language, and what nobody translated to English."""
    language = find_language(wanted, page)
    assert (language.code, language.lang) == (code, lang)


# What a reader sees


def source(name: str = "orders-db", **values: Any) -> Source:
    """A source with a max_age of 26 hours."""
    address = Address(provider="rackspace", segments=("backup", "1"))
    age = timedelta(hours=26)
    told = {"label": "Orders", "address": address, "max_age": age, **values}
    return Source(name=name, **told)


def status(reported: str, *, hours: float = 2, **values: Any) -> Status:
    """A status whose run ended so many hours before NOW, judged at NOW."""
    ended = NOW - timedelta(hours=hours)
    told = Status(
        reported=State(reported), native=reported, finished=ended, checked=NOW, **values
    )
    return judge(told, max_age=timedelta(hours=26), now=NOW)


SENTENCES = {
    "de": (
        "Orders: überfällig",
        "Orders: Sicherung überfällig; letzte Sicherung am 18. November 2026, 04:00 UTC"
        f" erfolgreich; kein Erfolg binnen 26{NBSP}h",
    ),
    "fr": (
        f"Orders{NBSP}: en retard",
        f"Orders{NBSP}: sauvegarde en retard; la dernière sauvegarde a réussi le"
        f" 18 novembre 2026 à 04:00 UTC; aucun succès depuis 26{NBSP}h",
    ),
    "es": (
        "Orders: atrasada",
        "Orders: copia atrasada; la última copia fue correcta el 18 de noviembre de"
        f" 2026, 04:00 UTC; sin éxito desde hace 26{NBSP}h",
    ),
}


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_badge_in_a_language(code: str) -> None:
    """Its message and its sentence are in the language, and so is the date."""
    rows = {source(): status("succeeded", hours=48)}
    badge = describe(badge_mark("orders-db", {}), rows, language=find_language(code))
    assert (text.render_badge(badge), badge.title) == (
        f"[{SENTENCES[code][0]}]",
        SENTENCES[code][1],
    )
    assert 'data-backup-state="overdue"' in html.render_badge(badge)


def test_a_table_in_german() -> None:
    """Headings, states, times, sizes, notes and counts are in the page's language."""
    silence = Problem(category=Category.TIMEOUT, message="host.example.org")
    lost = Status(reported=State.UNKNOWN, problem=silence)
    full = status(
        "failed",
        started=NOW - timedelta(hours=4, minutes=5),
        details=Details(files=12345, bytes=1_500_000_000, restorable=True),
    )
    table = tabulate(
        table_mark([], {"columns": list(COLUMNS), "sort": "source"}),
        {source(): full, source("b", label="Other"): lost},
        language=find_language(None, "de"),
    )
    shown = dict(
        zip(table.headings, (cell.text for cell in table.rows[0]), strict=True)
    )
    assert {key: value for key, value in shown.items() if value} == {
        "Quelle": "Orders",
        "System": "rackspace",
        "Status": "fehlgeschlagen",
        "Begonnen": "19.11.2026 23:55 UTC",
        "Beendet": "20.11.2026 02:00 UTC",
        "Dauer": f"2{NBSP}h 5{NBSP}min",
        "Höchstalter": f"26{NBSP}h",
        "Dateien": "12.345",
        "Größe": "1,5 GB",
        "Wiederherstellbar": "ja",
        "Geprüft": "20.11.2026 04:00 UTC",
    }
    assert table.notes == ("1 von 2 Quellen gaben keine brauchbare Antwort.",)
    empty = tabulate(
        table_mark([], {"state": "failed, overdue"}), {}, language=find_language("fr")
    )
    assert empty.rows[0][0].text == (
        f"aucune sauvegarde dans l’état{NBSP}: échec ou en retard"
    )


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "en",
            "a success was expected by"
            ' <time datetime="2026-11-19T04:00:00Z">19 November 2026, 04:00 UTC</time>;'
            ' no ping since <time datetime="2026-11-18T04:00:00Z">2026-11-18 04:00 U',
        ),
        (
            "de",
            "ein Erfolg war bis"
            ' <time datetime="2026-11-19T04:00:00Z">19. November 2026, 04:00 UTC</time>'
            ' erwartet; kein Ping seit <time datetime="2026-11-18T04:00:00Z">18. Nov',
        ),
    ],
)
def test_the_times_of_a_message_are_for_machines_too(code: str, told: str) -> None:
    """A sentence in a cell has its times in elements of their own."""
    silent = status(
        "failed",
        expected_by=NOW - timedelta(days=1),
        details=Details(reason="no ping since 2026-11-18 04:00 UTC"),
    )
    table = tabulate(
        table_mark([], {}), {source(): silent}, language=find_language(code)
    )
    assert told in html.render_table(table)


def test_a_restore_test_is_called_after_its_source() -> None:
    """In the page's language, unless an author chose a label."""
    test = source("restore:orders-db", label="Orders restore", is_labelled=False)
    known = {test: replace(status("succeeded"), name="drill.yml")}
    for code, label in [("en", "Orders restore"), ("de", "Wiederherstellung Orders")]:
        mark = badge_mark("restore:orders-db", {})
        assert describe(mark, known, language=find_language(code)).label == label
    chosen = replace(test, label="My restore", is_labelled=True)
    badge = describe(mark, {chosen: status("succeeded")}, language=find_language("de"))
    assert badge.label == "My restore"


def test_a_count_has_the_form_for_its_number() -> None:
    """One source gave no usable answer, or of two sources one."""
    lost = Status(
        reported=State.UNKNOWN,
        problem=Problem(category=Category.TIMEOUT, message="slow"),
    )
    for code, note in [
        ("en", "1 of 1 source gave no usable answer."),
        ("de", "1 von 1 Quelle gab keine brauchbare Antwort."),
        ("fr", "1 source sur 1 n’a pas donné de réponse utilisable."),
        ("es", "1 de 1 fuente no dio una respuesta útil."),
    ]:
        table = tabulate(
            table_mark([], {}), {source(): lost}, language=find_language(code)
        )
        assert table.notes == (note,)


@pytest.mark.parametrize(
    ("code", "age", "size", "number"),
    [
        ("en", "1.5s", "1.5 GB", "12,345"),
        ("de", f"1,5{NBSP}s", "1,5 GB", "12.345"),
        ("fr", f"1,5{NBSP}s", "1,5 Go", f"12{NBSP}345"),
        ("es", f"1,5{NBSP}s", "1,5 GB", "12.345"),
    ],
)
def test_numbers(code: str, age: str, size: str, number: str) -> None:
    """Thousands and decimals are separated as the language does it."""
    language = find_language(code)
    assert format_age(timedelta(seconds=1.5), language) == age
    assert format_size(1_500_000_000, language) == size
    assert format_number(12345, language) == number


def test_a_page_in_another_language_is_told_which_the_words_are() -> None:
    """Nobody translated it: the words are English, an author's own are the page's."""
    rows = {source(label="Ordini"): status("succeeded")}
    italian = find_language(None, "it")
    badge = html.render_badge(
        describe(badge_mark("orders-db", {}), rows, language=italian)
    )
    assert 'lang="en"' in badge
    shown = html.render_table(tabulate(table_mark([], {}), rows, language=italian))
    assert 'class="backup-table" lang="en"' in shown
    assert '<th scope="row" lang="it"' in shown
    english = html.render_table(tabulate(table_mark([], {}), rows))
    assert "lang=" not in english


def test_an_export_speaks_to_people_in_the_language_and_to_programs_in_english(
    tmp_path: Path,
) -> None:
    """Pictures and the page are in the language, JSON is not."""
    rows = {source(): status("failed")}
    export_statuses(rows, tmp_path, generated=NOW, language=find_language("de"))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<html lang="de">' in page
    assert "<p>1 Quelle: 1 fehlgeschlagen. Dasselbe <a" in page
    assert " lang=" not in page.partition("<body>")[2]
    assert "fehlgeschlagen" in (tmp_path / "orders-db.svg").read_text(encoding="utf-8")
    assert '"message": "failed"' in (tmp_path / "orders-db.json").read_text()
    assert "fehlgeschlagen" not in (tmp_path / "backup-status.json").read_text()
