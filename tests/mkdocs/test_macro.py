"""Reading macros: what is one, what it asks for, and what is said when it is wrong."""

from __future__ import annotations

import time

import pytest
from markdown import markdown

from backup_badge import BadgeMark, ConfigurationError, State, TableMark
from backup_badge.markup.macro import find_calls

MARKS = {
    '<< backup_badge("web") >>': BadgeMark(target="web"),
    "<<backup_badge('web')>>": BadgeMark(target="web"),
    '<< backup_badge("web", label="My \\"web\\"") >>': BadgeMark(
        target="web", label='My "web"'
    ),
    "<< backup_badge('web', label='a >> b | c << d') >>": BadgeMark(
        target="web", label="a >> b | c << d"
    ),
    '<< backup_badge("web", label="a\\|b \\\\ c\\d") >>': BadgeMark(
        target="web", label="a|b \\ c\\d"
    ),
    '<< backup_badge(\n    "web",\n    label="over\n    two lines",\n) >>': BadgeMark(
        target="web", label="over two lines"
    ),
    '<< backup_badge("web", class=["one", "two"], style="plastic") >>': BadgeMark(
        target="web", classes=("one", "two"), style="plastic"
    ),
    '<< backup_badge("web", label=None, link=null) >>': BadgeMark(target="web"),
    '<< backup_badge("cloudback:acme/web") >>': BadgeMark(target="cloudback:acme/web"),
    "<< backup_table() >>": TableMark(),
    '<< backup_table("a", ["b", "c"], state="failed") >>': TableMark(
        targets=("a", "b", "c"), states=frozenset({State.FAILED})
    ),
    '<< backup_table(group="web", columns="state, size", sort="-size") >>': TableMark(
        groups=("web",), columns=("state", "size"), sort="-size"
    ),
}


@pytest.mark.parametrize("text", MARKS)
def test_a_macro_is_a_call_with_literal_arguments(text: str) -> None:
    """Strings, lists and words are read, over several lines too; so is what follows."""
    (call,) = find_calls(f"before {text} after")
    assert call.asked == MARKS[text]
    assert call.text == text


FAULTS = {
    "<< backup_badge() >>": "needs a source",
    "<< backup_badge >>": 'backup_badge("orders-db")',
    "<< backup_badge(web) >>": "'web' must stand in quotes, \"web\"",
    "<< backup_badge(orders-db) >>": 'must stand in quotes, "orders-db"',
    "<< backup_badge(cloudback:a/b.c) >>": 'in quotes, "cloudback:a/b.c"',
    '<< backup_badge(open("x")) >>': "'open' must stand in quotes",
    '<< backup_badge("a" + "b") >>': "a comma or ')' is missing before '+'",
    '<< backup_badge("a" label="b") >>': "a comma or ')' is missing before 'label'",
    '<< backup_badge("a", lable="b") >>': "Did you mean 'label'?",
    '<< backup_badge("a", label="b", label="c") >>': "'label' is given twice",
    '<< backup_badge(label="b", "a") >>': "a source must stand before the options",
    '<< backup_badge("a", "My a") >>': 'label="My a"',
    '<< backup_badge("a", **{"label": "b"}) >>': "'*' is no literal",
    "<< backup_badge(1) >>": "a source is a text in quotes, not 1",
    '<< backup_table("a", [["b"]]) >>': "'[' is no literal",
    '<< backup_table(columns=["stat"]) >>': "Did you mean 'state'?",
    "<< backup_badge(“a”) >>": "straight quotes",
    '<< backup_badge("a) >>': "a text in quotes does not end",
    '<< backup_badge("a", >>': "'>>' is no literal",
    '<< backup_badge("a")': "'>>' must follow",
    '<< backup_badge("a"': "a comma or ')' is missing before 'then'",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_malformed_call_is_told_what_would_be_right(text: str) -> None:
    """The fault is one sentence, and what comes behind the call is read again."""
    wrong, right = find_calls(f'{text}\nthen << backup_badge("web") >>')
    assert FAULTS[text] in str(wrong.asked)
    assert wrong.text == text
    assert right.asked == BadgeMark(target="web")


@pytest.mark.parametrize(
    "text",
    [
        "cat <<EOF",
        "cat << 'EOF' >> file",
        "std::cout << backup_badges << std::endl",
        "x << backup_badge;",
        "1 << 2 >> 3",
        "« backup_badge(1) »",
        '<< my_backup_badge("x") >>',
        '<< backup-badge("x") >>',
        '{{ backup_badge("x") }}',
        '\\<< backup_badge("x") >>',
        '\\\\\\<< backup_badge("x") >>',
    ],
)
def test_what_begins_no_macro_is_not_ours(text: str) -> None:
    """Here-documents, shifts, streams, French quotes and escaped macros are none."""
    assert not list(find_calls(text))


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "<<",
        "<<    ",
        "<< backup_badge(",
        '<< backup_badge("',
        "<< backup_badge('\\",
        "<< backup_badge([",
        '<< backup_badge("a" ',
        '<< backup_badge("a", ',
        '<< backup_badge("x" >> ',
        "<< backup_badge(1,",
        "\\",
        '\\<< backup_badge("x") >>',
        "`" * 7 + "<!-- ",
    ],
)
def test_reading_takes_a_time_in_proportion_to_the_text(part: str) -> None:
    """Eight times the text takes nowhere near sixty-four times the time."""

    def seconds(length: int) -> float:
        text = '<< backup_badge("' + part * (length // len(part))
        began = time.process_time()
        assert len(list(find_calls(text))) < length
        return time.process_time() - began

    longer = min(seconds(80_000), seconds(80_000))
    assert longer < 25 * max(seconds(10_000), seconds(10_000), 0.004)


@pytest.mark.parametrize("name", ["lable", "find"])
def test_unknown_options_of_the_extension(name: str) -> None:
    """Whatever a configuration names is an option's name, and nothing else."""
    options = {"backup_badge": {name: "x", "offline": True}}
    with pytest.raises(ConfigurationError, match=f"'{name}' is not an option"):
        markdown(
            '<< backup_badge("a") >>',
            extensions=["backup_badge"],
            extension_configs=options,
        )
