"""Every sentence that the product can say of a problem, as the source has them.

A sentence is a text in the code of three words or more, where ``…`` stands for what is
put in, and counts as one. ``advice.toml`` says where it is met and what to do. What is
no sentence (a regular expression, an option's help) is left out by its form, or is
listed there.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from declared import GUIDES, table

from backup_badge.values.problem import Category

DOCS = Path(__file__).resolve().parents[1]
PACKAGES = ("backup_badge", "sphinx_backup_badge", "mkdocs_backup_badge")
GAP = "…"

# Whose texts are help, or what another program says.
_NO_SENTENCES = frozenset(
    {"Option", "Kind", "click.option", "click.argument", "click.prompt", "re.compile"}
)
_NAMED = re.compile(r"(?<![$])\{[a-z_]+\}")
_WORD = re.compile(r"[A-Za-z][a-z']+")
_CODE = re.compile(r"\\|\(\?|</?\w+[ >]|\* \*|\n|==|^\|")


@cache
def collect(checkout: Path = DOCS.parent) -> Mapping[str, list[str]]:
    """Return the sentences of each file, by its path in the project."""
    found = {}
    for package in PACKAGES:
        for path in sorted((checkout / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts = [text for text in _texts(tree) if _is_sentence(text)]
            found[path.relative_to(checkout).as_posix()] = list(dict.fromkeys(texts))
    return found


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts below a node that are no docstrings, in their order."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            # Of a text that is translated the gaps have names.
            yield _NAMED.sub(GAP, child.value)
        elif isinstance(child, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else GAP
                for part in child.values
            )
            for part in child.values:
                yield from _texts(part)
        elif not _is_silent(child):
            yield from _texts(child)


def _is_silent(node: ast.AST) -> bool:
    """Whether the texts below a node are docstrings, help or other programs' words."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.keyword(arg="words"):
            return True
        case ast.Call(func=function):
            return ast.unparse(function) in _NO_SENTENCES
    return False


def _is_sentence(text: str) -> bool:
    if len(text.split()) < 3 or _CODE.search(text):
        return False
    return bool(_WORD.search(text))


@cache
def advice() -> Mapping[str, Any]:
    """Return ``advice.toml``."""
    text = (DOCS / "_site" / "advice.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def unsaid() -> list[str]:
    """Return the sentences that have advice, and that no code says any more."""
    texts = {text for found in collect().values() for text in found}
    return [text for text in advice()["todo"] if text not in texts]


@cache
def said() -> Mapping[str, list[str]]:
    """Return the sentences of each file without those that tell of no problem."""
    told = advice()
    return {
        path: left
        for path, texts in collect().items()
        if not any(fnmatch(path, pattern) for pattern in told["silent_files"])
        if (left := [text for text in texts if text not in told["silent"]])
    }


def groups() -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Yield each place where sentences are met, with its sentences."""
    for group in advice()["group"]:
        texts = [t for path in said() if place(path) is group for t in said()[path]]
        yield group, list(dict.fromkeys(texts))


def place(path: str) -> Mapping[str, Any] | None:
    """Return the group of a file: that with the longest pattern that fits.

    What has a guide is in no group.
    """
    fitting = [
        (len(pattern), number)
        for number, group in enumerate(advice()["group"])
        for pattern in group["files"]
        if fnmatch(path, pattern)
    ]
    is_told = guide(path) is None and fitting
    return advice()["group"][max(fitting)[1]] if is_told else None


def of_systems() -> Iterator[tuple[Path, list[str]]]:
    """Yield the guide of each system that says something, with its sentences."""
    found: dict[Path, list[str]] = {}
    for path, texts in said().items():
        if page := guide(path):
            found.setdefault(page, []).extend(texts)
    yield from sorted(found.items())


def guide(path: str) -> Path | None:
    """Return the guide of a provider's file: of its name, or of its first word."""
    module = re.match(r"backup_badge/providers/([a-z]\w+)", path)
    if module is None:
        return None
    name = module[1].replace("_", "-")
    exact = GUIDES / f"{name}.md"
    alike = sorted(GUIDES.glob(f"{name.partition('-')[0]}-*.md"))
    short = GUIDES / f"{name.partition('-')[0]}.md"
    return next((page for page in (exact, short, *alike) if page.exists()), None)


def categories() -> str:
    """Return a table of the categories of warnings, each with what to do."""
    told = advice()["categories"]
    return table(
        "category | what it is, and what to do",
        (f"`{name}` | {told[name]}" for name in (*Category, "notice")),
    )


def sections() -> str:
    """Return a section for each place, with its sentences and what to do."""
    parts, todo = [], advice()["todo"]
    for group, texts in groups():
        kinds = ", ".join(f"`{name}`" for name in group["category"].split(", ") if name)
        where = f"Category: {kinds}." if kinds else ""
        others = [s for s in texts if s not in todo]
        rows = (f"{_shown(s)} | {todo[s]}" for s in texts if s in todo)
        parts += [f"## {group['title']}", f"{group['text']} {where}".strip()]
        parts.append(table("sentence | what to do", rows))
        if others:
            parts += [f"{group['otherwise']}:", _bullets(others)]
    told = advice()["systems"]
    parts += [f"## {told['title']}", told["text"]]
    for page, texts in of_systems():
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        link = f"[{title}](../how-to/systems/{page.name})"
        parts += [f"### {link}", _bullets(texts)]
    return "\n\n".join(parts)


def _bullets(texts: list[str]) -> str:
    return "\n".join(f"- {_shown(text)}" for text in dict.fromkeys(texts))


def _shown(text: str) -> str:
    """Return a sentence as code: nothing in it is Markdown."""
    code = text.strip(" .,:;").replace("|", "\\|")
    return f"`` {code} ``" if "`" in code else f"`{code}`"


PARTS = {"categories of warnings": categories, "sentences": sections}
