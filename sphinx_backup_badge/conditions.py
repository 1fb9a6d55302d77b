"""Which badges a builder shows: the others are not asked for and fail no build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from docutils import nodes
from sphinx.builders import Builder

from sphinx_backup_badge.nodes import ancestors
from sphinx_backup_badge.record import Use


def conditions_around(node: nodes.Element) -> tuple[tuple[str, str], ...]:
    """Return what it depends on whether a builder shows a node."""
    return tuple(
        (outer.tagname, outer.get("expr", ""))
        for outer in ancestors(node)
        if outer.tagname in _CONDITIONS
    )


def shown_uses(
    builder: Builder, uses: Mapping[str, tuple[Use, ...]]
) -> dict[str, tuple[Use, ...]]:
    """Return of all uses those that the builder shows, by the names of documents."""
    assembled = _assembled(builder)
    shown = {
        docname: tuple(use for use in there if holds(builder, use.conditions))
        for docname, there in uses.items()
        if assembled is None or docname in assembled
    }
    return {docname: there for docname, there in shown.items() if there}


def holds(builder: Builder, conditions: Iterable[tuple[str, str]]) -> bool:
    """Whether all of these conditions hold for a builder."""
    return all(_CONDITIONS[name](builder, text) for name, text in conditions)


def _has_tags(builder: Builder, expression: str) -> bool:
    try:
        return builder.tags.eval_condition(expression)
    except Exception:
        # Sphinx warns of an expression that it cannot read, and shows what is inside.
        return True


def _is_configured(builder: Builder, expression: str) -> bool:
    """Evaluate an expression as sphinx.ext.ifconfig does."""
    values = {value.name: value.value for value in builder.config}
    try:
        return bool(eval(expression, {**values, "builder": builder.name}))
    except Exception:
        # Sphinx shows the error in the place of what is inside.
        return False


def _includes_todos(builder: Builder, expression: str) -> bool:
    return bool(builder.config["todo_include_todos"])


_CONDITIONS: dict[str, Callable[[Builder, str], bool]] = {
    "only": _has_tags,
    "ifconfig": _is_configured,
    "todo_node": _includes_todos,
}
"""Whether an element's content is shown, by the element's name."""


def _assembled(builder: Builder) -> set[str] | None:
    """Return the documents of books and manuals, which are made of toctrees."""
    config = builder.config
    starts: dict[str, list[str]] = {
        "singlehtml": [config.root_doc],
        "latex": [*(entry[0] for entry in config.latex_documents)],
        "man": [entry[0] for entry in config.man_pages],
        "texinfo": [entry[0] for entry in config.texinfo_documents],
    }
    if builder.name not in starts:
        return None
    appendices = {
        "latex": config.latex_appendices,
        "texinfo": config.texinfo_appendices,
    }
    waiting = [*starts[builder.name], *appendices.get(builder.name, ())]
    found: set[str] = set()
    while waiting:
        docname = waiting.pop()
        if docname not in found:
            found.add(docname)
            waiting += builder.env.toctree_includes.get(docname, ())
    return found
